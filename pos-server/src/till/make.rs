//! Making an offer: the store's rails are asked in turn, at a price that is frozen onto the sale.

use std::time::Duration;

use super::TillError;
use crate::app::App;
use crate::db::attempt::Attempt;
use crate::db::sale::Sale;
use crate::db::store::Store;
use crate::domain::cart::Priced;
use crate::domain::id::AttemptId;
use crate::domain::money::{Money, Msat};
use crate::domain::rate::Quote;
use crate::domain::time::Time;
use crate::rail::{Ask, AskLine, Offer, RailError, RailName, lost};
use crate::rails::Connected;

/// How long a rail may take to make an offer.
const OFFER_LIMIT: Duration = Duration::from_secs(10);
/// The same where another rail can stand in.
const SHORT_LIMIT: Duration = Duration::from_secs(3);
/// Clocks that differ by more are taken to be wrong, and not the rail to be short.
const CLOCKS_APART: Duration = Duration::from_secs(60);
/// What a trial asks for where sats are asked for.
const TRIAL_SATS: u64 = 1_000;
/// How soon the rail is asked what became of an offer, were its stream silent.
pub(super) const FIRST_LOOK: Duration = Duration::from_secs(10);

/// An offer that was made, not yet on any sale.
pub(super) struct Made {
    connected: Connected,
    order: AttemptId,
    quote: Quote,
    offer: Offer,
    asked: Msat,
    lasts: Duration,
    /// Why the store's first rail did not make it, where the second one did.
    pub(super) instead: Option<String>,
    pub(super) lost: Vec<Lost>,
}

/// An offer that a rail may have made, though it did not answer. Nobody has seen it.
pub(super) struct Lost {
    connected: Connected,
    order: AttemptId,
    estimate: Msat,
}

/// Why there is no offer, in words for the till; cash still works.
pub(super) struct NoOffer {
    /// `no_price`, `rail_down`, `no_rail`.
    pub kind: &'static str,
    /// The words.
    pub words: String,
    pub(super) lost: Vec<Lost>,
}

impl NoOffer {
    fn new(kind: &'static str, words: impl Into<String>) -> Self {
        Self { kind, words: words.into(), lost: Vec::new() }
    }
}

/// Asks the store's bitcoin rails in turn for an offer of `amount`, minor units of the sale's
/// currency. No transaction is open meanwhile.
pub(super) async fn make(
    app: &App,
    store: &Store,
    sale: &Sale,
    amount: i64,
) -> Result<Made, NoOffer> {
    let rails = app.rails.of_store(&store.id);
    let (mut lost, mut first) = (Vec::new(), None);
    let limit = if rails.len() > 1 { SHORT_LIMIT } else { OFFER_LIMIT };
    for connected in rails {
        let order = AttemptId::new();
        let asking = asking(app, store, sale, amount, &order, &connected);
        let (ask, quote) = match asking {
            Ok(asking) => asking,
            Err(no) => {
                first.get_or_insert(no);
                continue;
            }
        };
        match timed(app, &connected, &ask, limit).await {
            Ok(offer) => match price(&ask, &offer, quote) {
                Ok((asked, quote)) => {
                    let instead = first.map(|no: NoOffer| no.words);
                    let lasts = ask.expires_in;
                    return Ok(Made {
                        connected,
                        order,
                        quote,
                        offer,
                        asked,
                        lasts,
                        instead,
                        lost,
                    });
                }
                Err(words) => {
                    let unused = connected.rail.cancel(&offer.reference);
                    let unused = tokio::time::timeout(OFFER_LIMIT, unused).await;
                    tracing::warn!(?unused, words, "an offer was not used for its price");
                    first.get_or_insert_with(|| NoOffer::new("no_price", words));
                }
            },
            Err(error) => {
                tracing::warn!(rail = connected.rail.name().as_str(), %error, "no offer");
                let unknown = matches!(error, RailError::Unreachable(_));
                first.get_or_insert_with(|| refusal(connected.rail.name(), &error));
                if unknown && connected.rail.capabilities().finds_lost {
                    lost.push(Lost { connected, order, estimate: ask.amount });
                }
            }
        }
    }
    let none = || NoOffer::new("no_rail", "Lightning is not set up. Take cash.");
    Err(NoOffer { lost, ..first.unwrap_or_else(none) })
}

/// Asks a rail, and notes how long it took.
async fn timed(
    app: &App,
    connected: &Connected,
    ask: &Ask,
    limit: Duration,
) -> Result<Offer, RailError> {
    let since = std::time::Instant::now();
    let answer = tokio::time::timeout(limit, connected.rail.offer(ask)).await;
    let silent = || RailError::Unreachable("no answer in time".into());
    let answer = answer.unwrap_or_else(|_| Err(silent()));
    let failed = answer.as_ref().err().map(ToString::to_string);
    app.rails.note_call(&connected.id, app.now(), since.elapsed(), failed);
    answer
}

/// How the orders of trials begin: no attempt has such a name.
const TRIAL: &str = "trial-";

/// True for the order of an invoice that tried a connection out.
pub(super) fn is_trial(order: &str) -> bool {
    order.starts_with(TRIAL)
}

/// What a trial asks for: a small amount, for two minutes.
pub fn trial(store: &Store) -> Result<Ask, String> {
    let currency = store.currency().map_err(|error| error.to_string())?;
    Ok(Ask {
        amount: Msat::from_sat(TRIAL_SATS).map_err(|error| error.to_string())?,
        money: Some(Money::new(currency.scale(), currency)),
        order: format!("{TRIAL}{}", AttemptId::new()),
        lines: Vec::new(),
        memo: format!("{}: a test, not a sale", store.name),
        expires_in: Duration::from_secs(120),
    })
}

/// Makes an invoice over a small amount and cancels it at once: answers how long both took.
pub async fn try_out(app: &App, store: &Store, connected: &Connected) -> Result<Duration, String> {
    let ask = trial(store)?;
    let since = std::time::Instant::now();
    let offer =
        timed(app, connected, &ask, OFFER_LIMIT).await.map_err(|error| error.to_string())?;
    let ended = tokio::time::timeout(OFFER_LIMIT, connected.rail.cancel(&offer.reference)).await;
    match ended {
        Ok(Ok(_)) => Ok(since.elapsed()),
        Ok(Err(error)) => Err(format!("the invoice was made, and could not be cancelled: {error}")),
        Err(_) => Err("the invoice was made, and cancelling it was not answered".into()),
    }
}

fn refusal(rail: RailName, error: &RailError) -> NoOffer {
    let name = if rail == RailName::Btcpay { "BTCPay" } else { "Lightning" };
    let words = match error {
        RailError::Unreachable(_) => format!("{name} is not answering. Take cash."),
        RailError::Refused(words) => format!("{name} cannot take this just now: {words}"),
    };
    NoOffer::new("rail_down", words)
}

/// What to ask a rail for, and our own price of it where there is one.
fn asking(
    app: &App,
    store: &Store,
    sale: &Sale,
    amount: i64,
    order: &AttemptId,
    connected: &Connected,
) -> Result<(Ask, Option<Quote>), NoOffer> {
    let no = |words: String| NoOffer::new("no_price", words);
    let currency = store.currency().map_err(|error| no(error.to_string()))?;
    let money = Money::new(amount, currency);
    // Somebody else's price is held against the market's, which is not his.
    let needed = connected.rail.capabilities().needs_quote;
    let quote = if needed { app.quote(store) } else { app.market_quote(store) };
    let priced = quote
        .as_ref()
        .map_err(Clone::clone)
        .and_then(|quote| quote.ask(money).map_err(|error| error.to_string()));
    let asked = match (priced, needed) {
        (Ok(asked), _) => asked,
        (Err(words), true) => return Err(no(words)),
        (Err(_), false) => Msat::ZERO,
    };
    let priced: Option<Priced> = serde_json::from_str(&sale.cart).ok();
    let lines = priced.into_iter().flat_map(|cart| cart.lines).map(|line| AskLine {
        title: line.name,
        count: line.quantity,
        price: line.unit,
    });
    let seconds = u64::try_from(store.offer_seconds).unwrap_or(600);
    let ask = Ask {
        amount: asked,
        money: Some(money),
        order: order.to_string(),
        lines: lines.collect(),
        memo: memo(store, sale),
        expires_in: Duration::from_secs(seconds),
    };
    Ok((ask, quote.ok()))
}

/// The price that an offer was made at: ours, or the rail's own if it is not far from ours.
fn price(ask: &Ask, offer: &Offer, ours: Option<Quote>) -> Result<(Msat, Quote), String> {
    let unknown = || "The price of this offer is not known. Cash still works.".to_owned();
    let Some(own) = &offer.priced else {
        return Ok((ask.amount, ours.ok_or_else(unknown)?));
    };
    let money = ask.money.ok_or_else(unknown)?;
    let quote = Quote::alone(money.currency, own.per_btc, &own.source, own.at);
    match quote.fits(money, own.asked, ours.as_ref()) {
        Ok(()) => Ok((own.asked, quote)),
        Err(error) => Err(format!("{}: {error}. Cash still works.", own.source)),
    }
}

impl Made {
    /// The connection it was made over.
    pub(super) fn connection(&self) -> &str {
        self.connected.id.as_str()
    }

    /// The rail's end of it, by the rail's clock: that is what a payment's time is held against. A
    /// clock of ours that runs ahead does not end it before anybody could pay.
    fn expires(&self, now: Time) -> Time {
        let end = now.after(self.lasts);
        if end.since(self.offer.expires_at) > CLOCKS_APART { end } else { self.offer.expires_at }
    }

    /// How many confirmations make a payment on the chain final, if it can be paid there.
    pub(super) fn confirmations(&self) -> Option<u32> {
        self.offer.confirmations
    }

    /// Where a rail's messages may be lost on their way, it is asked sooner.
    fn first_look(&self) -> Duration {
        let may_be_silent = self.connected.rail.name() == RailName::Btcpay;
        if may_be_silent { FIRST_LOOK / 3 } else { FIRST_LOOK }
    }

    /// The attempt to write for it.
    pub(super) fn attempt(
        &self,
        app: &App,
        sale: &Sale,
        amount: i64,
    ) -> Result<Attempt, TillError> {
        let now = app.now();
        let expires = self.expires(now);
        let quote = serde_json::to_string(&self.quote)
            .map_err(|_| TillError::refused("The price could not be kept."))?;
        Ok(Attempt {
            id: self.order.clone(),
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
            expires_ms: expires.0,
            checked_ms: now.0,
            next_check_ms: now.after(self.first_look()).min(expires).0,
            ended_ms: None,
            cancelled_ms: None,
        })
    }

    /// Makes an offer unpayable that came to no sale after all. Best effort: nobody has seen it.
    pub(super) async fn drop_unused(self) {
        let cancelled = self.connected.rail.cancel(&self.offer.reference);
        match tokio::time::timeout(OFFER_LIMIT, cancelled).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => tracing::debug!(%error, "an unused offer was left to run out"),
            Err(_) => tracing::debug!("cancelling an unused offer was not answered"),
        }
    }
}

impl Lost {
    /// The attempt to watch, in case that the rail made it all the same.
    pub(super) fn attempt(&self, sale: &Sale, amount: i64, now: Time) -> Attempt {
        // Without a price of ours nothing that comes is taken for the whole.
        let estimate = if self.estimate == Msat::ZERO { Msat::MAX } else { self.estimate };
        Attempt {
            id: self.order.clone(),
            sale_id: sale.id.clone(),
            merchant_id: sale.merchant_id.clone(),
            store_id: sale.store_id.clone(),
            connection_id: Some(self.connected.id.to_string()),
            rail: self.connected.rail.name().as_str().into(),
            reference: lost(self.order.as_str()),
            state: "lost".into(),
            amount,
            asked_msat: estimate.to_db(),
            request: None,
            quote: None,
            offered_ms: now.0,
            // No till ever showed it: whatever comes for it is late, by anybody's clock.
            expires_ms: 0,
            checked_ms: now.0,
            next_check_ms: now.after(FIRST_LOOK).0,
            ended_ms: None,
            cancelled_ms: None,
        }
    }
}

/// What the payer's wallet shows.
fn memo(store: &Store, sale: &Sale) -> String {
    if sale.name.is_empty() { store.name.clone() } else { format!("{}, {}", store.name, sale.name) }
}
