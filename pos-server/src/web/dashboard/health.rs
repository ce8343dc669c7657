//! Whether money can come: the rail and the rate of a store.

use super::desk::At;
use crate::app::App;
use crate::db::connection::Connection;
use crate::rails::Trouble;
use crate::rate::age_words;
use crate::web::error::WebError;
use crate::web::page::dashboard::home::Health;
use crate::web::page::part::Badge;

/// The rails and the rate, in words.
pub(super) async fn of(app: &App, at: &At) -> Result<Vec<Health>, WebError> {
    let connections = app.db.connections(&at.store.id).await?;
    let mut all: Vec<Health> = connections.iter().map(|one| rail(app, at, Some(one))).collect();
    if all.is_empty() {
        all.push(rail(app, at, None));
    }
    all.push(rate(app, at));
    Ok(all)
}

/// One rail.
pub(super) fn rail(app: &App, at: &At, connection: Option<&Connection>) -> Health {
    let btcpay = connection.is_some_and(|one| one.rail == "btcpay");
    let what = if btcpay { "BTCPay" } else { "Lightning" };
    let href = at.path(if btcpay { "/btcpay" } else { "/lightning" });
    let icon = if btcpay { "coin" } else { "bolt" };
    let health =
        |class, icon, words: String| Health { href: href.clone(), class, icon, what, words };
    let Some(connection) = connection else {
        return health("warn", icon, "Not connected: cash only.".into());
    };
    let label = host(&connection.label);
    if let Some(trouble) = trouble(app, connection) {
        let span = app.now().since(trouble.since);
        let long =
            if span.as_secs() == 0 { String::new() } else { format!(" for {}", age_words(span)) };
        return health("fail", icon, format!("No connection{long}: {}", trouble.why));
    }
    match connection.rail.as_str() {
        "sandbox" => health("warn", "flask", "Practice wallet: nothing here is real.".into()),
        _ if app.rails.get(connection.id.as_str()).is_none() => {
            health("warn", icon, format!("{label}: connecting."))
        }
        _ => health("paid", icon, format!("{label} is connected.")),
    }
}

/// What is wrong with it. BTCPay is asked anew each time, so an answer since then ends it; a node’s
/// stream can stay broken while the node answers.
fn trouble(app: &App, connection: &Connection) -> Option<Trouble> {
    let trouble = app.rails.trouble(&connection.id, app.now())?;
    let good = app.rails.calls(&connection.id).good;
    let since = good.is_some_and(|(when, _)| when > trouble.last);
    (connection.rail != "btcpay" || !since).then_some(trouble)
}

/// The same in short.
pub(super) fn badge(app: &App, connection: Option<&Connection>) -> Badge {
    let (class, icon, words) = match connection {
        None => ("past", "none", "Not connected"),
        Some(one) if trouble(app, one).is_some() => ("fail", "fail", "No answer"),
        Some(one) if one.rail == "sandbox" => ("warn", "flask", "Practice"),
        Some(one) if app.rails.get(one.id.as_str()).is_none() => ("wait", "clock", "Connecting"),
        Some(_) => ("paid", "done", "Connected"),
    };
    Badge { class, icon, words: words.into() }
}

/// An address as people say it: without what stands before the host.
pub(super) fn host(address: &str) -> &str {
    address.split_once("://").map_or(address, |(_, host)| host)
}

fn rate(app: &App, at: &At) -> Health {
    let (class, words) = match app.quote(&at.store) {
        Ok(quote) => {
            let age = age_words(app.now().since(quote.at));
            let price = super::rates::price(&quote);
            ("paid", format!("{price} a bitcoin. {}, {age} old.", quote.source))
        }
        Err(words) => ("fail", words),
    };
    Health { href: at.path("/rates"), class, icon: "chart", what: "Rate", words }
}
