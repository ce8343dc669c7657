//! The list of all sales of a store.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use super::desk::{At, page};
use crate::app::App;
use crate::db::sale::Sale;
use crate::db::till::Till;
use crate::domain::cart::Priced;
use crate::domain::id::SaleId;
use crate::receipt::number;
use crate::web::error::WebError;
use crate::web::known::badge::badge;
use crate::web::known::{Facts, found, shows, tenders, with_stories};
use crate::web::next::encode;
use crate::web::page::dashboard::desk::Section;
use crate::web::page::dashboard::sales::{SaleLine, SalesHtml};
use crate::web::page::recent::Filter;

/// Sales on a page.
const PAGE: usize = 50;
/// At most this many are looked through for one page; older ones wait behind the next.
const LOOKED_THROUGH: usize = 1_000;
const BATCH: i64 = 200;

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Looking {
    #[serde(default)]
    q: String,
    #[serde(default)]
    show: String,
    /// The last sale of the page before.
    #[serde(default)]
    before: String,
}

/// `GET /dashboard/{store}/sales`
pub(super) async fn show(
    State(app): State<Arc<App>>,
    at: At,
    Query(looking): Query<Looking>,
) -> Result<Response, WebError> {
    let tills = app.db.tills(&at.store.id).await?;
    let mut before: Option<SaleId> = match looking.before.as_str() {
        "" => None,
        id => Some(id.parse().map_err(|_| WebError::NotFound)?),
    };
    let (mut shown, mut looked, mut more) = (Vec::new(), 0, true);
    while more && shown.len() < PAGE && looked < LOOKED_THROUGH {
        let sales = app.db.sales_of_store(&at.store.id, before.as_ref(), BATCH).await?;
        more = sales.len() == usize::try_from(BATCH).unwrap_or(usize::MAX);
        for facts in with_stories(&app, sales).await? {
            if shown.len() == PAGE {
                more = true;
                break;
            }
            looked += 1;
            before = Some(facts.sale.id.clone());
            let title = title(&tills, &facts.sale);
            if shows(&looking.show, &facts) && found(&facts, &title, &looking.q) {
                shown.push(line(&at, &tills, &facts)?);
            }
        }
    }
    let address = |before: &SaleId| {
        let (show, q) = (encode(&looking.show), encode(&looking.q));
        at.path(&format!("/sales?show={show}&q={q}&before={before}"))
    };
    let html = SalesHtml {
        shell: at.shell("Sales"),
        desk: at.desk(Section::Sales, "Sales", None),
        filters: filters(&at, &looking.show),
        older: before.as_ref().filter(|_| more).map(address),
        sales: shown,
        query: looking.q.clone(),
        show: looking.show.clone(),
    };
    page(&html)
}

fn filters(at: &At, show: &str) -> Vec<Filter> {
    [("all", "All"), ("paid", "Paid"), ("waiting", "Waiting"), ("look", "Needs a look")]
        .into_iter()
        .map(|(name, words)| Filter {
            words: words.into(),
            href: at.path(&format!("/sales?show={name}")),
            on: name == show || (name == "all" && show.is_empty()),
        })
        .collect()
}

fn till_of<'a>(tills: &'a [Till], sale: &Sale) -> Option<&'a Till> {
    tills.iter().find(|till| till.id == sale.till_id)
}

/// A sale's number, else its name, else that it has none.
pub(super) fn title(tills: &[Till], sale: &Sale) -> String {
    match (sale.receipt_number, till_of(tills, sale)) {
        (Some(paid), Some(till)) => number(&till.prefix, paid),
        _ if sale.name.is_empty() => "Sale without a number".into(),
        _ => sale.name.clone(),
    }
}

fn line(at: &At, tills: &[Till], facts: &Facts) -> Result<SaleLine, WebError> {
    let sale = &facts.sale;
    let currency = sale.currency()?;
    let priced: Priced = serde_json::from_str(&sale.cart)?;
    let count: i64 = priced.lines.iter().map(|line| line.quantity).sum();
    let items = format!("{count} item{}", if count == 1 { "" } else { "s" });
    let when = at.local().near(sale.opened_ms, facts.now.0);
    let till = till_of(tills, sale).map_or("", |till| till.name.as_str());
    Ok(SaleLine {
        href: at.path(&format!("/sales/{}", sale.id)),
        what: format!("{when} · {items}"),
        how: format!("{} · {till}, {} · {}", title(tills, sale), sale.staff_name, tenders(facts)),
        badge: badge(facts, &currency),
        amount: currency.write(sale.total.saturating_add(sale.rounding)),
    })
}
