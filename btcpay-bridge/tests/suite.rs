//! One suite for BTCPay Server and its stand-in. `make test-btcpay` points it at a real server
//! (regtest) by `BTCPAY_URL` and `BTCPAY_TOKEN`; it makes a store of its own there, and takes it
//! away again.
#![allow(clippy::unwrap_used)]

mod place;

use btcpay_bridge::{Article, Claimed, Desk, Methods, NewInvoice, SYSTEM, Secret, Trouble, Truth};
use futures_util::TryStreamExt;
use place::Place;
use rust_decimal::Decimal;

const HOOK: &str = "https://pos.example.com/hooks/btcpay/suite";

#[tokio::test]
async fn the_stand_in_passes() {
    let place = Place::stand_in().await;
    suite(&place).await;
    assert_eq!(place.faults(), Vec::<String>::new());
}

#[tokio::test]
#[ignore = "asks a real BTCPay Server by BTCPAY_URL and BTCPAY_TOKEN: make test-btcpay"]
async fn a_real_server_passes() {
    let place = Place::real().await;
    let asked = place.clone();
    let passed = tokio::spawn(async move { suite(&asked).await }).await;
    place.leave().await;
    passed.unwrap();
}

async fn suite(place: &Place) {
    let desk = place.desk();
    a_look_names_the_store_and_finds_a_way_to_pay(desk).await;
    an_invoice_is_what_was_asked_for_and_is_found_again(desk, place).await;
    an_invoice_that_is_given_up_is_refuted_by_hand_and_holds_nothing(desk, place).await;
    a_webhook_is_set_up_once_and_taken_away(desk).await;
    money_for_a_card_is_set_aside_once_and_its_chip_gets_keys(desk, place).await;
    what_is_not_there_and_what_is_not_allowed_is_told_apart(place).await;
}

async fn a_look_names_the_store_and_finds_a_way_to_pay(desk: &Desk) {
    let seen = desk.inspect().await;
    assert!(seen.sound(), "{:?}", seen.findings);
    assert!(seen.name.is_some());
}

fn invoice(place: &Place, order: &str) -> NewInvoice {
    NewInvoice {
        order: format!("{order}-{}", place.unique()),
        amount: place.amount(),
        currency: place.currency().to_owned(),
        description: "Flat white, “Blue Mountain”".into(),
        articles: vec![Article { title: "Flat white".into(), count: 2, price: Decimal::TEN }],
        minutes: 10,
        methods: Methods::Both,
        speed: None,
    }
}

async fn an_invoice_is_what_was_asked_for_and_is_found_again(desk: &Desk, place: &Place) {
    let new = invoice(place, "found");
    let made = desk.make(&new).await.unwrap();
    assert!(made.msat > 0 && made.rate > Decimal::ZERO);
    assert!(made.request.starts_with("bitcoin:") || made.bolt11.is_some(), "{}", made.request);
    assert!((540..=660).contains(&(made.expires - made.created)), "ten minutes");
    assert_eq!(desk.truth(&made.id).await.unwrap().truth, Truth::Open);
    let found = desk.by_order(&new.order).await.unwrap().unwrap();
    assert_eq!(found.id, made.id);
    assert_eq!(found.metadata["posSystem"], SYSTEM);
    assert_eq!(
        found.metadata["posData"]["cart"][0]["title"], "Flat white",
        "an object, not a text"
    );
    assert_eq!(desk.by_order("no such order").await.unwrap(), None);
    let since: Vec<_> = desk.since(made.created - 5).try_collect().await.unwrap();
    assert!(since.iter().any(|one| one.id == made.id));
}

async fn an_invoice_that_is_given_up_is_refuted_by_hand_and_holds_nothing(
    desk: &Desk,
    place: &Place,
) {
    let made = desk.make(&invoice(place, "given-up")).await.unwrap();
    let refuted = Truth::Refuted { by_hand: true, standing: Vec::new() };
    assert_eq!(desk.give_up(&made.id).await.unwrap().truth, refuted);
    assert_eq!(desk.give_up(&made.id).await.unwrap().truth, refuted, "again changes nothing");
    assert_eq!(desk.truth(&made.id).await.unwrap().truth, refuted);
}

async fn a_webhook_is_set_up_once_and_taken_away(desk: &Desk) {
    let first = desk.install_webhook(HOOK, &Secret::new("one")).await.unwrap();
    let again = desk.install_webhook(HOOK, &Secret::new("two")).await.unwrap();
    assert_eq!(first, again, "the same one, with another secret");
    let there = desk.client().webhooks(desk.store()).await.unwrap();
    assert_eq!(there.iter().filter(|webhook| webhook.url == HOOK).count(), 1);
    desk.remove_webhook(&first).await.unwrap();
    desk.remove_webhook(&first).await.unwrap();
    let there = desk.client().webhooks(desk.store()).await.unwrap();
    assert!(there.iter().all(|webhook| webhook.url != HOOK));
}

async fn money_for_a_card_is_set_aside_once_and_its_chip_gets_keys(desk: &Desk, place: &Place) {
    let reference = place.unique();
    let made = desk.set_aside("Marcia", &reference, 5_000).await.unwrap();
    let again = desk.set_aside("Marcia", &reference, 5_000).await.unwrap();
    assert_eq!(made, again, "found by its name");
    let (purse, left) = desk.purse(&made.id).await.unwrap();
    assert_eq!((left, purse.archived, purse.approves), (5_000_000, false, true));
    let uid = [4, 0xa3, 0x94, 0x93, 0xcc, 0x86, 0x80];
    let given = desk.register(&made.id, uid, false).await.unwrap();
    assert_eq!(desk.register(&made.id, uid, false).await.unwrap(), given, "the same keys again");
    assert!(given.lnurlw.starts_with("lnurlw://"), "{}", given.lnurlw);
    let next = desk.register(&made.id, uid, true).await.unwrap();
    assert_eq!(next.version, given.version + 1);
    assert_eq!(next.k1, given.k1, "one for all cards of a server");
    assert_ne!(next.k2, given.k2);
    let never = desk.claimed(&made.id, "lnbcrt1never").await.unwrap();
    assert_eq!(never, Claimed::Never);
    desk.put_away(&made.id).await.unwrap();
    desk.put_away(&made.id).await.unwrap();
    assert!(desk.purse(&made.id).await.unwrap().0.archived);
}

async fn what_is_not_there_and_what_is_not_allowed_is_told_apart(place: &Place) {
    let nothing = place.desk().truth("NoSuchInvoice0000000000").await;
    assert_eq!(nothing, Err(Trouble::NotFound));
    let stranger = place.stranger();
    assert!(matches!(stranger.truth("NoSuchInvoice0000000000").await, Err(Trouble::Denied(_))));
    let refused = stranger.make(&invoice(place, "stranger")).await;
    assert!(matches!(refused, Err(Trouble::Denied(_))), "{refused:?}");
    assert!(!stranger.inspect().await.sound());
}
