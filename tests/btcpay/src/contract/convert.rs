//! OpenAPI 3.0 schemas as JSON Schema 2020-12, which the validator knows.
//!
//! Two things differ. `nullable` is no keyword of JSON Schema. And the document closes parts of an
//! `allOf` with `additionalProperties: false`, meaning the whole: taken by the letter, each part
//! would refuse the others' properties. So every component is made in two forms, closed and open;
//! an `allOf` takes the open forms and closes itself with `unevaluatedProperties`.

use serde_json::{Map, Value, json};

const COMPONENTS: &str = "#/components/schemas/";
/// What the name of an open form ends with.
const OPEN: &str = ".open";
/// Words for people, or about the wire; a schema is the same without them.
const IDLE: [&str; 8] = [
    "nullable",
    "example",
    "description",
    "default",
    "discriminator",
    "externalDocs",
    "deprecated",
    "title",
];

/// A decimal number as the server writes it.
const DECIMAL: &str = "^-?[0-9]+(\\.[0-9]+)?$";

/// A schema of the document with all components that it needs, standing by itself.
pub(super) fn standalone(document: &Value, schema: &Value) -> Value {
    let mut whole = convert(document, schema, false);
    let mut wanted = references(&whole);
    let mut parts = Map::new();
    while let Some(name) = wanted.pop() {
        if parts.contains_key(&name) {
            continue;
        }
        let (plain, open) = match name.strip_suffix(OPEN) {
            Some(plain) => (plain, true),
            None => (name.as_str(), false),
        };
        let part = convert(document, &document["components"]["schemas"][plain], open);
        wanted.extend(references(&part));
        parts.insert(name, part);
    }
    whole["$defs"] = Value::Object(parts);
    whole
}

fn convert(document: &Value, schema: &Value, open: bool) -> Value {
    let Some(map) = schema.as_object() else { return schema.clone() };
    if let Some(name) = map.get("$ref").and_then(Value::as_str) {
        let name = name.trim_start_matches(COMPONENTS);
        return json!({ "$ref": format!("#/$defs/{name}{}", if open { OPEN } else { "" }) });
    }
    let mut made = Map::new();
    let mut closed = false;
    for (word, value) in map {
        match word.as_str() {
            idle if IDLE.contains(&idle) || idle.starts_with("x-") => {}
            "properties" => {
                made.insert(word.clone(), each_property(document, value));
            }
            "items" => {
                made.insert(word.clone(), convert(document, value, false));
            }
            "allOf" => {
                closed |= parts(value).any(|part| is_closed(document, part));
                let open: Vec<Value> =
                    parts(value).map(|part| convert(document, part, true)).collect();
                made.insert(word.clone(), Value::Array(open));
            }
            "anyOf" | "oneOf" => {
                let same: Vec<Value> =
                    parts(value).map(|part| convert(document, part, open)).collect();
                made.insert(word.clone(), Value::Array(same));
            }
            "additionalProperties" if *value == json!(false) => closed = true,
            "additionalProperties" => {
                made.insert(word.clone(), convert(document, value, false));
            }
            "exclusiveMinimum" | "exclusiveMaximum" if value.is_boolean() => {
                let bound = word.replace("exclusiveM", "m");
                if let (true, Some(limit)) = (*value == json!(true), map.get(&bound)) {
                    made.insert(word.clone(), limit.clone());
                }
            }
            "format" if *value == json!("decimal") && map.get("type") == Some(&json!("string")) => {
                made.insert("pattern".to_owned(), json!(DECIMAL));
            }
            "format" => {}
            _ => {
                made.insert(word.clone(), value.clone());
            }
        }
    }
    if closed && !open {
        made.insert("unevaluatedProperties".to_owned(), json!(false));
    }
    match map.get("nullable") {
        Some(Value::Bool(true)) => json!({ "anyOf": [{ "type": "null" }, made] }),
        _ => Value::Object(made),
    }
}

fn parts(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

fn each_property(document: &Value, properties: &Value) -> Value {
    let converted = properties.as_object().into_iter().flatten();
    converted.map(|(name, value)| (name.clone(), convert(document, value, false))).collect()
}

/// Whether a schema, or a part of it that speaks of the same object, allows no other properties.
fn is_closed(document: &Value, schema: &Value) -> bool {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.trim_start_matches(COMPONENTS);
        return is_closed(document, &document["components"]["schemas"][name]);
    }
    schema["additionalProperties"] == json!(false)
        || parts(&schema["allOf"]).any(|part| is_closed(document, part))
}

/// The components that a converted schema names.
fn references(schema: &Value) -> Vec<String> {
    match schema {
        Value::Object(map) => {
            let own = map.get("$ref").and_then(Value::as_str);
            let own = own.and_then(|name| name.strip_prefix("#/$defs/")).map(str::to_owned);
            own.into_iter().chain(map.values().flat_map(references)).collect()
        }
        Value::Array(list) => list.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}
