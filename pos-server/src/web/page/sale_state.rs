//! The states of a payment: words to say aloud, a sign, a colour, and the line under the amount.
//! The line is doubled only when the money is ours.

/// What is known of the money of a sale, with what its sentences need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SaleState {
    /// An offer stands; nothing came for it.
    Waiting,
    /// A payment is on its way, not final.
    Seen,
    /// All of it is ours.
    Paid,
    /// All of it is ours, in cash, and change is due; the large amount is the change.
    Change,
    /// Less than was asked arrived; the large amount is what is left.
    PartPaid {
        /// `J$4,000.00`.
        came: String,
        /// `J$405.50`.
        left: String,
        /// What came, of `of`, in any unit: the length of the line.
        part: u64,
        /// The whole.
        of: u64,
        /// The payment that can be given back, the last.
        payment: String,
        /// What that gives back, where it is not all that came: `J$500.00`.
        own: Option<String>,
    },
    /// What had paid the sale counts no more; the large amount is what is left.
    Gone {
        /// `J$4,405.50`.
        came: String,
        /// It can be seen where: `BTCPay`.
        by: &'static str,
    },
    /// More than the bill arrived; the large amount is the extra.
    Overpaid {
        /// `J$4,500.00`.
        came: String,
        /// `J$4,405.50`.
        bill: String,
        /// The payment whose extra can be given back.
        payment: String,
    },
    /// Money came after the offer had ended; the large amount is that payment.
    Late {
        /// `11:58`.
        at: String,
        /// `Table 2`, or the receipt number.
        name: String,
        /// The payment that waits for a decision.
        payment: String,
        /// It can still pay (a part of) this sale.
        can_add: bool,
    },
    /// The offer ended and nothing came.
    Expired,
    /// The rail did not say what happened.
    Unknown {
        /// How long ago it was last asked.
        checked_ms: i64,
    },
    /// No bitcoin price that is fresh enough.
    NoPrice {
        /// Why, in a sentence.
        words: String,
    },
    /// The rail gave no offer.
    RailDown {
        /// It answers, but cannot take this much just now.
        full: bool,
        /// It is BTCPay that gave none.
        btcpay: bool,
        /// Why, in a sentence.
        words: String,
    },
    /// Cancelled before any money came.
    Voided,
    /// Given back whole.
    Refunded,
}

impl SaleState {
    /// The state's name in live messages and in tests.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Seen => "seen",
            Self::Paid => "paid",
            Self::Change => "change",
            Self::PartPaid { .. } => "part-paid",
            Self::Gone { .. } => "gone",
            Self::Overpaid { .. } => "overpaid",
            Self::Late { .. } => "late",
            Self::Expired => "expired",
            Self::Unknown { .. } => "unknown",
            Self::NoPrice { .. } => "no-price",
            Self::RailDown { .. } => "rail-down",
            Self::Voided => "voided",
            Self::Refunded => "refunded",
        }
    }

    /// The colour's class.
    #[must_use]
    pub fn class(&self) -> &'static str {
        match self {
            Self::Waiting => "wait",
            Self::Seen => "seen",
            Self::Paid | Self::Change | Self::Overpaid { .. } => "paid",
            Self::PartPaid { .. }
            | Self::Late { .. }
            | Self::NoPrice { .. }
            | Self::RailDown { .. } => "warn",
            Self::Gone { .. } => "fail",
            Self::Expired | Self::Voided | Self::Refunded => "past",
            Self::Unknown { .. } => "doubt",
        }
    }

    /// The sign.
    #[must_use]
    pub fn icon(&self) -> &'static str {
        match self {
            Self::Waiting => "clock",
            Self::Seen => "eye",
            Self::Paid | Self::Change => "done",
            Self::PartPaid { .. } => "half",
            Self::Gone { .. } => "fail",
            Self::Overpaid { .. } => "over",
            Self::Late { .. } | Self::NoPrice { .. } | Self::RailDown { .. } => "alert",
            Self::Expired => "glass",
            Self::Unknown { .. } => "ask",
            Self::Voided => "none",
            Self::Refunded => "refund",
        }
    }

    /// What the till says.
    #[must_use]
    pub fn words(&self) -> &'static str {
        match self {
            Self::Waiting => "Waiting for payment",
            Self::Seen => "Seen, not final yet",
            Self::Paid => "Paid",
            Self::Change => "Paid. Give change",
            Self::PartPaid { .. } => "Not all of it came",
            Self::Gone { .. } => "Not paid any more",
            Self::Overpaid { .. } => "Paid, and too much",
            Self::Late { .. } => "Paid late",
            Self::Expired => "Time ran out",
            Self::Unknown { .. } => "We don’t know yet: checking",
            Self::NoPrice { .. } => "No fresh price",
            Self::RailDown { full: false, btcpay: false, .. } => "Lightning is not answering",
            Self::RailDown { full: true, btcpay: false, .. } => "Lightning cannot take this",
            Self::RailDown { full: false, .. } => "BTCPay is not answering",
            Self::RailDown { full: true, .. } => "BTCPay cannot take this",
            Self::Voided => "Sale cancelled",
            Self::Refunded => "Refunded",
        }
    }

    /// The shape of the line under the amount; empty for the single line.
    #[must_use]
    pub fn line(&self) -> &'static str {
        match self {
            Self::Paid | Self::Change => "double",
            Self::Overpaid { .. } => "double past-edge",
            Self::Seen => "half-double",
            Self::Unknown { .. } => "dotted",
            Self::Expired | Self::Voided => "cut",
            Self::NoPrice { .. } | Self::RailDown { .. } | Self::Gone { .. } => "gap",
            _ => "",
        }
    }

    /// The money is ours: the page is the Charge button grown to the whole screen.
    #[must_use]
    pub fn settled(&self) -> bool {
        matches!(self, Self::Paid | Self::Change | Self::Overpaid { .. })
    }

    /// Nothing more can be asked for on this page.
    #[must_use]
    pub fn over(&self) -> bool {
        matches!(self, Self::Voided | Self::Refunded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every() -> Vec<SaleState> {
        let text = String::new;
        vec![
            SaleState::Waiting,
            SaleState::Seen,
            SaleState::Paid,
            SaleState::Change,
            SaleState::PartPaid {
                came: text(),
                left: text(),
                part: 1,
                of: 2,
                payment: text(),
                own: None,
            },
            SaleState::Overpaid { came: text(), bill: text(), payment: text() },
            SaleState::Late { at: text(), name: text(), payment: text(), can_add: true },
            SaleState::Expired,
            SaleState::Unknown { checked_ms: 0 },
            SaleState::NoPrice { words: text() },
            SaleState::RailDown { full: true, btcpay: false, words: text() },
            SaleState::Gone { came: text(), by: "BTCPay" },
            SaleState::Voided,
            SaleState::Refunded,
        ]
    }

    #[test]
    fn the_line_is_doubled_only_when_the_money_is_ours() {
        for state in every() {
            let doubled = state.line().split(' ').any(|part| part == "double");
            assert_eq!(doubled, state.settled(), "{}", state.name());
            assert_eq!(state.class() == "paid", state.settled(), "{}", state.name());
        }
    }

    #[test]
    fn no_two_states_share_a_name_or_both_sign_and_line_and_words() {
        let mut seen: Vec<_> = every().iter().map(SaleState::name).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), every().len());
        let mut words: Vec<_> = every().iter().map(|s| (s.words(), s.icon(), s.line())).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), every().len());
    }
}
