//! `make bench`: the tables of speed, weight and memory, on both databases.
//!
//! Each line says where it was measured: in our process, where HTTP is not the point, or on the real
//! release binary over HTTP. All runs on one machine, clients and nodes included.

mod binary;
// The same chip that the tests hold the server to.
#[allow(dead_code, clippy::unwrap_used)]
#[path = "../../card/chip.rs"]
mod chip;
mod database;
mod house;
mod http;
mod measure;
mod sheet;
mod shop;
mod tables;
mod tablet;

use std::io::Write as _;

use anyhow::{Context, Result};
use pos_server::db::Db;

use binary::Binary;
use database::Database;
use house::House;
use sheet::Sheet;
use shop::Shop;
use tables::{btcpay, charge, commits, events, life, lnd, pages, taps};
use tablet::Tablet;

const TILLS: usize = 16;

#[tokio::main]
async fn main() -> Result<()> {
    let provider = rustls::crypto::ring::default_provider().install_default();
    anyhow::ensure!(provider.is_ok(), "TLS was set up twice");
    let begun = std::time::Instant::now();
    let mut sheet = Sheet::default();
    for database in [Database::sqlite()?, Database::postgres("parts").await?] {
        parts(&mut sheet, &database).await.context("in process")?;
    }
    for database in [Database::sqlite()?, Database::postgres("cut_off").await?] {
        cut_off(&mut sheet, &database).await.context("without rate sources")?;
    }
    for database in [Database::sqlite()?, Database::postgres("binary").await?] {
        whole(&mut sheet, &database).await.context("over HTTP")?;
    }
    sheet.note(format!("measured in {} s", begun.elapsed().as_secs()));
    let text = sheet.text();
    std::fs::create_dir_all("target")?;
    std::fs::write("target/bench.md", &text)?;
    std::io::stdout().write_all(text.as_bytes())?;
    if !sheet.passes() {
        eprintln!("bench: something is over its target");
    }
    Ok(())
}

/// What is measured on the server's parts in our process.
async fn parts(sheet: &mut Sheet, database: &Database) -> Result<()> {
    let house = House::open(database, &[]).await?;
    let mut shop = Shop::find(&house.app.db, TILLS).await?;
    events::fill(sheet, database, &house, &shop, "the practice node has the money").await?;
    commits::fill(sheet, database, &house, &shop).await?;
    charge::node(sheet, database, &house).await?;
    taps::fill(sheet, database, &house, &shop).await?;
    lnd::fill(sheet, database, &house, &mut shop).await?;
    btcpay::fill(sheet, database, &house, &mut shop).await?;
    house.close().await;
    Ok(())
}

/// The same while no source of rates can be reached.
async fn cut_off(sheet: &mut Sheet, database: &Database) -> Result<()> {
    let house = House::open(database, &events::nowhere()?).await?;
    let mut shop = Shop::find(&house.app.db, 1).await?;
    events::last_heard(&house, &mut shop).await?;
    house.close().await;
    // A restart, so that the prices come from the database.
    let house = House::open(database, &events::nowhere()?).await?;
    events::fill(sheet, database, &house, &shop, "the same, no rate source can be reached").await?;
    house.close().await;
    Ok(())
}

/// What is measured on the real binary.
async fn whole(sheet: &mut Sheet, database: &Database) -> Result<()> {
    let server = Binary::start(database).await?;
    let db = Db::open(&database.url).await?;
    let shop = Shop::find(&db, TILLS).await?;
    let mut tablets = Vec::new();
    for tablet in shop.tablets(&db).await? {
        tablets.push(Tablet::new(&server.url, tablet, &shop.cart).await?);
    }
    db.close().await;
    pages::weigh(sheet, database, &tablets[0].browser).await?;
    let mut tablets = life::sell(sheet, database, &server, tablets).await?;
    pages::fill(sheet, database, &mut tablets[0]).await?;
    charge::fill(sheet, database, &tablets[0]).await?;
    server.stop().await?;
    life::starts(sheet, database).await
}
