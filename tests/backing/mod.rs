//! Cards whose money is a pull payment at BTCPay, with a chip in software and a BTCPay that holds each
//! request and answer to the real one's contract.

mod again;
mod grant;
pub(crate) mod hands;
mod import;
mod issue;
mod pay;
