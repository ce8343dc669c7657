//! A sale with its whole trail.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;

use super::desk::At;
use super::sales::title;
use crate::app::App;
use crate::db::attempt::Attempt;
use crate::db::ledger::BookedRow;
use crate::db::payment::Payment;
use crate::domain::cart::Priced;
use crate::domain::currency::Currency;
use crate::domain::id::SaleId;
use crate::domain::money::Msat;
use crate::domain::rate::Quote;
use crate::ledger::MSAT;
use crate::rail::RailName;
use crate::till::watch;
use crate::web::error::WebError;
use crate::web::form::SafeForm;
use crate::web::known::badge::badge;
use crate::web::known::{Facts, tender};
use crate::web::page::dashboard::desk::Section;
use crate::web::page::dashboard::sale::{Happened, SaleTrailHtml, Trail};
use crate::web::page::part::Row;

/// `GET /dashboard/{store}/sales/{sale}`
pub(super) async fn show(
    State(app): State<Arc<App>>,
    at: At,
    Path(path): Path<HashMap<String, String>>,
) -> Result<Response, WebError> {
    let id: SaleId = path.get("sale").and_then(|id| id.parse().ok()).ok_or(WebError::NotFound)?;
    say(&app, &at, id, None).await
}

#[derive(Deserialize)]
pub(super) struct Sure {
    #[serde(default)]
    sure: String,
}

/// `POST …/sales/{sale}/offers/{attempt}/give-up`: ends an offer whose outcome nobody can tell.
pub(super) async fn give_up(
    State(app): State<Arc<App>>,
    at: At,
    Path((_, sale, attempt)): Path<(String, String, String)>,
    SafeForm(form): SafeForm<Sure>,
) -> Result<Response, WebError> {
    let id: SaleId = sale.parse().map_err(|_| WebError::NotFound)?;
    if app.db.sale(at.merchant(), &id).await?.store_id != at.store.id {
        return Err(WebError::NotFound);
    }
    let attempts = app.db.attempts(&id).await?;
    let attempt = attempts.iter().find(|one| one.id.as_str() == attempt);
    let attempt = attempt.ok_or(WebError::NotFound)?;
    if form.sure.is_empty() {
        return say(&app, &at, id, Some("Nothing was changed: tick the box first.")).await;
    }
    watch::give_up(&app, &at.who(), attempt).await?;
    Ok(at.done(&format!("/sales/{id}"), "given-up"))
}

async fn say(
    app: &App,
    at: &At,
    id: SaleId,
    fault: Option<&'static str>,
) -> Result<Response, WebError> {
    // Events first: nothing that they name is missing from what is read after them.
    let events = app.db.events(&id).await?;
    let sale = app.db.sale(at.merchant(), &id).await?;
    if sale.store_id != at.store.id {
        return Err(WebError::NotFound);
    }
    let facts = Facts {
        attempts: app.db.attempts(&id).await?,
        payments: app.db.payments(&id).await?,
        events,
        now: app.now(),
        prefix: None,
        sale,
    };
    let booked = app.db.booked(&id).await?;
    let tills = app.db.tills(&at.store.id).await?;
    let sale = &facts.sale;
    let currency = sale.currency()?;
    let title = title(&tills, sale);
    let under = format!("{}, {}", at.local().near(sale.opened_ms, facts.now.0), sale.staff_name);
    let html = SaleTrailHtml {
        shell: at.shell(&title),
        desk: at.desk(Section::Sales, &title, Some(under)),
        badge: badge(&facts, &currency),
        lines: lines(at, &facts, &currency)?,
        total: currency.write(sale.total.saturating_add(sale.rounding)),
        settled: sale.state == "paid",
        receipt: sale.receipt_number.map(|_| format!("/r/{}", sale.receipt_token)),
        attempts: facts.attempts.iter().map(|one| attempt(at, one, &currency)).collect(),
        payments: facts.payments.iter().map(|one| payment(at, one, &currency)).collect(),
        events: facts
            .events
            .iter()
            .map(|event| Happened {
                when: at.local().stamp(event.at_ms),
                what: happened(&event.kind).into(),
            })
            .collect(),
        postings: postings(at, &booked, &currency),
        fault,
    };
    let status = if fault.is_none() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, Html(askama::Template::render(&html)?)).into_response())
}

fn lines(at: &At, facts: &Facts, currency: &Currency) -> Result<Vec<Row>, WebError> {
    let sale = &facts.sale;
    let priced: Priced = serde_json::from_str(&sale.cart)?;
    let plain = |minor: i64| currency.write_plain(minor);
    let mut rows: Vec<Row> = Vec::new();
    for line in &priced.lines {
        let note = if line.note.is_empty() { String::new() } else { format!(", {}", line.note) };
        let gross = line.unit.saturating_mul(line.quantity);
        rows.push(Row::new(format!("{} {}{note}", line.quantity, line.name), plain(gross)));
    }
    if priced.discounted > 0 {
        rows.push(Row::new("Discount", plain(-priced.discounted)));
    }
    for sum in priced.taxes.iter().filter(|sum| sum.tax > 0) {
        let how = if sum.class.inclusive { "included" } else { "added" };
        let rate = rust_decimal::Decimal::new(sum.class.bp, 2).normalize();
        rows.push(Row::new(format!("{} {rate}%, {how}", at.store.tax_name), plain(sum.tax)));
    }
    if sale.tip > 0 {
        rows.push(Row::new(format!("Tip for {}", sale.staff_name), plain(sale.tip)));
    }
    if sale.rounding != 0 {
        rows.push(Row::new("Rounded to coins", plain(sale.rounding)));
    }
    if sale.change_given > 0 {
        rows.push(Row::new("Change given", plain(sale.change_given)));
    }
    Ok(rows)
}

fn sats(msat: i64) -> String {
    Msat::from_db(msat).map_or_else(|_| format!("{msat} msat"), |msat| msat.to_string())
}

fn attempt(at: &At, attempt: &Attempt, currency: &Currency) -> Trail {
    let local = at.local();
    let rail = attempt.rail.parse::<RailName>().map_or("Another rail", RailName::label);
    let mut facts = vec![Row::new("Outcome", attempt.state.clone())];
    if attempt.asked_msat > 0 {
        facts.push(Row::new("Asked", sats(attempt.asked_msat)));
        if attempt.expires_ms > 0 {
            facts.push(Row::new("Could be paid until", local.stamp(attempt.expires_ms)));
        }
        facts.push(Row::new("Last looked at", local.stamp(attempt.checked_ms)));
    }
    let quote = attempt.quote.as_deref().and_then(|text| serde_json::from_str::<Quote>(text).ok());
    if let Some(quote) = quote {
        facts.push(Row::new("1 BTC", quote.price_words()));
        facts.push(Row::new("Price by", quote.source.clone()));
        for leg in &quote.legs {
            let mut said = leg.sources.join(", ");
            if let Some(published) = &leg.published {
                said.push_str(&format!(", published {published}"));
            }
            facts.push(Row::new(
                format!("{} {}", leg.pair, leg.value.normalize()),
                format!("{said}, {}", local.stamp(leg.at.0)),
            ));
            for dropped in &leg.dropped {
                facts.push(Row::new("Left out", dropped.clone()));
            }
        }
    }
    facts.push(Row::new("Reference", attempt.reference.clone()));
    Trail {
        what: format!("{rail}, {}", currency.write(attempt.amount)),
        when: local.stamp(attempt.offered_ms),
        facts,
        give_up: (attempt.state == "unknown")
            .then(|| at.path(&format!("/sales/{}/offers/{}/give-up", attempt.sale_id, attempt.id))),
    }
}

fn payment(at: &At, payment: &Payment, currency: &Currency) -> Trail {
    let local = at.local();
    let mut facts = vec![Row::new("To the sale", currency.write(payment.credited))];
    if payment.msat > 0 {
        facts.insert(0, Row::new("Arrived", sats(payment.msat)));
    }
    if payment.owed > 0 || payment.owed_msat > 0 {
        let given = match payment.given_back_ms {
            Some(at_ms) => format!(", given back {}", local.stamp(at_ms)),
            None => ", not given back yet".into(),
        };
        let owed = format!("{}{given}", currency.write(payment.owed));
        facts.push(Row::new("The payer’s", owed));
    }
    if let Some(at_ms) = payment.gone_ms {
        facts.push(Row::new("Taken back", local.stamp(at_ms)));
    }
    facts.push(Row::new("Reference", payment.reference.clone()));
    Trail { what: tender(payment), when: local.stamp(payment.paid_ms), facts, give_up: None }
}

fn postings(at: &At, booked: &[BookedRow], currency: &Currency) -> Vec<Trail> {
    let mut trails: Vec<(String, Trail)> = Vec::new();
    for row in booked {
        let amount = match row.unit.as_str() {
            MSAT => sats(row.amount),
            _ => currency.write(row.amount),
        };
        let fact = Row::new(format!("{} {}", row.side, row.account), amount);
        match trails.last_mut().filter(|(id, _)| *id == row.posting_id) {
            Some((_, trail)) => trail.facts.push(fact),
            None => trails.push((
                row.posting_id.clone(),
                Trail {
                    what: happened(&row.reason).into(),
                    when: at.local().stamp(row.at_ms),
                    facts: vec![fact],
                    give_up: None,
                },
            )),
        }
    }
    trails.into_iter().map(|(_, trail)| trail).collect()
}

/// An event's kind in words.
fn happened(kind: &str) -> &str {
    match kind {
        "sale.opened" => "Charged",
        "offer.made" => "Code shown",
        "offer.none" => "No code could be made",
        "offer.open" => "Payment given up on its way",
        "offer.expired" => "Time ran out",
        "offer.cancelled" => "Code taken back",
        "offer.unknown" => "Outcome not known",
        "offer.given-up" => "Given up by the owner",
        "payment.seen" => "Payment seen, not final",
        "payment.arrived" => "Payment arrived",
        "payment.added" => "Late payment added",
        "payment.given-back" => "Given back in cash",
        "payment.found" => "Found",
        "payment.gone" => "Taken back: it counts no more",
        "lost.ended" => "An unanswered code is done with",
        "cash.taken" => "Cash taken",
        "sale.paid" => "Paid",
        "sale.reopened" => "Open again",
        "sale.voided" => "Cancelled",
        other => other,
    }
}
