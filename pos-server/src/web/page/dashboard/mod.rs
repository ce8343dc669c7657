//! The pages behind the owner's password, and the doors to them.

pub mod choices;
pub mod doors;
pub mod field;
pub mod start;
