//! The overview.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::Response;

use super::desk::{At, page};
use super::health;
use crate::app::App;
use crate::db::payment::Payment;
use crate::db::report::{Hour, Span, Tender};
use crate::domain::money::Msat;
use crate::domain::time::Time;
use crate::rail::RailName;
use crate::web::error::WebError;
use crate::web::page::dashboard::chart::{self, Day};
use crate::web::page::dashboard::desk::Section;
use crate::web::page::dashboard::home::{Against, HomeHtml, Look, Share};
use crate::web::page::part::Row;

/// At most this many decisions are listed, and as much found money.
const LOOKS_MAX: i64 = 8;
/// Found money is news for a week; then it is on the list of sales alone.
const NEWS: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// At most this much found money is on the list of sales.
const FOUND_MAX: i64 = 50;

/// `GET /dashboard/{store}`
pub(super) async fn show(State(app): State<Arc<App>>, at: At) -> Result<Response, WebError> {
    let (now, local, store) = (app.now(), at.local(), &at.store);
    let day =
        |back| Span { from: local.day_start(now.0, back), until: local.day_start(now.0, back - 1) };
    let (today, week) = (day(0), day(7));
    let hours = app.db.taken_by_hour(&store.id, &store.money, today).await?;
    let then = app.db.taken_by_hour(&store.id, &store.money, week).await?;
    let tenders = app.db.taken_by_rail(&store.id, &store.money, today).await?;
    let tips = app.db.tips_by_staff(&store.id, &store.money, today).await?;
    let (taken, count) = totals(&hours);
    let elapsed = (now.0 - today.from.0) / 3_600_000;
    let weekday = local.weekday(now.0);
    let html = HomeHtml {
        shell: at.shell("Home"),
        desk: at.desk(Section::Home, &store.name, Some(local.day_and_time(now.0))),
        taken: at.money(taken),
        against: against(&at, taken, &then, elapsed, weekday),
        sales: sales_words(&at, count, taken),
        chart: chart::draw(
            &by_hour(&hours),
            &by_hour(&then),
            local.hour(now.0),
            at.currency.scale(),
            label(&at, &hours),
        ),
        then: (!then.is_empty()).then(|| format!("Last {weekday}")),
        look: looks(&app, &at).await?,
        health: health::of(&app, &at).await?,
        shares: shares(&at, &tenders),
        tips: at.money(tips.iter().map(|row| row.tips).sum()),
        tips_by: tips
            .iter()
            .map(|row| Row::new(row.staff_name.clone(), at.currency.write_plain(row.tips)))
            .collect(),
    };
    page(&html)
}

fn totals(hours: &[Hour]) -> (i64, i64) {
    (hours.iter().map(|hour| hour.taken).sum(), hours.iter().map(|hour| hour.sales).sum())
}

// A day of 25 hours shows its last in its 24th.
fn by_hour(hours: &[Hour]) -> Day {
    let mut day = [0; 24];
    for hour in hours {
        let place = usize::try_from(hour.hour.clamp(0, 23)).unwrap_or(0);
        day[place] += hour.taken;
    }
    day
}

/// Today so far against the same hours of the same day last week.
fn against(at: &At, taken: i64, then: &[Hour], elapsed: i64, weekday: &str) -> Option<Against> {
    let so_far: Vec<Hour> = then.iter().filter(|hour| hour.hour < elapsed).cloned().collect();
    let (before, _) = totals(&so_far);
    if before == 0 {
        return None;
    }
    let (ahead, by) = (taken >= before, taken.abs_diff(before));
    let by = at.money(i64::try_from(by).unwrap_or(i64::MAX));
    Some(Against {
        words: format!("{by} {}", if ahead { "ahead" } else { "behind" }),
        of: format!("of last {weekday}"),
        ahead,
    })
}

fn sales_words(at: &At, count: i64, taken: i64) -> String {
    match count {
        0 => "No sales yet".into(),
        1 => "1 sale".into(),
        count => format!("{count} sales, {} each", at.money(taken / count)),
    }
}

fn label(at: &At, hours: &[Hour]) -> String {
    match hours.iter().max_by_key(|hour| hour.taken) {
        None => "Sales by hour. Nothing was sold today yet.".into(),
        Some(best) => format!(
            "Sales by hour. Busiest so far: {} to {} o’clock, {}.",
            best.hour,
            best.hour + 1,
            at.money(best.taken)
        ),
    }
}

fn shares(at: &At, tenders: &[Tender]) -> Vec<Share> {
    let whole: i64 = tenders.iter().map(|tender| tender.taken).sum();
    let mut shares: Vec<(&'static str, i64)> = Vec::new();
    for tender in tenders {
        let name = tender.rail.parse::<RailName>().map_or("Other", RailName::label);
        match shares.iter_mut().find(|share| share.0 == name) {
            Some(share) => share.1 += tender.taken,
            None => shares.push((name, tender.taken)),
        }
    }
    shares
        .into_iter()
        .map(|(name, taken)| Share {
            name,
            amount: at.money(taken),
            percent: taken.saturating_mul(100).checked_div(whole).unwrap_or(0),
        })
        .collect()
}

async fn looks(app: &App, at: &At) -> Result<Vec<Look>, WebError> {
    let mut looks = Vec::new();
    let (unknown, amount) = app.db.unknown_offers(&at.store.id).await?;
    if unknown > 0 {
        looks.push(Look {
            href: at.path("/sales?show=look"),
            class: "doubt",
            icon: "ask",
            what: format!("{unknown} not known yet, {}", at.money(amount)),
            why: "We keep asking the node. Nothing to do but wait.".into(),
        });
    }
    let now = app.now();
    let mut payments = app.db.money_to_look_at(&at.store.id, LOOKS_MAX).await?;
    payments.extend(app.db.found_money(&at.store.id, now.before(NEWS), LOOKS_MAX).await?);
    for payment in payments {
        looks.push(look(at, &payment, now.0)?);
    }
    Ok(looks)
}

/// Money that came for no sale.
pub(super) async fn found(app: &App, at: &At) -> Result<Vec<Look>, WebError> {
    let found = app.db.found_money(&at.store.id, Time(0), FOUND_MAX).await?;
    found.iter().map(|payment| look(at, payment, app.now().0)).collect()
}

fn look(at: &At, payment: &Payment, now: i64) -> Result<Look, WebError> {
    let when = at.local().near(payment.received_ms, now);
    let msat = Msat::from_db(payment.msat).map_err(WebError::internal)?;
    let owed_msat = Msat::from_db(payment.owed_msat).map_err(WebError::internal)?;
    let owed = if payment.owed > 0 { at.money(payment.owed) } else { owed_msat.to_string() };
    let (what, why) = match payment.kind.as_str() {
        "found" => (
            format!("{msat} found"),
            format!("Came {when} for no sale of ours. It is on your node; ask who paid it."),
        ),
        "late" => (
            format!("{owed} paid late"),
            format!("Came {when}, after time ran out. Add it to the sale or give it back."),
        ),
        // The merchant's own mark brought no money.
        "gone" if payment.msat == 0 => (
            "Marked paid, and not any more".to_owned(),
            format!("Marked {when}. The sale is not paid: ask for it again."),
        ),
        "gone" => (
            format!("{msat} taken back"),
            format!("Came {when}, and counts no more. The sale is not paid: ask for it again."),
        ),
        "extra" => {
            (format!("{owed} paid again"), format!("Came {when}. Give it back at the till."))
        }
        _ => (format!("{owed} too much"), format!("Came {when}. Give it back at the till.")),
    };
    let path = payment.sale_id.as_ref().map(|sale| format!("/sales/{sale}"));
    Ok(Look {
        href: at.path(&path.unwrap_or_else(|| "/lightning#found".into())),
        class: "warn",
        icon: "alert",
        what,
        why,
    })
}
