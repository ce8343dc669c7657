//! Tells the rates which stores are in use, and keeps them asked for.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::pause;
use crate::app::App;
use crate::db::DbError;
use crate::rate::StoreRateSettings;

/// How soon a store that another replica added is served.
const ASK_EVERY: Duration = Duration::from_secs(15);

/// Follows the stores until `stop`; the sources are asked in the background meanwhile.
pub(super) async fn run(app: Arc<App>, stop: CancellationToken) {
    let polling = tokio::spawn(app.rates.clone().run(stop.clone()));
    loop {
        if let Err(error) = serve(&app).await {
            tracing::warn!(%error, "the stores' rate settings could not be read");
        }
        tokio::select! {
            () = app.stores_changed.notified() => {}
            stopped = pause(&stop, ASK_EVERY) => if stopped { break }
        }
    }
    if polling.await.is_err() {
        tracing::error!("the loop that asks for rates broke");
    }
}

async fn serve(app: &App) -> Result<(), DbError> {
    let stores = app.db.stores_for_rates().await?;
    // A store whose settings cannot be read is told so at its till; the others go on.
    let settings: Vec<StoreRateSettings> =
        stores.iter().filter_map(|store| app.rate_settings(store).ok()).collect();
    app.rates.serve(&settings);
    Ok(())
}
