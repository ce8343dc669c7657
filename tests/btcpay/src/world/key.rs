//! API keys, and what they are allowed.

use serde_json::{Value, json};

/// A key of the server's one user.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    pub(crate) key: String,
    pub(crate) label: String,
    /// As `policy` or `policy:storeId`.
    pub(crate) permissions: Vec<String>,
    /// Who asked for it by the consent page: the application's identifier and the redirect's host.
    pub(crate) application: Option<(String, String)>,
}

pub(crate) const UNRESTRICTED: &str = "unrestricted";
pub(crate) const MODIFY_STORE: &str = "btcpay.store.canmodifystoresettings";
pub(crate) const VIEW_STORE: &str = "btcpay.store.canviewstoresettings";
pub(crate) const VIEW_INVOICES: &str = "btcpay.store.canviewinvoices";
pub(crate) const CREATE_INVOICE: &str = "btcpay.store.cancreateinvoice";
pub(crate) const MODIFY_INVOICES: &str = "btcpay.store.canmodifyinvoices";
pub(crate) const WEBHOOKS: &str = "btcpay.store.webhooks.canmodifywebhooks";
pub(crate) const REFUND: &str = "btcpay.store.cancreatenonapprovedpullpayments";
pub(crate) const CREATE_PULL_PAYMENTS: &str = "btcpay.store.cancreatepullpayments";
pub(crate) const VIEW_PULL_PAYMENTS: &str = "btcpay.store.canviewpullpayments";
pub(crate) const ARCHIVE_PULL_PAYMENTS: &str = "btcpay.store.canarchivepullpayments";
pub(crate) const VIEW_PAYOUTS: &str = "btcpay.store.canviewpayouts";
pub(crate) const MANAGE_PAYOUTS: &str = "btcpay.store.canmanagepayouts";
pub(crate) const VIEW_PROFILE: &str = "btcpay.user.canviewprofile";

/// What a policy contains at once.
fn contained(policy: &str) -> &'static [&'static str] {
    match policy {
        MODIFY_STORE => &[
            VIEW_STORE,
            MODIFY_INVOICES,
            WEBHOOKS,
            "btcpay.store.canmodifypaymentrequests",
            "btcpay.store.canmanagepullpayments",
            MANAGE_PAYOUTS,
            "btcpay.store.canuselightningnode",
        ],
        VIEW_STORE => &[
            VIEW_INVOICES,
            "btcpay.store.canviewpaymentrequests",
            "btcpay.store.canviewreports",
            VIEW_PULL_PAYMENTS,
            VIEW_PAYOUTS,
        ],
        MODIFY_INVOICES => {
            &[VIEW_INVOICES, CREATE_INVOICE, "btcpay.store.cancreatelightninginvoice"]
        }
        "btcpay.store.canmanagepullpayments" => &[CREATE_PULL_PAYMENTS, ARCHIVE_PULL_PAYMENTS],
        CREATE_PULL_PAYMENTS => &[REFUND],
        REFUND => &[VIEW_PULL_PAYMENTS],
        MANAGE_PAYOUTS => &[VIEW_PAYOUTS],
        "btcpay.store.canmodifypaymentrequests" => &["btcpay.store.canviewpaymentrequests"],
        "btcpay.store.canuselightningnode" => {
            &["btcpay.store.canviewlightninginvoice", "btcpay.store.cancreatelightninginvoice"]
        }
        "btcpay.user.canmodifyprofile" => &[VIEW_PROFILE],
        _ => &[],
    }
}

fn contains(held: &str, wanted: &str) -> bool {
    held == UNRESTRICTED
        || held == wanted
        || contained(held).iter().any(|part| contains(part, wanted))
}

impl Key {
    /// Whether it may do what a policy names, in this store.
    pub(crate) fn allows(&self, wanted: &str, store: Option<&str>) -> bool {
        self.permissions.iter().any(|permission| {
            let (policy, of) = match permission.split_once(':') {
                Some((policy, of)) => (policy, Some(of)),
                None => (permission.as_str(), None),
            };
            contains(policy, wanted) && (of.is_none() || of == store)
        })
    }

    pub(crate) fn json(&self) -> Value {
        json!({ "apiKey": self.key, "label": self.label, "permissions": self.permissions })
    }
}
