//! What can go wrong with an operation, sorted by what a caller can do about it.

use std::time::Duration;

/// Why an operation failed.
///
/// Display never holds a server's answer in full, a key or a query.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The request could not be made of what was given; nothing was sent.
    #[error("this request cannot be sent: {0}")]
    InvalidRequest(String),
    /// No connection came about; nothing was sent.
    #[error("BTCPay Server cannot be reached: {0}")]
    Unreachable(String),
    /// The request was sent, and no whole answer came within the limit.
    #[error("BTCPay Server did not answer in time")]
    TimedOut,
    /// The request was sent, and the connection broke before the answer was whole.
    #[error("the connection to BTCPay Server broke: {0}")]
    Interrupted(String),
    /// The server answered with a redirect, which is never followed: a key sent there could leak.
    #[error("BTCPay Server redirects ({status}{}); give the address that it redirects to", arrow(.to))]
    Redirected {
        /// The HTTP status, 3xx.
        status: u16,
        /// The origin it redirects to, if that can be read.
        to: Option<String>,
    },
    /// 401: no key was given, or the server does not know it.
    #[error("BTCPay Server does not accept this API key")]
    Unauthorized,
    /// 403: the key lacks a permission, or the store is not one of the key's.
    #[error("this API key lacks a permission{}", colon(.missing_permission))]
    Forbidden {
        /// The permission that is missing, such as `btcpay.store.cancreateinvoice`.
        missing_permission: Option<String>,
        /// The server's words, clipped.
        message: String,
    },
    /// 404: there is no such thing.
    #[error("not found{}{}", colon(.code), dash(.message))]
    NotFound {
        /// Which thing, such as `invoice-not-found`; some operations do not say.
        code: Option<String>,
        /// The server's words, clipped.
        message: String,
    },
    /// 400 or another 4xx: the server refuses for a reason that it names. Nothing was done.
    #[error("refused ({status}{}){}", comma(.code), dash(.message))]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The reason, such as `non-refundable` or `overdraft`.
        code: Option<String>,
        /// The server's words, clipped.
        message: String,
    },
    /// 422: fields of the request are wrong. Nothing was done.
    #[error("{}", fields(.0))]
    Invalid(Vec<FieldError>),
    /// 429: too many requests. Nothing was done.
    #[error("too many requests{}", wait(.retry_after))]
    RateLimited {
        /// How long the server asks to wait.
        retry_after: Option<Duration>,
    },
    /// 5xx: the server, or a proxy before it, failed.
    #[error("BTCPay Server failed ({status}{}){}", comma(.code), dash(.message))]
    Server {
        /// The HTTP status.
        status: u16,
        /// The reason, such as `lightning-node-unavailable`, if the server gave one.
        code: Option<String>,
        /// The server's words, clipped.
        message: String,
    },
    /// The answer is not one of Greenfield's: a web page, broken JSON, a field missing.
    #[error("the answer ({status}) is not one of BTCPay Server: {reason}")]
    Unreadable {
        /// The HTTP status.
        status: u16,
        /// What is wrong with it, without its content.
        reason: String,
    },
    /// The answer is larger than the client's limit.
    #[error("the answer ({status}) is larger than {limit} bytes")]
    TooLarge {
        /// The HTTP status.
        status: u16,
        /// The limit in bytes.
        limit: usize,
    },
}

/// A field of a request that the server found wrong.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct FieldError {
    /// The path of the field in the request, such as `checkout.paymentTolerance`.
    #[serde(default)]
    pub path: String,
    /// What is wrong with it, clipped.
    #[serde(default)]
    pub message: String,
}

impl Error {
    /// There is no such thing at the server, by the server's own word.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound { .. })
    }

    /// The key is unknown, or lacks a permission.
    #[must_use]
    pub fn is_denied(&self) -> bool {
        matches!(self, Self::Unauthorized | Self::Forbidden { .. })
    }

    /// Whether a **write** that failed so may have been carried out nevertheless. Look before
    /// repeating it: Greenfield has no idempotency keys.
    #[must_use]
    pub fn outcome_unknown(&self) -> bool {
        match self {
            Self::TimedOut | Self::Interrupted(_) | Self::Server { .. } => true,
            Self::Unreadable { status, .. } | Self::TooLarge { status, .. } => {
                !(400..500).contains(status)
            }
            _ => false,
        }
    }

    /// Whether the same request may succeed later without anybody changing anything.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::Unreachable(_)
                | Self::TimedOut
                | Self::Interrupted(_)
                | Self::RateLimited { .. }
                | Self::Server { .. }
        )
    }

    /// The code by which the server names its reason, such as `invoice-not-found`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::NotFound { code, .. }
            | Self::Refused { code, .. }
            | Self::Server { code, .. } => code.as_deref(),
            Self::Forbidden { missing_permission: Some(_), .. } => Some("missing-permission"),
            _ => None,
        }
    }
}

fn arrow(to: &Option<String>) -> String {
    to.as_ref().map(|to| format!(" to {to}")).unwrap_or_default()
}

fn colon(text: &Option<String>) -> String {
    text.as_ref().map(|text| format!(": {text}")).unwrap_or_default()
}

fn comma(text: &Option<String>) -> String {
    text.as_ref().map(|text| format!(", {text}")).unwrap_or_default()
}

fn dash(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(" – {text}") }
}

fn wait(wait: &Option<Duration>) -> String {
    wait.map(|wait| format!("; wait {} s", wait.as_secs())).unwrap_or_default()
}

fn fields(fields: &[FieldError]) -> String {
    let each = fields.iter().map(|field| match field.path.as_str() {
        "" => field.message.clone(),
        path => format!("{path}: {}", field.message),
    });
    let each: Vec<String> = each.collect();
    if each.is_empty() { "the request is not valid".into() } else { each.join("; ") }
}
