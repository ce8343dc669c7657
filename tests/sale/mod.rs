//! Sales, from Charge to the books, on both databases: what every way of paying, and every way of
//! going wrong, must come to.

pub(crate) mod acts;
mod books;
mod cash;
mod clock;
mod dice;
mod late;
pub(crate) mod node;
mod once;
mod paid;
mod race;
mod receipts;
mod schedules;
mod shelf;
pub(crate) mod shop;
mod unknown;
mod walls;
