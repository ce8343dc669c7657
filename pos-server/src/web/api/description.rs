//! What the description of the API says besides its routes.

use utoipa::openapi::RefOr;
use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::problem;

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
pub(super) struct Description;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer);
        let bearer = bearer.description(Some("A token from the dashboard.")).build();
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(bearer));
    }
}

/// The headers of every answer to a token.
const LIMITS: [(&str, &str); 3] = [
    ("RateLimit-Limit", "Requests that fit at once"),
    ("RateLimit-Remaining", "Requests that still fit"),
    ("RateLimit-Reset", "Seconds until all fit again"),
];

/// Tells of the limits with every answer but those to nobody.
pub(super) fn tell_limits(openapi: &mut utoipa::openapi::OpenApi) {
    for path in openapi.paths.paths.values_mut() {
        for operation in [&mut path.get, &mut path.post].into_iter().flatten() {
            for (status, response) in &mut operation.responses.responses {
                let RefOr::T(response) = response else { continue };
                for (name, words) in LIMITS.iter().filter(|_| status != "401") {
                    response.headers.insert((*name).to_owned(), RefOr::T(number(words)));
                }
                if status == "429" {
                    let wait = number("Seconds until one fits again");
                    response.headers.insert("Retry-After".into(), RefOr::T(wait));
                }
            }
        }
    }
}

fn number(words: &str) -> Header {
    let number = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0));
    HeaderBuilder::new().schema(Some(number.build())).description(Some(words)).build()
}
