//! Receipts, for whoever has the address of one: page, print and PDF say the same, and no more than
//! a customer should know.

mod address;
mod money;
mod slip;
mod words;
