//! From the moment a rail has the money to the moment a browser has the event that says so.

use std::net::TcpListener;
use std::time::Instant;

use anyhow::Result;
use pos_server::db::rate::{self, RateRow};
use pos_server::db::store::Store;
use pos_server::rail::sandbox::How;
use rust_decimal::Decimal;

use crate::database::Database;
use crate::house::House;
use crate::measure::Pile;
use crate::sheet::{Place, Sheet, Target, Via};
use crate::shop::{Shop, now};
use crate::tablet::Tablet;

const TITLE: &str = "Paid at the rail → event at the till";
const SALES: usize = 300;

/// Fills the table for one database.
pub(crate) async fn fill(
    sheet: &mut Sheet,
    database: &Database,
    house: &House,
    shop: &Shop,
    what: &str,
) -> Result<()> {
    let tablet = shop.tablets(&house.app.db).await?.swap_remove(0);
    let tablet = Tablet::new(&house.url, tablet, &shop.cart).await?;
    let node = house.node()?;
    let mut pile = Pile::default();
    for _ in 0..SALES {
        let sale = tablet.open().await?;
        let live = format!("{}/live?after={}", sale.path, sale.seq);
        let mut events = tablet.browser.events(&live, sale.seq).await?;
        let begun = Instant::now();
        node.pay(&sale.invoice, How::Exact)?;
        events.until("\"view\":\"paid\"").await?;
        pile.push(begun.elapsed());
    }
    let place = Place { table: TITLE, what, via: Via::Both, target: Target::None };
    let percents = [(50, Target::Most(20.0)), (95, Target::Most(50.0)), (99, Target::None)];
    sheet.put_pile(place, database.column, &pile, &percents);
    Ok(())
}

/// Every source of rates at a port where nobody listens.
pub(crate) fn nowhere() -> Result<Vec<String>> {
    let closed = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let sources = [
        "kraken",
        "coinbase",
        "bitstamp",
        "bitfinex",
        "er-api",
        "bank-of-jamaica",
        "bank-of-trinidad",
        "coinbase-cross",
        "currency-api",
    ];
    Ok(sources.iter().map(|name| format!("{name}=http://{closed}")).collect())
}

/// The store sells at the market's price, which was heard a moment ago and cannot be heard again;
/// the dollar rate is the merchant's own.
pub(crate) async fn last_heard(house: &House, shop: &mut Shop) -> Result<()> {
    let own = r#"{"own_dollar_rate":{"per_usd":"160.50","date":"2026-11-01"}}"#;
    let store = Store { rate_settings: own.into(), ..shop.store.clone() };
    let mut tx = house.app.db.begin().await?;
    tx.save_store(&store).await?;
    let at = now();
    for source in ["Kraken", "Coinbase", "Bitstamp", "Bitfinex"] {
        let price = Decimal::new(7_697_550, 2);
        let row = RateRow {
            source: source.into(),
            pair: "BTC/USD".into(),
            bid: price,
            ask: price + Decimal::ONE,
            at,
            stamped: true,
            moved_at: at,
            heard_at: at,
            published: None,
        };
        rate::save(&mut tx, &row).await?;
    }
    tx.commit().await?;
    shop.store = store.clone();
    shop.actors.iter_mut().for_each(|actor| actor.store = store.clone());
    Ok(())
}
