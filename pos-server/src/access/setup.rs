//! The first start: a code that only whoever started the server can read.

use std::time::Duration;

use super::{AccessError, token};
use crate::app::App;
use crate::db::session::Session;
use crate::domain::id::MerchantId;

/// Whom the code's session is for: nobody yet.
pub(super) const SETUP: &str = "first start";

const GOOD_FOR: Duration = Duration::from_secs(24 * 60 * 60);

/// A code for the first start, good for a day and one merchant; none once somebody set up shop.
pub async fn setup_code(app: &App) -> Result<Option<String>, AccessError> {
    if app.db.has_merchants().await? {
        return Ok(None);
    }
    let (code, now) = (token::code(12), app.now());
    let session = Session {
        token_hash: token::hash(&code),
        kind: "setup".into(),
        subject: SETUP.into(),
        merchant_id: MerchantId::new(),
        staff_id: None,
        staff_until_ms: 0,
        csrf: String::new(),
        expires_ms: now.after(GOOD_FOR).0,
    };
    let mut tx = app.db.begin().await?;
    tx.add_session(&session, now).await?;
    tx.commit().await?;
    Ok(Some(code))
}

/// True when a typed code is the one for the first start, so that nothing is hashed for strangers.
/// `open` takes it, once.
pub async fn is_setup_code(app: &App, typed: &str) -> Result<bool, AccessError> {
    let hash = token::hash(&token::clean_code(typed));
    let found = app.db.session(&hash, app.now()).await?;
    Ok(found.is_some_and(|found| found.kind == "setup" && found.subject == SETUP))
}
