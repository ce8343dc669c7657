//! Selling through BTCPay: webhooks taken beside raw commits, from BTCPay's word to the till, and
//! what a sale adds to the time that BTCPay takes for an invoice. BTCPay is the stand-in.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use btcpay_bridge::{SIGNATURE_HEADER, Secret};
use btcpay_client::webhook::sign;
use btcpay_stand_in::{Btcpay, Options, Pay};
use pos_server::access::practice;
use pos_server::db::connection::Connection;
use pos_server::domain::id::ConnectionId;
use pos_server::rail::btcpay::{BtcpayChoices, BtcpaySecrets, desk};
use pos_server::rails::secrets_purpose;
use pos_server::till::make::trial;

use super::commits::{Cashier, Raw, SPAN};
use crate::database::Database;
use crate::house::House;
use crate::http::Browser;
use crate::measure::{Client, Pile, times, together};
use crate::sheet::{Figure, Place, Sheet, Target, Via};
use crate::shop::{Shop, now};
use crate::tablet::Tablet;

const TITLE: &str = "The shop's BTCPay";
const PAIRS: usize = 100;
const PAID: usize = 30;
const MANY: usize = 16;

/// BTCPay, which sends one event after the other.
struct Sender {
    browser: Browser,
    path: String,
    secret: Secret,
}

impl Client for Sender {
    async fn act(&mut self) -> Result<()> {
        let id = uuid::Uuid::now_v7();
        let body = format!(
            "{{ \"deliveryId\": \"{id}\", \"webhookId\": \"w\", \"originalDeliveryId\": \"{id}\", \
             \"isRedelivery\": false, \"type\": \"InvoiceCreated\", \"timestamp\": 1795000000, \
             \"storeId\": \"elsewhere\", \"invoiceId\": \"none\" }}"
        );
        let signature = sign(&self.secret, body.as_bytes());
        let headers = [(SIGNATURE_HEADER, signature.as_str())];
        let answer = self.browser.send_json(&self.path, &headers, body).await?;
        ensure!(answer.status.is_success(), "a webhook was answered by {}", answer.status);
        Ok(())
    }
}

/// Fills the table for one database: the shop goes over to BTCPay.
pub(crate) async fn fill(
    sheet: &mut Sheet,
    database: &Database,
    house: &House,
    shop: &mut Shop,
) -> Result<()> {
    let btcpay = Btcpay::start(Options::default()).await?;
    let (id, secret) = connect(house, shop, &btcpay).await?;
    let path = format!("/hooks/btcpay/{id}");
    for count in [1, MANY] {
        let raws = (0..count).map(|_| Raw(house.app.db.clone())).collect();
        let (done, _) = together(raws, SPAN, usize::MAX).await?;
        let clients = if count == 1 { "1 client".into() } else { format!("{count} clients") };
        let what = format!("small durable commits, {clients}");
        let place = Place { table: TITLE, what: &what, via: Via::Parts, target: Target::None };
        sheet.put(place, database.column, Figure::rate(done.per_second()));
        let sender = || Sender {
            browser: Browser::new(&house.url, ""),
            path: path.clone(),
            secret: secret.clone(),
        };
        let (done, _) = together((0..count).map(|_| sender()).collect(), SPAN, usize::MAX).await?;
        let what = format!("webhooks taken, {clients}");
        let place = Place { table: TITLE, what: &what, via: Via::Both, target: Target::None };
        sheet.put(place, database.column, Figure::rate(done.per_second()));
    }
    opened(sheet, database, house, shop, &id).await?;
    paid(sheet, database, house, shop, &btcpay).await?;
    ensure!(btcpay.faults().is_empty(), "{:?}", btcpay.faults());
    Ok(())
}

async fn connect(
    house: &House,
    shop: &mut Shop,
    btcpay: &Btcpay,
) -> Result<(ConnectionId, Secret)> {
    let app = &house.app;
    let id = ConnectionId::new();
    let secret = Secret::new("a secret of the bench");
    let (key, store) = (Secret::new(btcpay.owner_key()), btcpay.store_id());
    let hook = format!("{}/hooks/btcpay/{id}", house.url);
    let webhook = desk(&btcpay.url(), &store, &key, true)?.install_webhook(&hook, &secret).await?;
    let secrets = BtcpaySecrets {
        address: btcpay.url(),
        store,
        key,
        webhook: Some(webhook),
        hook_secrets: vec![secret.clone()],
        choices: BtcpayChoices::default(),
    };
    let sealed = app.seal.seal(&secrets_purpose(&id), &serde_json::to_vec(&secrets)?)?;
    let connection = Connection {
        id: id.clone(),
        rail: "btcpay".into(),
        money: "real".into(),
        secrets: Some(sealed),
        label: "BTCPay".into(),
        add_index: now().0 / 1000,
        ..practice::connection(&shop.store)
    };
    shop.connect(app, &connection).await?;
    Ok((id, secret))
}

async fn opened(
    sheet: &mut Sheet,
    database: &Database,
    house: &House,
    shop: &Shop,
    id: &ConnectionId,
) -> Result<()> {
    let rail = house.app.rails.get(id.as_str()).context("BTCPay is not connected")?.rail;
    let cashier = Cashier::new(house, shop, 0);
    let (mut alone, mut opened) = (Pile::default(), Pile::default());
    // In turns, so that whatever else the machine does meets both.
    for _ in 0..PAIRS {
        let ask = trial(&shop.store).map_err(anyhow::Error::msg)?;
        alone.add(times(1, async |_| Ok(rail.offer(&ask).await?)).await?);
        opened.add(times(1, async |_| cashier.open().await).await?);
    }
    let place = Place { table: TITLE, what: "", via: Via::Parts, target: Target::None };
    let percents = [(50, Target::None), (95, Target::None)];
    let what = "an invoice made and read";
    sheet.put_pile(Place { what, ..place }, database.column, &alone, &percents);
    let what = "a sale opened with it";
    sheet.put_pile(Place { what, ..place }, database.column, &opened, &percents);
    let place = Place { what: "our share of that, p50", ..place };
    let ours = opened.at(50).saturating_sub(alone.at(50));
    sheet.put(place, database.column, Figure::span(ours));
    Ok(())
}

/// From BTCPay's payment, by its webhook and our look at the invoice, to the event at the till.
async fn paid(
    sheet: &mut Sheet,
    database: &Database,
    house: &House,
    shop: &Shop,
    btcpay: &Btcpay,
) -> Result<()> {
    let tablet = shop.tablets(&house.app.db).await?.swap_remove(0);
    let tablet = Tablet::new(&house.url, tablet, &shop.cart).await?;
    let mut pile = Pile::default();
    for _ in 0..PAID {
        let sale = tablet.open().await?;
        let invoice = sale.invoice.split("lightning=").last().unwrap_or_default().to_lowercase();
        let live = format!("{}/live?after={}", sale.path, sale.seq);
        let mut events = tablet.browser.events(&live, sale.seq).await?;
        let begun = Instant::now();
        btcpay.pay_lightning(&invoice, Pay::Exact).map_err(|error| anyhow::anyhow!("{error}"))?;
        let told = events.until("\"view\":\"paid\"");
        tokio::time::timeout(Duration::from_secs(20), told).await??;
        pile.push(begun.elapsed());
    }
    let what = "BTCPay has the money → event at the till";
    let place = Place { table: TITLE, what, via: Via::Both, target: Target::None };
    let percents = [(50, Target::None), (95, Target::None)];
    sheet.put_pile(place, database.column, &pile, &percents);
    Ok(())
}
