//! Rates: what a quote is, or why there is none, against stand-ins that speak each source's wire.

mod ages;
mod background;
mod dollars;
mod exchanges;
mod house;
mod real;
mod restart;
pub(crate) mod stand_in;
mod wire;
