//! A card over Lightning: the code that puts money on it, and what it paid at other tills.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;

use super::desk::{At, page};
use crate::app::App;
use crate::db::card::{DrawnTopUp, Payout};
use crate::domain::money::Msat;
use crate::receipt::qr::{self, Spare};
use crate::till::card;
use crate::web::error::WebError;
use crate::web::page::dashboard::card_network::{CardNetworkHtml, NetworkLine};
use crate::web::page::dashboard::desk::Section;
use crate::web::page::part::Badge;

/// Lines of either list.
const SHOWN: i64 = 50;

/// `GET …/cards/{card}/lightning`
pub(super) async fn show(
    State(app): State<Arc<App>>,
    at: At,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let found = app.db.card(&id).await?;
    let mine =
        found.filter(|card| card.merchant_id == *at.merchant() && card.money == at.store.money);
    let card = mine.ok_or(WebError::NotFound)?;
    let link = card::pay_link(&app, &card.id).await?;
    let near = |ms| at.local().near(ms, app.now().0);
    let away = app.db.card_payouts(&card.id, SHOWN).await?;
    let came = app.db.paid_drawn(&card.id, SHOWN).await?;
    page(&CardNetworkHtml {
        shell: at.shell("Lightning"),
        desk: at.desk(Section::Cards, &card.label, Some("Lightning".into())),
        back: at.path(&format!("/cards/{}", card.id)),
        qr: card::room(&card, app.now())
            .map(|_| qr::draw(&link, Spare::Screen))
            .transpose()
            .map_err(WebError::internal)?,
        link,
        away: away.iter().map(|one| paid(one, near(one.created_ms))).collect::<Result<_, _>>()?,
        came: came
            .iter()
            .map(|one| arrived(one, near(one.created_ms)))
            .collect::<Result<_, _>>()?,
    })
}

fn sats(msat: i64) -> Result<String, WebError> {
    Ok(Msat::from_db(msat).map_err(WebError::internal)?.to_string())
}

fn paid(one: &Payout, at: String) -> Result<NetworkLine, WebError> {
    let (class, icon, words) = match one.state.as_str() {
        "paid" => ("paid", "done", "Paid"),
        "failed" => ("past", "none", "Not paid"),
        "unknown" => ("doubt", "ask", "Not known yet: checking"),
        _ => ("wait", "clock", "On its way"),
    };
    let note = match one.state.as_str() {
        "paid" if one.fee_msat > 0 => format!("The way cost {}.", sats(one.fee_msat)?),
        "failed" => format!("{} Given back to the card.", one.why),
        "paid" => String::new(),
        _ => format!(
            "{} is kept aside until the node says what became of it.",
            sats(one.reserved())?
        ),
    };
    let badge = Badge { class, icon, words: words.into() };
    Ok(NetworkLine { amount: sats(one.msat)?, at, note, badge })
}

fn arrived(one: &DrawnTopUp, at: String) -> Result<NetworkLine, WebError> {
    let (class, icon, words) = match one.state.as_str() {
        "paid" => ("paid", "done", "On the card"),
        _ => ("warn", "alert", "Kept: the card took no more"),
    };
    let badge = Badge { class, icon, words: words.into() };
    let amount = sats(one.paid_msat.unwrap_or(one.msat))?;
    Ok(NetworkLine { amount, at, note: one.comment.clone(), badge })
}
