//! What keys are let do, and which permission contains which.

use super::ApiKey;

/// Everything its owner may do.
pub const UNRESTRICTED: &str = "unrestricted";
/// See a store's settings, and its invoices, pull payments and payouts.
pub const VIEW_STORE_SETTINGS: &str = "btcpay.store.canviewstoresettings";
/// Change a store; contains every other policy of stores named here.
pub const MODIFY_STORE_SETTINGS: &str = "btcpay.store.canmodifystoresettings";
/// See invoices.
pub const VIEW_INVOICES: &str = "btcpay.store.canviewinvoices";
/// Make invoices.
pub const CREATE_INVOICE: &str = "btcpay.store.cancreateinvoice";
/// Mark and archive invoices; contains seeing and making them.
pub const MODIFY_INVOICES: &str = "btcpay.store.canmodifyinvoices";
/// Set webhooks up.
pub const MODIFY_WEBHOOKS: &str = "btcpay.store.webhooks.canmodifywebhooks";
/// See pull payments.
pub const VIEW_PULL_PAYMENTS: &str = "btcpay.store.canviewpullpayments";
/// Make pull payments and refunds whose claims wait for approval.
pub const CREATE_NON_APPROVED_PULL_PAYMENTS: &str = "btcpay.store.cancreatenonapprovedpullpayments";
/// Make pull payments and refunds whose claims need none.
pub const CREATE_PULL_PAYMENTS: &str = "btcpay.store.cancreatepullpayments";
/// Put pull payments away.
pub const ARCHIVE_PULL_PAYMENTS: &str = "btcpay.store.canarchivepullpayments";
/// Make pull payments and put them away.
pub const MANAGE_PULL_PAYMENTS: &str = "btcpay.store.canmanagepullpayments";
/// See payouts.
pub const VIEW_PAYOUTS: &str = "btcpay.store.canviewpayouts";
/// Approve, mark and cancel payouts.
pub const MANAGE_PAYOUTS: &str = "btcpay.store.canmanagepayouts";
/// See the Lightning invoices of a store's node.
pub const VIEW_LIGHTNING_INVOICE: &str = "btcpay.store.canviewlightninginvoice";
/// Make invoices at a store's node.
pub const CREATE_LIGHTNING_INVOICE: &str = "btcpay.store.cancreatelightninginvoice";
/// Use a store's node, paying included.
pub const USE_LIGHTNING_NODE: &str = "btcpay.store.canuselightningnode";

/// What a policy contains at once; what those contain it contains too.
const CONTAINS: &[(&str, &[&str])] = &[
    (
        MODIFY_STORE_SETTINGS,
        &[
            MANAGE_PULL_PAYMENTS,
            MODIFY_INVOICES,
            VIEW_STORE_SETTINGS,
            MODIFY_WEBHOOKS,
            MANAGE_PAYOUTS,
            USE_LIGHTNING_NODE,
        ],
    ),
    (VIEW_STORE_SETTINGS, &[VIEW_INVOICES, VIEW_PULL_PAYMENTS, VIEW_PAYOUTS]),
    (MODIFY_INVOICES, &[VIEW_INVOICES, CREATE_INVOICE, CREATE_LIGHTNING_INVOICE]),
    (MANAGE_PULL_PAYMENTS, &[CREATE_PULL_PAYMENTS, ARCHIVE_PULL_PAYMENTS]),
    (CREATE_PULL_PAYMENTS, &[CREATE_NON_APPROVED_PULL_PAYMENTS]),
    (CREATE_NON_APPROVED_PULL_PAYMENTS, &[VIEW_PULL_PAYMENTS]),
    (MANAGE_PAYOUTS, &[VIEW_PAYOUTS]),
    (USE_LIGHTNING_NODE, &[VIEW_LIGHTNING_INVOICE, CREATE_LIGHTNING_INVOICE]),
];

fn contains(policy: &str, wanted: &str) -> bool {
    let below = CONTAINS.iter().filter(|(above, _)| *above == policy).flat_map(|(_, below)| *below);
    policy == wanted || policy == UNRESTRICTED || below.into_iter().any(|p| contains(p, wanted))
}

impl ApiKey {
    /// Whether the key may do this in this store, by a permission that names it or contains it. The
    /// server has the last word: it also asks what the key's owner may do.
    #[must_use]
    pub fn allows(&self, policy: &str, store_id: &str) -> bool {
        self.permissions.iter().any(|permission| match permission.split_once(':') {
            Some((given, store)) => store == store_id && contains(given, policy),
            None => contains(permission, policy),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Extra;

    fn key(permissions: &[&str]) -> ApiKey {
        let permissions = permissions.iter().map(|&permission| permission.to_owned()).collect();
        ApiKey { api_key: "k".into(), label: None, permissions, extra: Extra::default() }
    }

    #[test]
    fn a_permission_is_for_one_store_or_for_all() {
        let key = key(&[VIEW_INVOICES, "btcpay.store.canmanagepayouts:one"]);
        assert!(key.allows(VIEW_INVOICES, "two"));
        assert!(key.allows(MANAGE_PAYOUTS, "one") && key.allows(VIEW_PAYOUTS, "one"));
        assert!(!key.allows(MANAGE_PAYOUTS, "two"));
    }

    #[test]
    fn a_wide_permission_contains_the_narrow_ones() {
        let wide = key(&["btcpay.store.canmodifystoresettings:one"]);
        for policy in [VIEW_INVOICES, CREATE_NON_APPROVED_PULL_PAYMENTS, CREATE_LIGHTNING_INVOICE] {
            assert!(wide.allows(policy, "one") && !wide.allows(policy, "two"));
        }
        assert!(key(&[UNRESTRICTED]).allows(MODIFY_STORE_SETTINGS, "one"));
        assert!(!key(&[CREATE_INVOICE]).allows(VIEW_INVOICES, "one"));
    }
}
