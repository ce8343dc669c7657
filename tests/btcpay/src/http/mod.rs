//! The server's HTTP face.

mod answer;
mod call;
mod consent;
mod gate;
mod invoices;
mod keys;
mod routes;
mod stores;
mod webhooks;
mod wire;

pub(crate) use wire::serve;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

use crate::control;
use crate::shared::Shared;

/// Where a form's page stands.
const CONSENT: &str = "/api-keys/authorize";

/// The whole server: the API and the consent page under the base path, the control beside it.
fn router(shared: Arc<Shared>) -> Router {
    let base = shared.with(|world| world.options.base_path.clone());
    let server = Router::new()
        .route(CONSENT, get(consent::ask).post(consent::decide))
        .fallback(answer::api)
        .with_state(shared.clone());
    let server = match base.as_str() {
        "" => server,
        base => Router::new().nest(base, server),
    };
    Router::new().nest("/stand-in", control::routes()).with_state(shared).merge(server)
}
