//! A point of sale for bitcoin that never guesses. `ARCHITECTURE.md` walks one sale through.

pub mod access;
pub mod app;
pub mod backing;
pub mod card;
pub mod config;
pub mod db;
pub mod domain;
pub mod guard;
pub mod ledger;
pub mod live;
pub mod lnurl;
pub mod password;
pub mod points;
pub mod rail;
pub mod rails;
pub mod rate;
pub mod receipt;
pub mod run;
pub mod seal;
pub mod till;
pub mod web;
pub mod worker;
