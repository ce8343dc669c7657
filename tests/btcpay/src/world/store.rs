//! Stores, and what a bitcoin costs in them.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::options::{Lightning, Options};

const SATS: i64 = 100_000_000;

/// A store.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) currency: String,
    /// What one bitcoin costs, by currency.
    pub(crate) rates: BTreeMap<String, Decimal>,
    pub(crate) chain: bool,
    pub(crate) lightning: Lightning,
    /// Removed, or moved to another owner: its keys see nothing of it.
    pub(crate) gone: bool,
    pub(crate) expiration_minutes: i64,
    pub(crate) monitoring_minutes: i64,
    pub(crate) tolerance: Decimal,
    pub(crate) speed: String,
}

impl Store {
    pub(crate) fn new(id: String, name: &str, options: &Options) -> Self {
        let rates = options.rate.map(|rate| (options.currency.clone(), rate));
        Self {
            id,
            name: name.to_owned(),
            currency: options.currency.clone(),
            rates: rates.into_iter().collect(),
            chain: options.chain,
            lightning: options.lightning,
            gone: false,
            expiration_minutes: 15,
            monitoring_minutes: 24 * 60,
            tolerance: Decimal::ZERO,
            speed: "MediumSpeed".to_owned(),
        }
    }

    pub(crate) fn rate(&self, currency: &str) -> Option<Decimal> {
        match currency {
            "BTC" => Some(Decimal::ONE),
            "SATS" => Some(Decimal::from(SATS)),
            _ => self.rates.get(currency).copied().filter(|rate| *rate > Decimal::ZERO),
        }
    }

    /// One line of the answer about rates.
    pub(crate) fn pair(&self, pair: &str) -> Value {
        let rate = pair.strip_prefix("BTC_").and_then(|currency| self.rate(currency));
        let errors = match rate {
            Some(_) => json!([]),
            None => json!(["FetchExchangeRateError"]),
        };
        let rate = rate.map(|rate| rate.to_string());
        json!({ "currencyPair": pair, "rate": rate, "errors": errors })
    }

    pub(crate) fn json(&self) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "website": null,
            "supportUrl": null,
            "defaultCurrency": self.currency,
            "invoiceExpiration": self.expiration_minutes * 60,
            "monitoringExpiration": self.monitoring_minutes * 60,
            "displayExpirationTimer": 300,
            "refundBOLT11Expiration": 30,
            "speedPolicy": self.speed,
            "paymentTolerance": number(self.tolerance),
            "archived": false,
            "anyoneCanCreateInvoice": false,
            "lightningAmountInSatoshi": false,
            "lightningPrivateRouteHints": false,
            "onChainWithLnInvoiceFallback": true,
            "redirectAutomatically": false,
            "showRecommendedFee": true,
            "recommendedFeeBlockTarget": 1,
            "defaultLang": "en",
            "networkFeeMode": "MultiplePaymentsOnly",
            "payJoinEnabled": false,
            "lazyPaymentMethods": false,
            "receipt": { "enabled": true, "showQR": null, "showPayments": null },
        })
    }

    /// The payment methods that are set up.
    pub(crate) fn payment_methods(&self) -> Value {
        let mut methods = Vec::new();
        if self.chain {
            methods.push(json!({ "paymentMethodId": "BTC-CHAIN", "enabled": true }));
        }
        if self.lightning != Lightning::Off {
            methods.push(json!({ "paymentMethodId": "BTC-LN", "enabled": true }));
        }
        Value::Array(methods)
    }
}

/// A decimal where the document has a JSON number.
pub(crate) fn number(value: Decimal) -> Value {
    serde_json::from_str(&value.normalize().to_string()).unwrap_or(Value::Null)
}
