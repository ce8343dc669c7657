//! Making an invoice.

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::invoice::{Additional, Invoice, Method, Prompt, Status};
use super::machine::Event;
use super::store::Store;
use super::{World, names};
use crate::options::Lightning;

/// What is asked for.
#[derive(Debug, Default)]
pub(crate) struct NewInvoice {
    /// Nothing for a top-up.
    pub(crate) amount: Option<Decimal>,
    pub(crate) currency: Option<String>,
    pub(crate) metadata: Map<String, Value>,
    pub(crate) checkout: Value,
    pub(crate) receipt: Value,
    pub(crate) terms: Vec<String>,
}

/// Why there is none.
#[derive(Debug)]
pub(crate) enum CreateError {
    NoStore,
    /// In the words of the server.
    Refused(String),
}

const NO_WALLET: &str = "Warning: No wallet has been linked to your BTCPay Store. See the following \
    link for more information on how to connect your store and wallet. \
    (https://docs.btcpayserver.org/WalletSetup/)";

impl World {
    pub(crate) fn create(&mut self, store: &str, new: NewInvoice) -> Result<String, CreateError> {
        let now = self.now();
        let store = self.store(store).ok_or(CreateError::NoStore)?.clone();
        let currency = new.currency.unwrap_or_else(|| store.currency.clone()).to_uppercase();
        let free = new.amount == Some(Decimal::ZERO);
        let rate = store.rate(&currency);
        let checkout = &new.checkout;
        let minutes = |name: &str, default: i64| {
            checkout[name].as_f64().map_or(default * 60, |minutes| (minutes * 60.0) as i64)
        };
        let expires = now.saturating_add(minutes("expirationMinutes", store.expiration_minutes));
        let mut invoice = Invoice {
            id: names::invoice(),
            store: store.id.clone(),
            price: new.amount,
            top_up: new.amount.is_none(),
            monitored_until: expires
                .saturating_add(minutes("monitoringMinutes", store.monitoring_minutes)),
            speed: checkout["speedPolicy"].as_str().unwrap_or(&store.speed).to_owned(),
            tolerance: match &checkout["paymentTolerance"] {
                Value::Number(number) => number.to_string().parse().unwrap_or(store.tolerance),
                _ => store.tolerance,
            },
            checkout: Value::Null,
            receipt: receipt(&new.receipt),
            terms: new.terms,
            metadata: new.metadata,
            created: now,
            expires,
            status: Status::New,
            additional: Additional::None,
            archived: false,
            rate: rate.unwrap_or(Decimal::ONE),
            prompts: Vec::new(),
            payments: Vec::new(),
            currency,
        };
        invoice.checkout = settled_checkout(checkout, &invoice);
        if !free {
            invoice.prompts = self.prompts(&store, &invoice, checkout, rate.is_some())?;
        }
        let id = invoice.id.clone();
        let at = self.invoices.len();
        self.places.insert(id.clone(), at);
        self.invoices.push(invoice);
        self.tell(at, vec![Event::new("InvoiceCreated", json!({}))]);
        self.update(at);
        Ok(id)
    }

    /// The ways to pay that work; an error like the real one if none does.
    fn prompts(
        &self,
        store: &Store,
        invoice: &Invoice,
        checkout: &Value,
        has_rate: bool,
    ) -> Result<Vec<Prompt>, CreateError> {
        let wanted = checkout["paymentMethods"].as_array().filter(|list| !list.is_empty());
        let is_wanted = |method: Method| {
            wanted.is_none_or(|list| list.iter().any(|name| name.as_str() == Some(method.id())))
        };
        let (mut prompts, mut errors) = (Vec::new(), Vec::new());
        let set_up =
            [(Method::Chain, store.chain), (Method::Lightning, store.lightning != Lightning::Off)];
        for (method, _) in set_up.into_iter().filter(|(method, on)| *on && is_wanted(*method)) {
            let name = method.id();
            if !has_rate {
                let pair = format!("BTC_{}", invoice.currency);
                errors.push(format!("{name}: The rate for {pair} is not available"));
            } else if !self.synced {
                errors
                    .push(format!("{name}: Payment method unavailable (Full node not available)"));
            } else if method == Method::Lightning && store.lightning == Lightning::Unreachable {
                errors.push(format!(
                    "{name}: Payment method unavailable (The lightning node did not reply in a \
                     timely manner)"
                ));
            } else {
                match self.prompt(invoice, method) {
                    Ok(prompt) => prompts.push(prompt),
                    Err(error) => errors.push(format!("{name}: {error}")),
                }
            }
        }
        if !prompts.is_empty() {
            return Ok(prompts);
        }
        if !store.chain && store.lightning == Lightning::Off {
            errors.insert(0, NO_WALLET.to_owned());
        }
        Err(CreateError::Refused(errors.join("\n")))
    }

    fn prompt(&self, invoice: &Invoice, method: Method) -> Result<Prompt, String> {
        let (destination, bolt11s) = match method {
            Method::Chain => (names::address(), Vec::new()),
            Method::Lightning => {
                let due = (!invoice.top_up).then(|| invoice.total(method) - invoice.paid());
                let seconds = invoice.expires - self.now();
                let store = self.store(&invoice.store).map_or("", |store| &store.name);
                let memo = format!("Paid to {store} (Order ID: {})", invoice.order());
                let bolt11 = self.node.invoice(due, &memo, self.now(), seconds)?;
                (bolt11.text.clone(), vec![bolt11])
            }
        };
        Ok(Prompt { method, destination, bolt11s })
    }

    /// A new Lightning invoice for what is left to pay.
    pub(super) fn renew(&mut self, at: usize) -> Result<(), String> {
        let invoice = &self.invoices[at];
        let left = invoice.total(Method::Lightning) - invoice.paid();
        if invoice.status != Status::New || left <= Decimal::ZERO {
            return Ok(());
        }
        let fresh = self.prompt(invoice, Method::Lightning)?;
        let prompts = &mut self.invoices[at].prompts;
        let old = prompts.iter_mut().find(|prompt| prompt.method == Method::Lightning);
        if let Some(old) = old {
            old.destination = fresh.destination;
            old.bolt11s.extend(fresh.bolt11s);
        }
        Ok(())
    }
}

fn receipt(asked: &Value) -> Value {
    let or = |name: &str, default: Value| match &asked[name] {
        Value::Null => default,
        given => given.clone(),
    };
    json!({
        "enabled": or("enabled", json!(true)),
        "showQR": or("showQR", Value::Null),
        "showPayments": or("showPayments", Value::Null),
    })
}

/// The checkout's settings with the store's where none were asked for.
fn settled_checkout(asked: &Value, invoice: &Invoice) -> Value {
    json!({
        "speedPolicy": invoice.speed,
        "paymentMethods": asked["paymentMethods"].as_array().cloned()
            .unwrap_or_else(|| vec![json!("BTC-CHAIN"), json!("BTC-LN")]),
        "defaultPaymentMethod": asked["defaultPaymentMethod"],
        "lazyPaymentMethods": asked["lazyPaymentMethods"].as_bool().unwrap_or(false),
        "expirationMinutes": (invoice.expires - invoice.created) / 60,
        "monitoringMinutes": (invoice.monitored_until - invoice.expires) / 60,
        "paymentTolerance": super::store::number(invoice.tolerance),
        "redirectURL": asked["redirectURL"],
        "redirectAutomatically": asked["redirectAutomatically"].as_bool().unwrap_or(false),
        "defaultLanguage": asked["defaultLanguage"],
    })
}
