//! What a store is set to.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::invoice::ReceiptOptions;
use crate::number::{decimal, integer};
use crate::open_enum::open_enum;
use crate::{Extra, PaymentMethodId};

open_enum! {
    /// How many confirmations settle an invoice that is paid on chain.
    pub enum SpeedPolicy {
        /// None, or one where the payment can still be replaced.
        HighSpeed,
        /// One.
        MediumSpeed,
        /// Two.
        LowMediumSpeed,
        /// Six.
        LowSpeed,
    }
}

open_enum! {
    /// When the payer bears the network's fee.
    pub enum NetworkFeeMode {
        /// From the second payment to the same invoice.
        MultiplePaymentsOnly,
        /// Always.
        Always,
        /// Never.
        Never,
    }
}

/// From or up to which amount a payment method is offered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentMethodCriterion {
    /// Which method.
    pub payment_method_id: PaymentMethodId,
    /// The currency of the amount.
    #[serde(default)]
    pub currency_code: Option<String>,
    /// The amount.
    #[serde(with = "decimal")]
    pub amount: Decimal,
    /// Whether it is offered above the amount, or else below.
    #[serde(default)]
    pub above: bool,
    /// What else the server says.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What a store is set to. `None` is not sent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StoreSettings {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its website.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    /// Where its customers find help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub support_url: Option<String>,
    /// Its logo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo_url: Option<String>,
    /// A style sheet of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub css_url: Option<String>,
    /// The sound of a payment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_sound_url: Option<String>,
    /// Its colour, such as `#F7931A`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand_color: Option<String>,
    /// Whether its colour is also used where its staff works.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub apply_brand_color_to_backend: Option<bool>,
    /// The currency of its invoices, such as `USD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_currency: Option<String>,
    /// Further currencies whose rates invoices record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub additional_tracked_rates: Option<Vec<String>>,
    /// Until an invoice expires, in seconds.
    #[serde(with = "integer::option", skip_serializing_if = "Option::is_none")]
    pub invoice_expiration: Option<i64>,
    /// The shortest life of a BOLT11 that a refund is claimed with, in days.
    #[serde(
        rename = "refundBOLT11Expiration",
        with = "integer::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub refund_bolt11_expiration: Option<i64>,
    /// From when the checkout shows the time that is left, in seconds.
    #[serde(with = "integer::option", skip_serializing_if = "Option::is_none")]
    pub display_expiration_timer: Option<i64>,
    /// How long an expired invoice is still watched, in seconds.
    #[serde(with = "integer::option", skip_serializing_if = "Option::is_none")]
    pub monitoring_expiration: Option<i64>,
    /// How many confirmations settle an invoice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speed_policy: Option<SpeedPolicy>,
    /// What a BOLT11 says it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lightning_description_template: Option<String>,
    /// How much may be missing from a full payment, in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_tolerance: Option<f64>,
    /// Whether it is put away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archived: Option<bool>,
    /// Whether invoices are made without a key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anyone_can_create_invoice: Option<bool>,
    /// What its receipts show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt: Option<ReceiptOptions>,
    /// Whether Lightning amounts are shown in satoshi.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lightning_amount_in_satoshi: Option<bool>,
    /// Whether a BOLT11 names private channels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lightning_private_route_hints: Option<bool>,
    /// Whether one code holds both, on chain and Lightning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_chain_with_ln_invoice_fallback: Option<bool>,
    /// Whether a payer is led back by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirect_automatically: Option<bool>,
    /// Whether the checkout recommends a fee.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show_recommended_fee: Option<bool>,
    /// For how many blocks that fee is.
    #[serde(with = "integer::option", skip_serializing_if = "Option::is_none")]
    pub recommended_fee_block_target: Option<i64>,
    /// The language of the checkout.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_lang: Option<String>,
    /// The title of the checkout.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub html_title: Option<String>,
    /// When the payer bears the network's fee.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network_fee_mode: Option<NetworkFeeMode>,
    /// Whether payjoin is offered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pay_join_enabled: Option<bool>,
    /// Whether the checkout takes the payer's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_detect_language: Option<bool>,
    /// Whether the checkout offers to open a wallet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show_pay_in_wallet_button: Option<bool>,
    /// Whether the checkout shows name and logo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show_store_header: Option<bool>,
    /// Whether the checkout celebrates a payment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub celebrate_payment: Option<bool>,
    /// Whether the checkout sounds at a payment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub play_sound_on_payment: Option<bool>,
    /// Whether a payment method is only set up when the payer picks it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lazy_payment_methods: Option<bool>,
    /// The payment method shown first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_payment_method: Option<PaymentMethodId>,
    /// From or up to which amounts a method is offered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_method_criteria: Option<Vec<PaymentMethodCriterion>>,
    /// What else the server says; it is sent back as it came.
    #[serde(flatten)]
    pub extra: Extra,
}
