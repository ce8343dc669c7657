//! `GET /rates`: the price of bitcoin, as a sale would get it now.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::gate::Caller;
use super::money::instant;
use super::problem::Refusals;
use super::refusal::Refusal;
use super::scope::Scope;
use crate::app::App;
use crate::domain::rate::Quote;

/// The price of bitcoin in the store's currency.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Rates {
    /// ISO 4217.
    #[schema(example = "JMD")]
    currency: String,
    /// None when there is no price that can be trusted: it is never guessed.
    #[schema(required)]
    price: Option<Price>,
    /// Why there is no price.
    #[schema(required)]
    why: Option<String>,
}

/// What one bitcoin costs.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Price {
    /// Of the store's currency for one bitcoin, decimal, with what the merchant adds.
    #[schema(example = "12324931.53")]
    per_bitcoin: String,
    /// Where it comes from.
    source: String,
    /// When it was true.
    #[schema(format = DateTime)]
    at: String,
    /// What was multiplied to get it.
    legs: Vec<Leg>,
}

/// A part of the price.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Leg {
    #[schema(example = "BTC/USD")]
    pair: String,
    value: String,
    sources: Vec<String>,
    #[schema(format = DateTime)]
    at: String,
}

/// Read the price of bitcoin
#[utoipa::path(
    get, path = "/rates", operation_id = "readRates", tag = "shelf",
    security(("token" = ["rates:read"])),
    responses((status = 200, description = "The price now, or why there is none", body = Rates), Refusals)
)]
pub(super) async fn rates(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> Result<Json<Rates>, Refusal> {
    caller.may(Scope::RatesRead)?;
    let (price, why) = match app.quote(&caller.store) {
        Ok(quote) => (Some(Price::of(quote)), None),
        Err(words) => (None, Some(words)),
    };
    Ok(Json(Rates { currency: caller.store.currency, price, why }))
}

impl Price {
    fn of(quote: Quote) -> Self {
        let legs = quote.legs.into_iter().map(|leg| Leg {
            pair: leg.pair,
            value: leg.value.to_string(),
            sources: leg.sources,
            at: instant(leg.at.0),
        });
        Self {
            per_bitcoin: quote.per_btc.to_string(),
            source: quote.source,
            at: instant(quote.at.0),
            legs: legs.collect(),
        }
    }
}
