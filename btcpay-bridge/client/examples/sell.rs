//! Makes an invoice, shows how to pay it, and waits until it is paid.
//!
//! `BTCPAY_URL=https://… BTCPAY_KEY=… BTCPAY_STORE=… cargo run --example sell -- 12.50 USD`
#![allow(clippy::print_stdout)]

use std::env;
use std::error::Error;
use std::time::Duration;

use btcpay_client::invoice::CreateInvoice;
use btcpay_client::{Client, PaymentMethodId};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder(&env::var("BTCPAY_URL")?)
        .api_key(env::var("BTCPAY_KEY")?)
        .allow_local_http(true)
        .build()?;
    let store = env::var("BTCPAY_STORE")?;
    let mut words = env::args().skip(1);
    let amount = words.next().unwrap_or_else(|| "1.00".to_owned()).parse()?;
    let currency = words.next().unwrap_or_else(|| "USD".to_owned());

    let wanted = CreateInvoice::new(amount, currency)
        .payment_methods(vec![PaymentMethodId::btc_ln()])
        .expires_in_minutes(5);
    let mut invoice = client.create_invoice(&store, &wanted).await?;
    for method in client.invoice_payment_methods(&store, &invoice.id, true).await? {
        println!("{}: {}", method.payment_method_id, method.destination.unwrap_or_default());
    }
    while !invoice.is_ended() {
        tokio::time::sleep(Duration::from_secs(2)).await;
        invoice = client.invoice(&store, &invoice.id).await?;
    }
    println!("{} ({})", invoice.status, invoice.additional_status);
    Ok(())
}
