//! What becomes of payouts, pull payments and cards, from Rust and by JSON over HTTP.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Control;
use super::by_http::{Done, Hand, done, hand, told};
use crate::shared::Shared;
use crate::world::World;
use crate::world::payout::{Payout, Processor};

impl Control {
    /// What becomes of payouts that are approved from now on.
    pub fn set_processor(&self, processor: Processor) {
        self.shared.with(|world| world.processor = processor);
    }

    /// Ends a payout that is being paid: paid after all, or given up and free to be claimed again.
    pub fn end_payout(&self, id: &str, paid: bool) -> Result<(), String> {
        self.shared.with(|world| match world.payout(id).map(|payout| payout.state) {
            Some("InProgress" | "AwaitingPayment") => {
                match paid {
                    true => world.process(id, Processor::Pays),
                    false => world.set_payout(id, "Cancelled", None),
                }
                Ok(())
            }
            Some(state) => Err(format!("it is {state}")),
            None => Err(format!("there is no payout {id}")),
        })
    }

    /// Sets money aside as the store's own pages do; gives the pull payment.
    pub fn set_aside(&self, store: &str, asked: &Value) -> Result<Value, String> {
        let made = self.shared.with(|world| world.set_aside(store, asked));
        made.map_err(|wrong| format!("{wrong:?}"))
    }

    /// Puts a pull payment away, as its owner does.
    pub fn archive(&self, id: &str) -> Result<(), String> {
        let put_away = self.shared.with(|world| {
            let store = world.pull_payment(id).map(|pull| pull.store.clone());
            store.is_some_and(|store| world.put_away(&store, id))
        });
        if put_away { Ok(()) } else { Err(format!("there is no pull payment {id}")) }
    }

    /// Registers a chip elsewhere than in our hands: `UID` or `LNURLW`, and `onExisting`.
    pub fn register_card(&self, pull: &str, asked: &Value) -> Result<Value, String> {
        let written = self.shared.with(|world| world.register(pull, asked));
        written.map_err(|(path, words)| format!("{path}: {words}"))
    }

    /// Resets a chip, as the wipe of a card app does.
    pub fn reset_card(&self, uid: &[u8; 7]) {
        self.shared.with(|world| world.reset_card(uid));
    }

    /// A store's pull payments, oldest first, with `remaining` and all their `payouts`.
    #[must_use]
    pub fn pull_payments(&self, store: &str) -> Vec<Value> {
        self.shared.with(|world| {
            let own = world.pull_payments.iter().filter(|pull| pull.store == store);
            own.map(|pull| {
                let mut shown = world.pull_payment_json(pull);
                let payouts = |payout: &&Payout| payout.pull.as_deref() == Some(&pull.id);
                let payouts = world.payouts.iter().filter(payouts).map(Payout::json);
                shown["payouts"] = payouts.collect();
                shown["remaining"] = json!(world.remaining(pull).normalize().to_string());
                shown
            })
            .collect()
        })
    }

    /// All payouts of a store, oldest first.
    #[must_use]
    pub fn payouts(&self, store: &str) -> Vec<Value> {
        let own = |world: &mut World| {
            let own = world.payouts.iter().filter(|payout| payout.store == store);
            own.map(Payout::json).collect()
        };
        self.shared.with(own)
    }
}

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/processor", post(processor))
        .route("/payouts/end", post(end_payout))
        .route("/pull-payments", post(set_aside).get(pull_payments))
        .route("/pull-payments/archive", post(archive))
        .route("/boltcards", post(register_card))
}

#[derive(Deserialize)]
struct Which {
    processor: Processor,
}

async fn processor(State(shared): Hand, Json(asked): Json<Which>) -> Done {
    hand(shared).set_processor(asked.processor);
    done(Ok(()))
}

#[derive(Deserialize)]
struct End {
    payout: String,
    paid: bool,
}

async fn end_payout(State(shared): Hand, Json(asked): Json<End>) -> Done {
    done(hand(shared).end_payout(&asked.payout, asked.paid))
}

async fn set_aside(State(shared): Hand, Json(asked): Json<Value>) -> Done {
    let hand = hand(shared);
    let store = asked["storeId"].as_str().map_or_else(|| hand.store_id(), str::to_owned);
    told(hand.set_aside(&store, &asked))
}

async fn pull_payments(State(shared): Hand) -> Json<Value> {
    let hand = hand(shared);
    Json(hand.pull_payments(&hand.store_id()).into())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OfPullPayment {
    pull_payment: String,
}

async fn archive(State(shared): Hand, Json(asked): Json<OfPullPayment>) -> Done {
    done(hand(shared).archive(&asked.pull_payment))
}

/// `pullPayment`, and what the API takes.
async fn register_card(State(shared): Hand, Json(asked): Json<Value>) -> Done {
    let pull = asked["pullPayment"].as_str().unwrap_or_default();
    told(hand(shared).register_card(pull, &asked))
}
