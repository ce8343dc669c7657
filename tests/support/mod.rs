//! What tests share: fresh databases of both kinds, and a browser without a window.

pub(crate) mod client;
pub(crate) mod db;
pub(crate) mod shop;
