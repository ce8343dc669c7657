//! The code by which any Lightning wallet puts money on a card that was tapped here.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;

use super::bar::shell;
use super::card::tapped;
use crate::app::App;
use crate::receipt::qr::{self, Spare};
use crate::till::card;
use crate::web::error::WebError;
use crate::web::page::card_lightning::CardLightningHtml;
use crate::web::who::Cashier;

/// `GET /till/cards/seen/{tap}/top-up`
pub(super) async fn show(
    State(app): State<Arc<App>>,
    cashier: Cashier,
    Path(tap): Path<String>,
) -> Result<Html<String>, WebError> {
    let actor = super::actor(cashier);
    let card = tapped(&app, &actor, &tap).await?;
    if card::room(&card, app.now()).is_none() {
        return Err(WebError::conflict("This card takes no money just now."));
    }
    let link = card::pay_link(&app, &card.id).await?;
    let page = CardLightningHtml {
        shell: shell(&actor, "Top up by Lightning"),
        label: card.label,
        qr: qr::draw(&link, Spare::Screen).map_err(WebError::internal)?,
        link,
        back: format!("/till/cards/seen/{tap}"),
    };
    Ok(Html(page.render()?))
}
