//! Who asks: extractors that let in or send to the right door.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::error::{Door, WebError};
use super::session;
use crate::app::App;
use crate::db::DbError;
use crate::db::merchant;
use crate::db::session::Session;
use crate::db::staff::Staff;
use crate::db::store::Store;
use crate::db::till::Till;
use crate::domain::id::{MerchantId, StaffId, StoreId};

/// A signed-in owner. All data it reaches is its merchant's.
#[derive(Clone)]
pub struct Owner {
    /// The session; its `csrf` goes into every form.
    pub session: Arc<Session>,
    /// The person.
    pub owner: merchant::Owner,
}

impl Owner {
    /// Whose data it reaches.
    #[must_use]
    pub fn merchant(&self) -> &MerchantId {
        &self.owner.merchant_id
    }

    /// Its name in the audit log.
    #[must_use]
    pub fn who(&self) -> String {
        format!("owner {}", self.owner.email)
    }

    /// A store of this owner; anybody else's is not found.
    pub async fn store(&self, app: &App, id: &str) -> Result<Store, WebError> {
        let id: StoreId = id.parse().map_err(|_| WebError::NotFound)?;
        Ok(app.db.store(self.merchant(), &id).await?)
    }
}

/// A paired tablet, locked or not.
#[derive(Clone)]
pub struct Device {
    /// The session; its `csrf` goes into every form.
    pub session: Arc<Session>,
    /// The till it is.
    pub till: Till,
    /// The store it stands in.
    pub store: Store,
}

/// A paired tablet that somebody unlocked.
#[derive(Clone)]
pub struct Cashier {
    /// The tablet.
    pub device: Device,
    /// Who unlocked it.
    pub staff: Staff,
}

impl Cashier {
    /// True when no manager has to be asked.
    #[must_use]
    pub fn is_manager(&self) -> bool {
        self.staff.role == "manager"
    }
}

impl FromRequestParts<Arc<App>> for Owner {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, WebError> {
        let out = WebError::NotIn(Door::SignIn);
        let Some(session) = session::owner(parts, app).await? else {
            return Err(out);
        };
        let Ok(id) = session.subject.parse() else {
            return Err(out);
        };
        let owner = gone_is(out, app.db.owner(&id).await)?;
        Ok(Self { session, owner })
    }
}

impl FromRequestParts<Arc<App>> for Device {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, WebError> {
        let Some(session) = session::till(parts, app).await? else {
            return Err(WebError::NotIn(Door::Pair));
        };
        let Ok(id) = session.subject.parse() else {
            return Err(WebError::NotIn(Door::Pair));
        };
        let till = gone_is(WebError::NotIn(Door::Pair), app.db.till_by_id(&id).await)?;
        if till.retired != 0 {
            return Err(WebError::NotIn(Door::Pair));
        }
        let store = app.db.store(&till.merchant_id, &till.store_id).await?;
        Ok(Self { session, till, store })
    }
}

impl FromRequestParts<Arc<App>> for Cashier {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, WebError> {
        let device = Device::from_request_parts(parts, app).await?;
        let locked = || WebError::NotIn(Door::Unlock);
        let (session, now) = (&device.session, app.now());
        let staff: Option<StaffId> = session.staff_id.as_deref().and_then(|id| id.parse().ok());
        let Some(staff) = staff.filter(|_| session.staff_until_ms > now.0) else {
            return Err(locked());
        };
        let staff = gone_is(locked(), app.db.staff(&device.till.merchant_id, &staff).await)?;
        if staff.retired != 0 || staff.store_id != device.store.id {
            return Err(locked());
        }
        let slid = now.after(session::LOCKS_AFTER);
        if slid.before(session::SLIDES_EVERY).0 > session.staff_until_ms {
            app.db.slide_session_staff(&session.token_hash, &staff.id, slid).await?;
        }
        Ok(Self { device, staff })
    }
}

fn gone_is<T>(out: WebError, found: Result<T, DbError>) -> Result<T, WebError> {
    match found {
        Ok(found) => Ok(found),
        Err(DbError::NotFound) => Err(out),
        Err(other) => Err(other.into()),
    }
}
