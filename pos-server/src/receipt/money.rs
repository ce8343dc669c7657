//! What arrived for a sale: what went to it, and what is the payer's.

use rust_decimal::Decimal;

use super::say::{Rows, moment};
use super::{Bitcoin, Owed, Price, Row, Tender};
use crate::db::DbError;
use crate::db::payment::Payment;
use crate::domain::currency::Currency;
use crate::domain::local::{Local, published_day};
use crate::domain::money::Msat;
use crate::domain::rate::{Leg, Quote};
use crate::domain::settle::Arrival;
use crate::rail::RailName;

/// How it was paid, cash first as one sum, then each payment in bitcoin.
pub(super) fn tenders(rows: &Rows, currency: &Currency) -> Result<Vec<Tender>, DbError> {
    let went = |payment: &&Payment| payment.credited > 0;
    let (cash, bitcoin): (Vec<&Payment>, Vec<&Payment>) =
        rows.payments.iter().filter(went).partition(|payment| payment.rail == "cash");
    let mut tenders = Vec::new();
    if !cash.is_empty() {
        let sum = cash.iter().fold(0i64, |sum, payment| sum.saturating_add(payment.credited));
        let amount = currency.write_plain(sum);
        let label = RailName::Cash.label().into();
        tenders.push(Tender { label, amount, bitcoin: None });
    }
    for payment in bitcoin {
        let amount = currency.write_plain(payment.credited);
        if payment.rail == RailName::Points.as_str() {
            let label = RailName::Points.label().into();
            tenders.push(Tender { label, amount, bitcoin: None });
            continue;
        }
        if payment.kind == Arrival::Marked.as_str() {
            let label = "Marked paid at BTCPay".into();
            tenders.push(Tender { label, amount, bitcoin: None });
            continue;
        }
        let sats = sats(payment, payment.msat.saturating_sub(payment.owed_msat))?;
        let way = match on_chain(payment) {
            _ if by_card(payment) => RailName::Card.label(),
            true => "Bitcoin",
            false => "Lightning",
        };
        tenders.push(Tender {
            label: format!("{way}, {sats}"),
            amount,
            bitcoin: Some(Bitcoin { hash: proof(payment), price: price(rows, payment)? }),
        });
    }
    Ok(tenders)
}

/// BTCPay names a payment on the chain by transaction and output.
fn on_chain(payment: &Payment) -> bool {
    payment.rail == RailName::Btcpay.as_str() && payment.reference.contains('-')
}

fn by_card(payment: &Payment) -> bool {
    payment.rail == RailName::Card.as_str()
}

/// What proves a payment: its hash, or its transaction. A card's tap proves nothing to others, and
/// would name the card on all its holder's receipts.
fn proof(payment: &Payment) -> String {
    if by_card(payment) {
        return String::new();
    }
    let own = payment.rail == RailName::Btcpay.as_str();
    if own { payment.reference.clone() } else { payment.offer.clone() }
}

/// What is the payer's, given back or not.
pub(super) fn owed(rows: &Rows, currency: &Currency) -> Result<Vec<Owed>, DbError> {
    // Points that went back are on their card again.
    let theirs = |payment: &&Payment| {
        let money = payment.rail != RailName::Points.as_str();
        money && (payment.owed > 0 || payment.owed_msat > 0)
    };
    let owed = |payment: &Payment| {
        let how = match payment.kind.as_str() {
            "over" => "paid too much",
            "late" if payment.credited == 0 => "paid late",
            "late" => "paid too much",
            "extra" => "paid again",
            _ => "paid",
        };
        // Of a payment that brought the sale nothing, all is the payer's.
        let msat = if payment.credited == 0 { payment.msat } else { payment.owed_msat };
        let what =
            if payment.rail == "cash" { "Cash".into() } else { sats(payment, msat)?.to_string() };
        Ok(Owed {
            label: format!("{what} {how}"),
            amount: currency.write_plain(payment.owed),
            given_back: payment.given_back_ms.map(|_| currency.write_plain(coins(rows, payment))),
            hash: (payment.rail != "cash").then(|| proof(payment)),
        })
    };
    rows.payments.iter().filter(theirs).map(owed).collect()
}

/// What was handed back for a payment, in coins that exist; the event of it says so.
fn coins(rows: &Rows, payment: &Payment) -> i64 {
    let mut given = rows.events.iter().filter(|event| event.kind == "payment.given-back");
    let coins = given.find_map(|event| {
        let body: serde_json::Value = serde_json::from_str(&event.body).ok()?;
        (body["payment"] == payment.id.as_str()).then(|| body["coins"].as_i64())?
    });
    coins.unwrap_or(payment.owed)
}

fn sats(payment: &Payment, msat: i64) -> Result<Msat, DbError> {
    let unreadable = |_| DbError::Unreadable(format!("amount of payment {}", payment.id));
    Msat::from_db(msat).map_err(unreadable)
}

/// The price that was frozen on the attempt that a payment was for.
fn price(rows: &Rows, payment: &Payment) -> Result<Option<Price>, DbError> {
    let id = payment.attempt_id.as_deref();
    let attempt = rows.attempts.iter().find(|attempt| Some(attempt.id.as_str()) == id);
    let Some((attempt, quote)) = attempt.and_then(|one| Some((one, one.quote.as_ref()?))) else {
        return Ok(None);
    };
    let quote: Quote = serde_json::from_str(quote)
        .map_err(|_| DbError::Unreadable(format!("quote of attempt {}", attempt.id)))?;
    let (at, zone) = (moment(&rows.sale), rows.store.time_zone.as_str());
    // One leg with one source would only say the same again.
    let known = |leg: &Leg| leg.sources == [quote.source.as_str()];
    let legs = quote.legs.iter().filter(|leg| !known(leg)).map(|leg| leg_row(leg, at, zone));
    Ok(Some(Price {
        per_btc: quote.price_words(),
        at: Local::new(zone).beside(quote.at.0, at),
        spread: (!quote.spread_percent.is_zero())
            .then(|| format!("{}%", quote.spread_percent.normalize())),
        legs: legs.collect(),
        source: quote.source,
    }))
}

/// A leg with who said it and when; a peg is true at any time.
fn leg_row(leg: &Leg, at: i64, zone: &str) -> Row {
    let peg = leg.sources.iter().all(|source| source.ends_with("peg"));
    let when = match &leg.published {
        Some(published) => format!(", {}", published_day(published)),
        None if peg => String::new(),
        None => format!(", {}", Local::new(zone).beside(leg.at.0, at)),
    };
    let label = format!("{}: {}{when}", leg.pair, leg.sources.join(", "));
    Row::new(label, grouped(leg.value))
}

/// `102345.5` as `102,345.5`.
fn grouped(value: Decimal) -> String {
    let text = value.normalize().to_string();
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut out = String::with_capacity(text.len() + 4);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out + rest
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::Receipt;
    use super::super::sample::{self, HASH};
    use super::super::say::{Rows, say};
    use super::*;

    fn below(rows: &Rows) -> Vec<String> {
        let receipt: Receipt = say(rows, sample::URL).unwrap();
        receipt.below().iter().map(|row| format!("{} = {}", row.label, row.amount)).collect()
    }

    #[test]
    fn what_was_too_much_is_the_payers_until_it_is_given_back() {
        let mut rows = sample::rows();
        let payment = &mut rows.payments[1];
        payment.kind = "over".into();
        (payment.msat, payment.owed, payment.owed_msat) = (15_000_000, 6_675, 405_000);
        assert!(below(&rows).contains(&"Lightning, 14,595 sats = 2,405.50".to_owned()));
        assert_eq!(below(&rows).last().unwrap(), "Still yours: 405 sats paid too much = 66.75");
        sample::given_back(&mut rows, 1, 6_700);
        let said = below(&rows);
        assert_eq!(
            said[said.len() - 2..],
            ["405 sats paid too much = 66.75", "Given back in cash = 67.00"]
        );
    }

    #[test]
    fn a_payment_that_went_to_no_sale_is_the_payers_whole_and_proved() {
        let mut rows = sample::rows();
        for (kind, how) in [("late", "late"), ("extra", "again")] {
            let mut payment = rows.payments[1].clone();
            payment.kind = kind.into();
            (payment.credited, payment.owed, payment.owed_msat) = (0, 240_550, 14_595_000);
            payment.offer = HASH.replace('4', "5");
            rows.payments.truncate(2);
            rows.payments.push(payment);
            let want = format!("Still yours: 14,595 sats paid {how} = 2,405.50");
            assert_eq!(*below(&rows).last().unwrap(), want);
            let receipt = say(&rows, sample::URL).unwrap();
            let hashes: Vec<String> =
                receipt.proofs().into_iter().map(|proof| proof.hash).collect();
            assert_eq!(hashes, [HASH.to_owned(), HASH.replace('4', "5")]);
        }
    }

    #[test]
    fn a_price_is_said_once_and_an_older_one_with_its_date() {
        let mut rows = sample::rows();
        rows.payments.push(rows.payments[1].clone());
        let prices = |said: &[String]| said.iter().filter(|row| row.starts_with("1 BTC")).count();
        assert_eq!(prices(&below(&rows)), 1);
        rows.sale.closed_ms = Some(sample::AT + 86_400_000);
        assert!(below(&rows).contains(&"Middle of 3 sources = 21 Nov 2026, 12:42:48".to_owned()));
    }

    #[test]
    fn what_the_shop_adds_is_said_and_a_lone_source_is_not_said_twice() {
        let mut rows = sample::rows();
        let mut quote: Quote =
            serde_json::from_str(rows.attempts[1].quote.as_ref().unwrap()).unwrap();
        quote.spread_percent = Decimal::new(150, 2);
        quote.source = "Practice rate".into();
        quote.legs.truncate(1);
        quote.legs[0].sources = vec!["Practice rate".into()];
        rows.attempts[1].quote = Some(serde_json::to_string(&quote).unwrap());
        assert!(below(&rows).contains(&"The shop adds = 1.5%".to_owned()));
        assert!(say(&rows, sample::URL).unwrap().proofs()[0].legs.is_empty());
    }

    #[test]
    fn a_peg_has_no_time() {
        let leg = Leg {
            pair: "USD/XCD".into(),
            value: Decimal::new(270, 2),
            sources: vec!["peg".into()],
            dropped: vec![],
            at: crate::domain::time::Time(sample::AT),
            published: None,
        };
        let row = leg_row(&leg, sample::AT, "America/Jamaica");
        assert_eq!(row, Row::new("USD/XCD: peg", "2.7"));
        assert_eq!(grouped(Decimal::new(12_345_678_900, 3)), "12,345,678.9");
    }
}
