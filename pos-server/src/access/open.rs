//! Opening shop: merchant, owner, store, till and staff appear together, or not at all.

use super::setup::SETUP;
use super::{AccessError, password, practice, token};
use crate::app::App;
use crate::db::merchant::Owner;
use crate::db::staff::Staff;
use crate::db::store::Store;
use crate::db::till::Till;
use crate::db::{DbError, Tx};
use crate::domain::currency::Currency;
use crate::domain::id::{MerchantId, OwnerId, StaffId, StoreId, TillId};
use crate::domain::time::Time;

/// All that a new merchant begins with.
pub struct Opening {
    /// The merchant's name.
    pub name: String,
    /// Who signs in.
    pub owner: Owner,
    /// The shop.
    pub store: Store,
    /// Its first till.
    pub till: Till,
    /// Who unlocks it.
    pub staff: Vec<Staff>,
}

/// How somebody may open shop.
pub enum Right<'a> {
    /// With the code of the first start.
    Code(&'a str),
    /// Anybody may, here.
    Open,
}

/// A practice store with what is customary for its currency; the rest is changed by the caller.
pub fn practice_store(
    merchant: &MerchantId,
    name: String,
    currency: Currency,
) -> Result<Store, AccessError> {
    Ok(Store {
        id: StoreId::new(),
        merchant_id: merchant.clone(),
        name,
        money: "practice".into(),
        currency: currency.code().into(),
        exponent: currency.exponent().into(),
        tax_name: "Tax".into(),
        tax_bp: 0,
        tax_inclusive: 1,
        tax_number: String::new(),
        tips_bp: "[]".into(),
        address: String::new(),
        time_zone: "UTC".into(),
        cash_step: currency.cash_step(),
        cash_tie_up: 1,
        sale_cap: practice::usual_cap(currency),
        offer_seconds: 600,
        rate_settings: practice::rate_settings(currency)?,
        receipt_footer: String::new(),
    })
}

/// An owner with a hashed password.
pub async fn owner(merchant: &MerchantId, email: &str, secret: &str) -> Result<Owner, AccessError> {
    Ok(Owner {
        id: OwnerId::new(),
        merchant_id: merchant.clone(),
        email: email.to_owned(),
        password_hash: password::hash(secret).await?,
        failed: 0,
        locked_until_ms: 0,
    })
}

/// Somebody on the staff of `store`, with a hashed PIN.
pub async fn staff(
    app: &App,
    store: &Store,
    name: &str,
    role: &str,
    pin: &str,
) -> Result<Staff, AccessError> {
    Ok(Staff {
        id: StaffId::new(),
        merchant_id: store.merchant_id.clone(),
        store_id: store.id.clone(),
        name: name.to_owned(),
        role: role.to_owned(),
        pin_hash: password::hash(&password::peppered(&app.seal, pin)).await?,
        failed: 0,
        locked_until_ms: 0,
        retired: 0,
    })
}

/// A till of `store`.
#[must_use]
pub fn till(store: &Store, name: &str, prefix: &str) -> Till {
    Till {
        id: TillId::new(),
        merchant_id: store.merchant_id.clone(),
        store_id: store.id.clone(),
        name: name.to_owned(),
        prefix: prefix.to_owned(),
        next_receipt: 1,
        failed: 0,
        locked_until_ms: 0,
        retired: 0,
    }
}

/// Opens shop, practice wallet and all. The caller commits, and wakes the worker.
pub async fn open(
    tx: &mut Tx,
    right: Right<'_>,
    opening: &Opening,
    now: Time,
) -> Result<(), AccessError> {
    if let Right::Code(code) = right {
        let hash = token::hash(&token::clean_code(code));
        if tx.take_session(&hash, "setup", now).await?.is_none_or(|found| found.subject != SETUP) {
            return Err(AccessError::Code);
        }
        // Other replicas may have printed codes too.
        tx.end_sessions_of(SETUP).await?;
    }
    let Opening { name, owner, store, till, staff } = opening;
    let who = format!("owner {}", owner.email);
    tx.add_merchant(&store.merchant_id, name, now).await?;
    if !tx.add_owner(owner, now).await? {
        return Err(AccessError::EmailTaken);
    }
    tx.audit(&store.merchant_id, &who, "merchant.opened", name, now).await?;
    add_store(tx, store, &who, now).await?;
    add_till(tx, till, &who, now).await?;
    for person in staff {
        add_staff(tx, person, &who, now).await?;
    }
    Ok(())
}

/// Adds a practice store with its practice wallet. The caller commits, and wakes the worker.
pub async fn add_store(
    tx: &mut Tx,
    store: &Store,
    who: &str,
    now: Time,
) -> Result<(), AccessError> {
    if !tx.add_store(store, now).await? {
        return Err(AccessError::Db(DbError::NotFound));
    }
    tx.add_connection(&practice::connection(store), now).await?;
    let detail = format!("{}, {}, practice money", store.name, store.currency);
    tx.audit(&store.merchant_id, who, "store.opened", &detail, now).await?;
    Ok(())
}

/// Adds the first till of a store. The caller commits.
pub async fn add_till(tx: &mut Tx, till: &Till, who: &str, now: Time) -> Result<(), AccessError> {
    tx.add_till(till, now).await?;
    let detail = format!("{} {}", till.prefix, till.name);
    tx.audit(&till.merchant_id, who, "till.added", &detail, now).await?;
    Ok(())
}

/// Adds somebody to the staff. The caller commits.
pub async fn add_staff(
    tx: &mut Tx,
    person: &Staff,
    who: &str,
    now: Time,
) -> Result<(), AccessError> {
    tx.add_staff(person, now).await?;
    let detail = format!("{}, {}", person.name, person.role);
    tx.audit(&person.merchant_id, who, "staff.added", &detail, now).await?;
    Ok(())
}
