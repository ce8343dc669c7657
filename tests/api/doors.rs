//! Who is let in, and how far.

use axum::body::Body;
use axum::http::{Request, header};
use pos_server::domain::id::SaleId;
use serde_json::json;

use super::program::{ALL, Program, coffee, program};
use crate::on_both;
use crate::sale::shop::Shop;

/// Every request, and the scope that it needs.
fn requests(sale: &str) -> Vec<(&'static str, String, &'static str)> {
    vec![
        ("GET", "/sales".into(), "sales:read"),
        ("GET", format!("/sales/{sale}"), "sales:read"),
        ("GET", format!("/sales/{sale}/events"), "sales:read"),
        ("POST", "/sales".into(), "sales:write"),
        ("POST", format!("/sales/{sale}/cancel"), "sales:write"),
        ("GET", "/items".into(), "items:read"),
        ("GET", "/rates".into(), "rates:read"),
    ]
}

async fn ask(program: &Program, method: &str, path: &str) -> super::program::Answer {
    match method {
        "GET" => program.get(path).await,
        _ => program.post(path, SaleId::new().as_str(), &coffee("500")).await,
    }
}

on_both! {
    async fn a_token_may_do_what_its_scopes_say_and_no_more(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(50_000).await.to_string();
        for scope in ALL.split(' ') {
            let program = program(&shop, scope).await;
            for (method, path, needs) in requests(&sale) {
                let answer = ask(&program, method, &path).await;
                if needs == scope {
                    assert!(answer.status < 300, "{scope}: {method} {path}: {}", answer.json);
                } else {
                    let problem = answer.refused(403, "not-allowed");
                    assert!(problem["detail"].as_str().unwrap().contains(needs), "{problem}");
                }
            }
        }
    }

    async fn without_a_token_that_is_known_nobody_is_let_in(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(50_000).await.to_string();
        let program = program(&shop, ALL).await;
        let says = [
            None,
            Some("Bearer".to_owned()),
            Some("Bearer pos_nonsense".into()),
            Some(format!("Basic {}", program.token)),
            Some(program.token.clone()),
            Some(format!("Bearer {} {}", program.token, program.token)),
        ];
        for (method, path, _) in requests(&sale) {
            for authorization in &says {
                let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
                if let Some(authorization) = authorization {
                    request = request.header(header::AUTHORIZATION, authorization);
                }
                let answer = program.send(request.body(Body::empty()).unwrap()).await;
                assert_eq!(answer.headers[header::WWW_AUTHENTICATE], "Bearer");
                answer.refused(401, "no-token");
            }
        }
    }

    async fn a_token_reaches_its_store_only(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let ours = shop.charge(50_000).await.to_string();
        for other in [shop.neighbour().await, shop.branch().await] {
            let eve = program(&other, ALL).await;
            let page = eve.get("/sales").await.is(200).json;
            assert_eq!(page["sales"], json!([]));
            eve.get(&format!("/sales/{ours}")).await.refused(404, "not-found");
            eve.get(&format!("/sales/{ours}/events")).await.refused(404, "not-found");
            let cancel = format!("/sales/{ours}/cancel");
            eve.post(&cancel, "a key", &json!(null)).await.refused(404, "not-found");
            assert_eq!(shop.sale(&ours.parse().unwrap()).await.state, "open");
            let hers = eve.post("/sales", "a key", &coffee("500")).await.is(201).json;
            let us = program(&shop, ALL).await;
            let theirs = format!("/sales/{}", hers["id"].as_str().unwrap());
            us.get(&theirs).await.refused(404, "not-found");
        }
    }

    async fn a_revoked_token_lets_nobody_in_and_its_streams_end(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let (program, other) = (program(&shop, ALL).await, program(&shop, ALL).await);
        let sale = shop.charge(50_000).await;
        let mut stream = super::events::Stream::open(&program, &sale, None).await;
        stream.next().await;
        let mut tx = shop.app().db.begin().await.unwrap();
        assert!(tx.revoke_api_token(&shop.store.id, &program.id, shop.app().now()).await.unwrap());
        assert!(!tx.revoke_api_token(&shop.store.id, &program.id, shop.app().now()).await.unwrap());
        tx.commit().await.unwrap();
        program.get("/items").await.refused(401, "no-token");
        other.get("/items").await.is(200);
        shop.void(&sale).await.unwrap();
        stream.ends().await;
    }
}
