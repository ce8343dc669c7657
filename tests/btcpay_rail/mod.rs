//! The BTCPay rail, against a BTCPay Server that holds every request and every answer to the real
//! one's contract: what comes of an invoice must come to the till, whatever happens on the way.

pub(crate) mod bar;
mod contract;
mod faults;
mod flash;
mod hooks;
mod schedules;
mod states;
mod two;
mod whole;
