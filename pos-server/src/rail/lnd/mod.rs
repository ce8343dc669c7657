//! The merchant's own LND, by gRPC.
//!
//! [`LndSecrets`] are read from an `lndconnect://` link or from files and kept sealed by the caller.
//! [`Lnd`] is one warm HTTP/2 connection made of them: a rail, and a [check](Lnd::check) that says in
//! words what is wrong. Making one does no I/O; it connects with its first call, and again by itself
//! after a loss.

mod channel;
mod check;
mod fault;
mod link;
mod notices;
mod purse;
mod rail;
mod secrets;
mod tls;

use std::future::Future;
use std::time::Duration;

use tonic_lnd::invoicesrpc::invoices_client::InvoicesClient;
use tonic_lnd::lnrpc::lightning_client::LightningClient;
use tonic_lnd::routerrpc::router_client::RouterClient;
use tonic_lnd::staterpc::state_client::StateClient;
use tonic_lnd::tonic::{Response, Status};

use channel::Service;
use fault::Fault;

pub use check::{Finding, Severity};
pub use link::LinkError;
pub use secrets::{LndSecrets, Macaroon};

/// How long a call may take: a cashier waits no longer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The largest answer we read, for a node with very many channels.
const ANSWER_BYTES_MAX: usize = 16 << 20;

/// An LND. Cheap to clone; clones share the connection.
#[derive(Clone)]
pub struct Lnd {
    address: String,
    patience: Duration,
    lightning: LightningClient<Service>,
    invoices: InvoicesClient<Service>,
    router: RouterClient<Service>,
    state: StateClient<Service>,
}

impl Lnd {
    /// An LND to be reached with these secrets. Connects with its first call; needs a Tokio runtime
    /// from then on.
    pub fn new(secrets: &LndSecrets) -> Result<Self, LinkError> {
        let uri = link::uri(&secrets.address)?;
        let service = channel::service(secrets)?;
        Ok(Self {
            address: secrets.address.clone(),
            patience: PATIENCE,
            lightning: LightningClient::with_origin(service.clone(), uri.clone())
                .max_decoding_message_size(ANSWER_BYTES_MAX),
            invoices: InvoicesClient::with_origin(service.clone(), uri.clone()),
            router: RouterClient::with_origin(service.clone(), uri.clone()),
            state: StateClient::with_origin(service, uri),
        })
    }

    /// The same, giving up on a call after `patience` instead of five seconds.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// `host:port`.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// One call, in time.
    async fn call<T>(
        &self,
        call: impl Future<Output = Result<Response<T>, Status>>,
    ) -> Result<T, Fault> {
        match tokio::time::timeout(self.patience, call).await {
            Ok(Ok(response)) => Ok(response.into_inner()),
            Ok(Err(status)) => Err(Fault::from(status)),
            Err(_) => Err(Fault::Silent(self.patience)),
        }
    }
}

impl std::fmt::Debug for Lnd {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lnd").field("address", &self.address).finish_non_exhaustive()
    }
}
