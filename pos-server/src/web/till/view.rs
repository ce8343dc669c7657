//! Puts a sale into the words and written amounts of its page.

use crate::app::App;
use crate::db::DbError;
use crate::db::attempt::Attempt;
use crate::db::event::Event;
use crate::db::payment::Payment;
use crate::domain::currency::Currency;
use crate::domain::id::SaleId;
use crate::domain::local::Local;
use crate::domain::money::Msat;
use crate::domain::rate::Quote;
use crate::rail::RailName;
use crate::receipt::qr;
use crate::till::{Actor, cash};
use crate::web::error::WebError;
use crate::web::known::{Facts, Known, tender};
use crate::web::page::part::Row;
use crate::web::page::quick::quick_amounts;
use crate::web::page::sale::{Cash, Offer, Quick, SalePoints, SaleView, Settled, Sum, SumKind};
use crate::web::page::sale_state::SaleState;
use crate::web::page::till_data::CurrencyData;

/// Reads everything that is known of a sale of this store.
pub(super) async fn facts(app: &App, actor: &Actor, id: &SaleId) -> Result<Facts, DbError> {
    let events = app.db.events(id).await?;
    facts_after(app, actor, id, events).await
}

/// The same, when its events were read already. They come first: what is read after them is as new
/// as their last number says, or newer.
pub(super) async fn facts_after(
    app: &App,
    actor: &Actor,
    id: &SaleId,
    events: Vec<Event>,
) -> Result<Facts, DbError> {
    let sale = app.db.sale(&actor.store.merchant_id, id).await?;
    if sale.store_id != actor.store.id {
        return Err(DbError::NotFound);
    }
    let attempts = app.db.attempts(id).await?;
    let payments = app.db.payments(id).await?;
    // Any till of the store shows the page; the number is the one's that sold.
    let prefix = match sale.till_id == actor.till.id {
        true => actor.till.prefix.clone(),
        false => app.db.till_by_id(&sale.till_id).await?.prefix,
    };
    Ok(Facts { sale, attempts, payments, events, now: app.now(), prefix: Some(prefix) })
}

/// The page's view of a sale.
pub(super) fn view(
    app: &App,
    actor: &Actor,
    csrf: &str,
    key: &str,
    facts: &Facts,
    points: Option<SalePoints>,
) -> Result<SaleView, WebError> {
    let currency = facts.sale.currency()?;
    let known = facts.known();
    let open = facts.sale.state == "open";
    let can_pay = open && !matches!(known, Known::Unknown(_) | Known::Seen(_) | Known::Late(_));
    Ok(SaleView {
        id: facts.sale.id.to_string(),
        seq: u64::try_from(facts.seq()).unwrap_or(0),
        now_ms: facts.now.0,
        csrf: csrf.to_owned(),
        key: key.to_owned(),
        shop: actor.store.name.clone(),
        practice: facts.sale.money == "practice",
        currency: CurrencyData::of(&currency),
        amount: amount(facts, known, &currency),
        sums: sums(facts, &currency),
        offer: match known {
            Known::Waiting(attempt) => offer(facts, attempt)?,
            _ => None,
        },
        cash: can_pay.then(|| drawer(facts, actor, &currency)),
        settled: settled(app, facts, &currency)?,
        can_cancel: can_pay && facts.sale.credited == 0,
        by_btcpay: by_btcpay(facts, known),
        waits: waits(facts, known),
        points,
        card_words: card_words(facts, known),
        state: state(actor, facts, known, &currency),
    })
}

/// The bitcoin of this sale goes through BTCPay, over Lightning or the chain.
fn by_btcpay(facts: &Facts, known: Known<'_>) -> bool {
    let tried = facts.attempts.iter().rev().find(|attempt| attempt.rail != "cash");
    match known {
        Known::RailDown => why(facts).starts_with("BTCPay"),
        _ => tried.is_some_and(|attempt| attempt.rail == "btcpay"),
    }
}

/// What the last card of another issuer said, while the code that it was asked to pay is out.
fn card_words(facts: &Facts, known: Known<'_>) -> Option<String> {
    if !matches!(known, Known::Waiting(_) | Known::Seen(_)) {
        return None;
    }
    let mut since = facts.events.iter().rev().take_while(|event| event.kind != "offer.made");
    let last = since.find(|event| event.kind.starts_with("card."))?;
    let body: serde_json::Value = serde_json::from_str(&last.body).ok()?;
    body["words"].as_str().map(str::to_owned)
}

fn amount(facts: &Facts, known: Known<'_>, currency: &Currency) -> String {
    let sale = &facts.sale;
    let minor = match known {
        Known::Waiting(attempt) | Known::Seen(attempt) | Known::Unknown(attempt) => attempt.amount,
        Known::Late(payment) | Known::Over(payment) => payment.owed,
        Known::Change => sale.change_given,
        Known::Paid | Known::Refunded => sale.total.saturating_add(sale.rounding),
        Known::Voided => sale.total,
        Known::Gone(_) | Known::PartPaid(_) | Known::Expired | Known::NoPrice | Known::RailDown => {
            sale.due()
        }
    };
    currency.write(minor)
}

fn state(actor: &Actor, facts: &Facts, known: Known<'_>, currency: &Currency) -> SaleState {
    let sale = &facts.sale;
    match known {
        Known::Waiting(_) => SaleState::Waiting,
        Known::Seen(_) => SaleState::Seen,
        Known::Unknown(attempt) => {
            SaleState::Unknown { checked_ms: facts.now.0.saturating_sub(attempt.checked_ms).max(0) }
        }
        Known::Late(payment) => SaleState::Late {
            at: Local::new(&actor.store.time_zone).time(payment.paid_ms),
            name: if sale.name.is_empty() { "this sale".into() } else { sale.name.clone() },
            payment: payment.id.to_string(),
            can_add: sale.state == "open",
        },
        Known::PartPaid(payment) => SaleState::PartPaid {
            came: currency.write(sale.credited),
            left: currency.write(sale.due()),
            part: u64::try_from(sale.credited).unwrap_or(0),
            of: u64::try_from(sale.total).unwrap_or(1),
            payment: payment.id.to_string(),
            own: own(payment, sale.credited).map(|minor| currency.write(minor)),
        },
        Known::Over(payment) => SaleState::Overpaid {
            came: currency.write(came(facts)),
            bill: currency.write(sale.total.saturating_add(sale.rounding)),
            payment: payment.id.to_string(),
        },
        Known::Expired => SaleState::Expired,
        Known::NoPrice => SaleState::NoPrice { words: why(facts) },
        Known::RailDown => {
            let words = why(facts);
            let btcpay = words.starts_with("BTCPay");
            SaleState::RailDown { full: refused(facts), btcpay, words }
        }
        Known::Gone(payment) => {
            SaleState::Gone { came: gone(facts, payment, currency), by: "BTCPay" }
        }
        Known::Voided => SaleState::Voided,
        Known::Refunded => SaleState::Refunded,
        Known::Paid => SaleState::Paid,
        Known::Change => SaleState::Change,
    }
}

/// What a payment that counts no more had brought, as it was written down when it went.
fn gone(facts: &Facts, payment: &Payment, currency: &Currency) -> String {
    let mine =
        |event: &&Event| event.kind == "payment.gone" && event.body.contains(payment.id.as_str());
    let event = facts.events.iter().rev().find(mine);
    let body: Option<serde_json::Value> =
        event.and_then(|event| serde_json::from_str(&event.body).ok());
    let credited = body.and_then(|body| body["credited"].as_i64()).unwrap_or(0);
    if credited > 0 { currency.write(credited) } else { String::new() }
}

/// What giving back a payment of an open sale gives back, where it is not all that came: with cash
/// and a card on one sale, the button must not promise both.
fn own(payment: &Payment, came: i64) -> Option<i64> {
    let owed = if payment.given_back_ms.is_none() { payment.owed } else { 0 };
    let own = payment.credited.saturating_add(owed);
    (own != came).then_some(own)
}

fn came(facts: &Facts) -> i64 {
    facts.payments.iter().map(|payment| payment.credited.saturating_add(payment.owed)).sum()
}

/// Why the last try to make an offer made none, as it was said then.
fn why(facts: &Facts) -> String {
    let last = facts.events.iter().rev().find(|event| event.kind == "offer.none");
    let body: Option<serde_json::Value> =
        last.and_then(|event| serde_json::from_str(&event.body).ok());
    let words = body.as_ref().and_then(|body| body["words"].as_str());
    words.unwrap_or("Cash still works.").to_owned()
}

fn refused(facts: &Facts) -> bool {
    let last = facts.events.iter().rev().find(|event| event.kind == "offer.none");
    last.is_some_and(|event| event.body.contains("cannot take this"))
}

fn sums(facts: &Facts, currency: &Currency) -> Vec<Sum> {
    let sale = &facts.sale;
    let line = |label: String, minor: i64, kind| Sum { label, amount: currency.write(minor), kind };
    let mut sums = vec![line("Bill".into(), sale.bill, SumKind::Plain)];
    if sale.tip > 0 {
        sums.push(line(format!("Tip for {}", sale.staff_name), sale.tip, SumKind::Plain));
    }
    if sale.rounding != 0 {
        sums.push(line("Rounded to coins".into(), sale.rounding, SumKind::Plain));
    }
    for payment in facts.payments.iter().filter(|payment| payment.credited > 0) {
        sums.push(line(tender(payment), -payment.credited, SumKind::Came));
    }
    if sale.state == "open" {
        sums.push(line("Left to pay".into(), sale.due(), SumKind::Left));
    }
    sums
}

fn offer(facts: &Facts, attempt: &Attempt) -> Result<Option<Offer>, WebError> {
    let (Some(request), Some(quote)) = (&attempt.request, &attempt.quote) else {
        return Ok(None);
    };
    let quote: Quote = serde_json::from_str(quote)?;
    // Nobody reads out a thousandth of a satoshi: what the wallet sends is at most this.
    let asked = Msat::from_db(attempt.asked_msat).map_err(WebError::internal)?;
    let sats = Msat::from_sat(asked.get().div_ceil(1000)).map_err(WebError::internal)?;
    let link = request.starts_with("bitcoin:");
    let capitals = if link { request.clone() } else { request.to_uppercase() };
    let wallet = match facts.sale.money.as_str() {
        "practice" => format!("/practice/wallet?invoice={capitals}"),
        _ if link => capitals.clone(),
        _ => format!("lightning:{capitals}"),
    };
    Ok(Some(Offer {
        sats: sats.to_string(),
        qr: qr::draw(&capitals, qr::Spare::Screen).map_err(WebError::internal)?,
        request: capitals,
        wallet,
        left_ms: attempt.expires_ms.saturating_sub(facts.now.0).max(0),
        lasts_ms: attempt.expires_ms.saturating_sub(attempt.offered_ms).max(1),
        rate: quote.price_words(),
        source: quote.source,
        age_ms: facts.now.0.saturating_sub(quote.at.0).max(0),
        part: attempt.amount < facts.sale.due(),
        instead: instead(facts, attempt),
    }))
}

/// What was written down when an offer was made.
fn made(facts: &Facts, attempt: &Attempt) -> Option<serde_json::Value> {
    let mine =
        |event: &&Event| event.kind == "offer.made" && event.body.contains(attempt.id.as_str());
    serde_json::from_str(&facts.events.iter().rev().find(mine)?.body).ok()
}

/// What a payment that was seen waits for. At BTCPay only the chain makes one wait.
fn waits(facts: &Facts, known: Known<'_>) -> Option<String> {
    let Known::Seen(attempt) = known else { return None };
    if attempt.rail != RailName::Btcpay.as_str() {
        return None;
    }
    let needed = made(facts, attempt).and_then(|body| body["confirmations"].as_u64());
    Some(match needed {
        Some(0) => "It is on the chain, and counts as soon as BTCPay says so.".into(),
        Some(1) => "It is on the chain, and needs 1 confirmation: about ten minutes.".into(),
        Some(count) => {
            format!("It is on the chain, and needs {count} confirmations: about {count}0 minutes.")
        }
        None => "It is on the chain, and needs to be confirmed there.".into(),
    })
}

/// What the till says when the offer is not of the first rail.
fn instead(facts: &Facts, attempt: &Attempt) -> Option<String> {
    let body = made(facts, attempt)?;
    let why = body["instead"].as_str()?.trim_end_matches(" Take cash.").to_owned();
    let way = if attempt.rail == "btcpay" { "BTCPay" } else { "Lightning" };
    Some(format!("{why} This code goes over {way}."))
}

fn drawer(facts: &Facts, actor: &Actor, currency: &Currency) -> Cash {
    let left = facts.sale.due();
    let due = cash::rule(&actor.store).round(left);
    let rounding = (due != left).then(|| {
        let sign = if due > left { "+" } else { "" };
        format!("Rounded to coins, {sign}{}", currency.write(due - left))
    });
    let quick = quick_amounts(due, currency.scale()).into_iter().map(|minor| Quick {
        words: crate::web::page::till_data::short(currency, minor),
        value: crate::domain::money::Money::new(minor, *currency).to_input(),
    });
    Cash {
        due: currency.write(due),
        due_minor: due,
        left_minor: left,
        rounding,
        quick: quick.collect(),
    }
}

fn settled(app: &App, facts: &Facts, currency: &Currency) -> Result<Option<Settled>, WebError> {
    let sale = &facts.sale;
    let (Some(number), Some(prefix)) = (sale.receipt_number, &facts.prefix) else {
        return Ok(None);
    };
    let mut rows = Vec::new();
    if sale.change_given > 0 {
        rows.push(Row::new("Sale", currency.write(sale.total.saturating_add(sale.rounding))));
        rows.push(Row::new("Cash taken", currency.write(sale.tendered)));
    } else {
        rows.push(Row::new("Change", "None"));
    }
    for payment in facts.payments.iter().filter(|payment| payment.credited > 0) {
        if sale.change_given == 0 || payment.rail != "cash" {
            rows.push(Row::new(tender(payment), currency.write(payment.credited)));
        }
    }
    let href = format!("/r/{}", sale.receipt_token);
    let address = format!("{}{href}", app.config.public_url);
    Ok(Some(Settled {
        facts: rows,
        receipt: crate::receipt::number(prefix, number),
        qr: qr::draw(&address, qr::Spare::Screen).map_err(WebError::internal)?,
        href,
    }))
}
