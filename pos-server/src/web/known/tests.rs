//! Whatever the rows say, there is one state, and it never says more than they do.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::badge::badge;
use super::{Facts, Known};
use crate::db::attempt::Attempt;
use crate::db::event::Event;
use crate::db::payment::Payment;
use crate::db::sale::Sale;
use crate::domain::id::{AttemptId, MerchantId, PaymentId, SaleId, StaffId, StoreId, TillId};
use crate::domain::time::Time;

const SALES: [&str; 5] = ["open", "paid", "voided", "part_refunded", "refunded"];
const ATTEMPTS: [&str; 7] =
    ["offered", "seen", "settled", "expired", "cancelled", "failed", "unknown"];
const PAYMENTS: [&str; 5] = ["due", "under", "over", "late", "extra"];
const EVENTS: [(&str, &str); 4] = [
    ("offer.made", "{}"),
    ("offer.none", "{\"why\":\"no_price\"}"),
    ("offer.none", "{\"why\":\"rail_down\"}"),
    ("payment.arrived", "{}"),
];

fn sale(state: usize, total: i64, credited: i64, change: i64) -> Sale {
    Sale {
        id: SaleId::new(),
        merchant_id: MerchantId::new(),
        store_id: StoreId::new(),
        till_id: TillId::new(),
        staff_id: StaffId::new(),
        staff_name: "Keisha".into(),
        name: String::new(),
        state: SALES[state].into(),
        money: "practice".into(),
        currency: "JMD".into(),
        exponent: 2,
        cart: "{}".into(),
        bill: total,
        tip: 0,
        total,
        rounding: 0,
        credited,
        tendered: 0,
        change_given: change,
        receipt_number: None,
        receipt_token: String::new(),
        opened_ms: 0,
        closed_ms: None,
        card_id: None,
    }
}

fn attempt(state: usize) -> Attempt {
    Attempt {
        id: AttemptId::new(),
        sale_id: SaleId::new(),
        merchant_id: MerchantId::new(),
        store_id: StoreId::new(),
        connection_id: None,
        rail: "lnd".into(),
        reference: String::new(),
        state: ATTEMPTS[state].into(),
        amount: 1,
        asked_msat: 1,
        request: None,
        quote: None,
        offered_ms: 0,
        expires_ms: 0,
        checked_ms: 0,
        next_check_ms: 0,
        ended_ms: None,
        cancelled_ms: None,
    }
}

fn payment((kind, credited, owed, back): (usize, i64, i64, bool)) -> Payment {
    Payment {
        id: PaymentId::new(),
        rail: "lnd".into(),
        reference: String::new(),
        offer: String::new(),
        merchant_id: MerchantId::new(),
        store_id: StoreId::new(),
        connection_id: None,
        sale_id: None,
        attempt_id: None,
        kind: PAYMENTS[kind].into(),
        msat: 1,
        currency: None,
        credited,
        owed,
        owed_msat: i64::from(credited == 0),
        given_back_ms: back.then_some(1),
        gone_ms: None,
        returned: 0,
        paid_ms: 0,
        received_ms: 0,
    }
}

fn event(which: usize) -> Event {
    let (kind, body) = EVENTS[which];
    Event { seq: 1, kind: kind.into(), body: body.into(), at_ms: 0 }
}

fn facts() -> impl Strategy<Value = Facts> {
    let amount = || prop_oneof![Just(0i64), 1i64..20];
    (
        (0..SALES.len(), 1i64..20, amount(), amount()),
        prop::collection::vec(0..ATTEMPTS.len(), 0..4),
        prop::collection::vec((0..PAYMENTS.len(), amount(), amount(), any::<bool>()), 0..4),
        prop::collection::vec(0..EVENTS.len(), 0..4),
    )
        .prop_map(|((state, total, credited, change), attempts, payments, events)| Facts {
            sale: sale(state, total, credited, change),
            attempts: attempts.into_iter().map(attempt).collect(),
            payments: payments.into_iter().map(payment).collect(),
            events: events.into_iter().map(event).collect(),
            now: Time(0),
            prefix: None,
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn paid_is_never_said_while_money_is_missing(facts in facts()) {
        let known = facts.known();
        let says_paid = matches!(known, Known::Paid | Known::Change | Known::Over(_));
        let is_paid = facts.sale.state == "paid" && facts.sale.due() == 0;
        prop_assert!(!says_paid || is_paid, "{:?} of {:?}", known, facts.sale);
        let badge = badge(&facts, &"JMD".parse().unwrap());
        prop_assert!(badge.words != "Paid" || is_paid);
    }

    #[test]
    fn money_that_waits_for_a_word_is_shown_first_and_can_be_given_back(facts in facts()) {
        let back = |one: &&Payment| one.owed > 0 && one.given_back_ms.is_none();
        match facts.known() {
            Known::Late(payment) | Known::Over(payment) => prop_assert!(back(&payment)),
            other => {
                let waiting = facts.payments.iter().filter(back);
                let due = facts.sale.due() > 0;
                let open = facts.sale.state == "open" || facts.sale.state == "paid" && due;
                let mut hidden = waiting.filter(|one| !open || one.credited == 0);
                let closed = matches!(other, Known::Refunded);
                prop_assert!(closed || hidden.next().is_none(), "{:?} hides money", other);
            }
        }
    }

    #[test]
    fn an_offer_that_can_be_paid_or_is_not_known_is_never_said_to_be_over(facts in facts()) {
        let any = |state: &str| facts.attempts.iter().any(|one| one.state == state);
        match facts.known() {
            Known::Waiting(one) => {
                prop_assert!(one.state == "offered" && !any("seen") && !any("unknown"));
            }
            Known::Seen(one) => prop_assert!(one.state == "seen" && !any("unknown")),
            Known::Unknown(one) => prop_assert_eq!(&one.state, "unknown"),
            Known::Expired | Known::NoPrice | Known::RailDown | Known::PartPaid(_) => {
                prop_assert!(!any("offered") && !any("seen") && !any("unknown"));
            }
            _ => {}
        }
    }

    #[test]
    fn a_sale_is_open_cancelled_or_given_back_only_when_its_row_says_so(facts in facts()) {
        let state = facts.sale.state.as_str();
        match facts.known() {
            Known::Voided => prop_assert_eq!(state, "voided"),
            Known::Refunded => prop_assert!(state.ends_with("refunded")),
            Known::PartPaid(payment) => {
                prop_assert!(payment.credited > 0 && facts.sale.due() > 0 || state == "open");
            }
            Known::Late(_) => prop_assert!(!state.ends_with("refunded")),
            _ => prop_assert!(state != "voided"),
        }
    }
}
