//! The JSON API for other programs, `/api/v1`: what a till does, by a token in place of a tablet.
//! Its description (OpenAPI) is made from the routes themselves.

mod cancel;
mod cart;
mod charge;
mod description;
mod events;
mod gate;
mod items;
mod key;
mod limit;
mod list;
mod money;
mod parts;
pub(super) mod problem;
mod rates;
mod refusal;
mod sale;
pub(super) mod scope;
mod sent;
mod view;

use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// Where its description is read.
pub const OPENAPI: &str = "/api/v1/openapi.json";

fn described() -> OpenApiRouter<Arc<App>> {
    let routes = OpenApiRouter::new()
        .routes(routes!(list::list, charge::charge))
        .routes(routes!(sale::read))
        .routes(routes!(cancel::cancel))
        .routes(routes!(events::follow))
        .routes(routes!(items::items))
        .routes(routes!(rates::rates));
    OpenApiRouter::with_openapi(description::Description::openapi()).nest("/api/v1", routes)
}

static TEXT: LazyLock<String> = LazyLock::new(|| {
    let mut openapi = described().into_openapi();
    description::tell_limits(&mut openapi);
    openapi.to_json().unwrap_or_default()
});

/// The description of the API, as JSON.
#[must_use]
pub fn openapi() -> &'static str {
    TEXT.as_str()
}

/// Every address of the API; each process counts requests for itself.
pub fn router(app: &Arc<App>) -> Router<Arc<App>> {
    let gate = gate::Gate::new(app);
    let (routes, _) = described().split_for_parts();
    let json = [(CONTENT_TYPE, "application/json")];
    routes
        .route_layer(from_fn_with_state(gate, gate::gate))
        .route(OPENAPI, get(move || async move { (json, openapi()) }))
}
