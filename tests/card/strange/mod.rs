//! Cards of other issuers at our till, and of other merchants of ours.

mod issuer;
mod lnd;
mod neighbour;
mod words;
