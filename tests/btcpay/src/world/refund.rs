//! Refunds: a pull payment that the customer claims.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::invoice::{Additional, Invoice, Method, Status};
use super::pull::PullPayment;
use super::{World, names};

/// A wrong field of the request and what is wrong with it.
pub(crate) type Wrong = (&'static str, String);

impl World {
    /// Sets money aside to refund an invoice that can be refunded.
    pub(crate) fn refund(
        &mut self,
        invoice: &str,
        asked: &Value,
        may_approve: bool,
    ) -> Result<Value, Wrong> {
        let wrong = |path, message: &str| (path, message.to_owned());
        let Some(invoice) = self.invoice(invoice) else {
            return Err(wrong("invoiceId", "The invoice was not found"));
        };
        let (currency, mut amount, decimals) = self.refunded(invoice, asked)?;
        match decimal(&asked["subtractPercentage"]) {
            Some(part) if part < Decimal::ZERO || part > Decimal::ONE_HUNDRED => {
                let message = "Percentage must be a numeric value between 0 and 100";
                return Err(wrong("subtractPercentage", message));
            }
            Some(part) => amount -= amount * part / Decimal::ONE_HUNDRED,
            None => {}
        }
        let name = asked["name"].as_str().map(str::to_owned);
        let pull = PullPayment {
            id: names::long(),
            store: invoice.store.clone(),
            name: name.unwrap_or_else(|| format!("Refund {}", invoice.id)),
            description: asked["description"].as_str().map(str::to_owned),
            amount: amount.round_dp(decimals),
            approves: may_approve && currency == "BTC",
            currency,
            archived: false,
            methods: Vec::new(),
            starts: self.now(),
            expires: None,
        };
        let (store, id) = (pull.store.clone(), invoice.id.clone());
        let told = (id, invoice.metadata.clone(), json!({ "pullPaymentId": pull.id }));
        let answer = self.pull_payment_json(&pull);
        self.pull_payments.push(pull);
        self.publish(&store, "InvoiceRefund", told);
        Ok(answer)
    }

    /// The currency of a refund, its amount, and the currency's decimals.
    fn refunded(&self, invoice: &Invoice, asked: &Value) -> Result<(String, Decimal, u32), Wrong> {
        let total = invoice.total(Method::Chain);
        let marked = invoice.status == Status::Settled && invoice.additional == Additional::Marked;
        // Marked settled without a payment counts as paid in full.
        let paid = if invoice.paid().is_zero() && marked { total } else { invoice.paid() };
        let fiat = (paid * invoice.rate).round_dp(2);
        let btc = |amount: Decimal| ("BTC".to_owned(), amount, 8);
        Ok(match asked["refundVariant"].as_str().unwrap_or_default() {
            "RateThen" => btc(paid),
            "CurrentRate" => {
                let rate = self.store(&invoice.store).and_then(|s| s.rate(&invoice.currency));
                let rate = rate.ok_or(("refundVariant", "Impossible to fetch rate".to_owned()))?;
                btc(fiat / rate)
            }
            "OverpaidAmount" if invoice.additional == Additional::PaidOver => btc(paid - total),
            "OverpaidAmount" => {
                return Err(("refundVariant", "Invoice is not overpaid".to_owned()));
            }
            "Custom" => {
                let amount = decimal(&asked["customAmount"]).filter(|a| *a > Decimal::ZERO);
                let message = "Amount must be greater than 0".to_owned();
                let amount = amount.ok_or(("customAmount", message))?;
                let currency = asked["customCurrency"].as_str().filter(|name| !name.is_empty());
                let currency = currency.ok_or(("customCurrency", "Invalid currency".to_owned()))?;
                (currency.to_owned(), amount, 8)
            }
            _ => (invoice.currency.clone(), fiat, 2),
        })
    }
}

pub(crate) fn decimal(value: &Value) -> Option<Decimal> {
    value.as_str().and_then(|text| text.parse().ok())
}
