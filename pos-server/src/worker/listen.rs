//! Listens to one rail's stream and settles what it tells, from the place the database knows.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt, stream};
use tokio_util::sync::CancellationToken;

use super::{backoff, connect, pause};
use crate::app::App;
use crate::db::DbError;
use crate::rail::{Cursor, Notice, Told};
use crate::rails::Connected;
use crate::till::{TillError, settle, watch};

const LEASE: Duration = Duration::from_secs(30);
const RENEW: Duration = Duration::from_secs(10);
const LONGEST: Duration = Duration::from_secs(15);
/// Offers looked up side by side.
const LOOKS: usize = 8;
/// What is in hand at a stop is finished, unless a rail is silent for longer than its calls may take.
const FINISH: Duration = Duration::from_secs(6);

/// Listens until `stop`, finishes what is in hand, and lets another replica listen then.
pub async fn run(app: Arc<App>, connected: Connected, stop: CancellationToken) {
    follow(&app, &connected, &stop).await;
    if let Err(error) = app.db.release_connection(&connected.id, &app.replica).await {
        tracing::warn!(connection = %connected.id, %error, "the lease of a stream runs on");
    }
}

/// Reconnects with backoff. After each (re)connect the open offers are looked up one by one, since
/// a stream tells nothing of what it missed at its first start.
async fn follow(app: &App, connected: &Connected, stop: &CancellationToken) {
    let mut failures = 0;
    let mut looked = false;
    while !stop.is_cancelled() {
        if !connect::may_listen(app, &connected.id, LEASE).await {
            // Whoever holds the lease may have died a moment ago: nobody waits for the end of it.
            if !looked && let Err(error) = look_up(app, connected, stop).await {
                tracing::warn!(connection = %connected.id, %error, "offers could not be looked up");
            }
            looked = true;
            if pause(stop, RENEW).await {
                return;
            }
            continue;
        }
        match listen(app, connected, stop, &mut failures).await {
            Ok(()) => failures = 0,
            Err(error) => {
                tracing::warn!(connection = %connected.id, %error, "the stream of a rail ended");
                app.rails.note_trouble(&connected.id, app.now(), error.to_string());
                failures += 1;
            }
        }
        if pause(stop, backoff(failures, LONGEST)).await {
            return;
        }
    }
}

/// Begins no look after `stop`.
async fn look_up(
    app: &App,
    connected: &Connected,
    stop: &CancellationToken,
) -> Result<(), TillError> {
    let offers = stream::iter(app.db.live_attempts(&connected.id).await?);
    let offers = offers.take_until(stop.cancelled()).map(Ok);
    let look = async |offer| watch::look(app, &offer, false).await.map(drop);
    offers.try_for_each_concurrent(LOOKS, look).await
}

async fn listen(
    app: &App,
    connected: &Connected,
    stop: &CancellationToken,
    failures: &mut u32,
) -> Result<(), TillError> {
    let mut notices = connected.rail.notices(cursor(app, connected).await?);
    // The stream is already open or opening; what happens from here on it tells.
    let mut renew = tokio::time::interval(RENEW);
    let listening = async {
        loop {
            // Only here, between two notices, does a stop end it.
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                _ = renew.tick() => {
                    if !connect::may_listen(app, &connected.id, LEASE).await {
                        return Ok(());
                    }
                }
                told = notices.next() => match told {
                    None => return Ok(()),
                    Some(Ok(told)) => {
                        hear(app, connected, &told).await?;
                        *failures = 0;
                    }
                    Some(Err(error)) => return Err(TillError::Refused(error.to_string())),
                }
            }
        }
    };
    let long_stopped = async {
        stop.cancelled().await;
        tokio::time::sleep(FINISH).await;
    };
    let looking = look_up(app, connected, stop);
    tokio::select! {
        () = long_stopped => Ok(()),
        result = async { tokio::try_join!(looking, listening) } => result.map(|_| ()),
    }
}

async fn cursor(app: &App, connected: &Connected) -> Result<Cursor, DbError> {
    let connections = app.db.connections(&connected.store_id).await?;
    let row = connections.into_iter().find(|one| one.id == connected.id);
    let row = row.ok_or(DbError::NotFound)?;
    let index = |value: i64| u64::try_from(value).unwrap_or(0);
    Ok(Cursor { add: index(row.add_index), settle: index(row.settle_index) })
}

/// Does what one line asks for; one that the rail is silent about when asked holds up no other line: the
/// rail tells of it again in its next round.
async fn hear(app: &App, connected: &Connected, told: &Told) -> Result<(), TillError> {
    match (take(app, connected, told).await, &told.notice) {
        (Err(TillError::Refused(why)), Notice::Changed { offer }) => {
            tracing::warn!(connection = %connected.id, offer, why, "not known yet");
            Ok(())
        }
        (taken, _) => taken,
    }
}

/// Does what one line of a rail's stream asks for. Told twice, or by two workers, it is done once.
pub async fn take(app: &App, connected: &Connected, told: &Told) -> Result<(), TillError> {
    match &told.notice {
        Notice::Paid(paid) => {
            settle::settle(app, connected, paid, Some(told.cursor)).await?;
        }
        Notice::Seen { offer } => watch::seen(app, connected, offer).await?,
        Notice::Closed { offer } => watch::closed(app, connected, offer).await?,
        Notice::Changed { offer } => drop(watch::changed(app, connected, offer).await?),
        Notice::CaughtUp => {
            let index = |index: u64| i64::try_from(index).unwrap_or(i64::MAX);
            let mut tx = app.db.begin().await?;
            let Cursor { add, settle } = told.cursor;
            tx.advance_cursor(&connected.id, index(add), index(settle)).await?;
            tx.commit().await?;
        }
    }
    Ok(())
}
