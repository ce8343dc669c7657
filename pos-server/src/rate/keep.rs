//! Last good values in the database and back, so that their age goes on across a restart.

use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::book::Rates;
use super::check::Checked;
use super::dollar::{DollarRate, Published};
use super::memory::{Good, Kept, Memory};
use crate::db::DbError;
use crate::db::rate::{RateRow, load, save};
use crate::domain::currency::Currency;

impl Rates {
    /// Reads what the sources last said. A value of a source that is no longer asked is left.
    pub(super) async fn load(&self) -> Result<(), DbError> {
        let rows = load(&self.db).await?;
        let mut memory = self.write();
        rows.into_iter().for_each(|row| memory.remember(row));
        Ok(())
    }

    /// Writes what is new, now and then, until `shutdown`.
    pub(super) async fn keep(&self, shutdown: &CancellationToken) {
        let pause = Duration::from_millis(self.settings.save_every_ms);
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = tokio::time::sleep(pause) => self.save_or_warn().await,
            }
        }
    }

    pub(super) async fn save_or_warn(&self) {
        if let Err(error) = self.save().await {
            warn!(%error, "the last rates could not be kept; tried again soon");
        }
    }

    /// Writes all values that are not in the database yet, in one transaction.
    pub async fn save(&self) -> Result<(), DbError> {
        let rows = self.read().unsaved();
        if rows.is_empty() {
            return Ok(());
        }
        let mut tx = self.db.begin().await?;
        for row in &rows {
            save(&mut tx, row).await?;
        }
        tx.commit().await?;
        let mut memory = self.write();
        rows.iter().for_each(|row| memory.mark_saved(row));
        Ok(())
    }
}

impl Memory {
    fn unsaved(&self) -> Vec<RateRow> {
        let exchanges = self.exchanges.iter().filter_map(|exchange| {
            let good = exchange.good.as_ref().filter(|good| !good.saved)?;
            Some(RateRow {
                source: exchange.name.into(),
                pair: exchange.pair.into(),
                bid: good.price.bid,
                ask: good.price.ask,
                at: good.price.at,
                stamped: good.price.stamped,
                moved_at: good.moved_at,
                heard_at: good.heard_at,
                published: None,
            })
        });
        let desks = self.desks.iter().flat_map(|desk| {
            desk.rates.iter().filter(|kept| !kept.saved).map(|kept| RateRow {
                source: desk.name.into(),
                pair: pair(kept.rate.currency),
                bid: kept.rate.per_usd,
                ask: kept.rate.per_usd,
                at: kept.rate.published.as_ref().map_or(kept.heard_at, |published| published.at),
                stamped: kept.rate.published.is_some(),
                moved_at: kept.heard_at,
                heard_at: kept.heard_at,
                published: kept.rate.published.as_ref().map(|published| published.date.clone()),
            })
        });
        exchanges.chain(desks).collect()
    }

    /// What came since the row was taken stays unsaved.
    fn mark_saved(&mut self, row: &RateRow) {
        for exchange in self.exchanges.iter_mut().filter(|one| one.name == row.source) {
            if let Some(good) = exchange.good.as_mut().filter(|good| good.heard_at == row.heard_at)
            {
                good.saved = true;
            }
        }
        for desk in self.desks.iter_mut().filter(|one| one.name == row.source) {
            let same = |kept: &&mut Kept| {
                pair(kept.rate.currency) == row.pair && kept.heard_at == row.heard_at
            };
            desk.rates.iter_mut().filter(same).for_each(|kept| kept.saved = true);
        }
    }

    fn remember(&mut self, row: RateRow) {
        let same = |name: &str, of: &str| name == row.source && of == row.pair;
        if let Some(exchange) = self.exchanges.iter_mut().find(|one| same(one.name, one.pair)) {
            let RateRow { bid, ask, at, stamped, moved_at, heard_at, .. } = row;
            let price = Checked { bid, ask, at, stamped };
            exchange.good = Some(Good { price, moved_at, heard_at, saved: true });
            return;
        }
        let currency = row.pair.strip_prefix("USD/").and_then(|code| code.parse().ok());
        let desk = self.desks.iter_mut().find(|desk| desk.name == row.source);
        if let (Some(currency), Some(desk)) = (currency, desk) {
            let published = row.published.map(|date| Published { at: row.at, date });
            let rate = DollarRate { currency, per_usd: row.bid, published };
            desk.rates.push(Kept { rate, heard_at: row.heard_at, saved: true });
        }
    }
}

fn pair(currency: Currency) -> String {
    format!("USD/{currency}")
}
