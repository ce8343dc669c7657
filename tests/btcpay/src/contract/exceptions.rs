//! Where BTCPay's code is known to differ from its document. The code wins.

use serde_json::{Value, json};

/// Answers whose body the document leaves out or describes wrongly: `{code, message}` for 400, 401,
/// 403, 404 and 503 (the document has arrays, or nothing), an array of `{path, message}` for 422
/// (the document says 400).
pub(super) fn error_schema(status: u16) -> Option<Value> {
    let problem = json!({
        "type": "object",
        "required": ["code", "message"],
        "properties": {
            "code": { "type": "string" },
            "message": { "type": "string" },
            // Only of `missing-permission`.
            "missingPermission": { "type": "string" },
        },
        "additionalProperties": false,
    });
    match status {
        400 | 401 | 403 | 404 | 409 | 503 => Some(problem),
        422 => Some(json!({
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["path", "message"],
                "properties": { "path": { "type": "string" }, "message": { "type": "string" } },
                "additionalProperties": false,
            },
        })),
        _ => None,
    }
}

/// Properties that the code writes as null and the document does not call nullable.
pub(super) const NULLS: &[(&str, &str)] = &[
    // A pair without a rate.
    ("Stores_GetStoreRates", "rate"),
    // A delivery that was answered has no error.
    ("Webhooks_GetWebhookDeliveries", "errorMessage"),
    ("Webhooks_GetWebhookDelivery", "errorMessage"),
    // A refund without words.
    ("Invoices_Refund", "description"),
    // The same of a pull payment.
    ("PullPayments_CreatePullPayment", "description"),
    ("PullPayments_GetPullPayments", "description"),
    ("PullPayments_GetPullPayment", "description"),
];

/// Properties of a request that the document requires and the code does not: a card is named by its
/// `UID` or by its `LNURLW`.
pub(super) const NOT_REQUIRED: &[(&str, &str)] = &[("PullPayments_LinkBoltcard", "UID")];

/// Query parameters that the code reads and the document lacks.
pub(super) const MORE_PARAMETERS: &[(&str, &str)] =
    &[("Invoices_GetInvoices", "includeArchived"), ("PullPayments_LinkBoltcard", "onExisting")];

/// Query parameters that may be repeated though the document's schema is of one value.
pub(super) const REPEATED: &[(&str, &str)] = &[("Invoices_GetInvoices", "status")];

/// The schema of a webhook's body, by the type of its event. The document has no schema for the two
/// that come after expiry, and none for the plain ones but the base.
pub(super) fn event_schema(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "InvoiceCreated" | "InvoiceExpiredPaidPartial" | "InvoicePaidAfterExpiration" => {
            "WebhookInvoiceEvent"
        }
        "InvoiceReceivedPayment" => "WebhookInvoiceReceivedPaymentEvent",
        "InvoicePaymentSettled" => "WebhookInvoicePaymentSettledEvent",
        "InvoiceProcessing" => "WebhookInvoiceProcessingEvent",
        "InvoiceSettled" => "WebhookInvoiceSettledEvent",
        "InvoiceExpired" => "WebhookInvoiceExpiredEvent",
        "InvoiceInvalid" => "WebhookInvoiceInvalidEvent",
        _ => return None,
    })
}
