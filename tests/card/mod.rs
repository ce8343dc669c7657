//! Flash Cards, with a chip in software: what it takes to be set up, to pay, and to be refused.

mod again;
mod alarm;
pub(crate) mod away;
mod care;
pub(crate) mod chip;
mod drawn;
pub(crate) mod hands;
mod issue;
mod pay;
mod pin;
mod race;
mod refuse;
mod replace;
mod staff;
mod strange;
mod top_up;
mod web;
