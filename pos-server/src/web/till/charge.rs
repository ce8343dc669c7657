//! Charge: from the cart, past the tip, to an open sale.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::bar::shell;
use crate::app::App;
use crate::domain::cart::{Tip, tip_amount, total};
use crate::domain::id::TillId;
use crate::domain::money::Money;
use crate::till::cart::CartRequest;
use crate::till::once::Once;
use crate::till::{Actor, TillError, open};
use crate::web::error::WebError;
use crate::web::form::SafeForm;
use crate::web::page::till_data::CurrencyData;
use crate::web::page::tip::{TipHtml, TipOffer};
use crate::web::who::Cashier;

/// What Charge sends.
#[derive(Debug, Deserialize)]
pub(super) struct ChargeForm {
    cart: String,
    key: String,
    #[serde(default)]
    tip: String,
    #[serde(default)]
    tip_amount: String,
}

/// `POST /till/tip`: shows the bill and the offers of a tip; keeps nothing.
pub(super) async fn tip(
    State(app): State<Arc<App>>,
    cashier: Cashier,
    SafeForm(form): SafeForm<ChargeForm>,
) -> Result<Html<String>, WebError> {
    let csrf = cashier.device.session.csrf.clone();
    let actor = super::actor(cashier);
    tip_page(&app, &actor, csrf, form, None).await
}

/// `POST /till/sales`: opens the sale, once for a key, and goes to it.
pub(super) async fn charge(
    State(app): State<Arc<App>>,
    cashier: Cashier,
    SafeForm(form): SafeForm<ChargeForm>,
) -> Result<Response, WebError> {
    let csrf = cashier.device.session.csrf.clone();
    let actor = super::actor(cashier);
    let tip = match read_tip(&actor, &form) {
        Ok(tip) => tip,
        Err(error) => {
            let page = tip_page(&app, &actor, csrf, form, Some(error.to_string())).await?;
            return Ok(page.into_response());
        }
    };
    let body = [form.cart.as_str(), &form.tip, &form.tip_amount];
    let once = Once::new(&charge_scope(&actor.till.id), &form.key, &body)?;
    let cart = CartRequest::read(&form.cart)?;
    let sale = open::open(&app, &actor, &cart, tip, &once).await?;
    Ok(Redirect::to(&format!("/till/sales/{sale}?charged={}", form.key)).into_response())
}

/// Where the keys of a till's Charge are kept.
pub(super) fn charge_scope(till: &TillId) -> String {
    format!("{till}/charge")
}

fn read_tip(actor: &Actor, form: &ChargeForm) -> Result<Tip, TillError> {
    let number = |text: &str| text.parse::<i64>().ok().filter(|number| *number >= 0);
    let tip = match form.tip.split_once(':') {
        None if form.tip == "custom" => {
            Some(Tip::Amount(Money::parse(&form.tip_amount, actor.store.currency()?)?.minor))
        }
        None if form.tip.is_empty() || form.tip == "none" => Some(Tip::None),
        Some(("bp", bp)) => number(bp).map(Tip::PercentBp),
        Some(("minor", minor)) => number(minor).map(Tip::Amount),
        _ => None,
    };
    tip.ok_or_else(|| TillError::Refused("This tip could not be read.".into()))
}

async fn tip_page(
    app: &App,
    actor: &Actor,
    csrf: String,
    form: ChargeForm,
    error: Option<String>,
) -> Result<Html<String>, WebError> {
    let store = &actor.store;
    let currency = store.currency()?;
    let priced =
        CartRequest::read(&form.cart)?.price(&app.db, store).await.map_err(WebError::from)?;
    total(priced.bill, 0, store.sale_cap).map_err(TillError::from)?;
    let mut offers = Vec::new();
    for bp in store.tips() {
        let amount = tip_amount(Tip::PercentBp(bp), priced.bill).map_err(TillError::from)?;
        offers.push(TipOffer {
            value: format!("bp:{bp}"),
            words: percent(bp),
            amount: currency.write(amount),
            makes: currency.write(priced.bill.saturating_add(amount)),
        });
    }
    let page = TipHtml {
        shell: shell(actor, "Tip"),
        csrf,
        cart: form.cart,
        key: form.key,
        who: actor.staff.name.clone(),
        bill: currency.write(priced.bill),
        offers,
        currency: CurrencyData::of(&currency),
        error,
    };
    Ok(Html(page.render()?))
}

/// Hundredths of a percent in words: `15%`, `12.5%`.
fn percent(bp: i64) -> String {
    let text = format!("{}.{:02}", bp / 100, bp % 100);
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn percents_lose_needless_decimals() {
        assert_eq!([1500, 1250, 1205, 0].map(percent), ["15%", "12.5%", "12.05%", "0%"]);
    }
}
