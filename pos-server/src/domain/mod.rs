//! Pure rules of the shop: no async, no I/O, nothing of ours imported from outside this folder.

pub mod cart;
pub mod cash;
pub mod country;
pub mod currency;
pub mod id;
pub mod local;
pub mod money;
pub mod npub;
pub mod points;
pub mod rate;
pub mod settle;
pub mod time;
