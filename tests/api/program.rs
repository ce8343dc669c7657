//! Another program: it has a token, sends JSON, and holds every answer against the description.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request, header};
use http_body_util::BodyExt;
use pos_server::db::api_token::ApiToken;
use pos_server::domain::id::ApiTokenId;
use pos_server::web;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tower::ServiceExt;

use super::description;
use crate::sale::shop::Shop;

pub(super) const ALL: &str = "sales:read sales:write items:read rates:read";

/// A program at the server's door.
#[derive(Clone)]
pub(super) struct Program {
    pub(super) router: Router,
    pub(super) token: String,
    pub(super) id: ApiTokenId,
}

/// What it was answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) json: Value,
}

impl Answer {
    #[track_caller]
    pub(super) fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.json);
        self
    }

    /// A problem of this kind, with a sentence in it.
    #[track_caller]
    pub(super) fn refused(self, status: u16, kind: &str) -> Value {
        let answer = self.is(status);
        assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json");
        assert_eq!(answer.json["type"], format!("urn:pos-server:{kind}"), "{}", answer.json);
        assert_eq!(answer.json["status"], status);
        assert!(answer.json["detail"].as_str().unwrap().len() > 10, "{}", answer.json);
        answer.json
    }

    pub(super) fn number(&self, header: &str) -> u64 {
        let value = self.headers.get(header).unwrap_or_else(|| panic!("no {header}"));
        value.to_str().unwrap().parse().unwrap()
    }
}

/// A new token at the shop's first till, and a program that has it.
pub(super) async fn program(shop: &Shop, scopes: &str) -> Program {
    let app = shop.house.app.clone();
    let token = format!("pos_{}", ApiTokenId::new());
    let kept = ApiToken {
        id: ApiTokenId::new(),
        merchant_id: shop.store.merchant_id.clone(),
        store_id: shop.store.id.clone(),
        till_id: shop.tills[0].id.clone(),
        staff_id: shop.staff.id.clone(),
        name: "Web shop".into(),
        scopes: scopes.into(),
        token_hash: hex::encode(Sha256::digest(token.as_bytes())),
        created_ms: app.now().0,
        used_ms: None,
        revoked_ms: None,
    };
    let mut tx = app.db.begin().await.unwrap();
    assert!(tx.add_api_token(&kept).await.unwrap());
    tx.commit().await.unwrap();
    Program { router: web::site(&app), token, id: kept.id }
}

/// A cart of one amount.
pub(super) fn coffee(amount: &str) -> Value {
    serde_json::json!({ "lines": [{ "amount": amount, "name": "Coffee" }] })
}

impl Program {
    pub(super) fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        request.header(header::AUTHORIZATION, format!("Bearer {}", self.token))
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        self.send(self.request("GET", path).body(Body::empty()).unwrap()).await
    }

    pub(super) async fn post(&self, path: &str, key: &str, body: &Value) -> Answer {
        let text = if body.is_null() { String::new() } else { body.to_string() };
        self.post_text(path, key, "application/json", text).await
    }

    pub(super) async fn post_text(
        &self,
        path: &str,
        key: &str,
        kind: &str,
        body: impl Into<Bytes>,
    ) -> Answer {
        let request = self.request("POST", path).header("idempotency-key", key);
        let request = request.header(header::CONTENT_TYPE, kind);
        self.send(request.body(Body::from(body.into())).unwrap()).await
    }

    /// Sends a request; the answer must be as it is described.
    pub(super) async fn send(&self, request: Request<Body>) -> Answer {
        let (method, path) = (request.method().as_str().to_lowercase(), request.uri().to_string());
        let Ok(response) = self.router.clone().oneshot(request).await;
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let json = serde_json::from_slice(&bytes).unwrap_or_else(|_| panic!("{bytes:?}"));
        let (status, headers) = (parts.status.as_u16(), parts.headers);
        assert_eq!(headers[header::CACHE_CONTROL], "no-store", "{path}");
        description::check(&method, &path, status, &headers, &json);
        Answer { status, headers, json }
    }
}

/// Epoch milliseconds as the API writes them.
pub(super) fn rfc3339(ms: i64) -> String {
    jiff::Timestamp::from_millisecond(ms).unwrap().to_string()
}
