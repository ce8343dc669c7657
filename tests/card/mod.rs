//! Flash Cards, with a chip in software: what it takes to be set up, to pay, and to be refused.

mod away;
pub(crate) mod chip;
pub(crate) mod hands;
mod issue;
mod pay;
mod race;
mod refuse;
mod top_up;
mod web;
