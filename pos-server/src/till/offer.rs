//! Offers: what a customer can pay, at a price that is frozen onto the sale.

use std::time::Duration;

use serde_json::json;

use super::once::Once;
use super::{Actor, TillError, begin, watch};
use crate::app::App;
use crate::db::Tx;
use crate::db::attempt::Attempt;
use crate::db::sale::Sale;
use crate::db::store::Store;
use crate::domain::id::{AttemptId, SaleId};
use crate::domain::money::Money;
use crate::domain::rate::Quote;
use crate::rail::{Ask, RailError};
use crate::rails::Connected;

/// How long a rail may take to make an offer.
const OFFER_LIMIT: Duration = Duration::from_secs(10);
/// How soon the rail is asked what became of an offer, were its stream silent.
pub(super) const FIRST_LOOK: Duration = Duration::from_secs(10);

/// An offer that was made, not yet on any sale.
pub(super) struct Made {
    connected: Connected,
    quote: Quote,
    offer: crate::rail::Offer,
    asked: crate::domain::money::Msat,
}

/// Why there is no offer, in words for the till; cash still works.
pub(super) struct NoOffer {
    /// `no_price`, `rail_down`, `no_rail`.
    pub kind: &'static str,
    /// The words.
    pub words: String,
}

/// Asks the store's bitcoin rail for an offer of `amount`. No transaction is open meanwhile.
pub(super) async fn make(
    app: &App,
    store: &Store,
    amount: i64,
    memo: &str,
) -> Result<Made, NoOffer> {
    let no = |kind, words: String| NoOffer { kind, words };
    let connected = app.rails.of_store(&store.id);
    let connected =
        connected.ok_or_else(|| no("no_rail", "Lightning is not set up. Take cash.".into()))?;
    let quote = app.quote(store).map_err(|words| no("no_price", words))?;
    let money = Money::new(amount, quote.currency);
    let asked = quote.ask(money).map_err(|error| no("no_price", error.to_string()))?;
    let seconds = u64::try_from(store.offer_seconds).unwrap_or(600);
    let ask = Ask { amount: asked, memo: memo.into(), expires_in: Duration::from_secs(seconds) };
    let answer = tokio::time::timeout(OFFER_LIMIT, connected.rail.offer(&ask)).await;
    let silent = || RailError::Unreachable("no answer in time".into());
    match answer.unwrap_or_else(|_| Err(silent())) {
        Ok(offer) => Ok(Made { connected, quote, offer, asked }),
        Err(error) => {
            tracing::warn!(rail = connected.rail.name().as_str(), %error, "no offer");
            let words = match error {
                RailError::Unreachable(_) => "Lightning is not answering. Take cash.".into(),
                RailError::Refused(words) => {
                    format!("Lightning cannot take this just now: {words}")
                }
            };
            Err(no("rail_down", words))
        }
    }
}

impl Made {
    /// The connection it was made over.
    pub(super) fn connection(&self) -> &str {
        self.connected.id.as_str()
    }

    /// The attempt to write for it.
    pub(super) fn attempt(
        &self,
        app: &App,
        sale: &Sale,
        amount: i64,
    ) -> Result<Attempt, TillError> {
        let now = app.now();
        let quote = serde_json::to_string(&self.quote)
            .map_err(|_| TillError::refused("The price could not be kept."))?;
        Ok(Attempt {
            id: AttemptId::new(),
            sale_id: sale.id.clone(),
            merchant_id: sale.merchant_id.clone(),
            store_id: sale.store_id.clone(),
            connection_id: Some(self.connected.id.to_string()),
            rail: self.connected.rail.name().as_str().into(),
            reference: self.offer.reference.clone(),
            state: "offered".into(),
            amount,
            asked_msat: self.asked.to_db(),
            request: self.offer.request.clone(),
            quote: Some(quote),
            offered_ms: now.0,
            expires_ms: self.offer.expires_at.0,
            checked_ms: now.0,
            next_check_ms: now.after(FIRST_LOOK).min(self.offer.expires_at).0,
            ended_ms: None,
        })
    }

    /// Makes an offer unpayable that came to no sale after all. Best effort: nobody has seen it.
    pub(super) async fn drop_unused(self) {
        if let Err(error) = self.connected.rail.cancel(&self.offer.reference).await {
            tracing::debug!(%error, "an unused offer was left to run out");
        }
    }
}

/// Writes an offer onto its sale, or that there is none and why.
pub(super) async fn write(
    app: &App,
    tx: &mut Tx,
    sale: &Sale,
    amount: i64,
    made: &Result<Made, NoOffer>,
) -> Result<(), TillError> {
    let now = app.now();
    let (kind, body) = match made {
        Ok(made) => {
            let attempt = made.attempt(app, sale, amount)?;
            tx.add_attempt(&attempt).await?;
            let body =
                json!({ "attempt": attempt.id, "amount": amount, "msat": attempt.asked_msat });
            ("offer.made", body)
        }
        Err(no) => ("offer.none", json!({ "why": no.kind, "words": no.words })),
    };
    tx.add_event(&sale.merchant_id, &sale.id, kind, &body, now).await?;
    Ok(())
}

/// Makes a new offer for a sale: after the last one ran out, for the rest, or for a part
/// (`amount` in minor units, all that is due if none). The offers before it are cancelled at their
/// rail first; if one was paid in that moment, that is settled instead.
pub async fn renew(
    app: &App,
    actor: &Actor,
    id: &SaleId,
    amount: Option<i64>,
    once: &Once,
) -> Result<(), TillError> {
    let Some((sale, offers)) = begin(app, actor, id, once).await? else { return Ok(()) };
    if sale.state == "open" && amount.is_some_and(|part| part <= 0 || part > sale.due()) {
        return Err(TillError::refused("That is not a part of what is left to pay."));
    }
    watch::cancel(app, &offers).await?;
    if once.answered(&app.db).await?.is_some() {
        return Ok(());
    }
    let sale = app.db.sale(&actor.store.merchant_id, id).await?;
    let mut live = app.db.attempts(id).await?;
    live.retain(Attempt::live);
    if sale.state != "open" || sale.due() == 0 {
        return Ok(());
    }
    if live.iter().any(|one| offers.iter().any(|before| before.id == one.id)) {
        return Err(TillError::refused(
            "We don’t know yet whether the last one was paid: checking.",
        ));
    }
    if !live.is_empty() {
        // Another tablet was quicker: the till shows its offer.
        return Ok(());
    }
    let amount = amount.unwrap_or_else(|| sale.due());
    if amount <= 0 || amount > sale.due() {
        return Err(TillError::refused("That is not a part of what is left to pay."));
    }
    let made = make(app, &actor.store, amount, &memo(&actor.store, &sale)).await;
    let mut tx = app.db.begin().await?;
    let locked = tx.lock_sale(id).await?;
    let others = tx.attempts_of(id).await?;
    let stale = locked.state != "open" || locked.due() < amount || others.iter().any(Attempt::live);
    let kept = if stale { Ok(false) } else { once.keep_alone(&mut tx, &app.db, app.now()).await };
    if !matches!(kept, Ok(true)) {
        drop(tx);
        if let Ok(made) = made {
            made.drop_unused().await;
        }
        return kept.map(drop);
    }
    write(app, &mut tx, &locked, amount, &made).await?;
    tx.commit().await?;
    app.live.changed(id);
    Ok(())
}

/// After a part was paid another way: offers the rest. If that fails, the till shows why, and how
/// to try again.
pub(super) async fn after_part(app: &App, actor: &Actor, id: &SaleId) {
    let key = format!("rest-{}", AttemptId::new());
    let renewed = match Once::new("rest", &key, &[id.as_str()]) {
        Ok(once) => renew(app, actor, id, None, &once).await,
        Err(error) => Err(error),
    };
    if let Err(error) = renewed {
        tracing::warn!(sale = %id, %error, "no offer for the rest");
    }
}

/// What the payer's wallet shows.
pub(super) fn memo(store: &Store, sale: &Sale) -> String {
    if sale.name.is_empty() { store.name.clone() } else { format!("{}, {}", store.name, sale.name) }
}
