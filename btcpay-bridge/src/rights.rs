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

/// What cards need beside, whose balance is at BTCPay. Asked for where the merchant wants such cards.
pub const CARD_RIGHTS: &[Right] = &[
    Right {
        policy: "btcpay.store.cancreatepullpayments",
        why: "Set money aside for a card, and pay its holder’s points onto it, without approval by hand",
        needed: false,
    },
    Right {
        policy: "btcpay.store.canarchivepullpayments",
        why: "End a card for good when it is gone",
        needed: false,
    },
];
