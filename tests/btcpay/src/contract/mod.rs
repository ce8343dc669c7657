//! The contract: every request and every answer is held against BTCPay's own OpenAPI document.

mod convert;
mod exceptions;
mod operation;
mod query;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use jsonschema::{Draft, Validator};
use serde_json::{Value, json};

pub(crate) use operation::Operation;
use operation::Template;

/// The document, read once for all servers of a process: schemas compile when first needed.
pub(crate) struct Contract {
    document: Value,
    templates: Vec<Template>,
    compiled: Mutex<HashMap<String, Arc<Validator>>>,
}

impl Contract {
    pub(crate) fn get() -> &'static Self {
        static CONTRACT: OnceLock<Contract> = OnceLock::new();
        CONTRACT.get_or_init(|| {
            let document: Value = serde_json::from_str(include_str!("../../greenfield.json"))
                .expect("the document is JSON");
            let templates = Template::all(&document);
            Self { document, templates, compiled: Mutex::default() }
        })
    }

    /// The operation of a request.
    pub(crate) fn operation(&self, method: &str, path: &str) -> Option<&Operation> {
        operation::find(&self.templates, method, path)
    }

    /// What is wrong with a request; nothing if it is as the document says.
    pub(crate) fn request(
        &self,
        operation: &Operation,
        query: &[(String, String)],
        body: &[u8],
    ) -> Result<Value, String> {
        self.query(operation, query)?;
        let wanted = &operation.schema["requestBody"];
        let mut schema = wanted["content"]["application/json"]["schema"].clone();
        for (_, name) in exceptions::NOT_REQUIRED.iter().filter(|(of, _)| *of == operation.id) {
            if let Some(required) = schema["required"].as_array_mut() {
                required.retain(|own| own != name);
            }
        }
        if wanted.is_null() || (body.is_empty() && wanted["required"] != json!(true)) {
            return match body {
                [] => Ok(Value::Null),
                _ => serde_json::from_slice(body).map_err(|error| error.to_string()),
            };
        }
        let body: Value = serde_json::from_slice(body).map_err(|error| error.to_string())?;
        self.check(&format!("{} request", operation.id), || schema.clone(), &body)?;
        Ok(body)
    }

    /// What is wrong with an answer.
    pub(crate) fn answer(
        &self,
        operation: &Operation,
        status: u16,
        body: Option<&Value>,
    ) -> Result<(), String> {
        let name = format!("{} {status}", operation.id);
        let responses = &operation.schema["responses"];
        let documented = &responses[status.to_string()]["content"]["application/json"]["schema"];
        let (Some(body), schema) = (body, exceptions::error_schema(status)) else {
            return match documented {
                Value::Null => Ok(()),
                _ => Err(format!("{name}: an answer without a body")),
            };
        };
        match schema {
            Some(schema) => self.check(&format!("error {status}"), || schema.clone(), body),
            None if documented.is_null() => Err(format!("{name}: the document has no such body")),
            None => {
                let body = without_nulls(&operation.id, body);
                self.check(&name, || documented.clone(), &body)
            }
        }
    }

    /// What is wrong with the body of a webhook.
    pub(crate) fn event(&self, kind: &str, body: &Value) -> Result<(), String> {
        let Some(name) = exceptions::event_schema(kind) else { return Ok(()) };
        let schema = || json!({ "$ref": format!("#/components/schemas/{name}") });
        self.check(name, schema, body)
    }

    fn check(
        &self,
        name: &str,
        schema: impl FnOnce() -> Value,
        value: &Value,
    ) -> Result<(), String> {
        let mut compiled = self.compiled.lock().unwrap_or_else(|broken| broken.into_inner());
        let validator = match compiled.get(name) {
            Some(validator) => validator.clone(),
            None => {
                let schema = convert::standalone(&self.document, &schema());
                let made = jsonschema::options().with_draft(Draft::Draft202012).build(&schema);
                let made = Arc::new(made.map_err(|error| format!("{name}: {error}"))?);
                compiled.insert(name.to_owned(), made.clone());
                made
            }
        };
        drop(compiled);
        let wrong: Vec<String> = validator
            .iter_errors(value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        if wrong.is_empty() { Ok(()) } else { Err(format!("{name}: {}", wrong.join("; "))) }
    }
}

/// The body without the nulls that the code is known to write.
fn without_nulls(operation: &str, body: &Value) -> Value {
    let mut body = body.clone();
    for (_, property) in exceptions::NULLS.iter().filter(|(of, _)| *of == operation) {
        drop_null(&mut body, property);
    }
    body
}

fn drop_null(value: &mut Value, property: &str) {
    match value {
        Value::Object(map) => {
            if map.get(property).is_some_and(Value::is_null) {
                map.remove(property);
            }
            map.values_mut().for_each(|value| drop_null(value, property));
        }
        Value::Array(list) => list.iter_mut().for_each(|value| drop_null(value, property)),
        _ => {}
    }
}
