//! The description of the API, and whether an answer is as it says.

use std::sync::LazyLock;

use axum::http::{HeaderMap, header};
use serde_json::{Value, json};

/// What `/api/v1/openapi.json` answers.
pub(super) static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(pos_server::web::api::openapi()).unwrap());

/// Fails unless an answer of a described route is one that the description has. Fields that are
/// not described do not pass.
#[track_caller]
pub(super) fn check(method: &str, path: &str, status: u16, headers: &HeaderMap, answer: &Value) {
    let Some(operation) = operation(method, path) else { return };
    let responses = &operation["responses"];
    let response = match &responses[status.to_string()] {
        Value::Null => &responses["default"],
        described => described,
    };
    let kind = headers[header::CONTENT_TYPE].to_str().unwrap();
    let schema = &response["content"][kind]["schema"];
    assert!(schema.is_object(), "{method} {path}: {status} as {kind} is not described");
    let told = response["headers"].as_object();
    // Before the gate there is no bucket to tell of: an address that is no text, a fault of ours.
    let outside = status == 500 || path.contains("%FF");
    for name in told.into_iter().flatten().map(|(name, _)| name).filter(|_| !outside) {
        assert!(headers.contains_key(name), "{method} {path}: {status} without {name}");
    }
    holds(schema, answer);
}

/// The operation of a path as a program asks for it.
fn operation(method: &str, path: &str) -> Option<&'static Value> {
    let path = path.split('?').next()?;
    let fits = |template: &str| {
        let (template, path) = (template.split('/'), path.split('/'));
        template.clone().count() == path.clone().count()
            && template.zip(path).all(|(of, part)| of.starts_with('{') || of == part)
    };
    let paths = DOCUMENT["paths"].as_object()?;
    let (_, operations) = paths.iter().find(|(template, _)| fits(template))?;
    operations.get(method)
}

/// Fails unless a value is as a schema of the description says.
#[track_caller]
pub(super) fn holds(schema: &Value, value: &Value) {
    let mut components = DOCUMENT["components"].clone();
    for schema in components["schemas"].as_object_mut().unwrap().values_mut() {
        if schema.get("properties").is_some() {
            schema["additionalProperties"] = json!(false);
        }
    }
    let mut whole = schema.clone();
    whole["components"] = components;
    let faults: Vec<String> = jsonschema::validator_for(&whole)
        .unwrap()
        .iter_errors(value)
        .map(|fault| format!("{}: {fault}", fault.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{faults:#?} in {value:#}");
}
