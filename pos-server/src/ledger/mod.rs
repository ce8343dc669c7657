//! Double entry: every posting is balanced in each of its units before it is written, so all
//! accounts together are zero at every moment.
//!
//! Accounts, each per store: `drawer` (cash), `cards` (msat owed to holders of Flash Cards),
//! `cards-out` (msat off cards on their way to other tills, fee limits included), `fees` (msat that a way
//! cost beyond its limit),
//! `lightning` (msat we received), `conversion` (the bridge between msat and the store's currency, at
//! a frozen price), `customer` (paid, not yet booked as a sale), `owed` (money that is the payer's), `found` (money without a sale),
//! `marked` (the merchant's word at the rail that something is paid), `sales`, `tax`, `tips`, `cash-rounding`,
//! `rewards` (what points cost the merchant that paid for a sale or became balance).
//!
//! In the unit `points`: `points-issued` (where they come from), `points-budget` (what budgets with a
//! limit have left), `points-promised` (set aside for open sales), `points-held` (on cards), `points-owed`
//! (what holders owe: taken back after it was spent), `points-spent`, `points-expired`.

use std::collections::BTreeMap;

use crate::db::ledger::{EntryRow, PostingRow};
use crate::db::{DbError, Tx};
use crate::domain::time::Time;

/// The unit of bitcoin accounts.
pub const MSAT: &str = "msat";

/// Why a posting is not written.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// Debits and credits of a unit differ; a fault in our code, and nothing was written.
    #[error("posting {reason} does not balance in {unit}: off by {off}")]
    Unbalanced {
        /// Which posting.
        reason: String,
        /// In which unit.
        unit: String,
        /// Debits less credits.
        off: i128,
    },
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// A posting being put together. Lines of zero are left out.
#[derive(Debug, Default, Clone)]
pub struct Posting {
    entries: Vec<EntryRow>,
}

impl Posting {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Debits `amount` (zero or more) to an account. A negative amount is a credit.
    #[must_use]
    pub fn debit(self, account: &str, unit: &str, amount: i64) -> Self {
        self.line(account, unit, amount, ["debit", "credit"])
    }

    /// Credits `amount` (zero or more) to an account. A negative amount is a debit.
    #[must_use]
    pub fn credit(self, account: &str, unit: &str, amount: i64) -> Self {
        self.line(account, unit, amount, ["credit", "debit"])
    }

    fn line(mut self, account: &str, unit: &str, amount: i64, sides: [&str; 2]) -> Self {
        if amount != 0 {
            let side = if amount > 0 { sides[0] } else { sides[1] };
            self.entries.push(EntryRow {
                account: account.into(),
                unit: unit.into(),
                side: side.into(),
                amount: i64::try_from(amount.unsigned_abs()).unwrap_or(i64::MAX),
            });
        }
        self
    }

    /// The same the other way round: what takes it back.
    #[must_use]
    pub fn reversed(mut self) -> Self {
        for entry in &mut self.entries {
            let side = if entry.side == "debit" { "credit" } else { "debit" };
            side.clone_into(&mut entry.side);
        }
        self
    }

    /// True when there is nothing to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn check(&self, reason: &str) -> Result<(), LedgerError> {
        let mut sums: BTreeMap<&str, i128> = BTreeMap::new();
        for entry in &self.entries {
            let amount = i128::from(entry.amount);
            let signed = if entry.side == "debit" { amount } else { -amount };
            *sums.entry(&entry.unit).or_default() += signed;
        }
        match sums.into_iter().find(|(_, off)| *off != 0) {
            None => Ok(()),
            Some((unit, off)) => {
                Err(LedgerError::Unbalanced { reason: reason.into(), unit: unit.into(), off })
            }
        }
    }
}

/// Writes a posting in the caller's transaction. Refuses one that does not balance; writes nothing
/// for an empty one.
pub async fn post(
    tx: &mut Tx,
    head: PostingRow,
    posting: Posting,
    now: Time,
) -> Result<(), LedgerError> {
    posting.check(&head.reason)?;
    if !posting.is_empty() {
        tx.add_posting(&head, &posting.entries, now).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_posting_must_balance_in_each_unit_not_only_in_sum() {
        let good = Posting::new()
            .debit("lightning", MSAT, 5)
            .credit("conversion", MSAT, 5)
            .debit("conversion", "JMD", 100)
            .credit("customer", "JMD", 100);
        assert!(good.check("x").is_ok());
        let crossed = Posting::new().debit("lightning", MSAT, 5).credit("customer", "JMD", 5);
        assert!(matches!(crossed.check("x"), Err(LedgerError::Unbalanced { .. })));
    }

    #[test]
    fn a_negative_debit_is_a_credit_and_zero_leaves_no_line() {
        let posting =
            Posting::new().debit("a", "JMD", -5).debit("b", "JMD", 5).credit("c", "JMD", 0);
        assert_eq!(posting.entries.len(), 2);
        assert!(posting.check("x").is_ok());
    }
}
