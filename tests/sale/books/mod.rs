//! A merchant's rows as they lie in the database, and what must be true of them whatever happened.
//! Every rule answers with what is wrong, in words.

mod accounts;
mod money;
mod stories;

use std::collections::HashMap;

use pos_server::db::attempt::Attempt;
use pos_server::db::audit::AuditRow;
use pos_server::db::payment::Payment;
use pos_server::db::sale::Sale;
use pos_server::db::till::Till;
use pos_server::domain::id::MerchantId;
use serde_json::Value;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Connection, FromRow, query};

use super::node::Node;
use super::shop::Shop;

pub(crate) struct Books {
    pub(crate) sales: Vec<Sale>,
    pub(crate) attempts: Vec<Attempt>,
    pub(crate) payments: Vec<Payment>,
    pub(crate) events: Vec<EventRow>,
    pub(crate) entries: Vec<Entry>,
    pub(crate) tills: Vec<Till>,
    audit: Vec<AuditRow>,
    /// By store: what cards spent away, fees and all, what is on its way, and what they were topped up
    /// with over Lightning.
    away: Vec<(String, i64, i64, i64)>,
    /// Smallest coin of each store.
    steps: HashMap<String, i64>,
}

#[derive(Debug, FromRow)]
pub(crate) struct EventRow {
    pub(crate) sale_id: String,
    pub(crate) seq: i64,
    pub(crate) kind: String,
    pub(crate) body: String,
}

impl EventRow {
    fn number(&self, name: &str) -> i64 {
        let body: Value = serde_json::from_str(&self.body).unwrap();
        body[name].as_i64().unwrap_or_else(|| panic!("no {name} in {}", self.body))
    }
}

#[derive(Debug, FromRow)]
pub(crate) struct Entry {
    posting_id: String,
    store_id: String,
    sale_id: Option<String>,
    account: String,
    unit: String,
    side: String,
    amount: i64,
}

impl Entry {
    /// Debits count up, credits down.
    fn signed(&self) -> i128 {
        let amount = i128::from(self.amount);
        if self.side == "debit" { amount } else { -amount }
    }
}

/// A connection of the tests' own to a server's database.
pub(crate) async fn look_in(url: &str) -> AnyConnection {
    let mut connection = AnyConnection::connect(url).await.unwrap();
    if url.starts_with("sqlite") {
        query("PRAGMA busy_timeout = 10000").execute(&mut connection).await.unwrap();
    }
    connection
}

async fn all<T>(from: &mut AnyConnection, sql: &'static str, merchant: &MerchantId) -> Vec<T>
where
    T: for<'r> FromRow<'r, AnyRow>,
{
    let rows = query(sql).bind(merchant.to_string()).fetch_all(from).await.unwrap();
    rows.iter().map(|row| T::from_row(row).unwrap()).collect()
}

impl Books {
    pub(crate) async fn read(from: &mut AnyConnection, merchant: &MerchantId) -> Self {
        let sales = "SELECT * FROM sale WHERE merchant_id = $1 ORDER BY id";
        let attempts = "SELECT * FROM attempt WHERE merchant_id = $1 ORDER BY id";
        let payments = "SELECT * FROM payment WHERE merchant_id = $1 ORDER BY id";
        let events = "SELECT sale_id, seq, kind, body FROM event WHERE merchant_id = $1
             ORDER BY sale_id, seq";
        let entries = "SELECT posting_id, store_id, sale_id, account, unit, side, amount
             FROM entry JOIN posting ON posting.id = posting_id WHERE merchant_id = $1
             ORDER BY posting_id, line";
        let tills = "SELECT * FROM till WHERE merchant_id = $1 ORDER BY id";
        let audit = "SELECT seq, at_ms, who, what, detail, hash FROM audit
             WHERE merchant_id = $1 ORDER BY seq";
        let steps = "SELECT id, cash_step FROM store WHERE merchant_id = $1";
        let away = "SELECT store_id,
                 CASE WHEN state = 'paid' THEN msat + fee_msat ELSE 0 END,
                 CASE WHEN state IN ('paid', 'failed') THEN 0 ELSE msat + fee_limit_msat END, 0
             FROM card_payout WHERE merchant_id = $1
             UNION ALL SELECT store_id, 0, 0, paid_msat FROM card_top_up
             WHERE merchant_id = $1 AND state = 'paid'
             UNION ALL SELECT points_payout.store_id, points_payout.msat, 0, 0 FROM points_payout
             JOIN card_grant ON card_grant.reference = points_payout.id
             WHERE points_payout.merchant_id = $1 AND points_payout.state = 'completed'";
        Self {
            away: all(from, away, merchant).await,
            sales: all(from, sales, merchant).await,
            attempts: all(from, attempts, merchant).await,
            payments: all(from, payments, merchant).await,
            events: all(from, events, merchant).await,
            entries: all(from, entries, merchant).await,
            tills: all(from, tills, merchant).await,
            audit: all(from, audit, merchant).await,
            steps: all::<(String, i64)>(from, steps, merchant).await.into_iter().collect(),
        }
    }

    /// What is wrong at any moment, whatever is under way.
    pub(crate) fn faults(&self) -> Vec<String> {
        let rules =
            [self.money_faults(), self.story_faults(), self.account_faults(), self.audit_faults()];
        rules.concat()
    }

    /// What is wrong besides, when nothing is under way any more and everything that `nodes` have
    /// to tell was told.
    pub(crate) fn faults_at_rest(&self, nodes: &[&Node]) -> Vec<String> {
        [self.arrival_faults(nodes), self.waiting_faults(nodes)].concat()
    }

    fn audit_faults(&self) -> Vec<String> {
        let mut before = String::new();
        let mut faults = Vec::new();
        for (row, seq) in self.audit.iter().zip(1..) {
            if row.seq != seq || row.hash != row.expected_hash(&before) {
                faults.push(format!("audit row {} does not follow {}", row.seq, seq - 1));
            }
            before.clone_from(&row.hash);
        }
        faults
    }
}

impl Shop {
    pub(crate) async fn books(&self) -> Books {
        let mut connection = look_in(&self.house.fresh.url).await;
        Books::read(&mut connection, &self.store.merchant_id).await
    }

    /// Fails unless the books are right now.
    #[track_caller]
    pub(crate) fn books_are_right(&self) -> impl Future<Output = ()> {
        let caller = std::panic::Location::caller();
        async move {
            let faults = self.books().await.faults();
            assert!(faults.is_empty(), "{caller}:\n{}", faults.join("\n"));
        }
    }

    /// Listens to the end, lets every offer run out, and fails unless everything is right then.
    #[track_caller]
    pub(crate) fn all_is_settled(&self) -> impl Future<Output = ()> {
        let caller = std::panic::Location::caller();
        async move {
            self.hear().await;
            self.later(3_600);
            self.look().await;
            let books = self.books().await;
            let faults = [books.faults(), books.faults_at_rest(&[&self.node])].concat();
            assert!(faults.is_empty(), "{caller}:\n{}", faults.join("\n"));
        }
    }
}
