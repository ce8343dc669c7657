//! The real LNDs of `tests/stack`, the shop's and its customer's.

use std::time::Duration;

use pos_server::rail::Offer;
use pos_server::rail::bolt11::Invoice;
use pos_server::rail::lnd::{Lnd, LndSecrets};
use tonic_lnd::lnrpc::payment::PaymentStatus;
use tonic_lnd::lnrpc::{PayReqString, PaymentFailureReason};
use tonic_lnd::routerrpc::SendPaymentRequest;

/// What the stack says of itself; without it a test fails by name.
pub(crate) fn variable(name: &str) -> String {
    std::env::var(name)
        .unwrap_or_else(|_| panic!("the real LND is missing ({name} is not set): run make test"))
}

pub(crate) fn file(name: &str) -> Vec<u8> {
    std::fs::read(variable(name)).unwrap()
}

/// The shop's LND with a till's rights.
pub(crate) fn shop_secrets() -> LndSecrets {
    shop_with(&file("SHOP_LND_MACAROON"))
}

/// The shop's LND with other rights.
pub(crate) fn shop_with(macaroon: &[u8]) -> LndSecrets {
    let cert = file("SHOP_LND_CERT");
    LndSecrets::from_files(&variable("SHOP_LND_ADDRESS"), Some(&cert), macaroon).unwrap()
}

pub(crate) fn shop() -> Lnd {
    Lnd::new(&shop_secrets()).unwrap()
}

/// All rights on a node of the stack, `SHOP` or `CUSTOMER`, by `tonic_lnd`'s own connection.
pub(crate) async fn admin(node: &str) -> tonic_lnd::Client {
    // Whoever comes first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let [address, cert, macaroon] =
        ["ADDRESS", "CERT", "ADMIN_MACAROON"].map(|what| variable(&format!("{node}_LND_{what}")));
    tonic_lnd::connect(format!("https://{address}"), cert, macaroon).await.unwrap()
}

/// Pays as asked; tries again where a channel has just come up and is not ready.
pub(crate) async fn pay(offer: &Offer) -> Result<(), String> {
    let payment_request = offer.request.clone().unwrap();
    send(SendPaymentRequest { payment_request, ..limits() }).await
}

/// Pays `msat` more or less than asked, as a wallet would that knows better: LND's own refuses to, so
/// the invoice is taken apart.
pub(crate) async fn pay_differently(offer: &Offer, msat: i64) -> Result<(), String> {
    let pay_req = offer.request.clone().unwrap();
    let invoice = Invoice::read(&pay_req).unwrap();
    let mut customer = admin("CUSTOMER").await;
    let decoded = customer.lightning().decode_pay_req(PayReqString { pay_req }).await.unwrap();
    send(SendPaymentRequest {
        dest: hex::decode(invoice.payee).unwrap(),
        payment_hash: hex::decode(invoice.payment_hash).unwrap(),
        payment_addr: decoded.into_inner().payment_addr,
        amt_msat: invoice.amount.unwrap().to_db() + msat,
        final_cltv_delta: 80,
        ..limits()
    })
    .await
}

fn limits() -> SendPaymentRequest {
    SendPaymentRequest {
        timeout_seconds: 15,
        fee_limit_sat: 100,
        no_inflight_updates: true,
        ..Default::default()
    }
}

async fn send(request: SendPaymentRequest) -> Result<(), String> {
    let mut customer = admin("CUSTOMER").await;
    for _ in 0..40 {
        let sent = customer.router().send_payment_v2(request.clone()).await;
        let mut updates = sent.map_err(|status| status.message().to_owned())?.into_inner();
        let end = updates.message().await.map_err(|status| status.message().to_owned())?.unwrap();
        if end.status() == PaymentStatus::Succeeded {
            return Ok(());
        }
        let may_pass = [
            PaymentFailureReason::FailureReasonNoRoute,
            PaymentFailureReason::FailureReasonInsufficientBalance,
        ];
        if !may_pass.contains(&end.failure_reason()) {
            return Err(end.failure_reason().as_str_name().to_owned());
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    Err("no way to the shop".into())
}
