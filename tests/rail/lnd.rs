//! The real LND keeps the contract, and tells the truth in a race.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use pos_server::rail::lnd::{Lnd, LndSecrets};
use pos_server::rail::{Ask, Offer, Rail, Status};

use super::contract::{Subject, ask, contract};
use super::stack::{self, shop};

contract!(async { Shop(shop()) });

struct Shop(Lnd);

#[async_trait]
impl Subject for Shop {
    fn rail(&self) -> Arc<dyn Rail> {
        Arc::new(self.0.clone())
    }

    fn reopened(&self) -> Arc<dyn Rail> {
        Arc::new(shop())
    }

    async fn pay(&self, offer: &Offer) -> Result<(), String> {
        stack::pay(offer).await
    }

    async fn underpay(&self, offer: &Offer) -> Result<(), String> {
        stack::pay_differently(offer, -1_000).await
    }
}

#[tokio::test]
async fn a_link_opens_the_same_node_as_the_files() {
    let secrets = LndSecrets::from_link(&stack::variable("SHOP_LNDCONNECT")).unwrap();
    assert_eq!(secrets, stack::shop_secrets());
    let sealed = serde_json::to_vec(&secrets).unwrap();
    let opened: LndSecrets = serde_json::from_slice(&sealed).unwrap();
    let offer = Lnd::new(&opened).unwrap().offer(&ask(21)).await.unwrap();
    assert_eq!(shop().status(&offer.reference).await, Ok(Status::Open));
}

#[tokio::test]
async fn more_than_asked_is_told_as_it_came() {
    let shop = shop();
    let offer = shop.offer(&ask(1_000)).await.unwrap();
    stack::pay_differently(&offer, 234_567).await.unwrap();
    let status = shop.status(&offer.reference).await.unwrap();
    let Status::Paid(payments) = status else { panic!("{status:?}") };
    assert_eq!(payments[0].amount.get(), 1_234_567);
}

#[tokio::test]
async fn a_node_says_who_it_is_to_a_till() {
    assert_eq!(shop().node_id().await.unwrap(), stack::variable("SHOP_LND_PUBKEY"));
}

#[tokio::test]
async fn an_expired_invoice_ends_closed_and_unpaid() {
    let shop = shop();
    let short = Ask { expires_in: Duration::from_secs(1), ..ask(1_234) };
    let offer = shop.offer(&short).await.unwrap();
    let end = Instant::now() + Duration::from_secs(20);
    while shop.status(&offer.reference).await.unwrap() != Status::Closed {
        assert!(Instant::now() < end, "LND cancels what has expired");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    stack::pay(&offer).await.expect_err("an expired invoice was paid");
}

/// Cancelled in the moment it is paid: whoever wins, rail, customer and look-up say the same.
#[tokio::test]
async fn a_race_of_cancel_and_payment_has_one_truth() {
    let shop = shop();
    for round in 0..12 {
        let offer = shop.offer(&ask(2_000 + round)).await.unwrap();
        let cancel = async {
            tokio::time::sleep(Duration::from_millis(round * 15)).await;
            shop.cancel(&offer.reference).await.unwrap()
        };
        let (paid, said) = tokio::join!(stack::pay(&offer), cancel);
        match &said {
            Status::Closed => assert!(paid.is_err(), "round {round}: closed, and yet paid"),
            Status::Paid(payments) => {
                assert_eq!(paid, Ok(()), "round {round}: said to be paid");
                assert_eq!(payments.len(), 1);
            }
            other => panic!("round {round}: {other:?} after cancelling"),
        }
        assert_eq!(shop.status(&offer.reference).await, Ok(said), "round {round}");
    }
}

/// Without TCP_NODELAY every call takes more than 40 ms, however idle the machine; with it, the
/// quickest do not, however busy. The true figures stand in `make bench`.
#[tokio::test]
async fn a_warm_connection_makes_an_offer_at_once() {
    let shop = shop();
    let mut times = Vec::new();
    for index in 0..40 {
        let start = Instant::now();
        shop.offer(&ask(1 + index)).await.unwrap();
        times.push(start.elapsed());
    }
    times.sort();
    assert!(
        times[4] < Duration::from_millis(30),
        "the tenth quickest of a hundred: {:?}",
        times[4]
    );
}
