//! A paired tablet and its customer, over HTTP, doing what their pages do.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use axum::http::{StatusCode, header};
use pos_server::till::cart::CartRequest;

use super::http::Browser;
use super::measure::{Client, Pile};

/// A tablet that somebody unlocked.
pub(crate) struct Tablet {
    pub(crate) browser: Browser,
    /// A shop that sells for real has no practice wallet.
    customer: Option<Customer>,
    csrf: String,
    cart: String,
    /// From the press on the wallet's Pay to the till's Paid, of every sale.
    pub(crate) paid: Pile,
}

/// Whoever holds the practice wallet's page.
#[derive(Clone)]
struct Customer {
    browser: Browser,
    csrf: String,
}

/// A sale that waits for its money.
pub(crate) struct Waiting {
    /// Its page.
    pub(crate) path: String,
    /// The number of its last event.
    pub(crate) seq: i64,
    /// What its code holds.
    pub(crate) invoice: String,
}

impl Tablet {
    pub(crate) async fn new(
        url: &str,
        (cookie, csrf): (String, String),
        cart: &CartRequest,
    ) -> Result<Self> {
        Ok(Self {
            browser: Browser::new(url, &cookie),
            customer: Customer::new(url).await?,
            csrf,
            cart: serde_json::to_string(cart)?,
            paid: Pile::default(),
        })
    }

    /// Presses Charge; the address of the sale's page.
    pub(crate) async fn charge(&self) -> Result<String> {
        let key = uuid::Uuid::now_v7().to_string();
        let fields = [("cart", self.cart.as_str()), ("key", &key), ("csrf", &self.csrf)];
        let answer = self.browser.post("/till/sales", &fields).await?;
        Ok(answer.location()?.to_owned())
    }

    /// Presses Charge and reads the page that it leads to.
    pub(crate) async fn open(&self) -> Result<Waiting> {
        let location = self.charge().await?;
        let page = self.browser.get(&location).await?.page()?.text()?;
        let path = location.split('?').next().unwrap_or_default().to_owned();
        let seq = between(&page, "data-seq=\"", "\"")?.parse()?;
        let invoice = between(&page, "data-copy=\"", "\"")?.to_owned();
        Ok(Waiting { path, seq, invoice })
    }

    /// Holds a card to the reader: the page that this leads to.
    pub(crate) async fn tap(&self, sale: &Waiting, link: &str) -> Result<String> {
        let key = uuid::Uuid::now_v7().to_string();
        let fields = [("link", link), ("key", &key), ("csrf", &self.csrf)];
        let answer = self.browser.post(&format!("{}/tap", sale.path), &fields).await?;
        self.browser.get(answer.location()?).await?.page()?.text()
    }

    /// A whole sale: Charge, its page, its live stream, the customer pays, the till says so.
    pub(crate) async fn sell(&mut self) -> Result<Waiting> {
        let sale = self.open().await?;
        let live = format!("{}/live?after={}", sale.path, sale.seq);
        let mut events = self.browser.events(&live, sale.seq).await?;
        let customer = self.customer.as_mut().context("a practice wallet")?;
        if customer.csrf.is_empty() {
            customer.scan(&sale.invoice).await?;
        }
        let begun = Instant::now();
        let (paid, told) = tokio::join!(
            customer.pay(&sale.invoice),
            tokio::time::timeout(Duration::from_secs(20), events.until("\"view\":\"paid\"")),
        );
        paid?;
        told??;
        self.paid.push(begun.elapsed());
        Ok(sale)
    }
}

impl Client for Tablet {
    async fn act(&mut self) -> Result<()> {
        self.sell().await.map(|_| ())
    }
}

impl Customer {
    /// None where there is no practice wallet.
    async fn new(url: &str) -> Result<Option<Self>> {
        let mut browser = Browser::new(url, "");
        let page = browser.get("/practice/wallet").await?;
        if page.status == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        let page = page.page()?;
        let cookie = page.headers.get(header::SET_COOKIE).context("a visit's cookie")?.to_str()?;
        browser.cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        Ok(Some(Self { browser, csrf: String::new() }))
    }

    /// Reads the code: the page has the token that Pay sends along.
    async fn scan(&mut self, invoice: &str) -> Result<()> {
        let path = format!("/practice/wallet?invoice={invoice}");
        let page = self.browser.get(&path).await?.page()?.text()?;
        self.csrf = between(&page, "name=\"csrf\" value=\"", "\"")?.to_owned();
        Ok(())
    }

    async fn pay(&self, invoice: &str) -> Result<()> {
        let fields = [("csrf", self.csrf.as_str()), ("invoice", invoice), ("how", "exact")];
        let answer = self.browser.post("/practice/wallet/pay", &fields).await?.page()?;
        ensure!(answer.text()?.contains("Paid "), "the wallet did not pay");
        Ok(())
    }
}

/// What stands between two texts.
pub(crate) fn between<'a>(text: &'a str, before: &str, after: &str) -> Result<&'a str> {
    let (_, rest) = text.split_once(before).with_context(|| format!("no {before} in {text}"))?;
    rest.split_once(after).map(|(found, _)| found).context("no end")
}
