//! The description and the routes are one.

use axum::body::Body;
use axum::http::Request;
use pos_server::domain::id::SaleId;

use super::description::{DOCUMENT, holds};
use super::program::{ALL, coffee, program};
use crate::on_both;
use crate::sale::shop::Shop;

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

on_both! {
    async fn every_operation_has_a_route_and_every_route_an_operation(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let paths = DOCUMENT["paths"].as_object().unwrap();
        assert_eq!(paths.len(), 6, "{:?}", paths.keys());
        for (path, operations) in paths {
            // A bucket of its own for each, or the last would be asked too often.
            let program = program(&shop, ALL).await;
            let path = path.replace("{id}", SaleId::new().as_str());
            for method in METHODS {
                let request = program.request(method, path.strip_prefix("/api/v1").unwrap());
                let answer = program.send(request.body(Body::empty()).unwrap()).await;
                let described = operations.get(method.to_lowercase()).is_some();
                assert_eq!(described, answer.status != 405, "{method} {path}: {}", answer.json);
                if !described {
                    answer.refused(405, "wrong-method");
                }
            }
        }
    }

    async fn the_description_is_open_to_all_and_names_scopes_and_tokens(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let program = program(&shop, ALL).await;
        let request = Request::builder().uri("/api/v1/openapi.json").body(Body::empty()).unwrap();
        let answer = program.send(request).await.is(200);
        assert_eq!(answer.json["openapi"], "3.1.0");
        assert_eq!(answer.json["components"]["securitySchemes"]["token"]["scheme"], "bearer");
        for (path, operations) in answer.json["paths"].as_object().unwrap() {
            for (method, operation) in operations.as_object().unwrap() {
                let scope = operation["security"][0]["token"][0].as_str().unwrap_or_default();
                assert!(ALL.contains(scope) && !scope.is_empty(), "{method} {path}");
                assert!(operation["summary"].is_string(), "{method} {path}");
            }
        }
    }
}

#[test]
fn no_route_of_the_api_is_made_but_with_its_description() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/web/api");
    let (mut described, mut bare) = (0, 0);
    for file in std::fs::read_dir(folder).unwrap().flatten() {
        let text = std::fs::read_to_string(file.path()).unwrap();
        described += text.matches("#[utoipa::path(").count();
        bare += text.matches(".route(").count();
    }
    let paths = DOCUMENT["paths"].as_object().unwrap();
    let operations: usize = paths.values().map(|path| path.as_object().unwrap().len()).sum();
    assert_eq!(described, operations);
    assert_eq!(bare, 1, "only the description itself is not described");
}

#[test]
fn a_sale_as_programs_send_it_is_as_described() {
    let schema = serde_json::json!({ "$ref": "#/components/schemas/NewSale" });
    holds(&schema, &coffee("450.00"));
    let full = serde_json::json!({
        "lines": [{ "item": SaleId::new(), "quantity": 2, "note": "Oat milk" }],
        "note": "Table 4", "discount": { "percent": "10" }, "tip": { "amount": "50" },
    });
    holds(&schema, &full);
}
