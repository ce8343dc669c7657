//! What a delivery says. It is a hint: read the thing it names before acting on it.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{InvoiceEvent, PaymentEvent, PaymentRequestEvent, PayoutEvent};
use crate::answer::reason;
use crate::{Extra, UnixTime};

/// Why a delivery cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is not an event of BTCPay Server: {0}")]
pub struct EventError(String);

/// An event that a webhook delivered.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// This delivery.
    pub delivery_id: String,
    /// The webhook.
    pub webhook_id: String,
    /// The first delivery of this event; by it, and the type, repeats are known.
    pub original_delivery_id: String,
    /// Whether it was tried before.
    pub is_redelivery: bool,
    /// When it happened.
    pub timestamp: UnixTime,
    /// The store; some events are of none.
    pub store_id: Option<String>,
    /// The name of what happened, such as `InvoiceSettled`.
    pub event_type: String,
    /// What happened.
    pub kind: EventKind,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum EventKind {
    /// An invoice was made.
    InvoiceCreated(InvoiceEvent),
    /// A payment was seen.
    InvoiceReceivedPayment(PaymentEvent),
    /// A payment is confirmed.
    InvoicePaymentSettled(PaymentEvent),
    /// An invoice is paid in full, not yet confirmed.
    InvoiceProcessing(InvoiceEvent),
    /// An invoice is settled.
    InvoiceSettled(InvoiceEvent),
    /// An invoice ran out of time.
    InvoiceExpired(InvoiceEvent),
    /// An invoice ran out of time, paid in part.
    InvoiceExpiredPaidPartial(InvoiceEvent),
    /// An invoice was paid in full after it expired.
    InvoicePaidAfterExpiration(InvoiceEvent),
    /// An invoice was not confirmed in time, or marked invalid.
    InvoiceInvalid(InvoiceEvent),
    /// A refund of an invoice was made.
    InvoiceRefund(InvoiceEvent),
    /// A payout was made.
    PayoutCreated(PayoutEvent),
    /// A payout was approved.
    PayoutApproved(PayoutEvent),
    /// A payout was paid, cancelled or changed.
    PayoutUpdated(PayoutEvent),
    /// Something about a payment request; [`Event::event_type`] says what.
    PaymentRequest(PaymentRequestEvent),
    /// An event that this crate does not know, as it came.
    Other(Extra),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope {
    delivery_id: String,
    #[serde(default)]
    webhook_id: String,
    original_delivery_id: Option<String>,
    #[serde(default)]
    is_redelivery: bool,
    #[serde(rename = "type")]
    event_type: String,
    timestamp: UnixTime,
    store_id: Option<String>,
    #[serde(flatten)]
    body: Extra,
}

impl Event {
    /// Reads a delivery's body, after [`verify`](super::verify).
    pub fn parse(body: &[u8]) -> Result<Self, EventError> {
        serde_json::from_slice(body).map_err(unreadable).and_then(Self::of)
    }

    /// Reads a delivery's body that is JSON already.
    pub fn from_value(body: Value) -> Result<Self, EventError> {
        serde_json::from_value(body).map_err(unreadable).and_then(Self::of)
    }

    fn of(envelope: Envelope) -> Result<Self, EventError> {
        let Envelope { delivery_id, event_type, body, original_delivery_id, .. } = envelope;
        let original_delivery_id = original_delivery_id.unwrap_or_else(|| delivery_id.clone());
        let kind = EventKind::of(&event_type, body)?;
        Ok(Self {
            webhook_id: envelope.webhook_id,
            is_redelivery: envelope.is_redelivery,
            timestamp: envelope.timestamp,
            store_id: envelope.store_id,
            original_delivery_id,
            delivery_id,
            event_type,
            kind,
        })
    }

    /// The invoice it is about, if it is about one.
    #[must_use]
    pub fn invoice_id(&self) -> Option<&str> {
        match &self.kind {
            EventKind::InvoiceCreated(event)
            | EventKind::InvoiceProcessing(event)
            | EventKind::InvoiceSettled(event)
            | EventKind::InvoiceExpired(event)
            | EventKind::InvoiceExpiredPaidPartial(event)
            | EventKind::InvoicePaidAfterExpiration(event)
            | EventKind::InvoiceInvalid(event)
            | EventKind::InvoiceRefund(event) => Some(&event.invoice_id),
            EventKind::InvoiceReceivedPayment(event) | EventKind::InvoicePaymentSettled(event) => {
                Some(&event.invoice_id)
            }
            EventKind::Other(fields) => fields.get("invoiceId").and_then(Value::as_str),
            _ => None,
        }
    }
}

impl EventKind {
    fn of(event_type: &str, body: Extra) -> Result<Self, EventError> {
        Ok(match event_type {
            "InvoiceCreated" => Self::InvoiceCreated(read(body)?),
            "InvoiceReceivedPayment" => Self::InvoiceReceivedPayment(read(body)?),
            "InvoicePaymentSettled" => Self::InvoicePaymentSettled(read(body)?),
            "InvoiceProcessing" => Self::InvoiceProcessing(read(body)?),
            "InvoiceSettled" => Self::InvoiceSettled(read(body)?),
            "InvoiceExpired" => Self::InvoiceExpired(read(body)?),
            "InvoiceExpiredPaidPartial" => Self::InvoiceExpiredPaidPartial(read(body)?),
            "InvoicePaidAfterExpiration" => Self::InvoicePaidAfterExpiration(read(body)?),
            "InvoiceInvalid" => Self::InvoiceInvalid(read(body)?),
            "InvoiceRefund" => Self::InvoiceRefund(read(body)?),
            "PayoutCreated" => Self::PayoutCreated(read(body)?),
            "PayoutApproved" => Self::PayoutApproved(read(body)?),
            "PayoutUpdated" => Self::PayoutUpdated(read(body)?),
            "PaymentRequestCreated"
            | "PaymentRequestUpdated"
            | "PaymentRequestArchived"
            | "PaymentRequestStatusChanged"
            | "PaymentRequestCompleted" => Self::PaymentRequest(read(body)?),
            _ => Self::Other(body),
        })
    }
}

fn read<T: DeserializeOwned>(body: Extra) -> Result<T, EventError> {
    serde_json::from_value(Value::Object(body)).map_err(unreadable)
}

fn unreadable(error: serde_json::Error) -> EventError {
    EventError(reason(&error))
}
