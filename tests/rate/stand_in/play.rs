//! What a source can be made to do.

use std::time::Duration;

use pos_server::domain::time::Time;
use rust_decimal::Decimal;

/// How a source plays. What a source cannot do (an exchange without dates, say) it plays well.
#[derive(Debug, Clone)]
pub(crate) enum Play {
    /// As it does on a good day.
    Well,
    /// An exchange: another price in US dollars, bid and ask two dollars apart around it.
    Price(i64),
    /// Its first figure is null.
    Null,
    /// Its first figure is zero.
    Zero,
    /// Its first figure is a word.
    Text,
    /// An exchange: bid above ask.
    Crossed,
    /// An exchange: bid and ask 2 % apart.
    Wide,
    /// An exchange: its own time stands still here.
    FrozenAt(Time),
    /// An exchange: its own time is this long ago.
    Behind(Duration),
    /// An exchange: its own time is this far ahead.
    Ahead(Duration),
    /// Bitfinex: the eleventh field is there, with the time.
    ElevenFields,
    /// 200, and an error inside, as Kraken does it.
    ErrorUnder200(&'static str),
    /// 500, and an array, as Bitfinex does it.
    ErrorArrayUnder500,
    /// 503.
    Broken,
    /// 429, with or without seconds in Retry-After.
    TooMany(Option<u64>),
    /// A web page, and 200.
    Html,
    /// No answer, ever.
    Hang,
    /// A good beginning, and the connection is cut.
    Cut,
    /// More than anybody reads.
    Oversize,
    /// A source of dollar rates: this currency is not among them.
    Without(&'static str),
    /// A source of dollar rates: published this many days ago.
    DaysOld(i64),
    /// A source of dollar rates: all rates times this.
    Times(Decimal),
    /// Trinidad: the newest row lacks its buying leg.
    NullLeg,
    /// Trinidad: one all-null object in place of rows.
    NullObject,
    /// Jamaica: the page gives no nonce.
    NoNonce,
}
