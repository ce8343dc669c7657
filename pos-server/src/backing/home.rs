//! The BTCPay that a card's money is at, by what is paired now.

use std::time::Duration;

use btcpay_bridge::Desk;

use crate::app::App;
use crate::db::DbError;
use crate::db::card::CardBacking;
use crate::db::connection::Connection;
use crate::domain::id::{MerchantId, StoreId};
use crate::rail::btcpay::desk;

const RAIL: &str = "btcpay";
/// Somebody stands at the till, or holds a phone to a card.
const ANSWER_LIMIT: Duration = Duration::from_secs(8);

/// A store at a paired server.
#[derive(Debug, Clone)]
pub struct Home {
    /// The server's address.
    pub server: String,
    /// The store there, by the key of the pairing.
    pub desk: Desk,
}

fn open(app: &App, connection: &Connection) -> Option<Home> {
    let secrets = app.btcpay_secrets(connection).ok()?;
    let local = app.config.btcpay_local;
    let desk = desk(&secrets.address, &secrets.store, &secrets.key, local).ok()?;
    let desk = Desk::new(desk.client().with_timeout(ANSWER_LIMIT), desk.store());
    Some(Home { server: secrets.address, desk })
}

/// The BTCPay that a store sells through, if it does.
pub async fn home(app: &App, store: &StoreId) -> Result<Option<Home>, DbError> {
    let connections = app.db.connections(store).await?;
    let mut paired = connections.iter().filter(|one| one.rail == RAIL);
    Ok(paired.find_map(|one| open(app, one)))
}

/// The BTCPay at this address, if the merchant is still paired with the store there.
pub(super) async fn home_at(
    app: &App,
    merchant: &MerchantId,
    server: &str,
    there: &str,
) -> Result<Option<Home>, DbError> {
    let paired = app.db.connections_to(merchant, RAIL).await?;
    let mut homes = paired.iter().filter_map(|one| open(app, one));
    Ok(homes.find(|home| home.server == server && home.desk.store() == there))
}

/// The BTCPay of a card.
pub async fn home_of(app: &App, backing: &CardBacking) -> Result<Option<Home>, DbError> {
    home_at(app, &backing.merchant_id, &backing.server, &backing.there).await
}
