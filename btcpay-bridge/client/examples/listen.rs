//! Receives webhooks on port 8090, believes only what is signed, and reads what it is told of.
//!
//! `BTCPAY_URL=… BTCPAY_KEY=… BTCPAY_STORE=… WEBHOOK_SECRET=… cargo run --example listen`
#![allow(clippy::print_stdout)]

use std::env;
use std::error::Error;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use btcpay_client::webhook::{Event, SIGNATURE_HEADER, verify};
use btcpay_client::{Client, Secret};

struct Shop {
    client: Client,
    store: String,
    secret: Secret,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let shop = Shop {
        client: Client::builder(&env::var("BTCPAY_URL")?)
            .api_key(env::var("BTCPAY_KEY")?)
            .allow_local_http(true)
            .build()?,
        store: env::var("BTCPAY_STORE")?,
        secret: env::var("WEBHOOK_SECRET")?.into(),
    };
    let app = Router::new().route("/", post(delivered)).with_state(Arc::new(shop));
    axum::serve(tokio::net::TcpListener::bind("127.0.0.1:8090").await?, app).await?;
    Ok(())
}

async fn delivered(State(shop): State<Arc<Shop>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let signature = headers.get(SIGNATURE_HEADER).and_then(|value| value.to_str().ok());
    if verify(&shop.secret, &body, signature).is_err() {
        return StatusCode::UNAUTHORIZED;
    }
    let Ok(event) = Event::parse(&body) else { return StatusCode::BAD_REQUEST };
    // The server waits for the answer before it delivers anything else.
    tokio::spawn(async move {
        let Some(id) = event.invoice_id() else { return };
        match shop.client.invoice(&shop.store, id).await {
            Ok(invoice) => println!("{}: {id} is {}", event.event_type, invoice.status),
            Err(error) => println!("{}: {id} cannot be read: {error}", event.event_type),
        }
    });
    StatusCode::OK
}
