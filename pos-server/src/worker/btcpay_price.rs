//! Asks each paired BTCPay what a bitcoin costs by its store's own rules: the first of the rate
//! sources where there is one. In the background, never on the path of a sale.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio_util::sync::CancellationToken;

use super::pause;
use crate::app::App;
use crate::db::DbError;
use crate::db::connection::Connection;
use crate::rail::RailName;
use crate::rail::btcpay::desk;

const EVERY: Duration = Duration::from_secs(30);
/// A connection that was just made is asked soon.
const FIRST: Duration = Duration::from_secs(2);

/// Asks until `stop`.
pub(super) async fn run(app: Arc<App>, stop: CancellationToken) {
    let mut span = FIRST;
    while !pause(&stop, span).await {
        span = match ask_all(&app).await {
            Ok(0) => FIRST,
            Ok(_) => EVERY,
            Err(error) => {
                tracing::warn!(%error, "the prices of BTCPay could not be asked for");
                EVERY
            }
        };
    }
}

async fn ask_all(app: &App) -> Result<usize, DbError> {
    if !app.rails.all().iter().any(|one| one.rail.name() == RailName::Btcpay) {
        return Ok(0);
    }
    let connections = app.db.all_connections().await?;
    let paired: Vec<&Connection> = connections.iter().filter(|one| one.rail == "btcpay").collect();
    let asked = paired.iter().map(async |connection| {
        if let Err(why) = ask(app, connection).await {
            tracing::warn!(connection = %connection.id, why, "BTCPay gave no price");
        }
    });
    join_all(asked).await;
    Ok(paired.len())
}

async fn ask(app: &App, connection: &Connection) -> Result<(), String> {
    let secrets = app.btcpay_secrets(connection)?;
    let desk = desk(&secrets.address, &secrets.store, &secrets.key, app.config.btcpay_local);
    let desk = desk.map_err(|error| error.to_string())?;
    let store = app.db.store(&connection.merchant_id, &connection.store_id).await;
    let store = store.map_err(|error| error.to_string())?;
    let price = desk.rate(&store.currency).await.map_err(|trouble| trouble.to_string())?;
    let price = price.ok_or("its rate source is silent")?;
    app.note_btcpay_price(&store.id, price);
    Ok(())
}
