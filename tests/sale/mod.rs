//! Sales, from Charge to the books, on both databases: what every way of paying, and every way of
//! going wrong, must come to.

mod acts;
mod books;
mod cash;
mod clock;
mod dice;
mod late;
mod node;
mod once;
mod paid;
mod race;
mod receipts;
mod shelf;
mod shop;
mod unknown;
mod walls;
