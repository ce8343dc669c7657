//! Fetches what a receipt is made of.

use super::Receipt;
use super::say::{Rows, say};
use crate::db::{Db, DbError};

/// Hex digits of the unguessable part of a receipt's address.
const TOKEN_DIGITS: usize = 32;

/// The receipt behind an unguessable address; anything else is not found.
pub async fn read(db: &Db, token: &str, public_url: &str) -> Result<Receipt, DbError> {
    let hex = token.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if token.len() != TOKEN_DIGITS || !hex {
        return Err(DbError::NotFound);
    }
    let sale = db.sale_by_token(token).await?;
    let rows = Rows {
        store: db.store(&sale.merchant_id, &sale.store_id).await?,
        till: db.till(&sale.merchant_id, &sale.till_id).await?,
        attempts: db.attempts(&sale.id).await?,
        payments: db.payments(&sale.id).await?,
        events: db.events(&sale.id).await?,
        points: db.points_of_sale(&sale.id).await?,
        sale,
    };
    say(&rows, public_url)
}
