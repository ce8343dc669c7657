//! A point of sale for bitcoin that never guesses. `ARCHITECTURE.md` walks one sale through.

pub mod domain;
pub mod rail;
pub mod receipt;
pub mod web;
