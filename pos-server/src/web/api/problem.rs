//! Refusals as problem details (RFC 9457): what is wrong, in a person's words, and where.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::openapi::{
    ContentBuilder, Ref, RefOr, Response as Described, ResponseBuilder, schema::Schema,
};
use utoipa::{IntoResponses, ToSchema};

use crate::web::error::Fault;

const PROBLEM_JSON: &str = "application/problem+json";

/// Why a request was not done.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(super) struct ProblemDetails {
    /// The kind of problem, for programs: `urn:pos-server:bad-input`.
    #[serde(rename = "type")]
    kind: String,
    /// The kind of problem, for people.
    title: String,
    /// The status of the answer.
    #[schema(example = 422)]
    status: u16,
    /// What is wrong here, and what can be done.
    detail: String,
    /// The fields that are wrong, if it is about fields.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<FieldError>,
    /// A word to find it by in the log, if the fault is ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    code: Option<String>,
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct FieldError {
    /// Which: `lines[0].quantity`, `limit`.
    pub(super) field: String,
    /// What is wrong with it.
    pub(super) detail: String,
}

/// A refusal on its way out.
#[derive(Debug)]
pub(super) struct Problem(Box<ProblemDetails>);

impl Problem {
    fn new(status: StatusCode, kind: &str, title: &str, detail: impl Into<String>) -> Self {
        Self(Box::new(ProblemDetails {
            kind: format!("urn:pos-server:{kind}"),
            title: title.into(),
            status: status.as_u16(),
            detail: detail.into(),
            errors: Vec::new(),
            code: None,
        }))
    }

    pub(super) fn no_token(detail: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "no-token", "Not let in", detail)
    }

    pub(super) fn not_allowed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "not-allowed", "Not allowed", detail)
    }

    pub(super) fn too_often(detail: &str) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too-often", "Too often", detail)
    }

    /// What was sent cannot be read at all.
    pub(super) fn unreadable(status: StatusCode, detail: impl Into<String>) -> Self {
        Self::new(status, "unreadable", "Cannot be read", detail)
    }

    /// It cannot be done as things stand.
    pub(super) fn conflict(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "conflict", "Cannot be done now", detail)
    }

    /// The key came before with another body.
    pub(super) fn key_reused() -> Self {
        let detail = "This idempotency key came before with something else in its request. \
            Nothing was done: send a new key.";
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "key-reused", "Key used before", detail)
    }

    /// Fields hold what cannot be used.
    pub(super) fn fields(errors: Vec<FieldError>) -> Self {
        let detail = match &errors[..] {
            [one] => format!("“{}”: {}", one.field, one.detail),
            many => format!("{} fields cannot be used. Nothing was done.", many.len()),
        };
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        let mut problem = Self::new(status, "bad-input", "Cannot be used", detail);
        problem.0.errors = errors;
        problem
    }

    /// A single field holds what cannot be used.
    pub(super) fn field(field: &str, detail: impl Into<String>) -> Self {
        Self::fields(vec![FieldError { field: field.into(), detail: detail.into() }])
    }
}

/// Makes a problem of a refusal that other parts of the house made, keeping its headers.
pub(in crate::web) fn dressed(response: Response, fault: Fault) -> Response {
    let status = response.status();
    let problem = match status {
        StatusCode::NOT_FOUND => {
            let detail = "There is nothing at this address, or it is not yours.";
            Problem::new(status, "not-found", "Not found", detail)
        }
        StatusCode::METHOD_NOT_ALLOWED => {
            let detail = "This address takes other methods: see “Allow”.";
            Problem::new(status, "wrong-method", "Not this way", detail)
        }
        status if status.is_server_error() => {
            let detail = "What was asked may be done or not. Ask again, with the same key.";
            let mut problem = Problem::new(status, "our-fault", &fault.title, detail);
            problem.0.code = fault.code;
            problem
        }
        status => Problem::new(status, "refused", &fault.title, fault.words),
    };
    let (before, _) = response.into_parts();
    let mut response = problem.into_response();
    for (name, value) in &before.headers {
        if name != CONTENT_TYPE && name != CONTENT_LENGTH {
            response.headers_mut().insert(name, value.clone());
        }
    }
    response
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status);
        let body = serde_json::to_string(&self.0).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        if self.0.status == StatusCode::UNAUTHORIZED.as_u16() {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if self.0.status == StatusCode::TOO_MANY_REQUESTS.as_u16() {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

/// How the description tells of refusals: any operation may be refused, all in the same form.
pub(super) struct Refusals;

impl IntoResponses for Refusals {
    fn responses() -> BTreeMap<String, RefOr<Described>> {
        let told = [
            ("401", "No token, or one that is not known"),
            ("403", "The token may not do that"),
            ("429", "The token asks too often; “Retry-After” says how long to wait"),
            ("default", "It was not done; the problem says why"),
        ];
        let described = told.map(|(status, words)| {
            let schema: RefOr<Schema> = Ref::from_schema_name("Problem").into();
            let content = ContentBuilder::new().schema(Some(schema)).build();
            let response = ResponseBuilder::new().description(words);
            (status.to_owned(), response.content(PROBLEM_JSON, content).build().into())
        });
        described.into_iter().collect()
    }
}
