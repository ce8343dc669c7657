//! Each source in a line: its last answer, how old that is, and why it does not count.

use crate::app::App;
use crate::domain::currency::Currency;
use crate::domain::local::Local;
use crate::domain::time::Time;
use crate::rate::{DeskView, ExchangeView, RatesView, Verdict, age_words};
use crate::web::dashboard::desk::At;
use crate::web::page::dashboard::rates::SourceLine;
use crate::web::page::part::Badge;

fn badge(class: &'static str, icon: &'static str, words: &str) -> Badge {
    Badge { class, icon, words: words.into() }
}

/// When it was last asked, and what went wrong.
fn trouble(error: Option<&(Time, String)>, asked: Option<Time>, local: &Local) -> Option<String> {
    match (error, asked) {
        (Some((at, words)), _) => Some(format!("{}: {words}", local.time(at.0))),
        (None, None) => Some("Not asked yet.".into()),
        (None, Some(_)) => None,
    }
}

/// The store's own BTCPay, if it is paired and was heard lately.
pub(super) fn btcpay(app: &App, at: &At, used: bool) -> Option<SourceLine> {
    let (value, when) = app.btcpay_price(&at.store)?;
    let market = app.market_quote(&at.store).map_or(String::new(), |quote| quote.price_words());
    Some(SourceLine {
        name: "BTCPay".into(),
        pair: format!("BTC/{}", at.currency),
        answer: super::amount(value, at.currency),
        age: format!("{}, by your store’s rules there", age_words(app.now().since(when))),
        badge: match used {
            true => badge("paid", "done", "Used"),
            false => badge("warn", "alert", "Left out"),
        },
        why: (!used).then(|| format!("It is far from the exchanges, who say {market}.")),
        credit: None,
    })
}

pub(super) fn exchanges(view: &RatesView, now: Time, local: &Local) -> Vec<SourceLine> {
    view.exchanges.iter().map(|one| exchange(one, now, local)).collect()
}

fn exchange(view: &ExchangeView, now: Time, local: &Local) -> SourceLine {
    let dropped = match &view.verdict {
        Verdict::Used => None,
        Verdict::Dropped(why) => Some(why.clone()),
    };
    let error = trouble(view.error.as_ref(), view.asked_at, local);
    let why: Vec<String> =
        [dropped.clone(), view.warning.clone(), error].into_iter().flatten().collect();
    SourceLine {
        name: view.name.into(),
        pair: view.pair.into(),
        answer: view
            .price
            .as_ref()
            .map_or("No answer".into(), |price| format!("US${}", price.mid.round_dp(2))),
        age: view.price.as_ref().map_or(String::new(), |price| {
            let by = if price.stamped { "by its own clock" } else { "since it answered" };
            format!("{}, {by}", age_words(now.since(price.at)))
        }),
        badge: match (&view.price, dropped) {
            (_, None) => badge("paid", "done", "Used"),
            (Some(_), Some(_)) => badge("warn", "alert", "Left out"),
            (None, Some(_)) => badge("past", "none", "Silent"),
        },
        why: (!why.is_empty()).then(|| why.join(". ")),
        credit: None,
    }
}

pub(super) fn desks(
    view: &RatesView,
    currency: Currency,
    now: Time,
    local: &Local,
) -> Vec<SourceLine> {
    view.desks.iter().map(|one| desk(one, currency, now, local)).collect()
}

fn desk(view: &DeskView, currency: Currency, now: Time, local: &Local) -> SourceLine {
    let heard = view.heard_at.map(|at| format!("heard {} ago", age_words(now.since(at))));
    let day = view.published.as_ref().map(|day| format!("of {day}"));
    let age: Vec<String> = [day, heard].into_iter().flatten().collect();
    SourceLine {
        name: view.name.into(),
        pair: format!("USD/{currency}{}", if view.may_carry { "" } else { ", only confirms" }),
        answer: view.per_usd.map_or("No answer".into(), |rate| rate.normalize().to_string()),
        age: age.join(", "),
        badge: match (view.per_usd.is_some(), view.usable) {
            (true, true) => badge("paid", "done", "Good"),
            (true, false) => badge("warn", "alert", "Too old"),
            (false, _) => badge("past", "none", "Silent"),
        },
        why: trouble(view.error.as_ref(), view.asked_at, local),
        credit: view.attribution,
    }
}
