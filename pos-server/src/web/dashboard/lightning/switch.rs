//! From practice to real money and back. Never while a sale is under way: its offers would be
//! orphaned, or a practice sale be paid in real money. The database itself refuses a practice
//! wallet in a real store.

use zeroize::Zeroizing;

use crate::access::practice;
use crate::app::App;
use crate::db::Tx;
use crate::db::connection::Connection;
use crate::db::store::Store;
use crate::domain::id::ConnectionId;
use crate::rail::lnd::LndSecrets;
use crate::rails::secrets_purpose;
use crate::rate::{StoreRateSettings, StoreSource};
use crate::web::dashboard::desk::At;
use crate::web::error::WebError;

/// Done, or why not in words.
type Switched = Result<(), String>;

/// Connects an LND; the store's money is real from now on.
pub(super) async fn to_lnd(app: &App, at: &At, secrets: &LndSecrets) -> Result<Switched, WebError> {
    let id = ConnectionId::new();
    let open = Zeroizing::new(serde_json::to_vec(secrets)?);
    let sealed = app.seal.seal(&secrets_purpose(&id), &open)?;
    let before = app.db.connections(&at.store.id).await?;
    // The same node goes on where it was: what was paid meanwhile is told again.
    let same = before.iter().find(|one| one.rail == "lnd" && one.label == secrets.address);
    let connection = Connection {
        id,
        merchant_id: at.merchant().clone(),
        store_id: at.store.id.clone(),
        rail: "lnd".into(),
        place: 1,
        money: "real".into(),
        secrets: Some(sealed),
        label: secrets.address.clone(),
        add_index: same.map_or(0, |one| one.add_index),
        settle_index: same.map_or(0, |one| one.settle_index),
    };
    let detail = format!("LND at {}", secrets.address);
    switch(app, at, "real", Some(&connection), "lightning.connected", &detail).await
}

/// Takes the rail away; the store's money is real, and cash.
pub(super) async fn to_cash(app: &App, at: &At) -> Result<Switched, WebError> {
    switch(app, at, "real", None, "lightning.disconnected", "cash only, real money").await
}

/// Back to the practice wallet.
pub(super) async fn to_practice(app: &App, at: &At) -> Result<Switched, WebError> {
    let wallet = practice::connection(&at.store);
    switch(app, at, "practice", Some(&wallet), "store.practice", "practice money").await
}

async fn switch(
    app: &App,
    at: &At,
    money: &str,
    connection: Option<&Connection>,
    what: &str,
    detail: &str,
) -> Result<Switched, WebError> {
    let mut tx = app.db.begin().await?;
    let store = tx.lock_store(at.merchant(), &at.store.id).await?;
    if let Some(words) = under_way(&mut tx, &store).await? {
        return Ok(Err(words));
    }
    tx.remove_connections(&store.id).await?;
    if store.money != money {
        tx.set_store_money(&store.id, money).await?;
        let detail = format!("{} to {money} money", store.money);
        tx.audit(at.merchant(), &at.who(), "store.money_changed", &detail, app.now()).await?;
        let rates = rates_for(&at.store, at, money)?;
        tx.save_store(&Store { rate_settings: rates, ..store.clone() }).await?;
    }
    if let Some(connection) = connection {
        tx.add_connection(connection, app.now()).await?;
    }
    tx.audit(at.merchant(), &at.who(), what, detail, app.now()).await?;
    tx.commit().await?;
    app.connections_changed.notify_one();
    app.stores_changed.notify_one();
    Ok(Ok(()))
}

async fn under_way(tx: &mut Tx, store: &Store) -> Result<Option<String>, WebError> {
    let (sales, offers) = tx.under_way(&store.id).await?;
    Ok(match (sales, offers) {
        (0, 0) => None,
        (0, 1) => {
            Some("A code is still out that a customer may pay. Try again when it ended.".into())
        }
        (0, offers) => {
            Some(format!("{offers} codes are still out that customers may pay. Try again later."))
        }
        (1, _) => Some("A sale is still open on a till. Finish or cancel it first.".into()),
        (sales, _) => {
            Some(format!("{sales} sales are still open on the tills. Finish or cancel them first."))
        }
    })
}

/// Real money needs the market's price; practice a price that never moves.
fn rates_for(store: &Store, at: &At, money: &str) -> Result<String, WebError> {
    if money == "practice" {
        return Ok(practice::rate_settings(at.currency)?);
    }
    let kept = StoreRateSettings::read(at.currency, &store.rate_settings);
    let kept = kept.unwrap_or_else(|_| StoreRateSettings::market(at.currency));
    Ok(StoreRateSettings { source: StoreSource::Market, ..kept }.write()?)
}
