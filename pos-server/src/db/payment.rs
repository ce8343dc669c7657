//! Money that arrived.

use sqlx::query;

use super::{Db, DbError, Tx};
use crate::domain::id::{MerchantId, PaymentId, SaleId, StoreId};
use crate::domain::time::Time;

/// Money that arrived, by its exact reference.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Payment {
    /// Its id.
    #[sqlx(try_from = "String")]
    pub id: PaymentId,
    /// Over which rail.
    pub rail: String,
    /// The rail's exact name for it, unique within merchant and rail.
    pub reference: String,
    /// The rail's name for the offer it was paid to.
    pub offer: String,
    /// Whose it is.
    #[sqlx(try_from = "String")]
    pub merchant_id: MerchantId,
    /// Where.
    #[sqlx(try_from = "String")]
    pub store_id: StoreId,
    /// The connection that told of it.
    pub connection_id: Option<String>,
    /// The sale it was for, if there is one.
    pub sale_id: Option<String>,
    /// The attempt it was for, if there is one.
    pub attempt_id: Option<String>,
    /// `due`, `under`, `over`, `late`, `extra`, `found`; `marked` is the merchant's word at the rail,
    /// `gone` what the rail no longer counts.
    pub kind: String,
    /// Millisatoshi; zero for cash.
    pub msat: i64,
    /// The sale's currency.
    pub currency: Option<String>,
    /// Minor units that went to the sale.
    pub credited: i64,
    /// Minor units that are the payer's.
    pub owed: i64,
    /// Millisatoshi that are the payer's.
    pub owed_msat: i64,
    /// Epoch milliseconds at which the payer got them back.
    pub given_back_ms: Option<i64>,
    /// Epoch milliseconds at which the rail said that it counts no more.
    pub gone_ms: Option<i64>,
    /// Minor units that the payer got back in cash before the rail counted it no more, and again.
    pub returned: i64,
    /// When the rail took it, epoch milliseconds.
    pub paid_ms: i64,
    /// When we heard of it, epoch milliseconds.
    pub received_ms: i64,
}

impl Tx {
    /// Keeps a payment; false if its reference is kept already.
    pub async fn add_payment(&mut self, payment: &Payment) -> Result<bool, DbError> {
        let sql = query(
            "INSERT INTO payment (id, rail, reference, offer, merchant_id, store_id,
                 connection_id, sale_id, attempt_id, kind, msat, currency, credited, owed,
                 owed_msat, paid_ms, received_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
             ON CONFLICT DO NOTHING",
        );
        let payment = payment.clone();
        let sql = sql.bind(payment.id.to_string()).bind(payment.rail).bind(payment.reference);
        let sql = sql
            .bind(payment.offer)
            .bind(payment.merchant_id.to_string())
            .bind(payment.store_id.to_string());
        let sql = sql.bind(payment.connection_id).bind(payment.sale_id).bind(payment.attempt_id);
        let sql = sql.bind(payment.kind).bind(payment.msat).bind(payment.currency);
        let sql = sql.bind(payment.credited).bind(payment.owed).bind(payment.owed_msat);
        Ok(self.run(sql.bind(payment.paid_ms).bind(payment.received_ms)).await? == 1)
    }

    /// The payments of a sale, the oldest first.
    pub async fn payments_of(&mut self, sale: &SaleId) -> Result<Vec<Payment>, DbError> {
        let sql = query("SELECT * FROM payment WHERE sale_id = $1 ORDER BY received_ms, id");
        self.all(sql.bind(sale.to_string())).await
    }

    /// A payment by its rail's name for it.
    pub async fn payment_named(
        &mut self,
        merchant: &MerchantId,
        rail: &str,
        reference: &str,
    ) -> Result<Option<Payment>, DbError> {
        let sql =
            query("SELECT * FROM payment WHERE merchant_id = $1 AND rail = $2 AND reference = $3");
        let sql = sql.bind(merchant.to_string()).bind(rail.to_owned());
        self.maybe(sql.bind(reference.to_owned())).await
    }

    /// Money that another rail than BTCPay found under this payment hash.
    pub async fn found_payment(
        &mut self,
        merchant: &MerchantId,
        hash: &str,
    ) -> Result<Option<Payment>, DbError> {
        let sql = query(
            "SELECT * FROM payment WHERE merchant_id = $1 AND reference = $2 AND kind = 'found'
                 AND rail IN ('lnd', 'sandbox')",
        );
        self.maybe(sql.bind(merchant.to_string()).bind(hash.to_owned())).await
    }

    /// Splits a late payment anew when it is added to its sale; guarded by its being untouched.
    pub async fn credit_payment(&mut self, payment: &Payment) -> Result<bool, DbError> {
        let sql = query(
            "UPDATE payment SET kind = $2, credited = $3, owed = $4, owed_msat = $5
             WHERE id = $1 AND kind IN ('late', 'extra') AND credited = 0
                 AND given_back_ms IS NULL",
        );
        let sql = sql.bind(payment.id.to_string()).bind(payment.kind.clone());
        let sql = sql.bind(payment.credited).bind(payment.owed).bind(payment.owed_msat);
        Ok(self.run(sql).await? == 1)
    }

    /// Notes that the payer got back what was owed, and `uncredited` minor units that had gone to
    /// the sale; false if that was noted before.
    pub async fn give_back(
        &mut self,
        id: &PaymentId,
        uncredited: i64,
        now: Time,
    ) -> Result<bool, DbError> {
        let sql = query(
            "UPDATE payment SET given_back_ms = $2, credited = credited - $3, owed = owed + $3
             WHERE id = $1 AND given_back_ms IS NULL AND credited >= $3
                 AND (owed > 0 OR owed_msat > 0 OR $3 > 0)",
        );
        Ok(self.run(sql.bind(id.to_string()).bind(now.0).bind(uncredited)).await? == 1)
    }
}

impl Tx {
    /// Notes that the rail counts a payment no more: nothing of it is credited or owed; what was
    /// given back of it stays known. False if that was noted before.
    pub async fn lose_payment(&mut self, id: &PaymentId, now: Time) -> Result<bool, DbError> {
        let sql = query(
            "UPDATE payment SET kind = 'gone', credited = 0, gone_ms = $2,
                 owed = CASE WHEN given_back_ms IS NULL THEN 0 ELSE owed END,
                 owed_msat = CASE WHEN given_back_ms IS NULL THEN 0 ELSE owed_msat END
             WHERE id = $1 AND gone_ms IS NULL",
        );
        Ok(self.run(sql.bind(id.to_string()).bind(now.0)).await? == 1)
    }

    /// Takes a payment that was gone up again, split anew; that it was given back is forgotten if
    /// more is owed now. False if it was not gone.
    pub async fn regain_payment(&mut self, payment: &Payment) -> Result<bool, DbError> {
        let sql = query(
            "UPDATE payment SET kind = $2, credited = $3, owed = $4, owed_msat = $5,
                 given_back_ms = CASE WHEN $6 = 1 THEN given_back_ms ELSE NULL END, gone_ms = NULL,
                 returned = $7
             WHERE id = $1 AND gone_ms IS NOT NULL",
        );
        let sql = sql.bind(payment.id.to_string()).bind(payment.kind.clone());
        let sql = sql.bind(payment.credited).bind(payment.owed).bind(payment.owed_msat);
        let sql = sql.bind(i64::from(payment.given_back_ms.is_some())).bind(payment.returned);
        Ok(self.run(sql).await? == 1)
    }
}

impl Db {
    /// The payments of a sale, the oldest first.
    pub async fn payments(&self, sale: &SaleId) -> Result<Vec<Payment>, DbError> {
        let sql = query("SELECT * FROM payment WHERE sale_id = $1 ORDER BY received_ms, id");
        self.all(sql.bind(sale.to_string())).await
    }

    /// Money of a store's sales that wants a decision: late, extra or over, and not yet given back; and
    /// what was taken back from a sale that is open again.
    pub async fn money_to_look_at(
        &self,
        store: &StoreId,
        limit: i64,
    ) -> Result<Vec<Payment>, DbError> {
        let sql = query(
            "SELECT * FROM payment WHERE store_id = $1 AND given_back_ms IS NULL
                 AND kind <> 'found' AND (owed > 0 OR owed_msat > 0
                     OR (kind = 'gone' AND EXISTS (SELECT 1 FROM sale
                         WHERE sale.id = payment.sale_id AND sale.state = 'open')))
             ORDER BY received_ms DESC, id DESC LIMIT $2",
        );
        self.all(sql.bind(store.to_string()).bind(limit)).await
    }

    /// Money that came to a store since then for no offer of ours, the newest first.
    pub async fn found_money(
        &self,
        store: &StoreId,
        since: Time,
        limit: i64,
    ) -> Result<Vec<Payment>, DbError> {
        let sql = query(
            "SELECT * FROM payment WHERE store_id = $1 AND kind = 'found' AND received_ms >= $2
             ORDER BY received_ms DESC, id DESC LIMIT $3",
        );
        self.all(sql.bind(store.to_string()).bind(since.0).bind(limit)).await
    }
}
