//! Flash Cards: how fast a tap is proven, paid and answered, and that a million taps which no chip
//! made just now move nothing.

use std::collections::VecDeque;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Result, ensure};
use pos_server::access::token;
use pos_server::app::App;
use pos_server::card::{BadTap, CardKeys, IssuerKey, Scheme, Tap, program};
use pos_server::db::card::CardSetup;
use pos_server::domain::id::SaleId;
use pos_server::till::card::{self, Tapped};
use pos_server::till::once::Once;
use pos_server::till::{Actor, TillError};

use super::commits::{Cashier, Raw, SPAN};
use crate::chip::Chip;
use crate::database::Database;
use crate::house::House;
use crate::measure::{Client, Done, Pile, together};
use crate::sheet::{Figure, Place, Sheet, Target, Via};
use crate::shop::{Shop, now};
use crate::tablet::Tablet;

const TITLE: &str = "Flash Cards";
const MANY: usize = 16;
/// Sales that wait for one client's taps.
const WAITING: [(usize, usize); 2] = [(1, 900), (MANY, 150)];
const REPLAYED: usize = 2_000;
const FORGED: usize = 1_000_000 - REPLAYED;
const ANSWERED: usize = 100;
/// Millisatoshi that no tap of this table reaches.
const HIGH: i64 = 1_000_000_000_000;

/// A customer with a card, at a till whose sales wait for it.
struct Holder {
    app: Arc<App>,
    actor: Actor,
    chip: Chip,
    /// How often it was held to a reader.
    taps: u32,
    waiting: VecDeque<SaleId>,
}

impl Holder {
    async fn new(house: &House, shop: &Shop, place: usize, sales: usize) -> Result<Self> {
        let (app, actor) = (house.app.clone(), shop.actors[place].clone());
        let mut holder =
            Self { chip: chip(&app, &actor).await?, app, actor, taps: 0, waiting: VecDeque::new() };
        let link = holder.tap();
        let once = Once::new("top-up", &key(), &[&link])?;
        let cash = holder.actor.store.sale_cap;
        card::top_up(&holder.app, &holder.actor, cash, &link, &once).await?;
        let cashier = Cashier::new(house, shop, place);
        for _ in 0..sales {
            holder.waiting.push_back(cashier.open().await?);
        }
        Ok(holder)
    }

    fn tap(&mut self) -> String {
        self.taps += 1;
        self.chip.tap()
    }

    async fn pay(&self, sale: &SaleId, link: &str) -> Result<(), TillError> {
        let once = Once::new("tap", &key(), &[sale.as_str(), link])?;
        card::pay(&self.app, &self.actor, sale, Tapped { link, pin: None }, &once).await
    }
}

impl Client for Holder {
    async fn act(&mut self) -> Result<()> {
        let Some(sale) = self.waiting.pop_front() else { return Ok(()) };
        let link = self.tap();
        Ok(self.pay(&sale, &link).await?)
    }
}

fn key() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// A chip that was set up as an app does it.
async fn chip(app: &App, actor: &Actor) -> Result<Chip> {
    let (secret, store) = (token::random(), &actor.store);
    let setup = CardSetup {
        token_hash: token::hash(&secret),
        merchant_id: store.merchant_id.clone(),
        store_id: store.id.clone(),
        money: store.money.clone(),
        label: "Bench".into(),
        tap_limit_msat: HIGH,
        day_limit_msat: HIGH,
        expires_ms: now().0 + 600_000,
        card_id: None,
        again_for: None,
        again_version: None,
        balance_limit_msat: None,
        card_expires_ms: None,
        batch_id: None,
        batch_no: None,
        sealed: None,
    };
    let mut tx = app.db.begin().await?;
    tx.add_card_setup(&setup).await?;
    tx.commit().await?;
    let uid = Chip::serial();
    let serial = hex::encode(uid);
    let done = program(&app.db, &app.seal, &setup.token_hash, &serial, now()).await?;
    let hexed = |key: &[u8; 16]| hex::encode(key);
    let written = serde_json::json!({
        "LNURLW": "lnurlw://localhost/card", "K1": hexed(&done.keys.k1), "K2": hexed(&done.keys.k2),
    });
    Ok(Chip::written(uid, &written))
}

/// Fills the table for one database, at a shop with practice money.
pub(crate) async fn fill(
    sheet: &mut Sheet,
    database: &Database,
    house: &House,
    shop: &Shop,
) -> Result<()> {
    proofs(sheet, database)?;
    for (count, sales) in WAITING {
        let clients = if count == 1 { "1 client".into() } else { format!("{count} clients") };
        let raws = (0..count).map(|_| Raw(house.app.db.clone())).collect();
        let (done, _) = together(raws, SPAN, usize::MAX).await?;
        rate(sheet, database, &format!("small durable commits, {clients}"), &done);
        let mut holders = Vec::new();
        for place in 0..count {
            holders.push(Holder::new(house, shop, place, sales).await?);
        }
        let (done, holders) = together(holders, SPAN, count * sales).await?;
        rate(sheet, database, &format!("taps that paid a sale, {clients}"), &done);
        if count == 1 {
            replays(sheet, house, shop, &holders[0]).await?;
        }
    }
    answers(sheet, database, house, shop).await
}

fn rate(sheet: &mut Sheet, database: &Database, what: &str, done: &Done) {
    let place = Place { table: TITLE, what, via: Via::Parts, target: Target::None };
    sheet.put(place, database.column, Figure::rate(done.per_second()));
}

/// What a reader's link takes to be proven, and what no chip made: foreign issuers, foreign cards,
/// guessed proofs, changed counters and noise.
fn proofs(sheet: &mut Sheet, database: &Database) -> Result<()> {
    let issuer = IssuerKey::new([7; 16]);
    let keys = issuer.card_keys(&Chip::serial(), 1, Scheme::Public);
    let uid = Chip::serial();
    let own = issuer.card_keys(&uid, 1, Scheme::Public);
    let mut chip = Chip::written(uid, &written(&own));
    let genuine: Vec<String> = (0..1_000).map(|_| chip.tap()).collect();
    let check = |link: &str| -> Result<(), BadTap> {
        let tap = Tap::of_link(link)?;
        let claimed = tap.open(&issuer.k1())?;
        let keys = issuer.card_keys(claimed.uid(), 1, Scheme::Public);
        tap.prove(&claimed, &keys.k2).map(|_| ())
    };
    let begun = Instant::now();
    for link in genuine.iter().cycle().take(100_000) {
        ensure!(black_box(check(link)).is_ok(), "a genuine tap was not believed");
    }
    let each = 100_000.0 / begun.elapsed().as_secs_f64();
    let place =
        Place { table: TITLE, what: "SUN checks, one core", via: Via::Parts, target: Target::None };
    sheet.put(place, database.column, Figure::rate(each));
    let (foreign, forger) = (chip.with_k1([9; 16]), chip.with_k2(*keys.k2));
    let mut believed = 0;
    for at in 0..FORGED {
        let counter = u32::try_from(at % 0xFF_FFFF)?;
        let link = match at % 4 {
            0 => foreign.at(counter),
            1 => forger.at(counter),
            2 => guessed(&genuine[at % genuine.len()]),
            _ => noise(),
        };
        believed += usize::from(check(&link).is_ok());
    }
    ensure!(believed == 0, "{believed} forged taps of {FORGED} were believed");
    sheet.note(format!("{FORGED} forged taps, none believed"));
    Ok(())
}

fn written(keys: &CardKeys) -> serde_json::Value {
    let hexed = |key: &[u8; 16]| hex::encode(key);
    serde_json::json!({ "LNURLW": "lnurlw://localhost/card", "K1": hexed(&keys.k1), "K2": hexed(&keys.k2) })
}

/// The same claim with a proof that was guessed.
fn guessed(link: &str) -> String {
    let mut proof = [0; 8];
    rand::fill(&mut proof);
    let claim = link.rsplit_once("&c=").map_or(link, |(claim, _)| claim);
    format!("{claim}&c={}", hex::encode(proof))
}

fn noise() -> String {
    let mut noise = [0; 24];
    rand::fill(&mut noise);
    format!(
        "lnurlw://localhost/card?p={}&c={}",
        hex::encode(&noise[..16]),
        hex::encode(&noise[16..])
    )
}

/// Taps that were genuine once, shown again at a sale that waits.
async fn replays(sheet: &mut Sheet, house: &House, shop: &Shop, holder: &Holder) -> Result<()> {
    let sale = Cashier::new(house, shop, 0).open().await?;
    let cards = async || house.app.db.cards(&shop.store.merchant_id, &shop.store.money).await;
    let before = cards().await?;
    let used = holder.taps;
    for at in 0..REPLAYED {
        let counter = 1 + u32::try_from(at)? % used;
        ensure!(holder.pay(&sale, &holder.chip.at(counter)).await.is_err(), "a replayed tap paid");
    }
    let held = |cards: &[pos_server::db::card::Card]| {
        cards.iter().map(|one| one.balance_msat).sum::<i64>()
    };
    ensure!(held(&before) == held(&cards().await?), "a replayed tap moved money");
    sheet.note(format!("{REPLAYED} replayed taps, none paid"));
    Ok(())
}

/// From the tap that the reader sends to the page that says Paid.
async fn answers(sheet: &mut Sheet, database: &Database, house: &House, shop: &Shop) -> Result<()> {
    let mut holder = Holder::new(house, shop, 0, 0).await?;
    let tablet = shop.tablets(&house.app.db).await?.swap_remove(0);
    let tablet = Tablet::new(&house.url, tablet, &shop.cart).await?;
    let mut pile = Pile::default();
    for _ in 0..ANSWERED {
        let sale = tablet.open().await?;
        let link = holder.tap();
        let begun = Instant::now();
        let page = tablet.tap(&sale, &link).await?;
        pile.push(begun.elapsed());
        ensure!(page.contains("data-view=\"paid\""), "the tap did not pay");
    }
    let place = Place {
        table: TITLE,
        what: "tap → the till says Paid",
        via: Via::Both,
        target: Target::None,
    };
    let percents = [(50, Target::None), (95, Target::Most(1_500.0))];
    sheet.put_pile(place, database.column, &pile, &percents);
    Ok(())
}
