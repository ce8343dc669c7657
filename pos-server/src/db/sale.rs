//! Sales, from Charge on.

use sqlx::query;

use super::{Db, DbError, Kind, Tx};
use crate::domain::currency::Currency;
use crate::domain::id::{MerchantId, SaleId, StaffId, StoreId, TillId};
use crate::domain::money::MoneyError;
use crate::domain::time::Time;

/// A sale. Amounts are minor units of its currency.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Sale {
    /// Its id.
    #[sqlx(try_from = "String")]
    pub id: SaleId,
    /// Whose it is.
    #[sqlx(try_from = "String")]
    pub merchant_id: MerchantId,
    /// Where.
    #[sqlx(try_from = "String")]
    pub store_id: StoreId,
    /// On which till.
    #[sqlx(try_from = "String")]
    pub till_id: TillId,
    /// By whom.
    #[sqlx(try_from = "String")]
    pub staff_id: StaffId,
    /// The cashier's name at the time.
    pub staff_name: String,
    /// What staff called it: `Table 4`, or empty.
    pub name: String,
    /// `open`, `paid`, `voided`, `part_refunded`, `refunded`.
    pub state: String,
    /// `practice` or `real`.
    pub money: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Decimals, pinned.
    pub exponent: i64,
    /// The priced cart as JSON: lines, discount, taxes.
    pub cart: String,
    /// What the goods cost, tax and all, before the tip.
    pub bill: i64,
    /// The tip.
    pub tip: i64,
    /// Bill and tip.
    pub total: i64,
    /// Added (or taken off, below zero) so that cash comes out even.
    pub rounding: i64,
    /// How much of total and rounding is paid.
    pub credited: i64,
    /// Cash that was handed over.
    pub tendered: i64,
    /// Cash that was handed back.
    pub change_given: i64,
    /// The till's running number, once paid.
    pub receipt_number: Option<i64>,
    /// The unguessable part of the receipt's address.
    pub receipt_token: String,
    /// Epoch milliseconds.
    pub opened_ms: i64,
    /// Epoch milliseconds at which it was paid or voided.
    pub closed_ms: Option<i64>,
    /// The card whose points it is about, once one was tapped for it.
    pub card_id: Option<String>,
}

/// Which sales a list holds.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Only those in this state; empty for all.
    pub state: String,
    /// Opened at this instant or after it.
    pub from: Time,
    /// Opened before this instant.
    pub to: Time,
    /// Older than this sale, by when it was opened and its id.
    pub before: Option<(Time, SaleId)>,
}

impl Sale {
    /// The currency; the exponent stands pinned beside it and must agree.
    pub fn currency(&self) -> Result<Currency, DbError> {
        let unreadable = || DbError::Unreadable(format!("currency of sale {}", self.id));
        let currency: Currency = self.currency.parse().map_err(|_| unreadable())?;
        if i64::from(currency.exponent()) == self.exponent {
            Ok(currency)
        } else {
            Err(unreadable())
        }
    }

    /// What is still to pay, minor units; never below zero.
    #[must_use]
    pub fn due(&self) -> i64 {
        self.total.saturating_add(self.rounding).saturating_sub(self.credited).max(0)
    }

    /// Counts `minor` units of a payment for it.
    pub fn credit(&mut self, minor: i64) -> Result<(), MoneyError> {
        self.credited = self.credited.checked_add(minor).ok_or(MoneyError::TooLarge)?;
        Ok(())
    }

    /// Counts `minor` units of a payment no more that were counted before.
    pub fn uncredit(&mut self, minor: i64) -> Result<(), MoneyError> {
        let left = self.credited.checked_sub(minor).filter(|left| *left >= 0);
        self.credited = left.ok_or(MoneyError::TooLarge)?;
        Ok(())
    }
}

impl Tx {
    /// Adds a sale.
    pub async fn add_sale(&mut self, sale: &Sale) -> Result<(), DbError> {
        let sql = query(
            "INSERT INTO sale (id, merchant_id, store_id, till_id, staff_id, staff_name, name,
                 state, money, currency, exponent, cart, bill, tip, total, receipt_token, opened_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        );
        let sale = sale.clone();
        let sql = sql.bind(sale.id.to_string()).bind(sale.merchant_id.to_string());
        let sql = sql.bind(sale.store_id.to_string()).bind(sale.till_id.to_string());
        let sql = sql.bind(sale.staff_id.to_string()).bind(sale.staff_name).bind(sale.name);
        let sql = sql.bind(sale.state).bind(sale.money).bind(sale.currency).bind(sale.exponent);
        let sql = sql.bind(sale.cart).bind(sale.bill).bind(sale.tip).bind(sale.total);
        self.run(sql.bind(sale.receipt_token).bind(sale.opened_ms)).await?;
        Ok(())
    }

    /// The sale, locked until the commit, so that two who settle it take turns.
    pub async fn lock_sale(&mut self, id: &SaleId) -> Result<Sale, DbError> {
        let sql = match self.kind() {
            Kind::Postgres => query("SELECT * FROM sale WHERE id = $1 FOR UPDATE"),
            Kind::Sqlite => query("SELECT * FROM sale WHERE id = $1"),
        };
        self.one(sql.bind(id.to_string())).await
    }

    /// The sale that an offer was made for, locked until the commit; none if no offer of the
    /// merchant has this reference.
    pub async fn lock_sale_of_offer(
        &mut self,
        merchant: &MerchantId,
        rail: &str,
        reference: &str,
    ) -> Result<Option<Sale>, DbError> {
        let sql = match self.kind() {
            Kind::Postgres => query(
                "SELECT sale.* FROM sale JOIN attempt ON attempt.sale_id = sale.id
                 WHERE attempt.merchant_id = $1 AND rail = $2 AND reference = $3
                 FOR UPDATE OF sale",
            ),
            Kind::Sqlite => query(
                "SELECT sale.* FROM sale JOIN attempt ON attempt.sale_id = sale.id
                 WHERE attempt.merchant_id = $1 AND rail = $2 AND reference = $3",
            ),
        };
        let sql = sql.bind(merchant.to_string()).bind(rail.to_owned());
        self.maybe(sql.bind(reference.to_owned())).await
    }

    /// Writes what settling changes: state, rounding, credited, cash, receipt number, time of
    /// closing, the card it is about. Guarded by the state it was read in.
    pub async fn update_sale(&mut self, was: &str, sale: &Sale) -> Result<(), DbError> {
        let sql = query(
            "UPDATE sale SET state = $3, rounding = $4, credited = $5, tendered = $6,
                 change_given = $7, receipt_number = $8, closed_ms = $9, card_id = $10
             WHERE id = $1 AND state = $2",
        );
        let sql = sql.bind(sale.id.to_string()).bind(was.to_owned()).bind(sale.state.clone());
        let sql = sql.bind(sale.rounding).bind(sale.credited).bind(sale.tendered);
        let sql = sql.bind(sale.change_given).bind(sale.receipt_number).bind(sale.closed_ms);
        let sql = sql.bind(sale.card_id.clone());
        if self.run(sql).await? == 1 { Ok(()) } else { Err(DbError::NotFound) }
    }
}

impl Db {
    /// A sale of this merchant.
    pub async fn sale(&self, merchant: &MerchantId, id: &SaleId) -> Result<Sale, DbError> {
        let sql = query("SELECT * FROM sale WHERE id = $1 AND merchant_id = $2");
        self.one(sql.bind(id.to_string()).bind(merchant.to_string())).await
    }

    /// The sale behind a receipt's address.
    pub async fn sale_by_token(&self, token: &str) -> Result<Sale, DbError> {
        self.one(query("SELECT * FROM sale WHERE receipt_token = $1").bind(token.to_owned())).await
    }

    /// Sales of a till, the newest first, at most `limit` opened before `before`.
    pub async fn sales_of_till(
        &self,
        till: &TillId,
        before: Time,
        limit: i64,
    ) -> Result<Vec<Sale>, DbError> {
        let sql = query(
            "SELECT * FROM sale WHERE till_id = $1 AND opened_ms < $2
             ORDER BY opened_ms DESC, id DESC LIMIT $3",
        );
        self.all(sql.bind(till.to_string()).bind(before.0).bind(limit)).await
    }

    /// Sales of a store, the newest first, at most `limit` that are older than the sale `before`.
    pub async fn sales_of_store(
        &self,
        store: &StoreId,
        before: Option<&SaleId>,
        limit: i64,
    ) -> Result<Vec<Sale>, DbError> {
        // Ids sort by time; this one is after all of them.
        let before = before.map_or("z", SaleId::as_str).to_owned();
        let sql =
            query("SELECT * FROM sale WHERE store_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3");
        self.all(sql.bind(store.to_string()).bind(before).bind(limit)).await
    }

    /// The sale of a till with this receipt number.
    pub async fn sale_by_receipt(
        &self,
        till: &TillId,
        number: i64,
    ) -> Result<Option<Sale>, DbError> {
        let sql = query("SELECT * FROM sale WHERE till_id = $1 AND receipt_number = $2");
        self.maybe(sql.bind(till.to_string()).bind(number)).await
    }

    /// Sales of a store, the newest first, at most `limit` that `wanted` holds.
    pub async fn sales_listed(
        &self,
        store: &StoreId,
        wanted: &Listed,
        limit: i64,
    ) -> Result<Vec<Sale>, DbError> {
        let sql = query(
            "SELECT * FROM sale
             WHERE store_id = $1 AND opened_ms >= $2 AND opened_ms < $3
                 AND (opened_ms < $4 OR (opened_ms = $4 AND id < $5))
                 AND ($6 = '' OR state = $6)
             ORDER BY opened_ms DESC, id DESC LIMIT $7",
        );
        let (before_ms, before) = match &wanted.before {
            Some((opened, id)) => (opened.0, id.to_string()),
            None => (i64::MAX, String::new()),
        };
        let sql = sql.bind(store.to_string()).bind(wanted.from.0).bind(wanted.to.0);
        let sql = sql.bind(before_ms).bind(before).bind(wanted.state.clone());
        self.all(sql.bind(limit)).await
    }

    /// Sales that were opened before `before` and are still open with nothing credited, that no money
    /// waits on and no offer may still be paid of; of all merchants.
    pub async fn abandoned_sales(&self, before: Time, limit: i64) -> Result<Vec<Sale>, DbError> {
        let sql = query(
            "SELECT * FROM sale WHERE state = 'open' AND credited = 0 AND opened_ms < $1
                 AND NOT EXISTS (SELECT 1 FROM payment
                     WHERE sale_id = sale.id AND given_back_ms IS NULL)
                 AND NOT EXISTS (SELECT 1 FROM attempt
                     WHERE sale_id = sale.id AND state IN ('offered', 'seen', 'unknown'))
             ORDER BY opened_ms LIMIT $2",
        );
        self.all(sql.bind(before.0).bind(limit)).await
    }
}
