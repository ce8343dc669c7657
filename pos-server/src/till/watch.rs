//! Asking a rail what became of an offer: when its stream may have missed something, when the
//! offer ran out, when it says that something changed, and before it is replaced.

use std::time::Duration;

use serde_json::json;

use super::TillError;
use super::make::is_trial;
use super::settle::{Settled, settle};
use crate::app::App;
use crate::db::attempt::Attempt;
use crate::db::payment::Payment;
use crate::rail::{Paid, RailError, Standing, Status, lost, lost_order};
use crate::rails::Connected;

/// How long a rail may take to answer a question.
const ANSWER_LIMIT: Duration = Duration::from_secs(5);

/// How often the rail is asked in one look, as long as there was something to write.
const TURNS: usize = 4;

/// Whether a rail said what became of an offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// It did, and that is written.
    Answer,
    /// It did not, and why.
    Silence(String),
}

/// Looks at one attempt, cancels it at the rail if its time or its sale is over, and writes what
/// is true. One that has ended is looked at too: money may have come since, or been taken back.
pub async fn look(app: &App, attempt: &Attempt, give_up: bool) -> Result<Heard, TillError> {
    let mut heard = turn(app, attempt, give_up).await?;
    // Where money is taken back, an answer may be old by the time it is written: what was written
    // last is always held against an answer that was asked for after it.
    for _ in 1..TURNS {
        if heard != Turn::Wrote {
            break;
        }
        heard = turn(app, &fresh(app, attempt).await?, give_up).await?;
    }
    Ok(match heard {
        Turn::Silence(why) => Heard::Silence(why),
        Turn::Wrote | Turn::Done => Heard::Answer,
    })
}

#[derive(PartialEq, Eq)]
enum Turn {
    Done,
    Wrote,
    Silence(String),
}

async fn turn(app: &App, attempt: &Attempt, give_up: bool) -> Result<Turn, TillError> {
    let own = attempt.connection_id.as_deref();
    let made = app.rails.that_made(own, &attempt.store_id, &attempt.rail);
    let sale = app.db.sale(&attempt.merchant_id, &attempt.sale_id).await?;
    let over = app.now().0 >= attempt.expires_ms;
    let Some((connected, is_own)) = made else {
        if orphaned(app, attempt).await? {
            ended(app, attempt, over).await?;
            return Ok(Turn::Done);
        }
        return unknown(app, attempt, over, "The wallet it was made with is not connected.").await;
    };
    let takes_back = connected.rail.capabilities().takes_back;
    let unseen = lost_order(&attempt.reference).is_some();
    // Where late money is told of anyway, an offer whose time is over ends without our doing; one
    // that nobody has seen is ended whenever it is found.
    let end_it = (attempt.live() || unseen)
        && (give_up || sale.state != "open" || over && (unseen || !takes_back));
    // Read before the rail is asked: what is told of meanwhile is not missing from its answer.
    let known = app.db.payments(&attempt.sale_id).await?;
    let (status, ours) = match ask(app, &connected, attempt, end_it).await {
        Ok(answer) => answer,
        Err(TillError::Refused(why)) => return unknown(app, attempt, over, &why).await,
        Err(error) => return Err(error),
    };
    let mut wrote = take_back(app, &connected, attempt, &known, &status, ours).await?;
    match status {
        Status::Paid(payments) => {
            wrote |= settle_all(app, &connected, &payments).await?;
            if unseen {
                ended(app, &fresh(app, attempt).await?, over).await?;
            }
        }
        Status::Refuted { by_hand, standing } => {
            if !by_hand || ours {
                wrote |= settle_all(app, &connected, &standing).await?;
            }
            ended(app, &fresh(app, attempt).await?, over).await?;
        }
        Status::Seen => moved(app, attempt, "seen", "payment.seen").await?,
        Status::Open if end_it => {
            return unknown(app, attempt, over, "It could not be cancelled.").await;
        }
        Status::Unknown if !is_own && orphaned(app, attempt).await? => {
            ended(app, attempt, over).await?;
        }
        Status::Unknown if !is_own => {
            return unknown(app, attempt, over, "Another wallet is connected since.").await;
        }
        // It made it, and keeps what it makes: it is another server, or another store.
        Status::Unknown if takes_back && !unseen => {
            return unknown(app, attempt, over, "The server does not know this invoice.").await;
        }
        // Seen a moment ago and open again: the payment was given up on its way.
        Status::Open if !over => moved(app, attempt, "offered", "offer.open").await?,
        Status::Open | Status::Closed | Status::Unknown => ended(app, attempt, over).await?,
    }
    Ok(if wrote && takes_back { Turn::Wrote } else { Turn::Done })
}

/// True for a lost offer whose connection is no more. Nobody has seen it, and nobody is left to say
/// what became of it; should money come for it all the same, its order names it.
async fn orphaned(app: &App, attempt: &Attempt) -> Result<bool, TillError> {
    if attempt.state != "lost" {
        return Ok(false);
    }
    // The database knows: a replica that has just started may not have connected it yet.
    let id = attempt.connection_id.as_deref().and_then(|id| id.parse().ok());
    Ok(match id {
        Some(id) => app.db.connection(&id).await?.is_none(),
        None => true,
    })
}

/// Gives up an offer whose outcome nobody can tell any more, by the owner's word. Its rail is asked
/// once more; only if that says nothing the offer ends, as one whose time ran out: money that comes
/// for it later is kept, shown, and owed to its payer.
pub async fn give_up(app: &App, who: &str, attempt: &Attempt) -> Result<(), TillError> {
    if attempt.state != "unknown" || look(app, attempt, true).await? == Heard::Answer {
        return Ok(());
    }
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let sale = tx.lock_sale(&attempt.sale_id).await?;
    if !tx.move_attempt(&attempt.id, "unknown", "expired", now).await? {
        return Ok(());
    }
    let body = json!({ "attempt": attempt.id, "by": who });
    tx.add_event(&sale.merchant_id, &sale.id, "offer.given-up", &body, now).await?;
    let amount = sale.currency()?.write(attempt.amount);
    let detail = format!("{amount} of sale {}, {} {}", sale.id, attempt.rail, attempt.reference);
    tx.audit(&sale.merchant_id, who, "attempt.given_up", &detail, now).await?;
    tx.commit().await?;
    app.live.changed(&sale.id);
    Ok(())
}

/// Cancels offers. Afterwards each is settled, closed, or not known.
pub async fn cancel(app: &App, offers: &[Attempt]) -> Result<(), TillError> {
    for attempt in offers {
        look(app, attempt, true).await?;
    }
    Ok(())
}

/// What the rail says now, and whether it was we who ended the offer.
async fn ask(
    app: &App,
    connected: &Connected,
    attempt: &Attempt,
    end_it: bool,
) -> Result<(Status, bool), TillError> {
    let rail = &connected.rail;
    let ours = attempt.cancelled_ms.is_some();
    let status = in_time(app, connected, rail.status(&attempt.reference)).await?;
    if status != Status::Open || !end_it {
        return Ok((status, ours));
    }
    if rail.capabilities().takes_back && !ours {
        let mut tx = app.db.begin().await?;
        tx.note_cancelling(&attempt.id, app.now()).await?;
        tx.commit().await?;
    }
    Ok((in_time(app, connected, rail.cancel(&attempt.reference)).await?, true))
}

async fn in_time(
    app: &App,
    connected: &Connected,
    answer: impl Future<Output = Result<Status, RailError>>,
) -> Result<Status, TillError> {
    let since = std::time::Instant::now();
    let silent = || RailError::Unreachable("no answer in time".into());
    let answer = tokio::time::timeout(ANSWER_LIMIT, answer).await;
    let answer = answer.unwrap_or_else(|_| Err(silent()));
    let failed = answer.as_ref().err().map(ToString::to_string);
    app.rails.note_call(&connected.id, app.now(), since.elapsed(), failed);
    answer.map_err(|error| TillError::Refused(error.to_string()))
}

/// Takes back what of `known` the rail does not count any more; answers whether there was any.
async fn take_back(
    app: &App,
    connected: &Connected,
    attempt: &Attempt,
    known: &[Payment],
    status: &Status,
    ours: bool,
) -> Result<bool, TillError> {
    if !connected.rail.capabilities().takes_back || *status == Status::Unknown {
        return Ok(false);
    }
    let none = Vec::new();
    let (stands, unheard) = match status {
        Status::Paid(payments) => (payments, &none),
        Status::Refuted { by_hand: true, standing } if !ours => (&none, standing),
        Status::Refuted { standing, .. } => (standing, &none),
        _ => (&none, &none),
    };
    let mine = known.iter().filter(|one| one.attempt_id.as_deref() == Some(attempt.id.as_str()));
    let missing = mine.filter(|one| {
        one.gone_ms.is_none() && !stands.iter().any(|paid| paid.reference == one.reference)
    });
    let mut all: Vec<Paid> = missing.map(|one| gone(one.reference.clone(), attempt)).collect();
    // Money that the merchant disowned before we heard of it: kept, and counted nowhere.
    all.extend(unheard.iter().map(|paid| Paid { standing: Standing::Gone, ..paid.clone() }));
    settle_all(app, connected, &all).await
}

fn gone(reference: String, attempt: &Attempt) -> Paid {
    use crate::domain::{money::Msat, time::Time};
    let (amount, at) = (Msat::ZERO, Time(attempt.offered_ms));
    Paid { offer: attempt.reference.clone(), reference, amount, at, standing: Standing::Gone }
}

/// Answers whether one of them was news.
async fn settle_all(app: &App, connected: &Connected, all: &[Paid]) -> Result<bool, TillError> {
    let mut news = false;
    for paid in all {
        news |= settle(app, connected, paid, None).await? != Settled::Before;
    }
    Ok(news)
}

async fn fresh(app: &App, attempt: &Attempt) -> Result<Attempt, TillError> {
    let found =
        app.db.find_attempt(&attempt.merchant_id, &attempt.rail, &attempt.reference).await?;
    Ok(found.unwrap_or_else(|| attempt.clone()))
}

async fn ended(app: &App, attempt: &Attempt, over: bool) -> Result<(), TillError> {
    match (attempt.state.as_str(), over) {
        // Nobody has seen it: the sale's own story goes on without it.
        ("lost", _) => moved(app, attempt, "cancelled", "lost.ended").await,
        ("offered" | "seen" | "unknown", true) => {
            moved(app, attempt, "expired", "offer.expired").await
        }
        ("offered" | "seen" | "unknown", false) => {
            moved(app, attempt, "cancelled", "offer.cancelled").await
        }
        _ => Ok(()),
    }
}

/// While an offer can be paid anyway, a rail that is silent changes nothing; after that its
/// outcome is not known, and is said to be so.
async fn unknown(app: &App, attempt: &Attempt, over: bool, why: &str) -> Result<Turn, TillError> {
    tracing::warn!(attempt = %attempt.id, why, "a rail did not say what became of an offer");
    if over && attempt.live() {
        moved(app, attempt, "unknown", "offer.unknown").await?;
    }
    Ok(Turn::Silence(why.to_owned()))
}

async fn moved(app: &App, attempt: &Attempt, to: &str, kind: &str) -> Result<(), TillError> {
    // Money that was counted stays counted until the rail takes back that very payment.
    let settled = attempt.state == "settled";
    if attempt.state == to || settled || to == "offered" && !attempt.live() {
        return Ok(());
    }
    let now = app.now();
    let mut tx = app.db.begin().await?;
    tx.lock_sale(&attempt.sale_id).await?;
    if tx.move_attempt(&attempt.id, &attempt.state, to, now).await? {
        let body = json!({ "attempt": attempt.id });
        tx.add_event(&attempt.merchant_id, &attempt.sale_id, kind, &body, now).await?;
        tx.commit().await?;
        app.live.changed(&attempt.sale_id);
    }
    Ok(())
}

/// Notes that a rail's stream saw a payment on its way.
pub async fn seen(app: &App, connected: &Connected, offer: &str) -> Result<(), TillError> {
    let rail = connected.rail.name().as_str();
    let attempt = app.db.find_attempt(&connected.merchant_id, rail, offer).await?;
    match attempt {
        Some(attempt) if attempt.state == "offered" => {
            moved(app, &attempt, "seen", "payment.seen").await
        }
        _ => Ok(()),
    }
}

/// Looks again at an offer that a rail's stream says is closed.
pub async fn closed(app: &App, connected: &Connected, offer: &str) -> Result<(), TillError> {
    let rail = connected.rail.name().as_str();
    let attempt = app.db.find_attempt(&connected.merchant_id, rail, offer).await?;
    if let Some(attempt) = attempt.filter(Attempt::live) {
        look(app, &attempt, false).await?;
    }
    Ok(())
}

/// Whose offer a rail told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// A sale's, or a lost one's; it was looked at.
    Ours,
    /// It tried the connection out, and nobody was to pay it.
    Trial,
    /// No till made it.
    Nobodys,
}

/// Looks again at an offer of which a rail says that something changed. An error if the rail does
/// not say what.
pub async fn changed(app: &App, connected: &Connected, offer: &str) -> Result<Whose, TillError> {
    let (merchant, rail) = (&connected.merchant_id, connected.rail.name().as_str());
    let mut found = app.db.find_attempt(merchant, rail, offer).await?;
    if found.is_none() && connected.rail.capabilities().finds_lost {
        found = match order_of(connected, offer).await? {
            Some(order) if is_trial(&order) => return Ok(Whose::Trial),
            Some(order) => app.db.find_attempt(merchant, rail, &lost(&order)).await?,
            None => None,
        };
    }
    let Some(attempt) = found else { return Ok(Whose::Nobodys) };
    match look(app, &attempt, false).await? {
        Heard::Answer => Ok(Whose::Ours),
        Heard::Silence(why) => Err(TillError::Refused(why)),
    }
}

async fn order_of(connected: &Connected, offer: &str) -> Result<Option<String>, TillError> {
    let order = tokio::time::timeout(ANSWER_LIMIT, connected.rail.order_of(offer)).await;
    let order = order.unwrap_or_else(|_| Err(RailError::Unreachable("no answer in time".into())));
    order.map_err(|error| TillError::Refused(error.to_string()))
}
