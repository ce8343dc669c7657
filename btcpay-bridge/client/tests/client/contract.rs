//! Holds a call to the document: its path, query and body, the sample it is answered with, and that
//! our types lose nothing of that sample.

use btcpay_client::{Client, Result};
use serde::Serialize;
use serde_json::Value;

use super::document::Operation;
use super::server::{Seen, Server, answer};

/// Makes the call against a server that answers `sample`, and gives what the server saw.
pub async fn holds<T, F, Fut>(sample: Value, call: F) -> Seen
where
    T: Serialize,
    F: FnOnce(Client) -> Fut,
    Fut: Future<Output = Result<T>>,
{
    let body = if sample.is_null() { String::new() } else { sample.to_string() };
    let server = Server::saying(vec![answer(200, body)]).await;
    let read = call(server.client()).await.unwrap();
    let seen = server.seen().remove(0);
    let path = seen.path.strip_prefix("/btcpay/api/v1").unwrap();
    let operation = Operation::find(seen.method.as_str(), path);
    let what = format!("{} {path}", seen.method);

    let names = operation.query_names();
    for (name, _) in &seen.query {
        assert!(names.contains(name), "{what} has no query {name}");
    }
    match operation.request() {
        Some(schema) => assert_valid(&schema, &seen.json(), &what),
        None => assert!(seen.body.is_empty(), "{what} takes no body"),
    }
    if let Some(schema) = operation.answer().filter(|_| !sample.is_null()) {
        assert_valid(&schema, &sample, &format!("the sample of {what}"));
        let written = serde_json::to_value(read).unwrap();
        assert_valid(&schema, &without_null(written.clone()), &format!("what we write of {what}"));
        assert_kept(&sample, &written, &what);
    }
    seen
}

pub fn assert_valid(schema: &Value, value: &Value, what: &str) {
    let validator = jsonschema::validator_for(schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(value).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{what} is against the document:\n{}\n{value}", errors.join("\n"));
}

/// Everything that came is still there; nothing is absent but what was null.
fn assert_kept(came: &Value, written: &Value, at: &str) {
    match (came, written) {
        (Value::Object(came), Value::Object(written)) => {
            for (key, value) in came.iter().filter(|(_, value)| !value.is_null()) {
                let there = written.get(key).unwrap_or_else(|| panic!("{at}/{key} is lost"));
                assert_kept(value, there, &format!("{at}/{key}"));
            }
        }
        (Value::Array(came), Value::Array(written)) => {
            assert_eq!(came.len(), written.len(), "{at}");
            for (came, written) in came.iter().zip(written) {
                assert_kept(came, written, at);
            }
        }
        _ => assert_eq!(came, written, "{at}"),
    }
}

fn without_null(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields.into_iter().filter(|(_, value)| !value.is_null());
            kept.map(|(key, value)| (key, without_null(value))).collect()
        }
        Value::Array(items) => items.into_iter().map(without_null).collect(),
        other => other,
    }
}
