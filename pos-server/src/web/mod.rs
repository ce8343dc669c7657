//! What browsers see: pages as data, and the files they need.

pub mod assets;
pub mod page;
