//! What this till sold lately.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Html;
use serde::Deserialize;

use super::bar::{bar, shell};
use crate::app::App;
use crate::db::DbError;
use crate::domain::cart::Priced;
use crate::domain::local::Local;
use crate::domain::time::Time;
use crate::receipt::number;
use crate::till::Actor;
use crate::web::error::WebError;
use crate::web::known::badge::{badge, waits, wants_a_look};
use crate::web::known::{Facts, found, shows, tender, tenders, with_stories};
use crate::web::page::part::Row;
use crate::web::page::recent::{Chosen, Filter, RecentHtml, RecentSale};
use crate::web::who::Cashier;

/// At most this many sales are looked through.
const SALES_MAX: i64 = 200;
/// At most this many are shown.
const SHOWN_MAX: usize = 60;

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Looking {
    #[serde(default)]
    q: String,
    #[serde(default)]
    show: String,
    #[serde(default)]
    chosen: String,
}

/// `GET /till/recent`
pub(super) async fn page(
    State(app): State<Arc<App>>,
    cashier: Cashier,
    Query(looking): Query<Looking>,
) -> Result<Html<String>, WebError> {
    let csrf = cashier.device.session.csrf.clone();
    let actor = super::actor(cashier);
    let mut all = read(&app, &actor).await?;
    let nothing = nothing(&looking.q, all.len());
    if let Some(number) = asked(&actor, &looking.q)
        && !all.iter().any(|facts| facts.sale.receipt_number == Some(number))
    {
        let older = app.db.sale_by_receipt(&actor.till.id, number).await?;
        all.extend(with_stories(&app, older.into_iter().collect()).await?);
    }
    let to_look_at = all.iter().filter(|facts| wants_a_look(facts)).count();
    let shown: Vec<&Facts> = all
        .iter()
        .filter(|facts| shows(&looking.show, facts))
        .filter(|facts| found(facts, &title(&actor, facts), &looking.q))
        .take(SHOWN_MAX)
        .collect();
    let by_hand = shown.iter().find(|facts| facts.sale.id.as_str() == looking.chosen);
    let chosen = by_hand.or(shown.first()).copied();
    let mut sales = Vec::new();
    for facts in &shown {
        let on = chosen.is_some_and(|one| one.sale.id == facts.sale.id);
        sales.push(line(&actor, facts, on, &looking)?);
    }
    let page = RecentHtml {
        shell: shell(&actor, "Recent sales"),
        bar: bar(&app, &actor, &csrf).await?,
        filters: filters(&looking.show, to_look_at),
        by_hand: by_hand.is_some(),
        chosen: chosen.map(|facts| detail(&actor, facts)).transpose()?,
        sales,
        nothing,
        back: format!("/till/recent?{}", super::narrowed(&looking.show, &looking.q)),
        query: looking.q,
        show: if looking.show.is_empty() { "all".into() } else { looking.show },
    };
    Ok(Html(page.render()?))
}

async fn read(app: &App, actor: &Actor) -> Result<Vec<Facts>, DbError> {
    let sales = app.db.sales_of_till(&actor.till.id, Time(i64::MAX), SALES_MAX).await?;
    with_stories(app, sales).await
}

/// The receipt number that is asked for: `C1-00042`, or its number alone.
fn asked(actor: &Actor, query: &str) -> Option<i64> {
    let (prefix, number) = query.trim().split_once('-').unwrap_or(("", query.trim()));
    let ours = prefix.is_empty() || prefix.eq_ignore_ascii_case(&actor.till.prefix);
    number.parse().ok().filter(|_| ours)
}

/// What is said when nothing was found among so many.
fn nothing(query: &str, among: usize) -> String {
    if query.is_empty() {
        return "No sales yet.".into();
    }
    match usize::try_from(SALES_MAX) {
        Ok(most) if among >= most => {
            format!("Nothing called “{query}” among the last {most} sales.")
        }
        _ => format!("Nothing called “{query}”."),
    }
}

fn filters(show: &str, to_look_at: usize) -> Vec<Filter> {
    let look =
        if to_look_at == 0 { "Needs a look".into() } else { format!("Needs a look: {to_look_at}") };
    [("all", "All".into()), ("paid", "Paid".into()), ("waiting", "Waiting".into()), ("look", look)]
        .into_iter()
        .map(|(name, words): (&str, String)| Filter {
            words,
            href: format!("/till/recent?show={name}"),
            on: name == show || (name == "all" && show.is_empty()),
        })
        .collect()
}

fn title(actor: &Actor, facts: &Facts) -> String {
    match facts.sale.receipt_number {
        Some(paid) => number(&actor.till.prefix, paid),
        None if facts.sale.name.is_empty() => "Sale without a number".into(),
        None => facts.sale.name.clone(),
    }
}

fn line(
    actor: &Actor,
    facts: &Facts,
    chosen: bool,
    looking: &Looking,
) -> Result<RecentSale, WebError> {
    let sale = &facts.sale;
    let currency = sale.currency()?;
    let priced: Priced = serde_json::from_str(&sale.cart)?;
    let count: i64 = priced.lines.iter().map(|line| line.quantity).sum();
    let items = format!("{count} item{}", if count == 1 { "" } else { "s" });
    let what = if sale.name.is_empty() { items } else { sale.name.clone() };
    let show = super::narrowed(&looking.show, &looking.q);
    Ok(RecentSale {
        href: format!("/till/recent?{show}chosen={}", sale.id),
        what: format!("{} · {what}", Local::new(&actor.store.time_zone).time(sale.opened_ms)),
        how: match sale.receipt_number {
            Some(_) => format!("{} · {}", title(actor, facts), tenders(facts)),
            None => tenders(facts),
        },
        badge: badge(facts, &currency),
        amount: currency.write(sale.total.saturating_add(sale.rounding)),
        chosen,
    })
}

fn detail(actor: &Actor, facts: &Facts) -> Result<Chosen, WebError> {
    let sale = &facts.sale;
    let currency = sale.currency()?;
    let priced: Priced = serde_json::from_str(&sale.cart)?;
    let plain = |minor: i64| currency.write_plain(minor);
    let mut lines: Vec<Row> = priced
        .lines
        .iter()
        .map(|line| {
            let gross = line.unit.saturating_mul(line.quantity);
            Row::new(format!("{} {}", line.quantity, line.name), plain(gross))
        })
        .collect();
    if priced.discounted > 0 {
        lines.push(Row::new("Discount", plain(-priced.discounted)));
    }
    for sum in priced.taxes.iter().filter(|sum| !sum.class.inclusive && sum.tax > 0) {
        lines.push(Row::new(actor.store.tax_name.clone(), plain(sum.tax)));
    }
    if sale.tip > 0 {
        lines.push(Row::new(format!("Tip for {}", sale.staff_name), plain(sale.tip)));
    }
    if sale.rounding != 0 {
        lines.push(Row::new("Rounded to coins", plain(sale.rounding)));
    }
    let tenders = facts.payments.iter().map(|payment| {
        let label = match crate::domain::money::Msat::from_db(payment.msat) {
            Ok(msat) if payment.msat > 0 => format!("{}, {msat}", tender(payment)),
            _ => tender(payment),
        };
        Row::new(label, plain(payment.credited))
    });
    let mut when = vec![Local::new(&actor.store.time_zone).today(sale.opened_ms, facts.now.0)];
    when.push(sale.staff_name.clone());
    if !sale.name.is_empty() {
        when.push(sale.name.clone());
    }
    Ok(Chosen {
        title: title(actor, facts),
        badge: badge(facts, &currency),
        when: when.join(", "),
        lines,
        tenders: tenders.collect(),
        total: currency.write(sale.total.saturating_add(sale.rounding)),
        settled: sale.state == "paid",
        open: (waits(facts) || wants_a_look(facts)).then(|| format!("/till/sales/{}", sale.id)),
        receipt: sale.receipt_number.map(|_| format!("/r/{}", sale.receipt_token)),
    })
}
