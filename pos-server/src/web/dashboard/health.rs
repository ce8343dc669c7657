//! Whether money can come: the rail and the rate of a store.

use super::desk::At;
use crate::app::App;
use crate::rate::age_words;
use crate::web::error::WebError;
use crate::web::page::dashboard::home::Health;

/// The rail and the rate, in words.
pub(super) async fn of(app: &App, at: &At) -> Result<Vec<Health>, WebError> {
    Ok(vec![rail(app, at).await?, rate(app, at)])
}

/// The rail alone.
pub(super) async fn rail(app: &App, at: &At) -> Result<Health, WebError> {
    let href = at.path("/lightning");
    let health = |class, icon, words: String| Health {
        href: href.clone(),
        class,
        icon,
        what: "Lightning",
        words,
    };
    let connections = app.db.connections(&at.store.id).await?;
    let Some(connection) = connections.first() else {
        return Ok(health("warn", "bolt", "Not connected: cash only.".into()));
    };
    if let Some(trouble) = app.rails.trouble(&connection.id, app.now()) {
        let age = age_words(app.now().since(trouble.since));
        return Ok(health("fail", "bolt", format!("No connection for {age}: {}", trouble.why)));
    }
    Ok(match connection.rail.as_str() {
        "sandbox" => health("warn", "flask", "Practice wallet: nothing here is real.".into()),
        _ if app.rails.get(connection.id.as_str()).is_none() => {
            health("warn", "bolt", format!("{}: connecting.", connection.label))
        }
        _ => health("paid", "bolt", format!("{} is connected.", connection.label)),
    })
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
