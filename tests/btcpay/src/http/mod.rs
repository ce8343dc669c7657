//! The server's HTTP face.

mod answer;
mod boltcards;
mod call;
mod consent;
mod gate;
mod invoices;
mod keys;
mod lightning;
mod payouts;
mod pull_payments;
mod routes;
mod stores;
mod webhooks;
mod wire;

pub(crate) use wire::serve;

use std::sync::Arc;

use axum::Router;

use crate::control;
use crate::shared::Shared;

/// The whole server: the API and the consent page under the base path, the control beside it.
fn router(shared: Arc<Shared>) -> Router {
    let base = shared.with(|world| world.options.base_path.clone());
    let server = Router::new().fallback(answer::any).with_state(shared.clone());
    let server = match base.as_str() {
        "" => server,
        base => Router::new().nest(base, server),
    };
    Router::new().nest("/stand-in", control::routes()).with_state(shared).merge(server)
}
