//! The stand-in by itself: for browser tests, and for people.

use std::io::Write as _;
use std::net::SocketAddr;

use anyhow::Result;
use btcpay_stand_in::{Btcpay, Options};
use clap::Parser;
use rust_decimal::Decimal;
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};

/// A BTCPay Server for tests, all in memory.
#[derive(Parser)]
struct Args {
    /// Where to listen; port 0 for any.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Put before every path of the server.
    #[arg(long, default_value = "")]
    base_path: String,
    /// The store's currency.
    #[arg(long, default_value = "JMD")]
    currency: String,
    /// What one bitcoin costs in it.
    #[arg(long, default_value = "19500000")]
    rate: Decimal,
    /// What the pauses between redeliveries of webhooks are multiplied with.
    #[arg(long, default_value_t = 1.0)]
    webhook_pace: f64,
}

#[tokio::main]
async fn main() -> Result<()> {
    let args = Args::parse();
    let options = Options {
        listen: args.listen,
        base_path: args.base_path.trim_end_matches('/').to_owned(),
        currency: args.currency,
        rate: Some(args.rate),
        webhook_pace: args.webhook_pace,
        ..Options::default()
    };
    let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let btcpay = Btcpay::start(options).await?;
    let ready = json!({
        "url": btcpay.url(),
        "storeId": btcpay.store_id(),
        "apiKey": btcpay.owner_key(),
        "control": btcpay.control_url(),
    });
    writeln!(std::io::stdout(), "{ready}")?;
    tokio::select! {
        _ = term.recv() => {}
        _ = int.recv() => {}
    }
    Ok(())
}
