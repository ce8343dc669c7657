//! What a failed call means: whether anything may have happened, and in words why.

use std::error::Error;
use std::io;
use std::time::Duration;

use rustls::CertificateError;
use tonic_lnd::tonic::{Code, Status};

use super::tls::NotPinned;
use crate::rail::RailError;

/// Why a call failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Fault {
    #[error("LND cannot be reached: {0}")]
    Unreachable(String),
    #[error("LND did not answer within {} seconds", .0.as_secs_f32())]
    Silent(Duration),
    #[error("this is the wrong certificate: {0}")]
    WrongCertificate(String),
    #[error("LND's wallet is locked; unlock it with `lncli unlock`")]
    Locked,
    #[error("LND is starting or stopping; try again in a moment")]
    Starting,
    #[error("this macaroon does not give the right")]
    NoRight,
    #[error("this macaroon is not one of this LND, or it is no longer valid: {0}")]
    ForeignMacaroon(String),
    #[error("this LND is too old, or was built without it")]
    Unimplemented,
    #[error("LND does not know this invoice")]
    NotFound,
    #[error("LND refuses: {0}")]
    Refused(String),
}

impl From<Fault> for RailError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Unreachable(_)
            | Fault::Silent(_)
            | Fault::WrongCertificate(_)
            | Fault::Locked
            | Fault::Starting => Self::Unreachable(fault.to_string()),
            _ => Self::Refused(fault.to_string()),
        }
    }
}

impl From<Status> for Fault {
    fn from(status: Status) -> Self {
        if let Some(source) = status.source() {
            return of_transport(source);
        }
        let text = status.message();
        match status.code() {
            // LND gives most of its own errors this code, so its words must be read.
            Code::Unknown => of_words(text),
            Code::PermissionDenied => Self::NoRight,
            Code::Unauthenticated => Self::ForeignMacaroon(text.into()),
            Code::NotFound => Self::NotFound,
            Code::Unimplemented => Self::Unimplemented,
            Code::Unavailable | Code::DeadlineExceeded | Code::Cancelled | Code::Aborted => {
                of_words_or(text, Self::Unreachable(text.into()))
            }
            // An answer that is not LND's: what it did is not known.
            Code::Internal | Code::DataLoss => Self::Unreachable(text.into()),
            _ => Self::Refused(text.into()),
        }
    }
}

/// Said while LND comes up or goes down.
const UNSETTLED: [&str; 7] = [
    "starting up",
    "process of starting",
    "waiting to start",
    "shutting down",
    "macaroon store is locked",
    "database is closed",
    "context canceled",
];

fn of_words(text: &str) -> Fault {
    of_words_or(text, Fault::Refused(text.into()))
}

/// Reads the words of LND's `rpcperms/interceptor.go`, `macaroons/` and `invoices/errors.go`.
fn of_words_or(text: &str, otherwise: Fault) -> Fault {
    let says = |words: &[&str]| words.iter().any(|words| text.contains(words));
    if says(&["wallet locked", "wallet not created"]) {
        Fault::Locked
    } else if says(&UNSETTLED) {
        Fault::Starting
    } else if says(&["permission denied"]) {
        Fault::NoRight
    } else if says(&[
        "verification failed",
        "cannot get macaroon",
        "expected 1 macaroon",
        "root key",
    ]) {
        Fault::ForeignMacaroon(text.into())
    } else if says(&["unable to locate invoice", "there are no existing invoices"]) {
        Fault::NotFound
    } else {
        otherwise
    }
}

/// The connection failed before or after the call was sent.
fn of_transport(error: &(dyn Error + 'static)) -> Fault {
    let mut innermost = error;
    loop {
        if let Some(tls) = innermost.downcast_ref::<rustls::Error>() {
            return of_tls(tls);
        }
        // An io::Error's own `source` leaves out what it carries.
        let carried = innermost.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        match carried.map(|carried| carried as &(dyn Error + 'static)).or(innermost.source()) {
            Some(next) => innermost = next,
            None => break,
        }
    }
    let words = match innermost.downcast_ref::<io::Error>().map(io::Error::kind) {
        Some(io::ErrorKind::ConnectionRefused) => "nothing listens at its address".into(),
        Some(io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe) => {
            "it closed the connection".into()
        }
        Some(io::ErrorKind::TimedOut) => "nothing answers at its address".into(),
        Some(io::ErrorKind::UnexpectedEof) => "it hung up, or speaks no TLS there".into(),
        _ => innermost.to_string(),
    };
    Fault::Unreachable(words)
}

fn of_tls(error: &rustls::Error) -> Fault {
    match error {
        rustls::Error::InvalidCertificate(CertificateError::Other(other))
            if other.0.is::<NotPinned>() =>
        {
            Fault::WrongCertificate(
                "the node shows another than the one we were given. LND makes a new one when the \
                 old one expires or its addresses change; if you did not expect that, someone may \
                 be in between"
                    .into(),
            )
        }
        // Without a pin: not known to the authorities, for another name, or too old.
        rustls::Error::InvalidCertificate(_) => Fault::WrongCertificate(
            "no public authority vouches for it. If the node made it itself, it must come with the \
             link or files (tls.cert)"
                .into(),
        ),
        rustls::Error::InvalidMessage(_) => {
            Fault::Unreachable("what answers at its address speaks no TLS".into())
        }
        other => Fault::Unreachable(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lnd_says_is_sorted_into_unknown_and_refused() {
        let unreachable = |status: Status| {
            matches!(RailError::from(Fault::from(status)), RailError::Unreachable(_))
        };
        assert!(unreachable(Status::unavailable("")));
        assert!(unreachable(Status::deadline_exceeded("")));
        assert!(unreachable(Status::internal("protocol error")));
        assert!(unreachable(Status::unknown("wallet locked, unlock it to enable full RPC access")));
        assert!(unreachable(Status::unknown(
            "the RPC server is in the process of starting up, but not yet ready to accept calls"
        )));
        assert!(unreachable(Status::unknown("waiting to start, RPC services not available")));
        assert!(unreachable(Status::unknown(
            "cannot retrieve macaroon: cannot get macaroon: macaroon store is locked"
        )));
        assert!(!unreachable(Status::unknown("permission denied")));
        assert!(!unreachable(Status::unknown("invoice already settled")));
        assert!(!unreachable(Status::invalid_argument("memo too large")));
        assert_eq!(Fault::from(Status::unknown("unable to locate invoice")), Fault::NotFound);
    }
}
