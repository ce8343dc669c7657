//! The form that makes a token, and who can sell where.

use serde::Deserialize;

use crate::app::App;
use crate::db::api_token::ApiToken;
use crate::db::staff::Staff;
use crate::db::till::Till;
use crate::domain::id::ApiTokenId;
use crate::web::api::scope::Scope;
use crate::web::dashboard::desk::At;
use crate::web::error::WebError;
use crate::web::read::{self, Faults};

/// What was typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::web::dashboard) struct Typed {
    id: String,
    pub(super) name: String,
    pub(super) till: String,
    pub(super) staff: String,
    #[serde(rename = "sales:read")]
    sales_read: String,
    #[serde(rename = "sales:write")]
    sales_write: String,
    #[serde(rename = "items:read")]
    items_read: String,
    #[serde(rename = "rates:read")]
    rates_read: String,
}

/// Who can sell where in this store.
pub(super) struct Choices {
    pub(super) tills: Vec<Till>,
    pub(super) staff: Vec<Staff>,
}

impl Typed {
    /// What most programs need.
    pub(super) fn usual() -> Self {
        Self { sales_read: "on".into(), sales_write: "on".into(), ..Self::default() }
    }

    pub(super) fn has(&self, scope: Scope) -> bool {
        let tick = match scope {
            Scope::SalesRead => &self.sales_read,
            Scope::SalesWrite => &self.sales_write,
            Scope::ItemsRead => &self.items_read,
            Scope::RatesRead => &self.rates_read,
        };
        !tick.is_empty()
    }

    fn scopes(&self) -> Vec<&'static str> {
        Scope::ALL.into_iter().filter(|scope| self.has(*scope)).map(Scope::as_str).collect()
    }

    /// The token as typed, for a till and a person of this store only.
    pub(super) fn read(
        &self,
        at: &At,
        choices: &Choices,
        hash: &str,
        now: i64,
    ) -> Result<ApiToken, Faults> {
        let mut faults = Faults::default();
        let name = faults.take("name", read::name(&self.name));
        let till = choices.tills.iter().find(|till| till.id.as_str() == self.till);
        let staff = choices.staff.iter().find(|one| one.id.as_str() == self.staff);
        if till.is_none() {
            faults.note("till", "Choose one of them.");
        }
        if staff.is_none() {
            faults.note("staff", "Choose one of them.");
        }
        let scopes = self.scopes();
        if scopes.is_empty() {
            faults.note("scopes", "Choose at least one.");
        }
        let id: Option<ApiTokenId> = self.id.parse().ok();
        let (Some(till), Some(staff), Some(id)) = (till, staff, id) else { return Err(faults) };
        faults.check(ApiToken {
            id,
            merchant_id: at.merchant().clone(),
            store_id: at.store.id.clone(),
            till_id: till.id.clone(),
            staff_id: staff.id.clone(),
            name,
            scopes: scopes.join(" "),
            token_hash: hash.to_owned(),
            created_ms: now,
            used_ms: None,
            revoked_ms: None,
        })
    }
}

impl Choices {
    pub(super) async fn of(app: &App, at: &At) -> Result<Self, WebError> {
        let mut tills = app.db.tills(&at.store.id).await?;
        tills.retain(|till| till.retired == 0);
        let mut staff = app.db.staff_of(&at.store.id).await?;
        staff.retain(|one| one.retired == 0);
        Ok(Self { tills, staff })
    }
}
