//! Every state of an invoice, and what may be concluded from it.

use btcpay_client::invoice::{Invoice, InvoicePaymentMethod};
use proptest::prelude::*;
use serde_json::json;

use super::*;

fn invoice(status: &str, additional: &str) -> Invoice {
    let body = json!({
        "id": "I1", "storeId": "S", "amount": "1250.00", "currency": "JMD", "type": "Standard",
        "createdTime": 1_795_000_000, "expirationTime": 1_795_000_600,
        "monitoringExpiration": 1_795_087_000, "status": status, "additionalStatus": additional,
    });
    serde_json::from_value(body).unwrap()
}

/// A payment: its name, its worth in bitcoin, its status.
type Came<'a> = (&'a str, &'a str, &'a str);

fn methods(payments: &[Came<'_>]) -> Vec<InvoicePaymentMethod> {
    let payments = payments.iter().map(|(id, value, status)| {
        json!({ "id": id, "receivedDate": 1_795_000_100, "value": value, "fee": "0",
            "status": status, "destination": "x" })
    });
    let payments: Vec<_> = payments.collect();
    let body = json!([{
        "paymentMethodId": "BTC-LN", "currency": "BTC", "destination": "lnbcrt1", "rate": "12325317.06",
        "amount": "0.00010142", "due": "0.00010142", "totalPaid": "0", "paymentMethodPaid": "0",
        "paymentMethodFee": "0", "activated": true, "payments": payments,
    }]);
    serde_json::from_value(body).unwrap()
}

fn truth(status: &str, additional: &str, payments: &[Came<'_>]) -> Truth {
    read(&invoice(status, additional), &methods(payments))
}

fn part(id: &str, msat: u64) -> Part {
    Part { id: id.into(), msat, at: 1_795_000_100, marked: false }
}

const WHOLE: Came<'static> = ("hash", "0.00010142", "Settled");
const PENDING: Came<'static> = ("tx-0", "0.00010142", "Processing");

#[test]
fn each_state_says_no_more_than_its_payments() {
    assert_eq!(truth("New", "None", &[]), Truth::Open);
    assert_eq!(truth("New", "None", &[PENDING]), Truth::Seen);
    assert_eq!(truth("Processing", "None", &[PENDING]), Truth::Seen);
    assert_eq!(truth("Settled", "None", &[WHOLE]), Truth::Paid(vec![part("hash", 10_142_000)]));
    assert_eq!(truth("Expired", "None", &[]), Truth::Closed);
    assert_eq!(truth("Expired", "PaidLate", &[WHOLE]), Truth::Paid(vec![part("hash", 10_142_000)]));
    assert_eq!(truth("Expired", "PaidPartial", &[PENDING]), Truth::Seen);
    let some = ("hash", "0.00005", "Settled");
    assert_eq!(truth("New", "PaidPartial", &[some]), Truth::Paid(vec![part("hash", 5_000_000)]));
}

#[test]
fn settled_without_a_payment_is_not_believed() {
    assert!(matches!(truth("Settled", "None", &[]), Truth::Unsure(_)));
    assert!(matches!(truth("Settled", "None", &[PENDING]), Truth::Unsure(_)));
    assert!(matches!(truth("Processing", "None", &[]), Truth::Unsure(_)));
    assert!(matches!(truth("Frozen", "None", &[]), Truth::Unsure(_)));
    let minus = ("hash", "-0.1", "Settled");
    assert!(matches!(truth("Settled", "None", &[minus]), Truth::Unsure(_)));
}

#[test]
fn a_mark_stands_for_what_no_payment_covers() {
    let mark = |msat| Part { id: "I1:marked".into(), msat, at: 1_795_000_000, marked: true };
    assert_eq!(truth("Settled", "Marked", &[]), Truth::Paid(vec![mark(10_142_000)]));
    let some = ("hash", "0.00005", "Settled");
    let both = Truth::Paid(vec![part("hash", 5_000_000), mark(5_142_000)]);
    assert_eq!(truth("Settled", "Marked", &[some]), both);
    assert_eq!(truth("Settled", "Marked", &[WHOLE]), Truth::Paid(vec![part("hash", 10_142_000)]));
}

#[test]
fn invalid_is_told_with_who_said_so_and_what_stands() {
    let refuted = |by_hand, standing| Truth::Refuted { by_hand, standing };
    assert_eq!(truth("Invalid", "Marked", &[]), refuted(true, vec![]));
    assert_eq!(truth("Invalid", "None", &[PENDING]), refuted(false, vec![]));
    assert_eq!(truth("Invalid", "Marked", &[WHOLE]), refuted(true, vec![part("hash", 10_142_000)]));
    let spent_twice = ("tx-0", "0.00010142", "Invalid");
    assert_eq!(truth("Settled", "None", &[spent_twice]), refuted(false, vec![]));
    assert_eq!(truth("Invalid", "None", &[spent_twice]), refuted(false, vec![]));
}

#[test]
fn bitcoin_becomes_millisatoshi_without_a_float() {
    assert_eq!(msat("0.00010142".parse().unwrap()), Some(10_142_000));
    assert_eq!(msat("0.00000000001".parse().unwrap()), Some(1));
    assert_eq!(msat("21000000".parse().unwrap()), Some(2_100_000_000_000_000_000));
    assert_eq!(msat("-1".parse().unwrap()), None);
}

proptest! {
    #[test]
    fn whatever_the_words_money_is_only_what_settled_payments_hold(
        status in prop::sample::select(vec!["New", "Processing", "Expired", "Invalid", "Settled", "?"]),
        additional in prop::sample::select(vec!["None", "PaidLate", "PaidPartial", "PaidOver", "Invalid"]),
        payments in prop::collection::vec(
            (0u64..30_000_000, prop::sample::select(vec!["Invalid", "Processing", "Settled"])), 0..4),
    ) {
        let worth = |sats: u64| Decimal::new(i64::try_from(sats).unwrap(), 11).to_string();
        let named: Vec<(String, String, &str)> = payments.iter().enumerate()
            .map(|(at, (sats, status))| (format!("p{at}"), worth(*sats), *status)).collect();
        let came: Vec<Came<'_>> = named.iter().map(|(id, worth, status)| (id.as_str(), worth.as_str(), *status)).collect();
        let settled: u64 = payments.iter().filter(|(_, status)| *status == "Settled").map(|(msat, _)| msat).sum();
        let said = match truth(status, additional, &came) {
            Truth::Paid(parts) | Truth::Refuted { standing: parts, .. } => parts.iter().map(|part| part.msat).sum(),
            _ => 0,
        };
        prop_assert!(said <= settled);
    }
}
