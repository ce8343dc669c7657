//! What we ask a merchant's BTCPay for, and why.

/// A permission, narrowed to one store when it is granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Right {
    /// BTCPay's name for it.
    pub policy: &'static str,
    /// What we do with it, for the merchant.
    pub why: &'static str,
    /// Without it nothing can be sold.
    pub needed: bool,
}

/// All of them.
pub const RIGHTS: &[Right] = &[
    Right {
        policy: "btcpay.store.canviewstoresettings",
        why: "Read the store’s name, currency, prices and payment methods",
        needed: true,
    },
    Right {
        policy: "btcpay.store.cancreateinvoice",
        why: "Make an invoice when a cashier presses Charge",
        needed: true,
    },
    Right {
        policy: "btcpay.store.canviewinvoices",
        why: "Read what became of those invoices",
        needed: true,
    },
    Right {
        policy: "btcpay.store.canmodifyinvoices",
        why: "Mark an invoice invalid when the cashier cancels it",
        needed: true,
    },
    Right {
        policy: "btcpay.store.webhooks.canmodifywebhooks",
        why: "Set up one webhook, so that the till hears of a payment at once",
        needed: false,
    },
];

/// Whether a granted policy covers another: BTCPay's policies are nested.
pub(crate) fn covers(granted: &str, wanted: &str) -> bool {
    const SETTINGS: &str = "btcpay.store.canmodifystoresettings";
    const VIEW: &str = "btcpay.store.canviewstoresettings";
    const INVOICES: &str = "btcpay.store.canmodifyinvoices";
    let under = |parent: &str| match parent {
        SETTINGS => wanted.starts_with("btcpay.store."),
        INVOICES => {
            ["btcpay.store.canviewinvoices", "btcpay.store.cancreateinvoice"].contains(&wanted)
        }
        VIEW => wanted == "btcpay.store.canviewinvoices",
        "unrestricted" => true,
        _ => false,
    };
    granted == wanted || under(granted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wider_right_covers_a_narrower_one_and_never_the_reverse() {
        assert!(covers("unrestricted", "btcpay.store.cancreateinvoice"));
        assert!(covers("btcpay.store.canmodifyinvoices", "btcpay.store.canviewinvoices"));
        assert!(covers(
            "btcpay.store.canmodifystoresettings",
            "btcpay.store.webhooks.canmodifywebhooks"
        ));
        assert!(!covers("btcpay.store.canviewinvoices", "btcpay.store.canmodifyinvoices"));
        assert!(!covers("btcpay.store.cancreateinvoice", "btcpay.store.canviewinvoices"));
    }
}
