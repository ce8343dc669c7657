//! Rates: what they are made of, and the store's wishes.

mod sources;
mod wishes;

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::desk::{At, form};
use crate::app::App;
use crate::domain::currency::Currency;
use crate::domain::rate::{Leg, Quote};
use crate::rate::{Freshness, RatesView, StoreSource, age_words};
use crate::web::error::WebError;
use crate::web::form::SafeForm;
use crate::web::page::dashboard::desk::Section;
use crate::web::page::dashboard::rates::RatesHtml;
use crate::web::page::part::{Badge, Row};
use crate::web::read::Faults;
use wishes::Typed;

/// The name of that source.
const BTCPAY: &str = "BTCPay";

/// A price of bitcoin, in whole major units where it is large: `J$12,325,317.06`.
pub(super) fn price(quote: &Quote) -> String {
    amount(quote.per_btc, quote.currency)
}

/// A price, written as the currency is: `J$12,325,317.06`.
pub(super) fn amount(value: Decimal, currency: Currency) -> String {
    let minor = (value * Decimal::from(currency.scale())).round().to_i64();
    minor.map_or_else(|| value.to_string(), |minor| currency.write(minor))
}

/// `GET …/rates`
pub(super) async fn show(State(app): State<Arc<App>>, at: At) -> Result<Response, WebError> {
    let settings = app.rate_settings(&at.store).map_err(WebError::conflict)?;
    let faults = Faults::default();
    form(&html(&app, &at, &Typed::of(&settings), &faults)?, &faults)
}

/// `POST …/rates`
pub(super) async fn save(
    State(app): State<Arc<App>>,
    at: At,
    SafeForm(typed): SafeForm<Typed>,
) -> Result<Response, WebError> {
    let mut tx = app.db.begin().await?;
    let mut store = tx.lock_store(at.merchant(), &at.store.id).await?;
    let before = app.rate_settings(&store).map_err(WebError::conflict)?;
    let after = match typed.read(&at, &before) {
        Ok(after) => after,
        Err(faults) => {
            drop(tx);
            return form(&html(&app, &at, &typed, &faults)?, &faults);
        }
    };
    store.rate_settings = after.write()?;
    tx.save_store(&store).await?;
    if before != after {
        let detail = format!("{} to {}", wishes::words(&before), wishes::words(&after));
        tx.audit(at.merchant(), &at.who(), "rate.changed", &detail, app.now()).await?;
    }
    tx.commit().await?;
    app.stores_changed.notify_one();
    Ok(at.done("/rates", "saved"))
}

fn html(app: &App, at: &At, typed: &Typed, faults: &Faults) -> Result<RatesHtml, WebError> {
    let settings = app.rate_settings(&at.store).map_err(WebError::conflict)?;
    let (now, local) = (app.now(), at.local());
    let mut view = app.rates.view(&settings, now);
    let market = settings.source == StoreSource::Market;
    // What a sale would get: a BTCPay that is paired comes before the exchanges.
    let own = app.quote(&at.store).ok().filter(|quote| quote.source == BTCPAY);
    let btcpay = sources::btcpay(app, at, own.is_some());
    if let Some(quote) = own {
        view.quote = Ok(quote);
        view.freshness = None;
    }
    let exchanges = if market { sources::exchanges(&view, now, &local) } else { vec![] };
    Ok(RatesHtml {
        shell: at.shell("Rates"),
        desk: at.desk(Section::Rates, "Rates", Some(format!("Bitcoin in {}", at.currency.name()))),
        price: view.quote.as_ref().map(price).map_err(ToString::to_string),
        badge: badge(&view, now),
        legs: legs(&view, now),
        exchanges: btcpay.into_iter().chain(exchanges).collect(),
        desks: if market { sources::desks(&view, at.currency, now, &local) } else { vec![] },
        unasked: (!market).then(|| {
            "Nobody is asked: this store has a practice price that never moves.".to_owned()
        }),
        fault: super::desk::unsaved(faults),
        fields: typed.fields(at, faults),
    })
}

/// A figure with groups: `12,325,317.06`.
fn grouped(value: Decimal) -> String {
    let text = value.normalize().to_string();
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let mut out = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if rest.is_empty() { out } else { format!("{out}.{rest}") }
}

fn badge(view: &RatesView, now: crate::domain::time::Time) -> Badge {
    let badge = |class, icon, words: String| Badge { class, icon, words };
    match (&view.quote, view.freshness) {
        (Ok(quote), Some(Freshness::Ageing)) => {
            let age = age_words(now.since(quote.at));
            badge("warn", "clock", format!("{age} old, still good for a sale"))
        }
        (Ok(quote), _) => {
            let age = age_words(now.since(quote.at));
            badge("paid", "done", format!("{}, {age} old", quote.source))
        }
        (Err(_), _) => badge("fail", "alert", "No bitcoin charge until this is mended".into()),
    }
}

fn legs(view: &RatesView, now: crate::domain::time::Time) -> Vec<Row> {
    let mut legs: Vec<&Leg> = Vec::new();
    if let Ok(quote) = &view.quote {
        legs.extend(&quote.legs);
    } else {
        legs.extend(view.bitcoin.as_ref().ok());
        legs.extend(view.dollar.as_ref().and_then(|leg| leg.as_ref().ok()));
    }
    let row = |leg: &&Leg| {
        let when = match &leg.published {
            Some(day) => format!("of {day}"),
            None => format!("{} old", age_words(now.since(leg.at))),
        };
        let who = leg.sources.join(", ");
        Row::new(format!("{}: {who}, {when}", leg.pair), grouped(leg.value))
    };
    let mut rows: Vec<Row> = legs.iter().map(row).collect();
    if let Ok(quote) = &view.quote
        && !quote.spread_percent.is_zero()
    {
        rows.push(Row::new("Your spread", format!("{} %", quote.spread_percent.normalize())));
    }
    rows
}
