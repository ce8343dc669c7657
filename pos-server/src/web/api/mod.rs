//! The JSON API for other programs, `/api/v1`: what a till does, by a token in place of a tablet.
//! Its description (OpenAPI) is made from the routes themselves.

mod cancel;
mod cart;
mod charge;
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
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// Where its description is read.
pub const OPENAPI: &str = "/api/v1/openapi.json";

const ABOUT: &str = "Opens sales at a till of a store, follows them until they are paid, and reads \
    items and rates. A token is made on the dashboard under API, with scopes, a till and a member \
    of staff; it is sent as `Authorization: Bearer`. Amounts are decimal strings with their \
    currency and the same in minor units; bitcoin is whole millisatoshi; times are RFC 3339 in \
    UTC. Refusals are problem details (RFC 9457). Every answer to a token tells in \
    `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` how many requests fit at once, \
    how many still do, and in how many seconds all will again.";

#[derive(OpenApi)]
#[openapi(
    info(title = "pos-server", version = "1", description = ABOUT, license(name = "MIT")),
    components(schemas(problem::ProblemDetails)),
    modifiers(&Bearer)
)]
struct Description;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer);
        let bearer = bearer.description(Some("A token from the dashboard.")).build();
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(bearer));
    }
}

fn described() -> OpenApiRouter<Arc<App>> {
    let routes = OpenApiRouter::new()
        .routes(routes!(list::list, charge::charge))
        .routes(routes!(sale::read))
        .routes(routes!(cancel::cancel))
        .routes(routes!(events::follow))
        .routes(routes!(items::items))
        .routes(routes!(rates::rates));
    OpenApiRouter::with_openapi(Description::openapi()).nest("/api/v1", routes)
}

static TEXT: LazyLock<String> =
    LazyLock::new(|| described().into_openapi().to_json().unwrap_or_default());

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
