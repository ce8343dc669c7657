//! Our cards at other tills: what a plain LNURL-withdraw client sees, and what becomes of the money.

mod btcpay;
mod doubt;
mod killed;
mod lnd;
mod lud;
mod pay;
mod race;
pub(crate) mod rig;
