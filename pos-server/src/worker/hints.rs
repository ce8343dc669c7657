//! Hears from PostgreSQL which sales other replicas changed, and tells the pages that wait here.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{backoff, pause};
use crate::app::App;
use crate::db::Kind;
use crate::db::hints::Hints;

const LONGEST: Duration = Duration::from_secs(10);

/// Hears until `stop`; on SQLite there are no other replicas.
pub(super) async fn run(app: Arc<App>, stop: CancellationToken) {
    if app.db.kind() == Kind::Sqlite {
        return;
    }
    let mut failures = 0;
    while !stop.is_cancelled() {
        let heard = async {
            let mut hints = Hints::listen(&app.db).await?;
            loop {
                let sale = hints.next().await?;
                app.live.changed(&sale);
            }
        };
        let heard: Result<(), crate::db::DbError> = tokio::select! {
            () = stop.cancelled() => return,
            result = heard => result,
        };
        if let Err(error) = heard {
            tracing::warn!(%error, "PostgreSQL's notifications broke off");
            failures += 1;
        }
        if pause(&stop, backoff(failures, LONGEST)).await {
            return;
        }
    }
}
