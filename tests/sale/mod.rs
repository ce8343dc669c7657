//! Sales, from Charge to the books, on both databases: what every way of paying, and every way of
//! going wrong, must come to.

mod abandoned;
pub(crate) mod acts;
mod anew;
pub(crate) mod books;
mod cash;
pub(crate) mod clock;
pub(crate) mod dice;
mod late;
pub(crate) mod node;
mod once;
mod page;
mod paid;
mod race;
mod receipts;
pub(crate) mod schedules;
mod shelf;
pub(crate) mod shop;
mod stop;
mod unknown;
mod walls;
