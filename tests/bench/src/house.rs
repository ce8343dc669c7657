//! The server's parts in our process, with its workers, and reachable over loopback.

use std::sync::Arc;

use anyhow::{Context, Result};
use pos_server::app::App;
use pos_server::config::Settings;
use pos_server::rail::sandbox::Sandbox;
use pos_server::{access, run, worker};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::database::Database;

/// A running server in our process.
pub(crate) struct House {
    pub(crate) app: Arc<App>,
    /// Where a browser finds it.
    pub(crate) url: String,
    loops: JoinSet<()>,
}

impl House {
    /// Opens the sample café over `database`; `rate_urls` as the setting of that name.
    pub(crate) async fn open(database: &Database, rate_urls: &[String]) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let settings = Settings {
            listen: Some(address.to_string()),
            data_dir: Some(database.folder.path().join("server")),
            database_url: Some(database.url.clone()),
            sandbox: Some(true),
            rate_urls: Some(rate_urls.to_vec()),
            btcpay_local: Some(true),
            btcpay_round_seconds: Some(3600),
            ..Settings::default()
        };
        let app = run::prepare(settings.check()?).await?;
        access::sample::make_sample_cafe(&app).await?;
        worker::connect_rails(&app).await?;
        let mut loops = worker::start(&app, &app.stopping);
        let serving = run::serve(app.clone(), listener);
        loops.spawn(async move { serving.await.unwrap_or_default() });
        Ok(Self { url: format!("http://{address}"), app, loops })
    }

    /// The practice node of the only store.
    pub(crate) fn node(&self) -> Result<Arc<Sandbox>> {
        self.app.sandboxes().values().next().cloned().context("a practice node")
    }

    /// Stops all that runs.
    pub(crate) async fn close(mut self) {
        self.app.stopping.cancel();
        while self.loops.join_next().await.is_some() {}
        self.app.db.close().await;
    }
}
