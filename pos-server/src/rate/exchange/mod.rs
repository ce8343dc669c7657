//! The four order books that vote on BTC/USD: separate companies, real bid and ask, no key.

mod bitfinex;
mod bitstamp;
mod coinbase;
mod kraken;

pub use bitfinex::Bitfinex;
pub use bitstamp::Bitstamp;
pub use coinbase::Coinbase;
pub use kraken::Kraken;
