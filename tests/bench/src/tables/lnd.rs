//! What a sale adds to the time that the shop's real LND takes for an invoice.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use futures_util::StreamExt;
use pos_server::access::practice;
use pos_server::db::connection::Connection;
use pos_server::domain::money::Msat;
use pos_server::rail::bolt11::Invoice;
use pos_server::rail::lnd::{Lnd, LndSecrets};
use pos_server::rail::{Ask, Cursor, Notice, Rail};
use pos_server::rails::secrets_purpose;

use super::commits::Cashier;
use crate::database::Database;
use crate::house::House;
use crate::measure::{Pile, times};
use crate::sheet::{Figure, Place, Sheet, Target, Via};
use crate::shop::Shop;
use crate::tablet::Tablet;

const TITLE: &str = "The shop's LND";
const PAIRS: usize = 200;
const PAID: usize = 30;

/// The stack's LND with a till's rights, if the stack has one.
fn secrets() -> Result<Option<LndSecrets>> {
    let Ok(address) = std::env::var("SHOP_LND_ADDRESS") else { return Ok(None) };
    let file = |name| Ok::<_, anyhow::Error>(std::fs::read(std::env::var(name)?)?);
    let (cert, macaroon) = (file("SHOP_LND_CERT")?, file("SHOP_LND_MACAROON")?);
    Ok(Some(LndSecrets::from_files(&address, Some(&cert), &macaroon)?))
}

/// Fills the table for one database: the shop goes from practice to its LND.
pub(crate) async fn fill(
    sheet: &mut Sheet,
    database: &Database,
    house: &House,
    shop: &mut Shop,
) -> Result<()> {
    let Some(secrets) = secrets()? else {
        sheet.note("no LND is running here: that table is missing".into());
        return Ok(());
    };
    connect(house, shop, &secrets).await?;
    let lnd = Lnd::new(&secrets)?;
    let (amount, expires_in) = (Msat::new(14_595_000)?, Duration::from_secs(600));
    let ask = Ask::plain(amount, &shop.store.name, expires_in);
    let request = lnd.offer(&ask).await?.request.context("an invoice")?;
    let read = times(PAIRS, async |_| Ok(Invoice::read(&request)?)).await?;
    let cashier = Cashier::new(house, shop, 0);
    let (mut alone, mut opened) = (Pile::default(), Pile::default());
    // In turns, so that whatever else the machine does meets both.
    for _ in 0..PAIRS {
        alone.add(times(1, async |_| Ok(lnd.offer(&ask).await?)).await?);
        opened.add(times(1, async |_| cashier.open().await).await?);
    }
    let place = Place { table: TITLE, what: "", via: Via::Parts, target: Target::None };
    let percents = [(50, Target::None), (95, Target::None)];
    let what = "AddInvoice, answer checked";
    sheet.put_pile(Place { what, ..place }, database.column, &alone, &percents);
    let what = "a sale opened with it";
    sheet.put_pile(Place { what, ..place }, database.column, &opened, &percents);
    let added = opened.at(50).saturating_sub(alone.at(50)) + read.at(50);
    let what = "added to LND's own time, our check of its answer too, p50";
    let place = Place { what, target: Target::Most(5.0), ..place };
    sheet.put(place, database.column, Figure::span(added));
    events(sheet, database, house, shop, &lnd).await
}

/// Puts the LND in the practice node's place, at a price that stands still.
async fn connect(house: &House, shop: &mut Shop, secrets: &LndSecrets) -> Result<()> {
    let app = &house.app;
    let id = pos_server::domain::id::ConnectionId::new();
    let sealed = app.seal.seal(&secrets_purpose(&id), &serde_json::to_vec(secrets)?)?;
    let connection = Connection {
        id: id.clone(),
        rail: "lnd".into(),
        place: 1,
        money: "real".into(),
        secrets: Some(sealed),
        label: "LND".into(),
        ..practice::connection(&shop.store)
    };
    shop.connect(app, &connection).await
}

/// From LND's word, heard on a stream of our own, to the event at the till.
async fn events(
    sheet: &mut Sheet,
    database: &Database,
    house: &House,
    shop: &Shop,
    lnd: &Lnd,
) -> Result<()> {
    let tablet = shop.tablets(&house.app.db).await?.swap_remove(0);
    let tablet = Tablet::new(&house.url, tablet, &shop.cart).await?;
    let control = std::env::var("STACK_CONTROL")?;
    let mut notices = lnd.notices(Cursor::default());
    let mut pile = Pile::default();
    for _ in 0..PAID {
        let sale = tablet.open().await?;
        let hash = Invoice::read(&sale.invoice.to_lowercase())?.payment_hash;
        let live = format!("{}/live?after={}", sale.path, sale.seq);
        let mut events = tablet.browser.events(&live, sale.seq).await?;
        let word = async {
            loop {
                let told = notices.next().await.context("the stream ended")??;
                if matches!(told.notice, Notice::Paid(paid) if paid.offer == hash) {
                    return Ok::<_, anyhow::Error>(Instant::now());
                }
            }
        };
        let till = async {
            events.until("\"view\":\"paid\"").await?;
            Ok(Instant::now())
        };
        let (address, invoice) = (format!("{control}/pay"), sale.invoice.to_lowercase());
        let pay = crate::http::post(&address, &invoice);
        let (word, till, ()) = tokio::try_join!(word, till, pay)?;
        pile.push(till.saturating_duration_since(word));
    }
    let what = "LND says settled → event at the till";
    let place = Place { table: TITLE, what, via: Via::Both, target: Target::None };
    let percents = [(50, Target::Most(20.0)), (95, Target::Most(50.0))];
    sheet.put_pile(place, database.column, &pile, &percents);
    Ok(())
}
