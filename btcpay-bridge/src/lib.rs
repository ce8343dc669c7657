//! Everything that knows BTCPay Server: how a store is paired and set up, how an invoice is made
//! and read, and how a webhook's delivery is taken in. It knows nothing of sales, tills or
//! databases; what BTCPay says is turned into [`Truth`], which says no more than its payments do.

#![warn(missing_docs)]

mod cards;
mod consent;
mod desk;
mod find;
mod grants;
mod hook;
mod make;
mod pay;
mod rights;
mod setup;
mod truth;

pub use cards::{Claimed, Purse};
pub use consent::{Granted, Refused};
pub use desk::{Desk, Trouble};
pub use grants::{PaidOut, PaidOutEnd};
pub use hook::{Delivery, HookError, receive};
pub use make::{Article, Made, Methods, NewInvoice, SYSTEM};
pub use pay::{Drawn, PAY_RIGHT, Payment};
pub use rights::{CARD_RIGHTS, RIGHTS, Right};
pub use setup::{Finding, Inspection, Severity};
pub use truth::{Look, Part, Truth, coming, read};

pub use btcpay_client::boltcard::{Boltcard, Tapped};
pub use btcpay_client::store::SpeedPolicy;
pub use btcpay_client::webhook::SIGNATURE_HEADER;
pub use btcpay_client::{Client, Error, Secret};
