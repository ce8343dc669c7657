//! The portal: a card's own page, for whoever holds the card. A tap on a phone opens it for a quarter of
//! an hour, or a link that staff show after a tap. No route of it moves money.

mod act;
mod door;
mod export;
mod forms;
mod history;
mod holder;
mod money;
mod pace;
mod show;

use std::sync::Arc;

use axum::http::{HeaderName, HeaderValue};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use axum::{Extension, Router};

use crate::app::App;

pub(super) use door::tapped;

/// Where it is.
const HOME: &str = "/card/own";

fn routes() -> Vec<(&'static str, MethodRouter<Arc<App>>)> {
    vec![
        ("/card/open/{token}", get(door::link).post(door::open)),
        ("/card/own/tap", get(door::page)),
        (HOME, get(show::page)),
        ("/card/own/history", get(history::page)),
        ("/card/own/freeze", post(act::freeze)),
        ("/card/own/thaw", post(act::thaw)),
        ("/card/own/limits", get(forms::limits).post(act::limits)),
        ("/card/own/pin", get(forms::pin).post(act::pin)),
        ("/card/own/pin/remove", post(act::remove_pin)),
        ("/card/own/you", get(forms::you)),
        ("/card/own/name", post(act::name)),
        ("/card/own/birthday", post(act::birthday)),
        ("/card/own/inbox", post(act::inbox)),
        ("/card/own/data.json", get(export::json)),
        ("/card/own/data.csv", get(export::csv)),
        ("/card/own/leave", post(act::leave)),
    ]
}

/// Its addresses, for whoever has to try them all.
#[must_use]
pub fn addresses() -> Vec<&'static str> {
    routes().into_iter().map(|(address, _)| address).collect()
}

/// Every address of the portal; no search engine keeps them.
pub fn router() -> Router<Arc<App>> {
    let all = |router: Router<_>, (address, methods)| router.route(address, methods);
    routes()
        .into_iter()
        .fold(Router::new(), all)
        .layer(Extension(Arc::new(pace::Pace::new())))
        .layer(map_response(unlisted))
}

async fn unlisted(mut response: Response) -> Response {
    let robots = HeaderName::from_static("x-robots-tag");
    response.headers_mut().insert(robots, HeaderValue::from_static("noindex, nofollow"));
    response
}
