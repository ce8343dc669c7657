//! Whether money can come: the rail and the rate of a store.

use super::desk::At;
use crate::app::App;
use crate::db::connection::Connection;
use crate::rate::age_words;
use crate::web::error::WebError;
use crate::web::page::dashboard::home::Health;

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
    let health =
        |class, icon, words: String| Health { href: href.clone(), class, icon, what, words };
    let Some(connection) = connection else {
        return health("warn", "bolt", "Not connected: cash only.".into());
    };
    if let Some(trouble) = app.rails.trouble(&connection.id, app.now()) {
        let age = age_words(app.now().since(trouble.since));
        return health("fail", "bolt", format!("No connection for {age}: {}", trouble.why));
    }
    match connection.rail.as_str() {
        "sandbox" => health("warn", "flask", "Practice wallet: nothing here is real.".into()),
        _ if app.rails.get(connection.id.as_str()).is_none() => {
            health("warn", "bolt", format!("{}: connecting.", connection.label))
        }
        _ => health("paid", "bolt", format!("{} is connected.", connection.label)),
    }
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
