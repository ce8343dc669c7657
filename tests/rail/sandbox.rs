//! The practice node keeps the contract, its wallet plays every customer, and its journal survives.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::StreamExt;
use pos_server::domain::money::Msat;
use pos_server::domain::time::{Clock, ManualClock, SystemClock, Time};
use pos_server::rail::sandbox::{By, How, InvoiceState, Sandbox, WalletError};
use pos_server::rail::{Cursor, Notice, Offer, Rail, Status, bolt11};
use sha2::{Digest, Sha256};

use super::contract::{Subject, ask, contract, payment_told};

contract!(async { Practice::new() });

const SEED: [u8; 32] = [7; 32];

struct Practice {
    folder: tempfile::TempDir,
    node: Sandbox,
}

impl Practice {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { node: open(folder.path()), folder }
    }
}

fn open(folder: &Path) -> Sandbox {
    Sandbox::open(&SEED, Some(folder), Arc::new(SystemClock)).unwrap()
}

/// A node that forgets, and its clock.
fn node_at(time: i64) -> (Sandbox, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::new(Time(time)));
    (Sandbox::open(&SEED, None, clock.clone()).unwrap(), clock)
}

fn request(offer: &Offer) -> &str {
    offer.request.as_deref().unwrap()
}

#[async_trait]
impl Subject for Practice {
    fn rail(&self) -> Arc<dyn Rail> {
        Arc::new(self.node.clone())
    }

    fn reopened(&self) -> Arc<dyn Rail> {
        Arc::new(open(self.folder.path()))
    }

    async fn pay(&self, offer: &Offer) -> Result<(), String> {
        let paid = self.node.pay(request(offer), How::Exact).map_err(|error| error.to_string())?;
        let preimage = hex::decode(paid.preimage.unwrap()).unwrap();
        assert_eq!(hex::encode(Sha256::digest(preimage)), offer.reference);
        Ok(())
    }

    async fn underpay(&self, offer: &Offer) -> Result<(), String> {
        let one = By::Amount(Msat::from_sat(1).unwrap());
        let paid = self.node.pay(request(offer), How::Under(one));
        paid.map(drop).map_err(|error| error.to_string())
    }
}

#[tokio::test]
async fn an_invoice_is_signed_by_the_node_for_regtest() {
    let (node, _) = node_at(1_800_000_000_123);
    let offer = node.offer(&ask(2_500)).await.unwrap();
    assert!(request(&offer).starts_with("lnbcrt25u1"));
    let invoice = bolt11::Invoice::read(request(&offer)).unwrap();
    assert_eq!(invoice.payee, node.node_id());
    assert_eq!(node_at(0).0.node_id(), node.node_id(), "the same seed is the same node");
    assert_eq!(offer.expires_at, Time(1_800_000_600_000));
    let facts = node.decode(&request(&offer).to_uppercase()).unwrap();
    assert_eq!((facts.state, facts.invoice), (InvoiceState::Open, invoice));
}

#[tokio::test]
async fn an_expired_invoice_is_closed_and_can_only_be_paid_late() {
    let (node, clock) = node_at(1_800_000_000_000);
    let [late, early] = [node.offer(&ask(1)).await.unwrap(), node.offer(&ask(1)).await.unwrap()];
    let paid = node.pay(request(&early), How::Late).unwrap().arrived;
    assert!(paid[0].at > early.expires_at);
    clock.advance(Duration::from_secs(600));
    assert_eq!(node.status(&late.reference).await, Ok(Status::Closed));
    assert!(matches!(node.pay(request(&late), How::Exact), Err(WalletError::Expired)));
    clock.advance(Duration::from_secs(3600));
    let paid = node.pay(request(&late), How::Late).unwrap().arrived;
    assert_eq!(paid[0].at, clock.now());
    assert_eq!(node.status(&late.reference).await, Ok(Status::Paid(paid)));
}

#[tokio::test]
async fn two_payments_of_one_invoice_are_two() {
    let (node, _) = node_at(1_800_000_000_000);
    let offer = node.offer(&ask(700)).await.unwrap();
    let paid = node.pay(request(&offer), How::Twice).unwrap().arrived;
    let second = format!("{}-2", offer.reference);
    assert_eq!([&paid[0].reference, &paid[1].reference], [&offer.reference, &second]);
    assert!(matches!(node.pay(request(&offer), How::Exact), Err(WalletError::AlreadyPaid)));
    let third = node.pay(request(&offer), How::Twice).unwrap().arrived;
    assert_eq!(third.len(), 1);
    assert_eq!(node.status(&offer.reference).await, Ok(Status::Paid([paid, third].concat())));
    let mut stream = node.notices(Cursor { add: 0, settle: 1 });
    assert_eq!(payment_told(&mut stream, &offer).await.0.reference, second);
}

#[tokio::test]
async fn more_less_and_nothing_can_be_paid() {
    let (node, _) = node_at(1_800_000_000_000);
    for (how, msat) in [
        (How::Over(By::Percent(10)), 1_100_000),
        (How::Under(By::Percent(25)), 750_000),
        (How::Over(By::Amount(Msat::new(1).unwrap())), 1_000_001),
    ] {
        let offer = node.offer(&ask(1_000)).await.unwrap();
        let paid = node.pay(request(&offer), how).unwrap().arrived;
        assert_eq!(paid[0].amount.get(), msat, "{how:?}");
    }
    let offer = node.offer(&ask(1_000)).await.unwrap();
    let all = node.pay(request(&offer), How::Under(By::Percent(100)));
    assert!(matches!(all, Err(WalletError::Amount)));
    assert!(matches!(node.pay(request(&offer), How::Refuse), Err(WalletError::Refused)));
    assert_eq!(node.status(&offer.reference).await, Ok(Status::Open));
}

#[tokio::test]
async fn a_slow_payment_is_seen_first_and_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let node = open(folder.path());
    let offer = node.offer(&ask(900)).await.unwrap();
    let mut stream = node.notices(Cursor::default());
    let slow = node.pay(request(&offer), How::Slow(Duration::from_millis(300))).unwrap();
    assert!(slow.arrived.is_empty() && slow.preimage.is_none());
    let seen = stream.next().await.unwrap().unwrap().notice;
    assert_eq!(seen, Notice::Seen { offer: offer.reference.clone() });
    assert_eq!(node.status(&offer.reference).await, Ok(Status::Seen));
    assert!(matches!(node.pay(request(&offer), How::Exact), Err(WalletError::OnItsWay)));
    drop(node);
    let mut again = open(folder.path()).notices(Cursor::default());
    assert_eq!(again.next().await.unwrap().unwrap().notice, seen);
    let (paid, _) = payment_told(&mut again, &offer).await;
    assert_eq!(payment_told(&mut stream, &offer).await.0, paid);
}

#[tokio::test]
async fn a_cancelled_invoice_is_refused_in_words_whoever_asks() {
    let (node, _) = node_at(1_800_000_000_000);
    let offer = node.offer(&ask(900)).await.unwrap();
    node.pay(request(&offer), How::Slow(Duration::from_secs(60))).unwrap();
    assert_eq!(node.cancel(&offer.reference).await, Ok(Status::Closed), "it went back");
    for how in [How::Exact, How::Late, How::Twice, How::Over(By::Percent(1))] {
        let refused = node.pay(request(&offer), how).unwrap_err().to_string();
        assert_eq!(refused, "the shop cancelled this invoice", "{how:?}");
    }
    let (other, _) = node_at(0);
    assert!(matches!(other.decode(request(&offer)), Err(WalletError::NotOurs)));
    assert!(matches!(other.decode("lnbc1"), Err(WalletError::NotAnInvoice(_))));
}

#[tokio::test]
async fn a_torn_last_line_costs_nothing_that_was_promised() {
    let folder = tempfile::tempdir().unwrap();
    let node = open(folder.path());
    let offer = node.offer(&ask(900)).await.unwrap();
    node.pay(request(&offer), How::Exact).unwrap();
    let journal = folder.path().join("practice-node.jsonl");
    let mut file = OpenOptions::new().append(true).open(&journal).unwrap();
    file.write_all(br#"{"cancelled":{"ha"#).unwrap();
    let restarted = open(folder.path());
    assert!(matches!(restarted.status(&offer.reference).await, Ok(Status::Paid(_))));
    let next = restarted.offer(&ask(1)).await.unwrap();
    assert_eq!(node.status(&next.reference).await, Ok(Status::Open), "both read on");
    file.write_all(b"not ours\n").unwrap();
    let refused = Sandbox::open(&SEED, Some(folder.path()), Arc::new(SystemClock));
    assert!(refused.err().unwrap().to_string().contains("line 4"));
}

#[tokio::test]
async fn two_servers_share_one_node() {
    let folder = tempfile::tempdir().unwrap();
    let [here, there] = [open(folder.path()), open(folder.path())];
    let mut stream = here.notices(Cursor::default());
    let sales = (0..50).map(|index| {
        let (till, wallet) = if index % 2 == 0 { (&here, &there) } else { (&there, &here) };
        async move {
            let offer = till.offer(&ask(1 + index)).await.unwrap();
            wallet.pay(request(&offer), How::Exact).unwrap();
            offer
        }
    });
    let offers = futures_util::future::join_all(sales).await;
    for offer in &offers {
        let (paid, _) = payment_told(&mut stream, offer).await;
        assert_eq!(there.status(&offer.reference).await, Ok(Status::Paid(vec![paid])));
    }
}
