//! The secrets of an LND on their way in: typed, or kept sealed in the page between a check and
//! the connecting. The page never holds them open.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::app::App;
use crate::rail::lnd::{LinkError, LndSecrets};
use crate::web::dashboard::desk::At;
use crate::web::error::WebError;
use crate::web::page::dashboard::field::Field;
use crate::web::read::Faults;

/// What was typed, or kept.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::web::dashboard) struct Typed {
    link: String,
    address: String,
    cert: String,
    macaroon: String,
    kept: String,
}

impl Typed {
    pub(super) fn link_field(&self, faults: &Faults) -> Field {
        Field::paste("link", "lndconnect link", "", 3)
            .optional()
            .hint("Paste it whole: lndconnect://… It holds address, certificate and rights.")
            .faults(faults)
    }

    pub(super) fn file_fields(&self, faults: &Faults) -> [Field; 3] {
        [
            Field::text("address", "Address", &self.address)
                .optional()
                .hint("Host and gRPC port, like 192.168.1.20:10009.")
                .faults(faults),
            Field::paste("cert", "Certificate, the text of tls.cert", &self.cert, 3)
                .optional()
                .hint("Empty if a public authority vouches for it.")
                .faults(faults),
            Field::paste("macaroon", "Macaroon in hex", "", 3)
                .optional()
                .hint(
                    "Of invoice.macaroon, or of one baked with the rights invoices, info:read and \
                     offchain:read; with offchain:write, if cards should pay at other tills. Never \
                     admin.macaroon: it can do everything.",
                )
                .faults(faults),
        ]
    }

    /// Reads what was typed; what was kept, if nothing was.
    pub(super) fn read(&self, app: &App, at: &At) -> Result<LndSecrets, Faults> {
        let mut faults = Faults::default();
        if !self.link.trim().is_empty() {
            return LndSecrets::from_link(&self.link).map_err(|error| {
                faults.note("link", sentence(&error));
                faults
            });
        }
        if self.macaroon.trim().is_empty() && !self.kept.is_empty() {
            return open(app, at, &self.kept).ok_or_else(|| {
                faults.note("link", "Too much time went by. Paste it again.");
                faults
            });
        }
        if self.address.trim().is_empty() {
            faults.note("link", "Paste the link, or fill in the files.");
            return Err(faults);
        }
        let cert = Some(self.cert.trim()).filter(|cert| !cert.is_empty()).map(str::as_bytes);
        let read = LndSecrets::from_files(&self.address, cert, self.macaroon.trim().as_bytes());
        read.map_err(|error| {
            let field = match error {
                LinkError::Address(_) => "address",
                LinkError::Certificate => "cert",
                _ => "macaroon",
            };
            faults.note(field, sentence(&error));
            faults
        })
    }
}

fn sentence(error: &LinkError) -> String {
    let words = error.to_string();
    let mut signs = words.chars();
    let first = signs.next().map(|sign| sign.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", signs.as_str())
}

// Bound to the store and the session: good for nobody else, and not after signing out.
fn purpose(at: &At) -> String {
    format!("checked/{}/{}", at.store.id, at.owner.session.token_hash)
}

/// Seals checked secrets for the page.
pub(super) fn keep(app: &App, at: &At, secrets: &LndSecrets) -> Result<String, WebError> {
    let open = Zeroizing::new(serde_json::to_vec(secrets)?);
    Ok(URL_SAFE_NO_PAD.encode(app.seal.seal(&purpose(at), &open)?))
}

fn open(app: &App, at: &At, kept: &str) -> Option<LndSecrets> {
    let sealed = URL_SAFE_NO_PAD.decode(kept).ok()?;
    let open = app.seal.open(&purpose(at), &sealed).ok()?;
    serde_json::from_slice(&open).ok()
}
