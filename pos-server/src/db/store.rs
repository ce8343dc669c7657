//! Stores: currency, tax, tips, cash, and what a receipt says at its head.

use sqlx::query;

use super::{Db, DbError, Kind, Tx};
use crate::domain::currency::Currency;
use crate::domain::id::{MerchantId, StoreId};
use crate::domain::time::Time;

/// A shop of a merchant.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Store {
    /// Its id.
    #[sqlx(try_from = "String")]
    pub id: StoreId,
    /// Whose it is.
    #[sqlx(try_from = "String")]
    pub merchant_id: MerchantId,
    /// What customers call it.
    pub name: String,
    /// `practice` or `real`.
    pub money: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Decimals of the currency, pinned when the store was made.
    pub exponent: i64,
    /// What the tax is called: GCT, VAT.
    pub tax_name: String,
    /// The usual rate in hundredths of a percent.
    pub tax_bp: i64,
    /// 1 when shelf prices hold the tax.
    pub tax_inclusive: i64,
    /// The merchant's tax number, as printed.
    pub tax_number: String,
    /// Tip offers, hundredths of a percent, as JSON: `[1000,1500,2000]`; empty for none.
    pub tips_bp: String,
    /// Address lines for receipts.
    pub address: String,
    /// IANA name.
    pub time_zone: String,
    /// Smallest coin in minor units; 1 for no cash rounding.
    pub cash_step: i64,
    /// 1 when half a coin is rounded up.
    pub cash_tie_up: i64,
    /// No sale above this, minor units.
    pub sale_cap: i64,
    /// How long an offer can be paid.
    pub offer_seconds: i64,
    /// JSON of the rate settings.
    pub rate_settings: String,
    /// A last line on the receipt.
    pub receipt_footer: String,
}

impl Store {
    /// The currency; the exponent stands pinned beside it and must agree.
    pub fn currency(&self) -> Result<Currency, DbError> {
        let currency: Currency = self.currency.parse().map_err(unreadable)?;
        if i64::from(currency.exponent()) != self.exponent {
            return Err(DbError::Unreadable(format!("the decimals of {currency} changed")));
        }
        Ok(currency)
    }

    /// True when nothing here is real.
    #[must_use]
    pub fn practice(&self) -> bool {
        self.money == "practice"
    }

    /// Tip offers in hundredths of a percent.
    #[must_use]
    pub fn tips(&self) -> Vec<i64> {
        serde_json::from_str(&self.tips_bp).unwrap_or_default()
    }
}

fn unreadable(error: impl std::fmt::Display) -> DbError {
    DbError::Unreadable(error.to_string())
}

impl Tx {
    /// Adds a store; false if there is one with its id.
    pub async fn add_store(&mut self, store: &Store, now: Time) -> Result<bool, DbError> {
        let sql = query(
            "INSERT INTO store (id, merchant_id, name, money, currency, exponent, tax_name, tax_bp,
                 tax_inclusive, tax_number, tips_bp, address, time_zone, cash_step, cash_tie_up,
                 sale_cap, offer_seconds, rate_settings, receipt_footer, created_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
                 $18, $19, $20) ON CONFLICT DO NOTHING",
        );
        let store = store.clone();
        let sql = sql.bind(store.id.to_string()).bind(store.merchant_id.to_string());
        let sql = sql.bind(store.name).bind(store.money).bind(store.currency).bind(store.exponent);
        let sql = sql.bind(store.tax_name).bind(store.tax_bp).bind(store.tax_inclusive);
        let sql = sql.bind(store.tax_number).bind(store.tips_bp).bind(store.address);
        let sql = sql.bind(store.time_zone).bind(store.cash_step).bind(store.cash_tie_up);
        let sql = sql.bind(store.sale_cap).bind(store.offer_seconds).bind(store.rate_settings);
        Ok(self.run(sql.bind(store.receipt_footer).bind(now.0)).await? == 1)
    }

    /// A store of this merchant, locked until the commit.
    pub async fn lock_store(
        &mut self,
        merchant: &MerchantId,
        id: &StoreId,
    ) -> Result<Store, DbError> {
        let sql = match self.kind() {
            Kind::Postgres => {
                query("SELECT * FROM store WHERE id = $1 AND merchant_id = $2 FOR UPDATE")
            }
            Kind::Sqlite => query("SELECT * FROM store WHERE id = $1 AND merchant_id = $2"),
        };
        self.one(sql.bind(id.to_string()).bind(merchant.to_string())).await
    }

    /// True while the store's money is still of this kind, and the rail still connected (if one is
    /// named). After a row of the store was written in the same transaction it stays so until the
    /// commit: whoever changes it waits.
    pub async fn store_is_still(
        &mut self,
        id: &StoreId,
        money: &str,
        connection: Option<&str>,
    ) -> Result<bool, DbError> {
        let sql = query(
            "SELECT COUNT(*) FROM store WHERE id = $1 AND money = $2 AND ($3 = '' OR EXISTS (
                 SELECT 1 FROM connection WHERE connection.id = $3 AND store_id = store.id))",
        );
        let sql = sql.bind(id.to_string()).bind(money.to_owned());
        let sql = sql.bind(connection.unwrap_or_default().to_owned());
        Ok(self.one::<(i64,)>(sql).await?.0 == 1)
    }

    /// How many sales of a store are open, and how many offers may still be paid.
    pub async fn under_way(&mut self, id: &StoreId) -> Result<(i64, i64), DbError> {
        let sales = query("SELECT COUNT(*) FROM sale WHERE store_id = $1 AND state = 'open'");
        let (sales,): (i64,) = self.one(sales.bind(id.to_string())).await?;
        let offers = query(
            "SELECT COUNT(*) FROM attempt WHERE store_id = $1
                 AND state IN ('offered', 'seen', 'unknown') AND rail <> 'cash'",
        );
        let (offers,): (i64,) = self.one(offers.bind(id.to_string())).await?;
        Ok((sales, offers))
    }

    /// Changes what may change of a store: all but id, merchant, currency and kind of money.
    pub async fn save_store(&mut self, store: &Store) -> Result<(), DbError> {
        let sql = query(
            "UPDATE store SET name = $3, tax_name = $4, tax_bp = $5, tax_inclusive = $6,
                 tax_number = $7, tips_bp = $8, address = $9, time_zone = $10, cash_step = $11,
                 cash_tie_up = $12, sale_cap = $13, offer_seconds = $14, rate_settings = $15,
                 receipt_footer = $16
             WHERE id = $1 AND merchant_id = $2",
        );
        let store = store.clone();
        let sql = sql.bind(store.id.to_string()).bind(store.merchant_id.to_string());
        let sql = sql.bind(store.name).bind(store.tax_name).bind(store.tax_bp);
        let sql = sql.bind(store.tax_inclusive).bind(store.tax_number).bind(store.tips_bp);
        let sql = sql.bind(store.address).bind(store.time_zone).bind(store.cash_step);
        let sql = sql.bind(store.cash_tie_up).bind(store.sale_cap).bind(store.offer_seconds);
        let touched = self.run(sql.bind(store.rate_settings).bind(store.receipt_footer)).await?;
        if touched == 1 { Ok(()) } else { Err(DbError::NotFound) }
    }

    /// Turns a practice store real, or back; the database refuses it while a rail of the other
    /// kind is connected.
    pub async fn set_store_money(&mut self, id: &StoreId, money: &str) -> Result<(), DbError> {
        let sql = query("UPDATE store SET money = $2 WHERE id = $1");
        self.run(sql.bind(id.to_string()).bind(money.to_owned())).await?;
        Ok(())
    }

    /// A store's currency code.
    pub async fn currency_of(&mut self, id: &StoreId) -> Result<String, DbError> {
        let sql = query("SELECT currency FROM store WHERE id = $1").bind(id.to_string());
        let (currency,): (String,) = self.one(sql).await?;
        Ok(currency)
    }
}

impl Db {
    /// A store of this merchant.
    pub async fn store(&self, merchant: &MerchantId, id: &StoreId) -> Result<Store, DbError> {
        let sql = query("SELECT * FROM store WHERE id = $1 AND merchant_id = $2");
        self.one(sql.bind(id.to_string()).bind(merchant.to_string())).await
    }

    /// All stores of a merchant, the oldest first.
    pub async fn stores(&self, merchant: &MerchantId) -> Result<Vec<Store>, DbError> {
        let sql = query("SELECT * FROM store WHERE merchant_id = $1 ORDER BY created_ms, id");
        self.all(sql.bind(merchant.to_string())).await
    }

    /// Currencies and rate settings of every store, for the worker that fetches rates.
    pub async fn stores_for_rates(&self) -> Result<Vec<Store>, DbError> {
        self.all(query("SELECT * FROM store ORDER BY created_ms, id")).await
    }
}
