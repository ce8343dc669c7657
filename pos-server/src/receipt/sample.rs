//! The sale of the picture, as the database has it: paid in part in cash, the rest by Lightning.

use super::say::Rows;
use crate::db::attempt::Attempt;
use crate::db::event::Event;
use crate::db::payment::Payment;
use crate::db::sale::Sale;
use crate::db::store::Store;
use crate::db::till::Till;
use crate::domain::cart::{Discount, Line, TaxClass, price};
use crate::domain::id::{AttemptId, MerchantId, PaymentId, SaleId, StaffId, StoreId, TillId};
use crate::domain::rate::{Leg, Quote};
use crate::domain::time::Time;

/// 21 November 2026, 12:43:05 in Kingston.
pub(crate) const AT: i64 = 1_795_282_985_000;
pub(crate) const HASH: &str = "4be1c07f93a25d86e0fb1a7742cc9e5d0a6f38b1d2e94c57a8830fd16e72b9c4";
pub(crate) const URL: &str = "https://pos.example";

/// One thing sold, taxed as the store is.
pub(crate) fn line(name: &str, note: &str, unit: i64, quantity: i64) -> Line {
    let tax = TaxClass { bp: 1500, inclusive: true };
    Line { item: None, name: name.into(), note: note.into(), unit, quantity, tax }
}

/// The whole picture.
pub(crate) fn rows() -> Rows {
    let lines = vec![
        line("Flat white", "Oat milk", 75_000, 2),
        line("Jerk chicken sandwich", "", 145_000, 1),
        line("Coco bread", "", 20_000, 2),
        line("Pour-over, Blue Mountain", "", 110_000, 1),
    ];
    let cart = price(lines, Some(Discount::PercentBp(1000))).expect("a cart");
    let (store, till) = (store(), till());
    let mut sale = sale(&serde_json::to_string(&cart).expect("JSON"));
    (sale.bill, sale.tip, sale.total, sale.credited) = (400_500, 40_050, 440_550, 440_550);
    sale.tendered = 250_000;
    sale.change_given = 50_000;
    let lightning = attempt("lnd", 240_550, 14_595_000);
    let mut rows = Rows {
        payments: vec![payment("cash", None, 200_000, 0)],
        attempts: vec![attempt("cash", 200_000, 0)],
        events: vec![],
        points: vec![],
        sale,
        store,
        till,
    };
    rows.payments.push(payment("lnd", Some(&lightning), 240_550, 14_595_000));
    rows.attempts.push(lightning);
    rows
}

/// Says that a payment was given back, in so many coins.
pub(crate) fn given_back(rows: &mut Rows, index: usize, coins: i64) {
    let payment = &mut rows.payments[index];
    payment.given_back_ms = Some(AT);
    let body = serde_json::json!({ "payment": payment.id, "coins": coins, "by": "Keisha" });
    let kind = "payment.given-back".into();
    rows.events.push(Event { seq: 9, kind, body: body.to_string(), at_ms: AT });
}

pub(crate) fn payment(rail: &str, of: Option<&Attempt>, credited: i64, msat: i64) -> Payment {
    Payment {
        id: PaymentId::new(),
        rail: rail.into(),
        reference: HASH.into(),
        offer: HASH.into(),
        merchant_id: MerchantId::new(),
        store_id: StoreId::new(),
        connection_id: None,
        sale_id: None,
        attempt_id: of.map(|attempt| attempt.id.to_string()),
        kind: "due".into(),
        msat,
        currency: Some("JMD".into()),
        credited,
        owed: 0,
        owed_msat: 0,
        given_back_ms: None,
        gone_ms: None,
        returned: 0,
        paid_ms: AT,
        received_ms: AT,
    }
}

fn attempt(rail: &str, amount: i64, asked_msat: i64) -> Attempt {
    let quote = (asked_msat > 0).then(|| serde_json::to_string(&quote()).expect("JSON"));
    Attempt {
        id: AttemptId::new(),
        sale_id: SaleId::new(),
        merchant_id: MerchantId::new(),
        store_id: StoreId::new(),
        connection_id: None,
        rail: rail.into(),
        reference: HASH.into(),
        state: "settled".into(),
        amount,
        asked_msat,
        request: None,
        quote,
        offered_ms: AT,
        expires_ms: AT,
        checked_ms: AT,
        next_check_ms: AT,
        ended_ms: Some(AT),
        cancelled_ms: None,
    }
}

fn quote() -> Quote {
    let leg = |pair: &str, value: &str, sources: &[&str], published: Option<&str>| Leg {
        pair: pair.into(),
        value: value.parse().expect("a number"),
        sources: sources.iter().map(|name| (*name).to_owned()).collect(),
        dropped: vec!["Bitfinex: 4.1 % away".into()],
        at: Time(AT - 17_000),
        published: published.map(Into::into),
    };
    Quote {
        currency: "JMD".parse().expect("a currency"),
        per_btc: "16482350".parse().expect("a number"),
        source: "Middle of 3 sources".into(),
        at: Time(AT - 17_000),
        spread_percent: "0".parse().expect("a number"),
        legs: vec![
            leg("BTC/USD", "102937.5", &["Bitstamp", "Coinbase", "Kraken"], None),
            leg("USD/JMD", "160.12", &["Bank of Jamaica"], Some("2026-11-20")),
        ],
    }
}

fn sale(cart: &str) -> Sale {
    Sale {
        id: SaleId::new(),
        merchant_id: MerchantId::new(),
        store_id: StoreId::new(),
        till_id: TillId::new(),
        staff_id: StaffId::new(),
        staff_name: "Keisha".into(),
        name: "The loud table".into(),
        state: "paid".into(),
        money: "real".into(),
        currency: "JMD".into(),
        exponent: 2,
        cart: cart.into(),
        bill: 0,
        tip: 0,
        total: 0,
        rounding: 0,
        credited: 0,
        tendered: 0,
        change_given: 0,
        receipt_number: Some(1_043),
        receipt_token: "00112233445566778899aabbccddeeff".into(),
        opened_ms: AT - 60_000,
        closed_ms: Some(AT),
        card_id: None,
    }
}

fn store() -> Store {
    Store {
        id: StoreId::new(),
        merchant_id: MerchantId::new(),
        name: "Blue Mahoe Café".into(),
        money: "real".into(),
        currency: "JMD".into(),
        exponent: 2,
        tax_name: "GCT".into(),
        tax_bp: 1500,
        tax_inclusive: 1,
        tax_number: "001-234-567".into(),
        tips_bp: "[]".into(),
        address: "14 Hope Road, Kingston 6\n876-555-0142".into(),
        time_zone: "America/Jamaica".into(),
        cash_step: 100,
        cash_tie_up: 1,
        sale_cap: 100_000_000,
        offer_seconds: 600,
        rate_settings: "{}".into(),
        receipt_footer: "Walk good.".into(),
    }
}

fn till() -> Till {
    Till {
        id: TillId::new(),
        merchant_id: MerchantId::new(),
        store_id: StoreId::new(),
        name: "Counter 1".into(),
        prefix: "C1".into(),
        next_receipt: 1_044,
        failed: 0,
        locked_until_ms: 0,
        retired: 0,
    }
}
