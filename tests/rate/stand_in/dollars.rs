//! The sources of dollar rates, as they answer on the wire.

use axum::response::Response;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use pos_server::domain::time::Time;
use rust_decimal::Decimal;

use super::faults::{html, json, status};
use super::{Asked, Play};

/// What a dollar costs on a good day, in hundredths of a cent.
const RATES: [(&str, i64); 11] = [
    ("USD", 10_000),
    ("JMD", 1_601_200),
    ("TTD", 67_514),
    ("BBD", 20_000),
    ("XCD", 27_000),
    ("DOP", 598_285),
    ("HTG", 1_317_176),
    ("BSD", 10_000),
    ("GYD", 2_093_091),
    ("KYD", 8_333),
    ("EUR", 8_600),
];
const NONCE: &str = "a1b2c3d4e5";

fn rate(play: &Play, code: &str) -> Option<Decimal> {
    let (_, hundredths) = RATES.iter().find(|(known, _)| *known == code)?;
    let rate = Decimal::new(*hundredths, 4);
    match play {
        Play::Without(gone) if *gone == code => None,
        Play::Times(factor) if code != "USD" => Some((rate * factor).round_dp(6)),
        _ => Some(rate),
    }
}

/// `"JMD":160.12,…`, with `form` writing each code and figure.
fn table(play: &Play, form: impl Fn(&str, String) -> String) -> String {
    let rows = RATES.iter().filter_map(|(code, _)| {
        let text = rate(play, code)?.to_string();
        let first = *code == "JMD";
        Some(match play {
            Play::Null if first => format!("{}:null", form(code, String::new()).split_once(':')?.0),
            Play::Zero if first => form(code, "0".into()),
            Play::Text if first => form(code, "\"n/a\"".into()),
            _ => form(code, text),
        })
    });
    rows.collect::<Vec<_>>().join(",")
}

fn day(play: &Play, now: Time) -> Date {
    let days = if let Play::DaysOld(days) = play { *days } else { 0 };
    let at = Timestamp::from_millisecond(now.0 - days * 86_400_000).unwrap();
    at.to_zoned(TimeZone::UTC).date()
}

pub(super) fn er_api(play: &Play, asked: &Asked, now: Time) -> Response {
    if asked.path != "/v6/latest/USD" {
        return json(r#"{"result":"error","error-type":"unsupported-code"}"#.into());
    }
    if let Play::ErrorUnder200(words) = play {
        return json(format!(r#"{{"result":"error","error-type":"{words}"}}"#));
    }
    let midnight = day(play, now).to_zoned(TimeZone::UTC).unwrap().timestamp().as_second();
    let (last, next) = (midnight + 151, midnight + 86_400 + 581);
    let rates = table(play, |code, text| format!("\"{code}\":{text}"));
    json(format!(
        r#"{{"result":"success","provider":"https://www.exchangerate-api.com","documentation":"https://www.exchangerate-api.com/docs/free","terms_of_use":"https://www.exchangerate-api.com/terms","time_last_update_unix":{last},"time_last_update_utc":"","time_next_update_unix":{next},"time_next_update_utc":"","time_eol_unix":0,"base_code":"USD","rates":{{{rates}}}}}"#
    ))
}

pub(super) fn coinbase_cross(play: &Play, asked: &Asked) -> Response {
    if asked.path != "/v2/exchange-rates?currency=BTC" {
        return status(400, r#"{"errors":[{"id":"invalid_request"}]}"#);
    }
    let bitcoin = |text: String| match text.parse::<Decimal>() {
        Ok(rate) => format!("\"{}\"", rate * Decimal::from(77_000)),
        Err(_) => text,
    };
    let rates = table(play, |code, text| format!("\"{code}\":{}", bitcoin(text)));
    json(format!(r#"{{"data":{{"currency":"BTC","rates":{{"00":"1.5",{rates}}}}}}}"#))
}

pub(super) fn currency_api(play: &Play, asked: &Asked, now: Time) -> Response {
    if asked.path != "/v1/currencies/usd.min.json" {
        return status(404, "");
    }
    let rates = table(play, |code, text| format!("\"{}\":{text}", code.to_lowercase()));
    json(format!(r#"{{"date":"{}","usd":{{{rates},"1inch":0.17}}}}"#, day(play, now)))
}

pub(super) fn bank_of_trinidad(play: &Play, asked: &Asked, now: Time) -> Response {
    let year = day(&Play::Well, now).year();
    let span = format!("/wp-json/rates/v1/forex-rate/{year}-{year}");
    if asked.path != span {
        return status(404, r#"{"code":"rest_no_route"}"#);
    }
    if matches!(play, Play::NullObject) {
        let object = r#"{"famedate":null,"USD_Buying":null,"USD_Selling":null}"#;
        return json(format!(r#"{{"cbttdailyforexrates":{object}}}"#));
    }
    let (today, before) = (day(play, now), day(play, now).yesterday().unwrap());
    let mid = rate(play, "TTD").unwrap_or_default();
    let (buying, selling) = (mid - Decimal::new(475, 4), mid + Decimal::new(475, 4));
    let newest = match play {
        Play::NullLeg | Play::Null => "null".into(),
        Play::Zero => "0".into(),
        Play::Text => "\"n/a\"".into(),
        _ => format!("\"{buying}\""),
    };
    json(format!(
        r#"{{"cbttdailyforexrates":[{{"famedate":"{today}","USD_Buying":{newest},"USD_Selling":"{selling}","Euro_Buying":"8.5534","Euro_Selling":8.6140,"CHF_Buying":null}},{{"famedate":"{before}","USD_Buying":"{buying}","USD_Selling":"{selling}","CHF_Buying":null}}]}}"#
    ))
}

pub(super) fn bank_of_jamaica(play: &Play, asked: &Asked, now: Time) -> Response {
    if asked.path == "/market/foreign-exchange/counter-rates/" {
        let nonce = format!(
            r#"<input type="hidden" id="wdtNonceFrontendServerSide_134" name="wdtNonceFrontendServerSide_134" value="{NONCE}" />"#
        );
        let nonce = if matches!(play, Play::NoNonce) { String::new() } else { nonce };
        // Far over the limit for prices: pages of content systems are.
        let scripts = "<script>/* */</script>".repeat(8_000);
        return html(format!("<!doctype html>{scripts}<form>{nonce}</form>"));
    }
    let right_table = asked.path == "/wp-admin/admin-ajax.php?action=get_wdtable&table_id=134";
    if !right_table || !asked.body.contains(&format!("wdtNonce={NONCE}")) {
        return status(403, "0");
    }
    let written = |date: Date| date.strftime("%d %b %Y").to_string();
    let (today, before) = (day(play, now), day(play, now).yesterday().unwrap());
    let mid = rate(play, "JMD").unwrap_or_default();
    let (drafts, selling) = (mid - Decimal::new(9_573, 4), mid + Decimal::new(9_573, 4));
    let newest = match play {
        Play::Null => "null".into(),
        Play::Zero => "\"0\"".into(),
        Play::Text => "\"n/a\"".into(),
        _ => format!("\"{drafts}\""),
    };
    // The plugin sends its JSON as HTML.
    html(format!(
        r#"{{"draw":1,"recordsTotal":"104868","recordsFiltered":"3","data":[["{}","U.S. DOLLAR","{drafts}","147.5800","127.5800","{selling}"],["{}","U.S. DOLLAR",{newest},"147.5800","127.5800","{selling}"],["{}","E. C. DOLLAR","57.5368","54.6593","47.2519","58.2459"]]}}"#,
        written(before),
        written(today),
        written(today),
    ))
}
