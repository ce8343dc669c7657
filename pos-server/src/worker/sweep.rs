//! Forgets what nobody needs any more.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::pause;
use crate::app::App;

const EVERY: Duration = Duration::from_secs(3600);
/// A page that repeats a request does so within this.
const ANSWERS_KEPT: Duration = Duration::from_secs(7 * 24 * 3600);

/// Sweeps until `stop`.
pub(super) async fn run(app: Arc<App>, stop: CancellationToken) {
    while !pause(&stop, EVERY).await {
        let now = app.now();
        let sessions = app.db.sweep_sessions(now).await;
        let answers = app.db.sweep_answers(now.before(ANSWERS_KEPT)).await;
        if let Err(error) = sessions.and(answers) {
            tracing::warn!(%error, "old sessions and answers could not be swept");
        }
    }
}
