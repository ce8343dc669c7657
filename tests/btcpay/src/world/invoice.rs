//! An invoice and its payments.

use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Map, Value};

use super::node::Bolt11;

/// Where a payment comes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    Chain,
    Lightning,
}

impl Method {
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Chain => "BTC-CHAIN",
            Self::Lightning => "BTC-LN",
        }
    }

    /// Decimals of a bitcoin.
    pub(crate) fn decimals(self) -> u32 {
        match self {
            Self::Chain => 8,
            Self::Lightning => 11,
        }
    }
}

/// The state of an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "BTCPay's own words")]
pub enum Status {
    New,
    Processing,
    Settled,
    Expired,
    Invalid,
}

/// What is special about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "BTCPay's own words")]
pub enum Additional {
    None,
    PaidPartial,
    PaidOver,
    PaidLate,
    Marked,
}

/// The state of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "BTCPay's own words")]
pub enum PaymentStatus {
    Processing,
    Settled,
    Invalid,
}

#[derive(Debug, Clone)]
pub(crate) struct Payment {
    pub(crate) id: String,
    pub(crate) method: Method,
    pub(crate) value: Decimal,
    pub(crate) received: i64,
    pub(crate) status: PaymentStatus,
    pub(crate) destination: String,
    pub(crate) confirmations: u32,
    /// Its sender may replace it while it is unconfirmed.
    pub(crate) replaceable: bool,
}

/// A way to pay an invoice.
#[derive(Debug, Clone)]
pub(crate) struct Prompt {
    pub(crate) method: Method,
    pub(crate) destination: String,
    /// Every Lightning invoice there was; all can still be paid.
    pub(crate) bolt11s: Vec<Bolt11>,
}

#[derive(Debug, Clone)]
pub(crate) struct Invoice {
    pub(crate) id: String,
    pub(crate) store: String,
    /// Nothing until the first payment of a top-up.
    pub(crate) price: Option<Decimal>,
    pub(crate) top_up: bool,
    pub(crate) currency: String,
    pub(crate) metadata: Map<String, Value>,
    pub(crate) checkout: Value,
    pub(crate) receipt: Value,
    pub(crate) terms: Vec<String>,
    pub(crate) speed: String,
    pub(crate) tolerance: Decimal,
    pub(crate) created: i64,
    pub(crate) expires: i64,
    pub(crate) monitored_until: i64,
    pub(crate) status: Status,
    pub(crate) additional: Additional,
    pub(crate) archived: bool,
    /// What one bitcoin cost when it was made.
    pub(crate) rate: Decimal,
    pub(crate) prompts: Vec<Prompt>,
    pub(crate) payments: Vec<Payment>,
}

impl Invoice {
    /// Bitcoin asked for by a method, rounded up to what the method can carry.
    pub(crate) fn total(&self, method: Method) -> Decimal {
        let price = self.price.unwrap_or_default();
        round_up(price / self.rate, method.decimals())
    }

    /// Bitcoin received, less what was double-spent.
    pub(crate) fn paid(&self) -> Decimal {
        self.accounted().map(|payment| payment.value).sum()
    }

    /// Bitcoin received that nobody can take back.
    pub(crate) fn confirmed(&self) -> Decimal {
        let settled = |payment: &&Payment| payment.status == PaymentStatus::Settled;
        self.accounted().filter(settled).map(|payment| payment.value).sum()
    }

    fn accounted(&self) -> impl Iterator<Item = &Payment> {
        self.payments.iter().filter(|payment| payment.status != PaymentStatus::Invalid)
    }

    /// Whether so much bitcoin is enough, the tolerance taken off.
    pub(crate) fn covers(&self, bitcoin: Decimal) -> bool {
        let Some(price) = self.price else { return false };
        let least = price - price * self.tolerance / Decimal::ONE_HUNDRED;
        bitcoin * self.rate >= least
    }

    /// Whether so much is more than asked; less than a satoshi more is dust.
    pub(crate) fn is_over(&self, bitcoin: Decimal) -> bool {
        !self.top_up && bitcoin > self.total(Method::Chain)
    }

    pub(crate) fn prompt(&self, method: Method) -> Option<&Prompt> {
        self.prompts.iter().find(|prompt| prompt.method == method)
    }

    /// Confirmations that its speed policy waits for.
    pub(crate) fn confirmations(&self, replaceable: bool) -> u32 {
        match self.speed.as_str() {
            "HighSpeed" => u32::from(replaceable),
            "LowMediumSpeed" => 2,
            "LowSpeed" => 6,
            _ => 1,
        }
    }

    pub(crate) fn can_mark_settled(&self) -> bool {
        self.status != Status::Settled
    }

    pub(crate) fn can_mark_invalid(&self) -> bool {
        match self.status {
            Status::New | Status::Processing | Status::Expired => true,
            Status::Settled => self.additional == Additional::Marked,
            Status::Invalid => false,
        }
    }

    pub(crate) fn can_refund(&self) -> bool {
        use Additional::{PaidLate, PaidOver, PaidPartial};
        match self.status {
            Status::Settled | Status::Invalid => true,
            Status::Expired => matches!(self.additional, PaidLate | PaidOver | PaidPartial),
            _ => false,
        }
    }
}

pub(crate) fn round_up(bitcoin: Decimal, decimals: u32) -> Decimal {
    bitcoin.round_dp_with_strategy(decimals, RoundingStrategy::ToPositiveInfinity).normalize()
}
