//! Pairing: a short-lived code from the owner makes a tablet a till, once.

use std::time::Duration;

use super::{AccessError, token};
use crate::app::App;
use crate::db::Tx;
use crate::db::till::Till;
use crate::domain::time::Time;

/// How long a code is good.
pub const CODE_GOOD_FOR: Duration = Duration::from_secs(10 * 60);
/// Signs of a code: 30 to the eighth, so that ten minutes of guessing find nothing.
pub const CODE_LENGTH: usize = 8;

/// A code as the owner sees it.
#[derive(Debug, Clone)]
pub struct PairingCode {
    /// Eight signs.
    pub code: String,
    /// When it ends.
    pub expires: Time,
}

/// Makes a code for a till; earlier ones of the same till end.
pub async fn new_code(tx: &mut Tx, till: &Till, now: Time) -> Result<PairingCode, AccessError> {
    let code = PairingCode { code: token::code(CODE_LENGTH), expires: now.after(CODE_GOOD_FOR) };
    tx.end_pairings_of(&till.id).await?;
    tx.add_pairing(&token::hash(&code.code), &till.id, code.expires).await?;
    Ok(code)
}

/// The till that a typed code is for, once and in time. The caller starts the tablet's session in
/// the same transaction.
pub async fn use_code(app: &App, tx: &mut Tx, typed: &str) -> Result<Option<Till>, AccessError> {
    let hash = token::hash(&token::clean_code(typed));
    let Some(id) = tx.use_pairing(&hash, app.now()).await? else {
        return Ok(None);
    };
    Ok(Some(tx.till(&id).await?).filter(|till| till.retired == 0))
}
