//! Whatever happens in whatever order, an invoice only moves as BTCPay lets it.

use std::collections::HashSet;

use btcpay_stand_in::{Chain, Pay};
use rand::rngs::SmallRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

use crate::support::{Receiver, Shop};

/// Status and what is special about it.
fn state(invoice: &Value) -> (String, String) {
    let word = |name: &str| invoice[name].as_str().unwrap().to_owned();
    (word("status"), word("additionalStatus"))
}

fn may_become(from: &(String, String), to: &(String, String)) -> bool {
    let marked = to.1 == "Marked";
    match (from.0.as_str(), to.0.as_str()) {
        ("Settled", "Settled") | ("Invalid", "Invalid") => from.1 == to.1,
        ("Settled", "Invalid") => from.1 == "Marked" && marked,
        ("Expired" | "Invalid", "Settled") | ("Expired", "Invalid") => marked,
        ("Settled" | "Invalid", _) | ("Expired", "New" | "Processing") => false,
        _ => true,
    }
}

async fn act(shop: &Shop, random: &mut SmallRng, invoices: &[String], payments: &mut Vec<String>) {
    let invoice = invoices.choose(random).unwrap();
    let payment = payments.choose(random).cloned().unwrap_or_default();
    let btcpay = &shop.btcpay;
    // What cannot be done is not done; that is part of the schedule.
    match random.random_range(0..9) {
        0 => drop(btcpay.pay_lightning(invoice, Pay::Exact)),
        1 => drop(btcpay.pay_lightning(invoice, Pay::Percent(random.random_range(1..250)))),
        2 | 3 => {
            let how = Chain {
                sats: random.random_bool(0.5).then(|| random.random_range(1..9_000)),
                confirmations: random.random_range(0..2),
                replaceable: random.random_bool(0.5),
            };
            payments.extend(btcpay.pay_chain_with(invoice, how));
        }
        4 => drop(btcpay.confirm(&payment, random.random_range(1..4))),
        5 => drop(btcpay.double_spend(&payment)),
        6 => btcpay.advance(random.random_range(0..400)),
        7 if random.random_bool(0.2) => btcpay.advance(86_400),
        8 if random.random_bool(0.5) => {
            let status = if random.random_bool(0.5) { "Settled" } else { "Invalid" };
            let path = format!("/invoices/{invoice}/status");
            let (code, _) = shop.ask("POST", &path, json!({ "status": status })).await;
            assert!(code == 200 || code == 422);
        }
        _ => drop(btcpay.expire(invoice)),
    }
}

#[tokio::test]
async fn no_schedule_moves_an_invoice_where_it_cannot_go() {
    for seed in 0..10 {
        let (shop, receiver) = (Shop::open().await, Receiver::open().await);
        shop.subscribe(&receiver, &[]).await;
        let mut random = SmallRng::seed_from_u64(seed);
        let mut invoices = Vec::new();
        for speed in ["HighSpeed", "MediumSpeed", "LowSpeed"] {
            invoices.push(shop.invoice(json!({ "speedPolicy": speed })).await);
        }
        let mut payments = Vec::new();
        let mut before: Vec<_> = shop.btcpay.invoices().iter().map(state).collect();
        for step in 0..60 {
            act(&shop, &mut random, &invoices, &mut payments).await;
            let after: Vec<_> = shop.btcpay.invoices().iter().map(state).collect();
            for (from, to) in before.iter().zip(&after) {
                assert!(may_become(from, to), "seed {seed}, step {step}: {from:?} to {to:?}");
            }
            for invoice in &invoices {
                shop.method(invoice, "BTC-LN").await;
            }
            before = after;
        }
        shop.clean();
        let got = receiver.wait(3).await;
        let ids: HashSet<String> =
            got.iter().map(|got| got.body["deliveryId"].to_string()).collect();
        assert_eq!(ids.len(), got.len());
    }
}
