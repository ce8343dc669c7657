//! What an owner, a programming app and a cashier do with a card, each as one call.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, header};
use pos_server::access::token;
use pos_server::card::{issuer, leave, leave_again};
use pos_server::db::attempt::Attempt;
use pos_server::db::card::{Card, CardMove, CardPolicy, CardSetup};
use pos_server::db::staff::Staff;
use pos_server::domain::id::SaleId;
use pos_server::till::card::Tapped;
use pos_server::till::once::Once;
use pos_server::till::{Actor, TillError, card};
use pos_server::web;
use serde_json::{Value, json};

use super::chip::Chip;
use crate::sale::acts::key;
use crate::sale::shop::Shop;
use crate::support::client::{Answer, Client};

/// Millisatoshi that no tap of these tests reaches.
pub(crate) const HIGH: i64 = 1_000_000_000_000;

impl Shop {
    /// An owner gives leave to set a card up; answers the one-time token.
    pub(crate) async fn leave(&self, by_tap: i64, by_day: i64) -> String {
        let secret = token::random();
        let policy = CardPolicy::usual(&self.store.merchant_id, &self.store.id);
        let until = self.app().now().after(Duration::from_secs(600));
        let setup = CardSetup {
            label: "Marcia".into(),
            tap_limit_msat: by_tap,
            day_limit_msat: by_day,
            ..leave(&self.store, &policy, token::hash(&secret), until)
        };
        let mut tx = self.app().db.begin().await.unwrap();
        tx.add_card_setup(&setup).await.unwrap();
        tx.commit().await.unwrap();
        secret
    }

    /// Leave to write one card again.
    pub(crate) async fn leave_again(&self, card: &Card) -> String {
        let secret = token::random();
        let until = self.app().now().after(Duration::from_secs(600));
        let setup = leave_again(card, token::hash(&secret), until);
        let mut tx = self.app().db.begin().await.unwrap();
        tx.add_card_setup(&setup).await.unwrap();
        tx.commit().await.unwrap();
        secret
    }

    /// Gives the merchant's only card a PIN from an amount up.
    pub(crate) async fn give_pin(&self, pin: &str, from_msat: i64) {
        let id = self.card().await.id;
        card::set_pin(self.app(), &self.manager(), &id, pin, from_msat).await.unwrap();
    }

    /// An alarm only warns from now on.
    pub(crate) async fn only_warn(&self) {
        let usual = CardPolicy::usual(&self.store.merchant_id, &self.store.id);
        let mut tx = self.app().db.begin().await.unwrap();
        tx.save_card_policy(&CardPolicy { alarm_freezes: 0, ..usual }).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// The same till in a manager's hands.
    pub(crate) fn manager(&self) -> Actor {
        let at = self.at(0);
        let staff = Staff { role: "manager".into(), name: "Ivy".into(), ..at.staff };
        Actor { staff, ..at }
    }

    /// And in a cashier's.
    pub(crate) fn cashier(&self) -> Actor {
        let at = self.at(0);
        let staff = Staff { role: "cashier".into(), name: "Omar".into(), ..at.staff };
        Actor { staff, ..at }
    }

    /// A card by its chip.
    pub(crate) async fn card_of(&self, chip: &Chip) -> Card {
        let issuer = issuer(&self.app().db, &self.app().seal).await.unwrap().unwrap();
        self.app().db.card(&issuer.card_id(chip.uid())).await.unwrap().unwrap()
    }

    /// What the merchant's log says, the newest first.
    pub(crate) async fn logged(&self) -> Vec<String> {
        let log = self.app().db.audit_rows(&self.store.merchant_id, i64::MAX, 100).await.unwrap();
        log.into_iter().map(|row| row.what).collect()
    }

    /// An app sends a chip's serial number, or whatever else.
    pub(crate) async fn program(&self, token: &str, body: String) -> Answer {
        let mut app = Client::new(web::site(&self.house.app));
        let request = Request::post(format!("/hooks/card/{token}"))
            .header(header::HOST, "127.0.0.1:8080")
            .header(header::CONTENT_TYPE, "application/json");
        app.send(request.body(Body::from(body)).unwrap()).await
    }

    /// A new card with limits in millisatoshi.
    pub(crate) async fn limited(&self, by_tap: i64, by_day: i64) -> Chip {
        let (token, uid) = (self.leave(by_tap, by_day).await, Chip::serial());
        let answer = self.program(&token, serial(&uid)).await;
        answer.is(200);
        Chip::written(uid, &serde_json::from_str(&answer.body).unwrap())
    }

    /// A new card with `cash` (minor units) on it.
    pub(crate) async fn card_with(&self, cash: i64) -> Chip {
        let mut chip = self.limited(HIGH, HIGH).await;
        self.put(cash, &chip.tap()).await.unwrap();
        chip
    }

    pub(crate) async fn put(&self, cash: i64, link: &str) -> Result<String, TillError> {
        let once = Once::new("top-up", &key(), &[link]).unwrap();
        card::top_up(self.app(), &self.at(0), cash, link, &once).await
    }

    pub(crate) async fn tap(&self, sale: &SaleId, link: &str) -> Result<(), TillError> {
        let once = Once::new("tap", &key(), &[link]).unwrap();
        card::pay(self.app(), &self.at(0), sale, Tapped { link, pin: None }, &once).await
    }

    /// The same with a PIN that the holder typed.
    pub(crate) async fn tap_with(
        &self,
        sale: &SaleId,
        link: &str,
        pin: &str,
    ) -> Result<(), TillError> {
        let once = Once::new("tap", &key(), &[link]).unwrap();
        card::pay(self.app(), &self.at(0), sale, Tapped { link, pin: Some(pin) }, &once).await
    }

    /// Why a tap does not pay, in the till's words.
    pub(crate) async fn refused(&self, sale: &SaleId, link: &str) -> String {
        self.tap(sale, link).await.expect_err("a refusal").to_string()
    }

    /// The last code that was on the screen.
    pub(crate) async fn last_lightning(&self, sale: &SaleId) -> Attempt {
        let attempts = self.attempts(sale).await;
        attempts.into_iter().rev().find(|one| one.rail == "sandbox").expect("an offer")
    }

    /// The merchant's only card.
    pub(crate) async fn card(&self) -> Card {
        let cards = self.app().db.cards(&self.store.merchant_id, &self.store.money).await;
        let [card] = <[Card; 1]>::try_from(cards.unwrap()).expect("one card");
        card
    }

    pub(crate) async fn moves(&self) -> Vec<CardMove> {
        self.app().db.card_moves(&self.card().await.id, 1_000).await.unwrap()
    }

    /// The books balance, and what cards hold is what the merchant owes for them.
    pub(crate) async fn cards_are_right(&self) {
        let (books, db) = (self.books().await, &self.app().db);
        assert_eq!(db.unbalanced_postings().await.unwrap(), Vec::<String>::new());
        let cards = db.cards(&self.store.merchant_id, &self.store.money).await.unwrap();
        let held: i128 = cards.iter().map(|card| i128::from(card.balance_msat)).sum();
        assert_eq!(books.balance("cards", "msat"), -held, "owed to the holders of cards");
        let mut moved = 0;
        for card in &cards {
            let moves = db.card_moves(&card.id, 10_000).await.unwrap();
            let signed = |one: &CardMove| match one.kind.as_str() {
                "top_up" | "returned" | "points" | "moved_in" => i128::from(one.msat),
                _ => -i128::from(one.msat),
            };
            moved += moves.iter().map(signed).sum::<i128>();
        }
        assert_eq!(moved, held, "what taps moved is what is there");
        let faults = books.faults();
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}

/// What an app sends for a chip.
pub(crate) fn serial(uid: &[u8; 7]) -> String {
    json!({ "UID": hex::encode_upper(uid) }).to_string()
}

/// The reason that a programming app was given.
pub(crate) fn reason(answer: &Answer) -> String {
    let said: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(said["status"], "ERROR");
    said["reason"].as_str().unwrap().to_owned()
}
