//! BTCPay Server's OpenAPI document, made into JSON Schemas that a validator understands.

use std::path::Path;
use std::sync::LazyLock;

use serde_json::{Map, Value, json};

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/btcpay/greenfield.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
});

/// An operation of the document.
pub struct Operation(&'static Value);

impl Operation {
    /// Finds it by method and path below `/api/v1`. The document knows some operations only without
    /// their store, where the server (and this client) has them under it as well.
    pub fn find(method: &str, path: &str) -> Self {
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let without_store = if parts[0] == "stores" { parts.get(2..) } else { None };
        let found = [Some(&parts[..]), without_store].into_iter().flatten().find_map(|parts| {
            let paths = DOCUMENT["paths"].as_object().unwrap();
            let fits = paths.iter().filter(|(template, _)| fits(template, parts));
            let method = method.to_lowercase();
            let fits = fits.filter_map(|(path, of)| Some((path, of.get(&method)?)));
            // `/users/me` before `/users/{idOrEmail}`.
            fits.min_by_key(|(path, _)| path.matches('{').count()).map(|(_, found)| found)
        });
        Self(found.unwrap_or_else(|| panic!("the document has no {method} {path}")))
    }

    /// The names that its query may have.
    pub fn query_names(&self) -> Vec<String> {
        let all = self.0["parameters"].as_array().cloned().unwrap_or_default();
        let all = all.iter().map(resolved).filter(|parameter| parameter["in"] == "query");
        all.map(|parameter| parameter["name"].as_str().unwrap().to_owned()).collect()
    }

    /// The schema of its body. Names that the document does not have are errors.
    pub fn request(&self) -> Option<Value> {
        let body = self.0.get("requestBody")?;
        Some(schema(&body["content"]["application/json"]["schema"], true))
    }

    /// The schema of its answer.
    pub fn answer(&self) -> Option<Value> {
        let answers = self.0["responses"].as_object().unwrap();
        let (_, answer) = answers.iter().find(|(status, _)| status.starts_with('2'))?;
        let found = answer.pointer("/content/application~1json/schema")?;
        Some(schema(found, false))
    }
}

/// The names that the query of the page asking for consent may have.
pub fn consent_names() -> Vec<String> {
    Operation(&DOCUMENT["paths"]["/api-keys/authorize"]["get"]).query_names()
}

/// What the document says about permissions.
pub fn permissions() -> &'static str {
    DOCUMENT["components"]["securitySchemes"]["API_Key"]["description"].as_str().unwrap()
}

/// A schema of the document by its name.
pub fn named(name: &str) -> Value {
    schema(&json!({ "$ref": format!("#/components/schemas/{name}") }), false)
}

fn fits(template: &str, parts: &[&str]) -> bool {
    let Some(template) = template.strip_prefix("/api/v1/") else { return false };
    let template: Vec<&str> = template.split('/').collect();
    let fits = |(there, here): (&&str, &&str)| there.starts_with('{') || there == here;
    template.len() == parts.len() && template.iter().zip(parts).all(fits)
}

fn resolved(value: &Value) -> Value {
    match value["$ref"].as_str() {
        Some(reference) => resolved(DOCUMENT.pointer(&reference[1..]).unwrap()),
        None => value.clone(),
    }
}

/// OpenAPI 3.0 differs from JSON Schema in `nullable`; and `allOf` together with
/// `additionalProperties: false`, which this document uses to extend objects, would refuse
/// everything, so such parts are put together into one object.
fn schema(of: &Value, strict: bool) -> Value {
    let mut this = resolved(of).as_object().unwrap().clone();
    for part in taken(&mut this, "allOf") {
        let part = schema(&part, strict);
        for (key, value) in part.as_object().unwrap() {
            merge(&mut this, key, value);
        }
    }
    // `paymentMethodCriteria` says object, and then what its items are.
    if this.contains_key("items") {
        this.insert("type".into(), json!("array"));
    }
    let nullable = this.remove("nullable") == Some(json!(true));
    for key in ["example", "default", "description", "title", "x-enumNames", "format"] {
        this.remove(key);
    }
    let mut choices = taken(&mut this, "oneOf");
    choices.extend(taken(&mut this, "anyOf"));
    if !choices.is_empty() {
        // The choices of one place overlap, and say less than the whole: they close nothing.
        this.remove("additionalProperties");
        let choices: Vec<Value> = choices.iter().map(|choice| schema(choice, false)).collect();
        this.insert("anyOf".into(), choices.into());
    } else if strict && this.contains_key("properties") {
        this.entry("additionalProperties").or_insert(json!(false));
    }
    if let Some(properties) = this.get_mut("properties").and_then(Value::as_object_mut) {
        for property in properties.values_mut() {
            *property = schema(property, strict);
        }
    }
    for key in ["items", "additionalProperties"] {
        if let Some(inner) = this.get_mut(key).filter(|inner| inner.is_object()) {
            *inner = schema(inner, strict);
        }
    }
    let this = Value::Object(this);
    if nullable { json!({ "anyOf": [this, { "type": "null" }] }) } else { this }
}

fn taken(from: &mut Map<String, Value>, key: &str) -> Vec<Value> {
    from.remove(key).and_then(|found| found.as_array().cloned()).unwrap_or_default()
}

fn merge(into: &mut Map<String, Value>, key: &str, value: &Value) {
    match (into.get_mut(key), value) {
        (Some(Value::Object(there)), Value::Object(more)) => {
            there.extend(more.iter().map(|(key, value)| (key.clone(), value.clone())));
        }
        (Some(Value::Array(there)), Value::Array(more)) => there.extend(more.iter().cloned()),
        (Some(_), _) => {}
        (None, value) => {
            into.insert(key.to_owned(), value.clone());
        }
    }
}
