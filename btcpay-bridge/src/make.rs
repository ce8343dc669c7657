//! Making an invoice: once for each order, whatever happens to the answer.

use btcpay_client::PaymentMethodId;
use btcpay_client::invoice::{
    CheckoutOptions, CreateInvoice, Invoice, InvoicePaymentMethod, MarkStatus,
};
use btcpay_client::store::SpeedPolicy;
use rust_decimal::Decimal;
use serde_json::json;

use crate::desk::{Desk, Trouble};
use crate::truth::msat;

/// Written on every invoice of ours, so that they are told from others of the store.
pub const SYSTEM: &str = "pos-server";

/// Which ways of paying an invoice offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Methods {
    /// Lightning, and the chain behind it.
    #[default]
    Both,
    /// Lightning alone.
    Lightning,
    /// The chain alone.
    Chain,
}

/// A line of what is sold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// Its name.
    pub title: String,
    /// How many.
    pub count: i64,
    /// What one costs, in major units.
    pub price: Decimal,
}

/// What an invoice is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct NewInvoice {
    /// Our own name for it, never used twice.
    pub order: String,
    /// How much, in major units.
    pub amount: Decimal,
    /// ISO 4217.
    pub currency: String,
    /// What the payer's wallet and BTCPay show.
    pub description: String,
    /// What is sold.
    pub articles: Vec<Article>,
    /// How long it can be paid; BTCPay counts whole minutes.
    pub minutes: i64,
    /// How it can be paid.
    pub methods: Methods,
    /// How many confirmations make a payment on the chain final; the store's own if none.
    pub speed: Option<SpeedPolicy>,
}

/// An invoice that was made, or found again.
#[derive(Debug, Clone, PartialEq)]
pub struct Made {
    /// BTCPay's number of it.
    pub id: String,
    /// What a wallet reads: BIP 21 with Lightning, or either alone.
    pub request: String,
    /// The BOLT11 invoice, if it can be paid by Lightning.
    pub bolt11: Option<String>,
    /// Millisatoshi that it asks for.
    pub msat: u64,
    /// Major units of the currency for one bitcoin, as BTCPay priced it.
    pub rate: Decimal,
    /// Unix seconds after which it is late.
    pub expires: i64,
    /// Unix seconds of its making.
    pub created: i64,
    /// How many confirmations make a payment on the chain final, where BTCPay says so.
    pub confirmations: Option<u32>,
}

impl Methods {
    fn ids(self) -> Vec<PaymentMethodId> {
        match self {
            Self::Both => vec![PaymentMethodId::btc_ln(), PaymentMethodId::btc_chain()],
            Self::Lightning => vec![PaymentMethodId::btc_ln()],
            Self::Chain => vec![PaymentMethodId::btc_chain()],
        }
    }
}

impl NewInvoice {
    fn body(&self) -> CreateInvoice {
        let cart = self.articles.iter().map(|article| {
            json!({ "title": article.title, "count": article.count, "price": article.price.to_string() })
        });
        let cart: Vec<_> = cart.collect();
        let mut body = CreateInvoice::new(self.amount, self.currency.clone())
            .order_id(self.order.clone())
            .metadata("itemDesc", self.description.clone())
            .metadata("posData", json!({ "cart": cart, "total": self.amount.to_string() }))
            .metadata("posSystem", SYSTEM);
        body.checkout = Some(CheckoutOptions {
            speed_policy: self.speed.clone(),
            payment_methods: self.methods.ids(),
            expiration_minutes: Some(self.minutes.max(1)),
            // What is missing is said, and asked for; nothing is waved through.
            payment_tolerance: Some(0.0),
            ..CheckoutOptions::default()
        });
        body
    }
}

impl Desk {
    /// Makes an invoice. A lost answer is looked for by its order, and never asked for twice:
    /// `Away` means that it may exist.
    pub async fn make(&self, new: &NewInvoice) -> Result<Made, Trouble> {
        let invoice = match self.client.create_invoice(&self.store, &new.body()).await {
            Ok(invoice) => invoice,
            Err(error) if error.outcome_unknown() => {
                let lost = || Trouble::Away(error.to_string());
                self.by_order(&new.order).await.map_err(|_| lost())?.ok_or_else(lost)?
            }
            Err(error) => return Err(error.into()),
        };
        let made = self.look_over(new, &invoice).await;
        if let Err(Trouble::Refused(_)) = &made {
            // Nobody is to pay what no till shows. Best effort: it runs out by itself.
            let _ = self.client.mark_invoice(&self.store, &invoice.id, MarkStatus::Invalid).await;
        }
        made
    }

    async fn look_over(&self, new: &NewInvoice, invoice: &Invoice) -> Result<Made, Trouble> {
        self.check(new, invoice)?;
        let methods = self.client.invoice_payment_methods(&self.store, &invoice.id, false).await;
        // It exists: not to know its code is not to know it at all.
        let methods = methods.map_err(|error| Trouble::Away(error.to_string()))?;
        made(invoice, &methods)
    }

    /// What BTCPay made must be what we asked for.
    fn check(&self, new: &NewInvoice, made: &Invoice) -> Result<(), Trouble> {
        let other = |what: &str| {
            Err(Trouble::Refused(format!(
                "BTCPay made an invoice of another {what} than we asked for"
            )))
        };
        if made.amount != new.amount || made.currency != new.currency {
            return other("amount");
        }
        if made.order_id() != Some(&new.order) {
            return other("order");
        }
        match &made.store_id {
            Some(store) if *store != self.store => other("store"),
            _ => Ok(()),
        }
    }
}

fn made(invoice: &Invoice, methods: &[InvoicePaymentMethod]) -> Result<Made, Trouble> {
    let usable = |method: &&InvoicePaymentMethod| method.activated && method.destination.is_some();
    let lightning = methods.iter().filter(usable).find(|one| one.payment_method_id.is_lightning());
    let chain = PaymentMethodId::btc_chain();
    let chain = methods.iter().filter(usable).find(|one| one.payment_method_id == chain);
    let nothing =
        || Trouble::Refused("BTCPay offers no way to pay in bitcoin: look at its wallets".into());
    let first = lightning.or(chain).ok_or_else(nothing)?;
    let bolt11 = lightning.and_then(|method| method.destination.clone());
    let request = match (chain, &bolt11) {
        (Some(chain), bolt11) => bip21(chain, bolt11.as_deref()).ok_or_else(nothing)?,
        (None, Some(bolt11)) => bolt11.clone(),
        (None, None) => return Err(nothing()),
    };
    let priceless = || Trouble::Refused("BTCPay gives no price for this invoice".into());
    Ok(Made {
        id: invoice.id.clone(),
        request,
        bolt11,
        msat: first
            .due
            .or(first.amount)
            .and_then(msat)
            .filter(|msat| *msat > 0)
            .ok_or_else(priceless)?,
        rate: first.rate.filter(|rate| *rate > Decimal::ZERO).ok_or_else(priceless)?,
        expires: invoice.expiration_time.seconds(),
        created: invoice.created_time.seconds(),
        confirmations: invoice.checkout.speed_policy.as_ref().and_then(confirmations),
    })
}

/// What a speed policy waits for.
fn confirmations(policy: &SpeedPolicy) -> Option<u32> {
    match policy {
        SpeedPolicy::HighSpeed => Some(0),
        SpeedPolicy::MediumSpeed => Some(1),
        SpeedPolicy::LowMediumSpeed => Some(2),
        SpeedPolicy::LowSpeed => Some(6),
        _ => None,
    }
}

/// A BIP 21 link. Bech32 and BOLT11 are written in capitals, which makes a lighter code.
fn bip21(chain: &InvoicePaymentMethod, bolt11: Option<&str>) -> Option<String> {
    let address = chain.destination.as_deref()?;
    let bech32 = ["bc1", "tb1", "bcrt1"].iter().any(|start| address.starts_with(start));
    let address = if bech32 { address.to_uppercase() } else { address.to_owned() };
    let amount = chain.due.or(chain.amount)?.normalize();
    let lightning = bolt11.map(|invoice| format!("&lightning={}", invoice.to_uppercase()));
    Some(format!("bitcoin:{address}?amount={amount}{}", lightning.unwrap_or_default()))
}
