//! Wrong PINs and passwords: each try is counted before it is judged, so that a hundred at once
//! are not a hundred guesses; five wrong ones lock for a while.

use std::time::Duration;

use super::password::{self, PasswordError};
use crate::app::App;
use crate::db::DbError;
use crate::db::merchant::Owner;
use crate::db::staff::Staff;
use crate::db::till::Till;

/// Wrong PINs in a row that lock a person.
pub const STAFF_TRIES: i64 = 5;
/// Wrong PINs in a row, whoever's, that lock a till.
pub const TILL_TRIES: i64 = 10;
/// Wrong passwords in a row that lock an owner.
pub const OWNER_TRIES: i64 = 5;
/// How long a lock lasts.
pub const LOCK: Duration = Duration::from_secs(5 * 60);

/// What came of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    /// It was right.
    Right,
    /// It was wrong; so many tries are left.
    Wrong(i64),
    /// Not even looked at, or the last one that was: the person is locked for a while.
    Locked,
    /// The same of the till, whoever asks.
    TillLocked,
}

impl Tried {
    /// What a cashier is told of a PIN.
    #[must_use]
    pub fn pin_words(self) -> Option<String> {
        match self {
            Self::Right => None,
            Self::Wrong(1) => Some("That PIN is not right. 1 try left.".into()),
            Self::Wrong(left) => Some(format!("That PIN is not right. {left} tries left.")),
            Self::Locked => Some(
                "Too many tries. Wait five minutes, or have the owner give you a new PIN.".into(),
            ),
            Self::TillLocked => Some("Too many wrong PINs on this till. Wait five minutes.".into()),
        }
    }
}

/// Why a try could not be judged.
#[derive(Debug, thiserror::Error)]
pub enum TryError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The hashing.
    #[error(transparent)]
    Password(#[from] PasswordError),
}

/// Judges a PIN on a till. While either of them is locked, nothing is counted on the other.
pub async fn pin(app: &App, till: &Till, staff: &Staff, pin: &str) -> Result<Tried, TryError> {
    let (now, locked) = (app.now(), app.now().after(LOCK));
    let mut tx = app.db.begin().await?;
    // The person first, as in `forget_tries`: two transactions that lock both must not cross.
    let of_staff = tx.take_staff_try(&staff.id, now, STAFF_TRIES, locked).await?;
    let on_till = tx.take_till_try(&till.id, now, TILL_TRIES, locked).await?;
    let (of_staff, on_till) = match (of_staff, on_till) {
        (_, None) => return Ok(Tried::TillLocked),
        (None, _) => return Ok(Tried::Locked),
        (Some(of_staff), Some(on_till)) => (of_staff, on_till),
    };
    tx.commit().await?;
    let peppered = password::peppered(&app.seal, pin);
    let hash = (staff.retired == 0).then_some(staff.pin_hash.as_str());
    if password::verify_pin(&peppered, hash).await? {
        app.db.forget_tries(&staff.id, &till.id).await?;
        return Ok(Tried::Right);
    }
    if on_till >= TILL_TRIES {
        return Ok(Tried::TillLocked);
    }
    Ok(judge((STAFF_TRIES - of_staff).min(TILL_TRIES - on_till)))
}

/// Judges an owner's password; nobody's is judged as slowly, and never right.
pub async fn password(app: &App, owner: Option<&Owner>, typed: &str) -> Result<Tried, TryError> {
    let Some(owner) = owner else {
        password::verify(typed, None).await?;
        return Ok(Tried::Wrong(OWNER_TRIES));
    };
    let (now, locked) = (app.now(), app.now().after(LOCK));
    let Some(tries) = app.db.take_owner_try(&owner.id, now, OWNER_TRIES, locked).await? else {
        password::verify(typed, None).await?;
        return Ok(Tried::Locked);
    };
    if password::verify(typed, Some(&owner.password_hash)).await? {
        app.db.forget_owner_tries(&owner.id).await?;
        return Ok(Tried::Right);
    }
    Ok(judge(OWNER_TRIES - tries))
}

fn judge(left: i64) -> Tried {
    if left > 0 { Tried::Wrong(left) } else { Tried::Locked }
}
