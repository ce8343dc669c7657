//! One warm HTTP/2 connection to an LND, with our macaroon on every call.
//!
//! `tonic_lnd::connect` wants files and leaves Nagle's algorithm on, which costs 40 ms a call; its
//! generated clients take any service, and this is ours.

use std::time::Duration;

use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tonic_lnd::tonic::body::Body;
use tonic_lnd::tonic::metadata::{Ascii, MetadataValue};
use tonic_lnd::tonic::service::Interceptor;
use tonic_lnd::tonic::service::interceptor::InterceptedService;
use tonic_lnd::tonic::{Request, Status};

use super::LinkError;
use super::secrets::LndSecrets;
use super::tls;

/// How long a TCP connection may take to come about.
const CONNECT: Duration = Duration::from_secs(3);

/// A dead connection is found after both together, before a customer finds it. LND forbids pings
/// more often than every 5 s (`grpc.client-ping-min-wait`); where nothing is subscribed it hangs up
/// after the third, and the next call connects anew.
const PING_EVERY: Duration = Duration::from_secs(10);
const PING_PATIENCE: Duration = Duration::from_secs(4);

pub(super) type Service = InterceptedService<Client<HttpsConnector<HttpConnector>, Body>, Rights>;

/// Puts the macaroon on each call.
#[derive(Clone)]
pub(super) struct Rights(MetadataValue<Ascii>);

impl Interceptor for Rights {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        request.metadata_mut().insert("macaroon", self.0.clone());
        Ok(request)
    }
}

/// The service for an LND. Connects with its first call, and again whenever the connection is lost.
pub(super) fn service(secrets: &LndSecrets) -> Result<Service, LinkError> {
    let mut macaroon: MetadataValue<Ascii> =
        secrets.macaroon.reveal().parse().map_err(|_| LinkError::Macaroon)?;
    // Keeps it out of debug output and of the compression's table.
    macaroon.set_sensitive(true);
    let pin = secrets.cert_der.as_deref();
    let tls = tls::config(pin).map_err(|_| LinkError::Certificate)?;

    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(CONNECT));
    let connector = HttpsConnectorBuilder::new()
        .with_tls_config(tls)
        .https_only()
        .enable_http2()
        .wrap_connector(tcp);
    let client = Client::builder(TokioExecutor::new())
        .timer(TokioTimer::new())
        .http2_only(true)
        .http2_keep_alive_interval(PING_EVERY)
        .http2_keep_alive_timeout(PING_PATIENCE)
        .http2_keep_alive_while_idle(true)
        // The connection stays however long the shop is quiet.
        .pool_idle_timeout(None)
        .build(connector);
    Ok(InterceptedService::new(client, Rights(macaroon)))
}
