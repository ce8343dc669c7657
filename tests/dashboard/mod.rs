//! What an owner sees and changes, and what nobody else does.

mod audit;
mod catalog;
mod give_up;
pub(crate) mod isolation;
mod lightning;
mod overview;
mod people;
mod settings;
mod walls;
