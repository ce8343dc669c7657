//! Keeps the connected rails as the database says, with one listener for each.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;

use super::{listen, pause};
use crate::app::App;
use crate::db::connection::Connection;
use crate::db::{DbError, Kind};
use crate::domain::id::ConnectionId;
use crate::rail::Rail;
use crate::rail::btcpay::Btcpay;
use crate::rail::lnd::{Lnd, LndSecrets};
use crate::rail::sandbox::Sandbox;
use crate::rails::{Connected, secrets_purpose};

/// How often the database is asked for new connections; an owner's change on this replica is
/// heard at once.
const ASK_EVERY: Duration = Duration::from_secs(5);

/// Follows the connections until `stop`.
pub(super) async fn run(app: Arc<App>, stop: CancellationToken) {
    let mut listeners: HashMap<(ConnectionId, String), CancellationToken> = HashMap::new();
    let mut tasks = tokio::task::JoinSet::new();
    loop {
        if let Err(error) = connect_rails(&app).await {
            tracing::warn!(%error, "the connections could not be read");
        }
        let all = app.rails.all();
        listeners.retain(|(id, made_of), listener| {
            let keep = all.iter().any(|one| one.id == *id && one.made_of == *made_of);
            if !keep {
                listener.cancel();
            }
            keep
        });
        for connected in all {
            let listener = (connected.id.clone(), connected.made_of.clone());
            listeners.entry(listener).or_insert_with(|| {
                let token = stop.child_token();
                tasks.spawn(listen::run(app.clone(), connected, token.clone()));
                token
            });
        }
        while tasks.try_join_next().is_some() {}
        tokio::select! {
            () = app.connections_changed.notified() => {}
            stopped = pause(&stop, ASK_EVERY) => if stopped { break }
        }
    }
    while tasks.join_next().await.is_some() {}
}

/// Makes the rails that the database names and are not there yet, and forgets those it no longer
/// names.
pub async fn connect_rails(app: &App) -> Result<(), DbError> {
    let connections = app.db.all_connections().await?;
    for connection in &connections {
        let made_of = fingerprint(connection);
        let there = app.rails.get(connection.id.as_str()).filter(|one| one.made_of == made_of);
        if let Some(there) = there {
            if there.place != connection.place {
                app.rails.put(Connected { place: connection.place, ..there });
            }
            continue;
        }
        match make(app, connection) {
            Ok(rail) => app.rails.put(Connected {
                id: connection.id.clone(),
                merchant_id: connection.merchant_id.clone(),
                store_id: connection.store_id.clone(),
                place: connection.place,
                made_of,
                rail,
            }),
            Err(why) => tracing::error!(connection = %connection.id, why, "a rail cannot be used"),
        }
    }
    let keep: Vec<ConnectionId> = connections.into_iter().map(|one| one.id).collect();
    app.rails.retain(&keep);
    app.sandboxes().retain(|id, _| keep.contains(id));
    Ok(())
}

/// Tells connections apart whose secrets were changed.
fn fingerprint(connection: &Connection) -> String {
    hex::encode(Sha256::digest(connection.secrets.as_deref().unwrap_or_default()))
}

fn make(app: &App, connection: &Connection) -> Result<Arc<dyn Rail>, String> {
    match connection.rail.as_str() {
        "sandbox" => {
            let seed = app.seal.derive(&format!("sandbox/{}", connection.id));
            let folder = app.config.data_dir.join("sandbox").join(connection.id.as_str());
            let sandbox = Sandbox::open(&seed, Some(&folder), app.clock.clone());
            let sandbox = Arc::new(sandbox.map_err(|error| error.to_string())?);
            sandbox.join(&app.town);
            app.sandboxes().insert(connection.id.clone(), sandbox.clone());
            Ok(sandbox)
        }
        "lnd" => {
            let sealed = connection.secrets.as_deref().ok_or("its secrets are missing")?;
            let purpose = secrets_purpose(&connection.id);
            let open = app.seal.open(&purpose, sealed).map_err(|error| error.to_string())?;
            let secrets: LndSecrets =
                serde_json::from_slice(&open).map_err(|_| "its secrets cannot be read")?;
            let lnd = Lnd::new(&secrets).map_err(|error| error.to_string())?;
            Ok(Arc::new(lnd))
        }
        "btcpay" => {
            let secrets = app.btcpay_secrets(connection)?;
            let (local, round) = (app.config.btcpay_local, app.config.btcpay_round);
            let btcpay = Btcpay::new(&secrets, local, round, app.clock.clone());
            Ok(Arc::new(btcpay.map_err(|error| error.to_string())?))
        }
        other => Err(format!("no rail is called “{other}”")),
    }
}

/// True where this replica may listen: on SQLite it is the only one.
pub(super) async fn may_listen(app: &App, id: &ConnectionId, span: Duration) -> bool {
    if app.db.kind() == Kind::Sqlite {
        return true;
    }
    let now = app.now();
    let lease = app.db.lease_connection(id, &app.replica, now, now.after(span));
    lease.await.unwrap_or(false)
}
