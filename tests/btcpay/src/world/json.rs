//! Invoices and payments as the API shows them.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::World;
use super::invoice::{Invoice, Method, Payment, PaymentStatus, Prompt};

impl Payment {
    pub(super) fn json(&self) -> Value {
        json!({
            "id": self.id,
            "receivedDate": self.received,
            "value": self.value.normalize().to_string(),
            "fee": "0",
            "status": format!("{:?}", self.status),
            "destination": self.destination,
        })
    }
}

impl Invoice {
    /// Its order, for the words of a Lightning invoice.
    pub(crate) fn order(&self) -> &str {
        self.metadata.get("orderId").and_then(Value::as_str).unwrap_or_default()
    }

    /// Whether a search finds it.
    pub(crate) fn mentions(&self, lowercase: &str) -> bool {
        let known = [self.id.as_str(), self.order()];
        let all = known.into_iter().chain(self.terms.iter().map(String::as_str));
        all.map(str::to_lowercase).any(|word| word.contains(lowercase))
    }

    fn method_json(&self, prompt: &Prompt, accounted_only: bool) -> Value {
        let method = prompt.method;
        let (total, paid) = (self.total(method), self.paid());
        let shown = |payment: &&Payment| {
            payment.method == method
                && !(accounted_only && payment.status == PaymentStatus::Invalid)
        };
        let payments: Vec<&Payment> = self.payments.iter().filter(shown).collect();
        let counted = payments.iter().filter(|payment| payment.status != PaymentStatus::Invalid);
        let own: Decimal = counted.map(|payment| payment.value).sum();
        let text = |value: Decimal| value.normalize().to_string();
        json!({
            "paymentMethodId": method.id(),
            "currency": "BTC",
            "destination": prompt.destination,
            "paymentLink": self.link(prompt, total - paid),
            "rate": self.rate.to_string(),
            "paymentMethodPaid": text(own),
            "totalPaid": text(paid),
            // The code gives less than nothing for an overpaid invoice.
            "due": text(total - paid),
            "amount": text(total),
            "paymentMethodFee": "0",
            "activated": true,
            "additionalData": {},
            "payments": payments.iter().map(|payment| payment.json()).collect::<Vec<_>>(),
        })
    }

    /// What a QR code holds. The on-chain one carries the Lightning invoice, too.
    fn link(&self, prompt: &Prompt, due: Decimal) -> String {
        match prompt.method {
            Method::Lightning => format!("lightning:{}", prompt.destination),
            Method::Chain => {
                let mut parts = Vec::new();
                if due > Decimal::ZERO {
                    parts.push(format!("amount={}", due.normalize()));
                }
                if let Some(lightning) = self.prompt(Method::Lightning) {
                    // Capitals make a smaller code.
                    parts.push(format!("lightning={}", lightning.destination.to_uppercase()));
                }
                let mark = if parts.is_empty() { "" } else { "?" };
                format!("bitcoin:{}{mark}{}", prompt.destination, parts.join("&"))
            }
        }
    }

    pub(crate) fn methods_json(&self, accounted_only: bool) -> Value {
        self.prompts.iter().map(|prompt| self.method_json(prompt, accounted_only)).collect()
    }
}

pub(crate) fn invoice_json(world: &World, invoice: &Invoice) -> Value {
    let mut marks = Vec::new();
    if invoice.can_mark_settled() {
        marks.push("Settled");
    }
    if invoice.can_mark_invalid() {
        marks.push("Invalid");
    }
    let paid = (invoice.paid() * invoice.rate).round_dp(2).normalize();
    json!({
        "id": invoice.id,
        "storeId": invoice.store,
        "amount": invoice.price.unwrap_or_default().to_string(),
        "paidAmount": paid.to_string(),
        "currency": invoice.currency,
        "type": if invoice.top_up { "TopUp" } else { "Standard" },
        "checkoutLink": format!("{}/i/{}", world.url, invoice.id),
        "createdTime": invoice.created,
        "expirationTime": invoice.expires,
        "monitoringExpiration": invoice.monitored_until,
        "status": format!("{:?}", invoice.status),
        "additionalStatus": format!("{:?}", invoice.additional),
        "availableStatusesForManualMarking": marks,
        "archived": invoice.archived,
        "metadata": invoice.metadata,
        "checkout": invoice.checkout,
        "receipt": invoice.receipt,
    })
}
