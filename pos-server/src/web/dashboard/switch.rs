//! From practice to real money and back. Never while a sale is under way: its offers would be
//! orphaned, or a practice sale be paid in real money. Only a rail that the store has already may be
//! connected anew at any time, or a node that moved would keep its open sales for ever. The database
//! itself refuses a practice wallet in a real store.

use std::time::Duration;

use zeroize::Zeroizing;

use crate::access::practice;
use crate::app::App;
use crate::db::Tx;
use crate::db::connection::Connection;
use crate::db::store::Store;
use crate::domain::id::ConnectionId;
use crate::rail::btcpay::BtcpaySecrets;
use crate::rail::lnd::{Lnd, LndSecrets};
use crate::rails::secrets_purpose;
use crate::rate::{StoreRateSettings, StoreSource};
use crate::web::dashboard::desk::At;
use crate::web::error::WebError;

/// Done, or why not in words.
pub(super) type Switched = Result<(), String>;

/// Connects an LND; the store's money is real from now on.
pub(super) async fn to_lnd(app: &App, at: &At, secrets: &LndSecrets) -> Result<Switched, WebError> {
    let id = ConnectionId::new();
    let open = Zeroizing::new(serde_json::to_vec(secrets)?);
    let sealed = app.seal.seal(&secrets_purpose(&id), &open)?;
    let node = node(secrets).await;
    let cursor = place_in_stream(app, at, secrets, &node).await?;
    let connection = real(at, id, "lnd", &secrets.address, sealed, cursor);
    let detail = format!("LND at {}", secrets.address);
    switch(app, at, Step::Join(connection, node), "lightning.connected", &detail).await
}

/// The node's own name; empty if it does not say it.
async fn node(secrets: &LndSecrets) -> String {
    let Ok(lnd) = Lnd::new(secrets) else { return String::new() };
    lnd.node_id().await.unwrap_or_else(|error| {
        tracing::warn!(address = lnd.address(), %error, "a node did not say which one it is");
        String::new()
    })
}

/// The same node goes on where it was: what was paid meanwhile is told again. Another one, though it
/// be at the same address, counts anew, and would be silent until it had caught up.
async fn place_in_stream(
    app: &App,
    at: &At,
    secrets: &LndSecrets,
    node: &str,
) -> Result<(i64, i64), WebError> {
    let before = app.db.connections(&at.store.id).await?;
    let Some(before) = before.into_iter().find(|one| one.rail == "lnd") else { return Ok((0, 0)) };
    let was = app.db.node_of(&before.id).await?;
    let same = match node.is_empty() || was.is_empty() {
        true => before.label == secrets.address,
        false => was == node,
    };
    Ok(if same { (before.add_index, before.settle_index) } else { (0, 0) })
}

/// Connects a BTCPay Server; the store's money is real from now on. What is there already was made
/// before anybody of ours asked: the stream begins at `now`, unix seconds.
pub(super) async fn to_btcpay(
    app: &App,
    at: &At,
    id: ConnectionId,
    secrets: &BtcpaySecrets,
) -> Result<Switched, WebError> {
    let open = Zeroizing::new(serde_json::to_vec(secrets)?);
    let sealed = app.seal.seal(&secrets_purpose(&id), &open)?;
    let since = app.now().0 / 1000;
    let connection = real(at, id, "btcpay", &secrets.address, sealed, (since, 0));
    let detail = format!("BTCPay at {}", secrets.address);
    switch(app, at, Step::Join(connection, String::new()), "btcpay.connected", &detail).await
}

/// Takes a rail away.
pub(super) async fn leave(app: &App, at: &At, rail: &'static str) -> Result<Switched, WebError> {
    switch(app, at, Step::Leave(rail), "rail.disconnected", rail).await
}

/// Real money, and cash alone.
pub(super) async fn to_cash(app: &App, at: &At) -> Result<Switched, WebError> {
    switch(app, at, Step::Alone, "lightning.disconnected", "cash only, real money").await
}

/// Back to the practice wallet.
pub(super) async fn to_practice(app: &App, at: &At) -> Result<Switched, WebError> {
    let wallet = practice::connection(&at.store);
    switch(app, at, Step::Practice(wallet), "store.practice", "practice money").await
}

/// Makes the second rail the first, and the first the second. Sales may be under way: each offer
/// stays with the rail that made it.
pub(super) async fn swap(app: &App, at: &At) -> Result<(), WebError> {
    let mut tx = app.db.begin().await?;
    tx.lock_store(at.merchant(), &at.store.id).await?;
    tx.swap_connections(&at.store.id).await?;
    tx.audit(at.merchant(), &at.who(), "rails.swapped", "first and second", app.now()).await?;
    tx.commit().await?;
    let before = places(app, at);
    app.connections_changed.notify_one();
    in_use(|| places(app, at) != before || before.len() < 2).await;
    Ok(())
}

/// The connections that are in use, in their order.
fn places(app: &App, at: &At) -> Vec<ConnectionId> {
    app.rails.of_store(&at.store.id).into_iter().map(|one| one.id).collect()
}

/// Waits a moment until what was written is what is sold through, so that the page that comes next
/// shows it, and the sale that comes next goes that way.
pub(super) async fn in_use(done: impl Fn() -> bool) {
    for _ in 0..50 {
        if done() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

enum Step {
    /// In the place of one of the same kind, or as the first that is free; with the name of the node
    /// that it leads to.
    Join(Connection, String),
    Leave(&'static str),
    Alone,
    Practice(Connection),
}

fn real(
    at: &At,
    id: ConnectionId,
    rail: &str,
    label: &str,
    sealed: Vec<u8>,
    (add_index, settle_index): (i64, i64),
) -> Connection {
    Connection {
        id,
        merchant_id: at.merchant().clone(),
        store_id: at.store.id.clone(),
        rail: rail.into(),
        place: 1,
        money: "real".into(),
        secrets: Some(sealed),
        label: label.into(),
        add_index,
        settle_index,
    }
}

async fn switch(
    app: &App,
    at: &At,
    step: Step,
    what: &str,
    detail: &str,
) -> Result<Switched, WebError> {
    let mut tx = app.db.begin().await?;
    let store = tx.lock_store(at.merchant(), &at.store.id).await?;
    let money = if matches!(step, Step::Practice(_)) { "practice" } else { "real" };
    let before = tx.connections_of(&store.id).await?;
    // What was offered over the old connection is asked for over the new one.
    let anew = |one: &Connection| match &step {
        Step::Join(new, _) => one.money == money && one.rail == new.rail,
        Step::Leave(_) | Step::Alone | Step::Practice(_) => false,
    };
    if !before.iter().any(anew)
        && let Some(words) = under_way(&mut tx, &store).await?
    {
        return Ok(Err(words));
    }
    let stays = |one: &Connection| match &step {
        Step::Join(new, _) => one.money == money && one.rail != new.rail,
        Step::Leave(rail) => one.rail != *rail,
        Step::Alone | Step::Practice(_) => false,
    };
    let mut used: Vec<_> =
        before.iter().filter(|one| stays(one)).map(|one| one.id.clone()).collect();
    for gone in before.iter().filter(|one| !stays(one)) {
        tx.remove_connection(&gone.id).await?;
    }
    if store.money != money {
        tx.set_store_money(&store.id, money).await?;
        let detail = format!("{} to {money} money", store.money);
        tx.audit(at.merchant(), &at.who(), "store.money_changed", &detail, app.now()).await?;
        let rates = rates_for(&at.store, at, money)?;
        tx.save_store(&Store { rate_settings: rates, ..store.clone() }).await?;
    }
    let new = match step {
        Step::Join(new, node) => Some((new, node)),
        Step::Practice(new) => Some((new, String::new())),
        Step::Leave(_) | Step::Alone => None,
    };
    if let Some((mut new, node)) = new {
        let taken = |place| {
            before
                .iter()
                .any(|one| one.money == money && one.rail != new.rail && one.place == place)
        };
        new.place = if taken(1) { 2 } else { 1 };
        tx.add_connection(&new, app.now()).await?;
        tx.note_node(&new.id, &node).await?;
        used.push(new.id);
    }
    tx.audit(at.merchant(), &at.who(), what, detail, app.now()).await?;
    tx.commit().await?;
    app.connections_changed.notify_one();
    app.stores_changed.notify_one();
    in_use(|| {
        let now = places(app, at);
        now.len() == used.len() && used.iter().all(|id| now.contains(id))
    })
    .await;
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
