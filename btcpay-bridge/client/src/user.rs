//! People: who the key is of, new accounts, and who works in a store.

use serde::{Deserialize, Serialize};

use crate::api_key::{ApiKey, CreateApiKey};
use crate::number::null_is_empty;
use crate::{Client, Extra, Result, Secret, UnixTime};

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// Its identifier.
    pub id: String,
    /// Its e-mail address, which is its name for signing in.
    #[serde(default)]
    pub email: Option<String>,
    /// What the person is called.
    #[serde(default)]
    pub name: Option<String>,
    /// Whether the e-mail address was confirmed.
    #[serde(default)]
    pub email_confirmed: bool,
    /// Whether it was approved.
    #[serde(default)]
    pub approved: bool,
    /// When it was made.
    #[serde(default)]
    pub created: Option<UnixTime>,
    /// Whether it may not sign in.
    #[serde(default)]
    pub disabled: bool,
    /// Its roles at the server, such as `ServerAdmin`.
    #[serde(default, deserialize_with = "null_is_empty")]
    pub roles: Vec<String>,
    /// What else the server says.
    #[serde(flatten)]
    pub extra: Extra,
}

/// An account to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateUser {
    /// The e-mail address.
    pub email: String,
    /// What the person is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The password; where absent the person is asked by e-mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<Secret>,
    /// Whether it administers the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_administrator: Option<bool>,
    /// Whether the person gets an e-mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub send_invitation_email: Option<bool>,
}

impl CreateUser {
    /// An account with a password.
    pub fn new(email: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self {
            email: email.into(),
            name: None,
            password: Some(password.into()),
            is_administrator: None,
            send_invitation_email: None,
        }
    }
}

/// Somebody who works in a store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoreUser {
    /// The account; older servers say [`StoreUser::user_id`] only.
    #[serde(default)]
    pub id: Option<String>,
    /// The account, by the name that older servers use.
    #[serde(default)]
    pub user_id: Option<String>,
    /// The role: `Owner`, `Manager`, `Employee`, `Guest`, or one of the store's own.
    #[serde(default)]
    pub store_role: Option<String>,
    /// The role, by the name that older servers use.
    #[serde(default)]
    pub role: Option<String>,
    /// The e-mail address.
    #[serde(default)]
    pub email: Option<String>,
    /// What the person is called.
    #[serde(default)]
    pub name: Option<String>,
    /// What else the server says.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Client {
    /// Whose key it is. `GET /api/v1/users/me`
    pub async fn current_user(&self) -> Result<User> {
        self.get(["users", "me"]).read().await
    }

    /// Makes an account. Needs no key on a server that lets people register, or that has no
    /// administrator yet. `POST /api/v1/users`
    pub async fn create_user(&self, user: &CreateUser) -> Result<User> {
        self.post(["users"]).json(user).read().await
    }

    /// Makes a key for another account; for administrators of the server.
    /// `POST /api/v1/users/{idOrEmail}/api-keys`
    pub async fn create_user_api_key(
        &self,
        id_or_email: &str,
        key: &CreateApiKey,
    ) -> Result<ApiKey> {
        self.post(["users", id_or_email, "api-keys"]).json(key).read().await
    }

    /// Who works in a store. `GET /api/v1/stores/{storeId}/users`
    pub async fn store_users(&self, store_id: &str) -> Result<Vec<StoreUser>> {
        self.get(["stores", store_id, "users"]).read().await
    }
}
