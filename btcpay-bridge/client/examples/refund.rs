//! Gives back what an order brought: finds its invoice, and makes a refund to be claimed.
//!
//! `BTCPAY_URL=… BTCPAY_KEY=… BTCPAY_STORE=… cargo run --example refund -- sale-7`
#![allow(clippy::print_stdout)]

use std::env;
use std::error::Error;

use btcpay_client::Client;
use btcpay_client::invoice::{InvoiceQuery, InvoiceStatus};
use btcpay_client::refund::{RefundInvoice, RefundVariant};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder(&env::var("BTCPAY_URL")?)
        .api_key(env::var("BTCPAY_KEY")?)
        .allow_local_http(true)
        .build()?;
    let store = env::var("BTCPAY_STORE")?;
    let order = env::args().nth(1).ok_or("which order?")?;

    let query =
        InvoiceQuery { statuses: vec![InvoiceStatus::Settled], ..InvoiceQuery::order(order) };
    for invoice in client.invoices_page(&store, &query, 0, 10).await? {
        let refund = RefundInvoice::new(RefundVariant::RateThen);
        match client.refund_invoice(&store, &invoice.id, &refund).await {
            Ok(pull) => println!("{} {}: {:?}", pull.amount, pull.currency, pull.view_link),
            // It may be there: look before asking again.
            Err(error) if error.outcome_unknown() => println!("{}: unknown: {error}", invoice.id),
            Err(error) => println!("{}: {error}", invoice.id),
        }
    }
    Ok(())
}
