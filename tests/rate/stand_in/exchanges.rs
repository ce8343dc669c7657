//! The four order books, as they answer on the wire.

use std::time::Duration;

use axum::response::Response;
use jiff::Timestamp;
use pos_server::domain::time::Time;

use super::faults::{json, status};
use super::{Asked, Play};

/// US dollars for a bitcoin on a good day; each exchange lies a few dollars beside it.
const PRICE: i64 = 77_000;

/// Bid and ask as texts; `quote` puts them in quotation marks where the exchange does.
fn book(play: &Play, beside: i64, quoted: bool) -> (String, String) {
    let mid = match play {
        Play::Price(price) => *price,
        _ => PRICE + beside,
    };
    let (bid, ask) = match play {
        Play::Crossed => (mid + 1, mid - 1),
        Play::Wide => (mid - mid / 100, mid + mid / 100),
        _ => (mid - 1, mid + 1),
    };
    let text = |price: i64| if quoted { format!("\"{price}.10\"") } else { format!("{price}.1") };
    let bid = match play {
        Play::Null => "null".into(),
        Play::Zero => if quoted { "\"0\"" } else { "0" }.into(),
        Play::Text => "\"n/a\"".into(),
        _ => text(bid),
    };
    (bid, text(ask))
}

fn time(play: &Play, now: Time) -> Time {
    match play {
        Play::FrozenAt(at) => *at,
        Play::Behind(age) => now.before(*age),
        Play::Ahead(lead) => now.after(*lead),
        // An honest ticker is a second or two behind.
        _ => now.before(Duration::from_secs(2)),
    }
}

fn known(asked: &Asked, path: &str) -> Option<Response> {
    (asked.path != path).then(|| status(404, r#"{"message":"NotFound"}"#))
}

pub(super) fn kraken(play: &Play, asked: &Asked) -> Response {
    if let Some(no) = known(asked, "/0/public/Ticker?pair=XBTUSD") {
        return no;
    }
    if let Play::ErrorUnder200(words) = play {
        return json(format!(r#"{{"error":["{words}"]}}"#));
    }
    let (bid, ask) = book(play, 0, true);
    json(format!(
        r#"{{"error":[],"result":{{"XXBTZUSD":{{"a":[{ask},"1","1.000"],"b":[{bid},"1","1.000"],"c":["77000.10000","0.11007700"],"v":["1378.29","4120.69"],"p":["77000.1","77000.1"],"t":[1960,5958],"l":["76000.0","76000.0"],"h":["78000.0","78000.0"],"o":"76900.20000"}}}}}}"#
    ))
}

pub(super) fn coinbase(play: &Play, asked: &Asked, now: Time) -> Response {
    if let Some(no) = known(asked, "/products/BTC-USD/ticker") {
        return no;
    }
    if let Play::ErrorUnder200(words) = play {
        return json(format!(r#"{{"message":"{words}"}}"#));
    }
    let (bid, ask) = book(play, 4, true);
    let time = Timestamp::from_millisecond(time(play, now).0).unwrap();
    json(format!(
        r#"{{"ask":{ask},"bid":{bid},"volume":"9512.7","trade_id":123,"price":"77004.07","size":"0.05","time":"{time}"}}"#
    ))
}

pub(super) fn bitstamp(play: &Play, asked: &Asked, now: Time) -> Response {
    if let Some(no) = known(asked, "/api/v2/ticker/btcusd/") {
        return no;
    }
    if let Play::ErrorUnder200(words) = play {
        return json(format!(r#"{{"status":"error","reason":"{words}","code":"400.001"}}"#));
    }
    let (bid, ask) = book(play, 8, true);
    let seconds = time(play, now).0 / 1000;
    json(format!(
        r#"{{"timestamp":"{seconds}","high":"78000","last":"77008","bid":{bid},"vwap":"77000","volume":"3563.13819902","low":"76000","ask":{ask},"open":"77000","open_24":"76895","percent_change_24":"1.24","pair":"BTC/USD","side":"0","market_type":"SPOT"}}"#
    ))
}

pub(super) fn bitfinex(play: &Play, asked: &Asked, now: Time) -> Response {
    if let Some(no) = known(asked, "/v2/ticker/tBTCUSD") {
        return no;
    }
    if let Play::ErrorUnder200(words) = play {
        return json(format!(r#"["error",10020,"{words}"]"#));
    }
    let (bid, ask) = book(play, 12, false);
    // Only the eleventh field has a time to be wrong about.
    let timed =
        matches!(play, Play::ElevenFields | Play::FrozenAt(_) | Play::Behind(_) | Play::Ahead(_));
    let eleventh = if timed { format!(",{}", time(play, now).0) } else { String::new() };
    json(format!(
        "[{bid},15.59,{ask},59.06,23.52,0.0292,77012.5,535.94,78000.8,76000.12{eleventh}]"
    ))
}
