//! Cards of other issuers at our till, and of other merchants of ours.

mod issuer;
mod lnd;
pub(super) mod neighbour;
mod words;
