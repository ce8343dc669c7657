//! Puts the server together, runs it until it is told to stop, and lets what is in hand finish.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::config::Config;
use crate::db::Db;
use crate::domain::time::SystemClock;
use crate::rate::Rates;
use crate::seal::Seal;
use crate::{web, worker};

/// Requests still running this long after a stop are broken off.
const FINISH_WITHIN: Duration = Duration::from_secs(10);

/// Why the server did not start, or ended.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The data folder or the address cannot be used.
    #[error("{0}: {1}")]
    Io(String, #[source] std::io::Error),
    /// The database.
    #[error(transparent)]
    Db(#[from] crate::db::DbError),
    /// The sealing key.
    #[error(transparent)]
    Seal(#[from] crate::seal::SealError),
    /// The rate sources.
    #[error("the rate sources cannot be used: {0}")]
    Rates(String),
    /// A link was asked for somebody who is no owner here.
    #[error("no owner signs in as {0}")]
    NobodyCalled(String),
    /// The first sign-in could not be prepared.
    #[error("the first sign-in could not be prepared: {0}")]
    Access(#[from] crate::access::AccessError),
}

/// Opens the database and all parts; nothing runs yet.
pub async fn prepare(config: Config) -> Result<Arc<App>, RunError> {
    std::fs::create_dir_all(&config.data_dir)
        .map_err(|error| RunError::Io(config.data_dir.display().to_string(), error))?;
    let seal = Seal::from_file(&config.seal_key_file)?;
    let db = Db::open(&config.database_url).await?;
    let clock = Arc::new(SystemClock);
    let rates = Rates::open(config.rates.clone(), db.clone(), clock.clone()).await;
    let rates = rates.map_err(|error| RunError::Rates(error.to_string()))?;
    Ok(Arc::new(App::new(config, db, clock, seal, rates)))
}

/// All routes, guarded.
pub fn routes(app: &Arc<App>) -> Router {
    web::site(app)
}

/// Answers all who come to `listener`, until the server is asked to stop.
pub async fn serve(app: Arc<App>, listener: TcpListener) -> std::io::Result<()> {
    let stop = app.stopping.clone();
    // A live event is small and must not wait 40 ms for the browser to confirm what came before it.
    let listener = listener.tap_io(|tcp| {
        if let Err(error) = tcp.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps its small packets back");
        }
    });
    let server = axum::serve(listener, routes(&app).into_make_service());
    server.with_graceful_shutdown(stop.cancelled_owned()).await
}

/// Serves until SIGTERM or SIGINT.
pub async fn run(config: Config) -> Result<(), RunError> {
    let app = prepare(config).await?;
    let hello = crate::access::hello::hello(&app).await?;
    worker::connect_rails(&app).await?;
    let listen = app.config.listen;
    let listener = TcpListener::bind(listen)
        .await
        .map_err(|error| RunError::Io(format!("cannot listen on {listen}"), error))?;
    let stop = app.stopping.clone();
    let mut loops = worker::start(&app, &stop);
    // Whoever pipes our greeting away does not want it: not a fault.
    let _ = writeln!(std::io::stdout(), "{hello}");
    tokio::spawn(on_signal(stop.clone()));
    let serving = tokio::spawn(serve(app.clone(), listener));
    stop.cancelled().await;
    tracing::info!("stopping: finishing what is in hand");
    let finish = async {
        let _ = serving.await;
        while loops.join_next().await.is_some() {}
    };
    if tokio::time::timeout(FINISH_WITHIN, finish).await.is_err() {
        tracing::warn!("some requests were broken off");
    }
    app.db.close().await;
    Ok(())
}

/// Prints a link that signs an owner in once.
pub async fn sign_in_link(config: Config, email: &str) -> Result<(), RunError> {
    let app = prepare(config).await?;
    let owner = app.db.owner_by_email(&email.trim().to_lowercase()).await?;
    let owner = owner.ok_or_else(|| RunError::NobodyCalled(email.to_owned()))?;
    let link = crate::access::sign_in::once_link(&app, &owner).await?;
    let _ = writeln!(std::io::stdout(), "{link}");
    app.db.close().await;
    Ok(())
}

async fn on_signal(stop: CancellationToken) {
    use tokio::signal::unix::{SignalKind, signal};
    let term = signal(SignalKind::terminate());
    let interrupt = signal(SignalKind::interrupt());
    if let (Ok(mut term), Ok(mut interrupt)) = (term, interrupt) {
        tokio::select! { _ = term.recv() => {} _ = interrupt.recv() => {} }
    }
    stop.cancel();
}
