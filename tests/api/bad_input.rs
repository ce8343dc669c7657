//! What cannot be used is refused in words, with the fields that are wrong; nothing happens.

use axum::body::Body;
use axum::http::header;
use pos_server::domain::id::SaleId;
use serde_json::json;

use super::program::{ALL, coffee, program};
use crate::on_both;
use crate::sale::shop::Shop;

on_both! {
    async fn fields_that_are_wrong_are_named(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let wrong = [
            (json!({}), "lines"),
            (json!({ "lines": [] }), "lines"),
            (json!({ "lines": "two coffees" }), "lines"),
            (json!({ "lines": [{}] }), "lines[0]"),
            (json!({ "lines": [{ "amount": "1", "price": "2" }] }), "lines[0].price"),
            (json!({ "lines": [{ "amount": 450 }] }), "lines[0].amount"),
            (json!({ "lines": [{ "amount": "-1" }] }), "lines[0].amount"),
            (json!({ "lines": [{ "amount": "1,50" }] }), "lines[0].amount"),
            (json!({ "lines": [{ "amount": "1.505" }] }), "lines[0].amount"),
            (json!({ "lines": [{ "amount": "9".repeat(30) }] }), "lines[0].amount"),
            (json!({ "lines": [{ "amount": "1" }, { "item": "17" }] }), "lines[1].item"),
            (json!({ "lines": [{ "item": SaleId::new() }] }), "lines[0].item"),
            (json!({ "lines": [{ "item": SaleId::new(), "name": "Mine" }] }), "lines[0].name"),
            (json!({ "lines": [{ "amount": "1", "quantity": 1.5 }] }), "lines[0].quantity"),
            (json!({ "lines": [{ "amount": "1", "quantity": 0 }] }), "lines[0].quantity"),
            (json!({ "lines": [{ "amount": "0" }] }), "lines[0].amount"),
            (json!({ "lines": [{ "amount": "99999999999.00" }] }), "lines"),
            (json!({ "lines": vec![json!({ "amount": "1" }); 201] }), "lines"),
            (json!({ "lines": [{ "amount": "1" }], "tip": {} }), "tip"),
            (json!({ "lines": [{ "amount": "1" }], "tip": { "percent": "-5" } }), "tip"),
            (json!({ "lines": [{ "amount": "1" }], "discount": { "percent": "101" } }), "discount"),
            (json!({ "lines": [{ "amount": "1" }], "total": "1" }), "total"),
        ];
        let program = program(&shop, ALL).await;
        for (body, field) in wrong {
            let problem = program.post("/sales", "a key", &body).await.refused(422, "bad-input");
            let fields: Vec<_> = problem["errors"].as_array().unwrap().iter().collect();
            assert!(fields.iter().any(|error| error["field"] == field), "{body}: {problem}");
            let words = fields[0]["detail"].as_str().unwrap();
            assert!(words.ends_with('.') && words.len() > 10, "{words}");
        }
        assert_eq!(shop.books().await.sales.len(), 0);
        program.post("/sales", "a key", &coffee("500")).await.is(201);
    }

    async fn a_body_that_is_no_json_is_refused(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let program = program(&shop, ALL).await;
        let json = "application/json";
        let invalid = b"{\"lines\": [{\"amount\": \"1\", \"name\": \"\xff\xfe\"}]}".to_vec();
        for (kind, body, status) in [
            (json, b"{\"lines\": [".to_vec(), 400),
            (json, b"".to_vec(), 400),
            (json, b"lines=1".to_vec(), 400),
            (json, b"[[{\"amount\": \"1\"}], \"Table 4\"]".to_vec(), 400),
            (json, b"{\"lines\": []} again".to_vec(), 400),
            (json, "[".repeat(100_000).into_bytes(), 400),
            (json, invalid, 400),
            ("text/plain", b"{}".to_vec(), 415),
            ("application/x-www-form-urlencoded", b"lines=1".to_vec(), 415),
            (json, vec![b' '; 10 * 1024 * 1024], 413),
        ] {
            program.post_text("/sales", "a key", kind, body).await.refused(status, "unreadable");
        }
        assert_eq!(shop.books().await.sales.len(), 0);
    }

    async fn signs_that_are_no_text_do_not_reach_the_sale(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let program = program(&shop, ALL).await;
        let cart = json!({ "lines": [{ "amount": "1", "name": "\u{0}Coffee\u{7}", "note": "a\nb" }],
            "note": "Table\u{0}4 — ☕" });
        let sale = program.post("/sales", "a key", &cart).await.is(201).json;
        assert_eq!(sale["lines"][0]["name"], "Coffee");
        assert_eq!(sale["note"], "Table 4 — ☕");
    }

    async fn a_key_must_be_there_and_be_short(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let program = program(&shop, ALL).await;
        let cart = coffee("500");
        let bare = program.request("POST", "/sales").header(header::CONTENT_TYPE, "application/json");
        let bare = program.send(bare.body(Body::from(cart.to_string())).unwrap()).await;
        bare.refused(400, "unreadable");
        for key in ["", "  ", &"k".repeat(256)] {
            program.post("/sales", key, &cart).await.refused(400, "unreadable");
        }
        program.post("/sales", &"k".repeat(255), &cart).await.is(201);
    }

    async fn what_is_not_there_is_a_problem_too(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let program = program(&shop, ALL).await;
        let unknown = SaleId::new();
        for path in ["", "/", "/nothing", "/sales/1/2/3", "/sales/17", &format!("/sales/{unknown}"),
            &format!("/sales/{unknown}/events")] {
            program.get(path).await.refused(404, "not-found");
        }
        let path = format!("/sales/{unknown}/cancel");
        program.post(&path, "a key", &json!(null)).await.refused(404, "not-found");
        let deleted = program.request("DELETE", "/items").body(Body::empty()).unwrap();
        let deleted = program.send(deleted).await;
        assert_eq!(deleted.headers[header::ALLOW], "GET,HEAD");
        deleted.refused(405, "wrong-method");
        program.get("/sales?limit=%FF").await.refused(400, "refused");
    }

    async fn a_query_that_is_wrong_names_its_fields(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let program = program(&shop, ALL).await;
        for (query, field) in [
            ("limit=0", "limit"),
            ("limit=101", "limit"),
            ("limit=many", "limit"),
            ("limit=1&limit=2", "limit"),
            ("state=lost", "state"),
            ("from=yesterday", "from"),
            ("to=2026-11-21", "to"),
            ("cursor=17", "cursor"),
            ("page=2", "page"),
        ] {
            let problem = program.get(&format!("/sales?{query}")).await.refused(422, "bad-input");
            assert_eq!(problem["errors"][0]["field"], field, "{query}: {problem}");
        }
    }

    async fn a_fault_of_ours_is_a_problem_with_a_word_to_find_it_by(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let program = program(&shop, ALL).await;
        shop.app().db.close().await;
        let problem = program.get("/items").await.refused(500, "our-fault");
        assert_eq!(problem["code"].as_str().unwrap().len(), 4, "{problem}");
        assert!(!problem.to_string().contains("sql"), "{problem}");
    }
}
