//! Charge: a cart becomes a sale with an offer on it.

use serde_json::json;

use super::cart::{CartRequest, words};
use super::once::Once;
use super::{Actor, TillError, make, offer};
use crate::app::App;
use crate::db::sale::Sale;
use crate::domain::cart::{Priced, Tip, tip_amount, total};
use crate::domain::currency::Currency;
use crate::domain::id::SaleId;

/// Opens a sale and asks the store's bitcoin rail for an offer of the whole. One durable commit.
/// Without a fresh price or a rail the sale opens all the same, and says so: cash still works.
pub async fn open(
    app: &App,
    actor: &Actor,
    cart: &CartRequest,
    tip: Tip,
    once: &Once,
) -> Result<SaleId, TillError> {
    if let Some(first) = once.answered(&app.db).await? {
        return sale_id(&first);
    }
    let store = &actor.store;
    let priced = cart.price(&app.db, store).await?;
    let tip = tip_amount(tip, priced.bill)?;
    let total = total(priced.bill, tip, store.sale_cap)?;
    let currency = store.currency()?;
    let now = app.now();
    let sale = Sale {
        id: SaleId::new(),
        merchant_id: store.merchant_id.clone(),
        store_id: store.id.clone(),
        till_id: actor.till.id.clone(),
        staff_id: actor.staff.id.clone(),
        staff_name: actor.staff.name.clone(),
        name: words(&cart.name),
        state: "open".into(),
        money: store.money.clone(),
        currency: currency.code().into(),
        exponent: i64::from(currency.exponent()),
        cart: serde_json::to_string(&priced)
            .map_err(|_| TillError::refused("This sale could not be kept."))?,
        bill: priced.bill,
        tip,
        total,
        rounding: 0,
        credited: 0,
        tendered: 0,
        change_given: 0,
        receipt_number: None,
        receipt_token: token(),
        opened_ms: now.0,
        closed_ms: None,
        card_id: None,
    };
    let made = make::make(app, store, &sale, total).await;
    let mut tx = app.db.begin().await?;
    if !once.keep(&mut tx, sale.id.as_str(), now).await? {
        drop(tx);
        if let Ok(made) = made {
            made.drop_unused().await;
        }
        return sale_id(&once.first(&app.db).await?);
    }
    tx.add_sale(&sale).await?;
    // The owner may have opened for real, or changed the node, since this request began.
    let connection = made.as_ref().ok().map(make::Made::connection);
    if !tx.store_is_still(&store.id, &sale.money, connection).await? {
        drop(tx);
        if let Ok(made) = made {
            made.drop_unused().await;
        }
        return Err(TillError::refused("The owner changed how money comes in. Charge it again."));
    }
    let body = json!({ "total": total, "tip": tip, "by": sale.staff_name });
    tx.add_event(&sale.merchant_id, &sale.id, "sale.opened", &body, now).await?;
    offer::write(app, &mut tx, &sale, total, &made).await?;
    if priced.discounted > 0 {
        // Last: on PostgreSQL the merchant's log is locked from here to the commit.
        let detail = discounted(actor, &sale.name, &priced, &currency);
        tx.audit(&sale.merchant_id, &sale.staff_name, "sale.discounted", &detail, now).await?;
    }
    tx.commit().await?;
    app.live.changed(&sale.id);
    Ok(sale.id)
}

/// What the log says of a discount: `Table 4 on C1 Counter 1: J$20.00 off J$200.00`. The sale has no
/// receipt number yet, so a sale without a name is told by its time and its sums.
fn discounted(actor: &Actor, name: &str, priced: &Priced, currency: &Currency) -> String {
    let name = if name.is_empty() { "A sale" } else { name };
    let (off, gross) = (currency.write(priced.discounted), currency.write(priced.gross));
    format!("{name} on {} {}: {off} off {gross}", actor.till.prefix, actor.till.name)
}

fn sale_id(text: &str) -> Result<SaleId, TillError> {
    text.parse().map_err(|_| TillError::refused("This sale could not be found again."))
}

/// 128 random bits as hex, for the receipt's address.
fn token() -> String {
    let mut bytes = [0u8; 16];
    rand::fill(&mut bytes);
    hex::encode(bytes)
}
