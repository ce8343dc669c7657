//! Identifiers: UUIDv7 as lower-case text, one type each, so that a till is never taken for a sale.

use std::fmt;

/// A text that is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier")]
pub struct BadId;

macro_rules! entity_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Makes a new identifier; later ones sort after earlier ones.
            #[must_use]
            #[allow(clippy::new_without_default)]
            pub fn new() -> Self {
                Self(uuid::Uuid::now_v7().to_string())
            }

            /// The identifier as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                let id = uuid::Uuid::try_parse(text).map_err(|_| BadId)?;
                Ok(Self(id.to_string()))
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadId;
            fn try_from(text: String) -> Result<Self, BadId> {
                text.parse()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

entity_id! {
    /// A merchant: the wall between one business and another.
    MerchantId,
    /// A person who signs in to the dashboard with a password.
    OwnerId,
    /// A shop of a merchant, with one currency.
    StoreId,
    /// A tablet's place in a store; receipt numbers run per till.
    TillId,
    /// A person who unlocks a till with a PIN.
    StaffId,
    /// A group of items on the shelf.
    CategoryId,
    /// Something for sale.
    ItemId,
    /// A sale that was set aside before it was charged.
    ParkedId,
    /// A sale, from Charge on.
    SaleId,
    /// One try to collect a part of a sale over one rail.
    AttemptId,
    /// Money that arrived.
    PaymentId,
    /// One balanced posting in the ledger.
    PostingId,
    /// A rail as set up for one store.
    ConnectionId,
    /// What a program shows to use the API.
    ApiTokenId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_round_trips_and_junk_is_refused() {
        let id = SaleId::new();
        assert_eq!(id.as_str().parse::<SaleId>(), Ok(id.clone()));
        assert_eq!("1 OR 1=1".parse::<SaleId>(), Err(BadId));
    }
}
