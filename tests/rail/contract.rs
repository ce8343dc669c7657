//! What every rail must do. A rail enters by a [`Subject`] and `contract!`; what it cannot do it
//! says by its capabilities, and is held to that.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::stream::BoxStream;
use futures_util::{FutureExt, StreamExt};
use pos_server::domain::id::AttemptId;
use pos_server::domain::money::{Money, Msat};
use pos_server::domain::time::{Clock, SystemClock};
use pos_server::rail::{
    Ask, Cursor, Notice, Offer, Paid, Rail, RailError, Status, Told, ToldBy, bolt11,
};
use rust_decimal::Decimal;
use tokio_stream::wrappers::UnboundedReceiverStream;

/// Longer than any of them takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// A rail under test, and one who pays on it.
#[async_trait]
pub(crate) trait Subject: Sync {
    /// The rail.
    fn rail(&self) -> Arc<dyn Rail>;

    /// The rail after a restart of us.
    fn reopened(&self) -> Arc<dyn Rail>;

    /// Pays all that was asked, or says why that failed.
    async fn pay(&self, offer: &Offer) -> Result<(), String>;

    /// Pays one satoshi less.
    async fn underpay(&self, offer: &Offer) -> Result<(), String>;
}

/// Runs the whole contract on what the function gives, each rule a test of its own.
macro_rules! contract {
    ($subject:expr) => {
        $crate::rail::contract::contract!($subject;
            offers_are_unique_and_ask_exactly,
            an_unpaid_offer_is_open_and_a_paid_one_paid,
            the_stream_tells_and_tells_again_from_a_cursor,
            a_cancelled_offer_is_closed_and_cannot_be_paid,
            cancelling_a_paid_offer_says_paid,
            what_was_never_offered_is_unknown,
            an_offer_over_nothing_needs_no_quote,
            what_cannot_be_underpaid_refuses,
        );
    };
    ($subject:expr; $($rule:ident),+ $(,)?) => {
        $(
            #[tokio::test]
            async fn $rule() {
                $crate::rail::contract::$rule(&$subject.await).await;
            }
        )+
    };
}
pub(crate) use contract;

pub(crate) fn ask(sat: u64) -> Ask {
    let (amount, memo) = (Msat::from_sat(sat).unwrap(), "Flat white, “Blue Mountain” ☕");
    Ask::plain(amount, memo, Duration::from_secs(600))
}

/// An ask that suits the rail: for sats, or for dollars where it prices its offers itself.
fn ask_of(rail: &dyn Rail, sat: u64) -> Ask {
    let capabilities = rail.capabilities();
    if capabilities.needs_quote || !capabilities.finds_lost {
        return ask(if capabilities.needs_quote { sat } else { 0 });
    }
    let dollars = Money::new(i64::try_from(sat).unwrap() * 20, "JMD".parse().unwrap());
    let order = AttemptId::new().to_string();
    Ask { money: Some(dollars), order, ..ask(0) }
}

/// What an offer asks for.
fn asked(ask: &Ask, offer: &Offer) -> Msat {
    offer.priced.as_ref().map_or(ask.amount, |own| own.asked)
}

/// Nobody can pay it any more, and nobody did.
fn is_closed(status: &Result<Status, RailError>) -> bool {
    match status {
        Ok(Status::Closed) => true,
        Ok(Status::Refuted { by_hand, standing }) => *by_hand && standing.is_empty(),
        _ => false,
    }
}

fn told_by_rail(rail: &dyn Rail) -> bool {
    rail.capabilities().told_by == ToldBy::Rail
}

pub(crate) type Notices = BoxStream<'static, Result<Told, RailError>>;

/// Listens in a task of its own, as a worker does; ends with the test.
pub(crate) fn listen(mut stream: Notices) -> Notices {
    let (sender, receiver) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Some(told) = stream.next().await {
            if sender.send(told).is_err() {
                break;
            }
        }
    });
    UnboundedReceiverStream::new(receiver).boxed()
}

/// The next payment to `offer` in a stream, others let by.
pub(crate) async fn payment_told(stream: &mut Notices, offer: &Offer) -> (Paid, Cursor) {
    told(stream, offer, async |_| None).await
}

/// The same of a stream that perhaps only says that there is something to ask for.
async fn told_or_asked(rail: &dyn Rail, stream: &mut Notices, offer: &Offer) -> (Paid, Cursor) {
    let ask = async |offer: &str| match rail.status(offer).await {
        Ok(Status::Paid(all)) => all.into_iter().next(),
        _ => None,
    };
    told(stream, offer, ask).await
}

async fn told(
    stream: &mut Notices,
    offer: &Offer,
    ask: impl AsyncFn(&str) -> Option<Paid>,
) -> (Paid, Cursor) {
    let told = async {
        loop {
            let told = stream.next().await.expect("the stream ended").unwrap();
            let paid = match told.notice {
                Notice::Paid(paid) if paid.offer == offer.reference => Some(paid),
                Notice::Changed { offer: changed } if changed == offer.reference => {
                    ask(&changed).await
                }
                _ => None,
            };
            if let Some(paid) = paid {
                return (paid, told.cursor);
            }
        }
    };
    tokio::time::timeout(PATIENCE, told).await.expect("the stream did not tell of the payment")
}

pub(crate) async fn offers_are_unique_and_ask_exactly(subject: &impl Subject) {
    let rail = subject.rail();
    let mut references = HashSet::new();
    for sat in [1, 14_595, 1_000_000, 14_595] {
        let ask = ask_of(&*rail, sat);
        let before = SystemClock.now();
        let offer = rail.offer(&ask).await.unwrap();
        assert!(references.insert(offer.reference.clone()), "{} came twice", offer.reference);
        let lasts = offer.expires_at.since(before);
        assert!(
            (Duration::from_secs(598)..=Duration::from_secs(602)).contains(&lasts),
            "asked for ten minutes, got {lasts:?}"
        );
        if let Some(own) = &offer.priced {
            let request = offer.request.clone().unwrap();
            let (chain, bolt11) = request.split_once("&lightning=").expect("both ways to pay");
            let bitcoin = Decimal::from(own.asked.get()) / Decimal::from(100_000_000_000_u64);
            let amount: Decimal = chain.split_once("?amount=").unwrap().1.parse().unwrap();
            assert!(chain.starts_with("bitcoin:BCRT1") && amount >= bitcoin, "{chain}");
            let invoice = bolt11::Invoice::read(bolt11).unwrap();
            assert_eq!(invoice.amount, Some(own.asked));
            assert_eq!(invoice.expires_at, offer.expires_at);
        } else if let Some(request) = &offer.request {
            assert_eq!(*request, request.to_lowercase());
            let invoice = bolt11::Invoice::read(request).unwrap();
            assert_eq!(invoice.payment_hash, offer.reference);
            assert_eq!(invoice.amount, Some(ask.amount));
            assert_eq!(invoice.memo, ask.memo);
            assert_eq!(invoice.expires_at, offer.expires_at);
        }
    }
}

pub(crate) async fn an_unpaid_offer_is_open_and_a_paid_one_paid(subject: &impl Subject) {
    let rail = subject.rail();
    let ask = ask_of(&*rail, 2_100);
    let before = SystemClock.now();
    let offer = rail.offer(&ask).await.unwrap();
    assert_eq!(rail.status(&offer.reference).await, Ok(Status::Open));
    subject.pay(&offer).await.unwrap();
    let status = rail.status(&offer.reference).await.unwrap();
    if !told_by_rail(&*rail) {
        assert_eq!(status, Status::Open, "only the cashier knows");
        return;
    }
    let Status::Paid(payments) = status.clone() else { panic!("{status:?} after a payment") };
    let [paid] = &payments[..] else { panic!("one payment, not {payments:?}") };
    assert_eq!((&paid.offer, paid.amount), (&offer.reference, asked(&ask, &offer)));
    // A rail may tell the time in whole seconds.
    assert!(paid.at >= before.before(Duration::from_secs(2)), "paid in the past: {paid:?}");
    assert!(paid.at <= SystemClock.now().after(Duration::from_secs(2)), "in the future: {paid:?}");
    assert_eq!(subject.reopened().status(&offer.reference).await, Ok(status));
}

pub(crate) async fn the_stream_tells_and_tells_again_from_a_cursor(subject: &impl Subject) {
    let rail = subject.rail();
    let mut stream = rail.notices(Cursor::default());
    let old_story = stream.next().now_or_never();
    assert!(old_story.is_none(), "making a stream waits for nothing and nobody: {old_story:?}");
    let mut stream = listen(stream);
    if !told_by_rail(&*rail) {
        let offer = rail.offer(&ask(0)).await.unwrap();
        subject.pay(&offer).await.unwrap();
        let silence = tokio::time::timeout(Duration::from_millis(300), stream.next()).await;
        assert!(silence.is_err(), "only the cashier tells");
        return;
    }
    let (first, paid, cursor) = first_payment_told(subject, &mut stream).await;
    assert_eq!(rail.status(&first.reference).await, Ok(Status::Paid(vec![paid])));
    drop(stream);

    let second = rail.offer(&ask_of(&*rail, 1_002)).await.unwrap();
    subject.pay(&second).await.unwrap();
    let mut resumed = listen(subject.reopened().notices(cursor));
    let (paid, after) = told_or_asked(&*rail, &mut resumed, &second).await;
    assert_eq!(rail.status(&second.reference).await, Ok(Status::Paid(vec![paid.clone()])));
    // One that tells of days anew moves its place with the days.
    assert!(after != cursor || rail.capabilities().takes_back);
    let mut again = listen(subject.reopened().notices(cursor));
    assert_eq!(
        told_or_asked(&*rail, &mut again, &second).await.0,
        paid,
        "the same place, the same story"
    );
}

/// Nobody knows that a stream listens until it has told something: then a look-up counts, and here
/// another payment.
async fn first_payment_told(subject: &impl Subject, stream: &mut Notices) -> (Offer, Paid, Cursor) {
    for _ in 0..10 {
        let rail = subject.rail();
        let offer = rail.offer(&ask_of(&*rail, 1_001)).await.unwrap();
        subject.pay(&offer).await.unwrap();
        let told = told_or_asked(&*rail, stream, &offer);
        if let Ok((paid, cursor)) = tokio::time::timeout(Duration::from_secs(2), told).await {
            return (offer, paid, cursor);
        }
    }
    panic!("the stream tells nothing");
}

pub(crate) async fn a_cancelled_offer_is_closed_and_cannot_be_paid(subject: &impl Subject) {
    let rail = subject.rail();
    let offer = rail.offer(&ask_of(&*rail, 3_000)).await.unwrap();
    let cancelled = rail.cancel(&offer.reference).await;
    if !rail.capabilities().can_cancel {
        assert_eq!(cancelled, Ok(Status::Open), "what cannot be cancelled says how it is");
        return;
    }
    assert!(is_closed(&cancelled), "{cancelled:?}");
    assert_eq!(rail.cancel(&offer.reference).await, cancelled, "twice is once");
    if rail.capabilities().takes_back {
        // The code was seen, and money sent to it is sent: it is told of, and never forgotten.
        subject.pay(&offer).await.unwrap();
        let status = rail.status(&offer.reference).await.unwrap();
        let Status::Refuted { by_hand: true, standing } = status else { panic!("{status:?}") };
        assert_eq!(standing.len(), 1);
    } else if told_by_rail(&*rail) {
        subject.pay(&offer).await.expect_err("a cancelled offer was paid");
        assert_eq!(rail.status(&offer.reference).await, Ok(Status::Closed));
    }
}

pub(crate) async fn cancelling_a_paid_offer_says_paid(subject: &impl Subject) {
    let rail = subject.rail();
    let offer = rail.offer(&ask_of(&*rail, 4_000)).await.unwrap();
    subject.pay(&offer).await.unwrap();
    if told_by_rail(&*rail) {
        let status = rail.status(&offer.reference).await.unwrap();
        assert!(matches!(status, Status::Paid(_)));
        assert_eq!(rail.cancel(&offer.reference).await, Ok(status));
    }
}

pub(crate) async fn what_was_never_offered_is_unknown(subject: &impl Subject) {
    let rail = subject.rail();
    let nobodys = "ab".repeat(32);
    for reference in [&nobodys[..], "", "nonsense", "☕"] {
        assert_eq!(rail.status(reference).await, Ok(Status::Unknown), "status of “{reference}”");
        assert_eq!(rail.cancel(reference).await, Ok(Status::Unknown), "cancel of “{reference}”");
    }
}

pub(crate) async fn an_offer_over_nothing_needs_no_quote(subject: &impl Subject) {
    let rail = subject.rail();
    let offer = rail.offer(&ask(0)).await;
    if told_by_rail(&*rail) {
        assert!(matches!(offer, Err(RailError::Refused(_))), "an invoice over nothing: {offer:?}");
    } else {
        assert!(offer.is_ok());
    }
}

pub(crate) async fn what_cannot_be_underpaid_refuses(subject: &impl Subject) {
    let rail = subject.rail();
    if !told_by_rail(&*rail) {
        return;
    }
    let ask = ask_of(&*rail, 5_000);
    let offer = rail.offer(&ask).await.unwrap();
    let tried = subject.underpay(&offer).await;
    let status = rail.status(&offer.reference).await.unwrap();
    if rail.capabilities().can_underpay {
        let Status::Paid(payments) = status else { panic!("{status:?} after {tried:?}") };
        assert_eq!(payments[0].amount, asked(&ask, &offer).less(Msat::from_sat(1).unwrap()));
    } else {
        assert!(tried.is_err());
        assert_eq!(status, Status::Open);
    }
}
