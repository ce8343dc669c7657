//! The parameters behind the question mark.

use serde_json::{Value, json};

use super::{Contract, Operation, exceptions};

impl Contract {
    /// What is wrong with the query. The real server overlooks names it does not know; here they are
    /// faults, for a mistyped filter that is overlooked answers with everything.
    pub(super) fn query(
        &self,
        operation: &Operation,
        query: &[(String, String)],
    ) -> Result<(), String> {
        let all: Vec<&Value> = operation.schema["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|parameter| self.resolved(parameter))
            .filter(|parameter| parameter["in"] == json!("query"))
            .collect();
        let is = |list: &[(&str, &str)], name: &str| list.contains(&(operation.id.as_str(), name));
        for (name, text) in query {
            let Some(parameter) = all.iter().find(|known| known["name"] == json!(name)) else {
                if is(exceptions::MORE_PARAMETERS, name) {
                    continue;
                }
                return Err(format!("{}: no parameter is called {name}", operation.id));
            };
            let list = parameter["schema"]["type"] == json!("array");
            let count = query.iter().filter(|(other, _)| other == name).count();
            if count > 1 && !list && !is(exceptions::REPEATED, name) {
                return Err(format!("{}: {name} is given {count} times", operation.id));
            }
            let schema = if list { &parameter["schema"]["items"] } else { &parameter["schema"] };
            let as_name = format!("{} ?{name}", operation.id);
            let value = self.value(schema, text);
            self.check(&as_name, || schema.clone(), &value)?;
        }
        Ok(())
    }

    fn resolved<'a>(&'a self, value: &'a Value) -> &'a Value {
        let pointer = value["$ref"].as_str().and_then(|name| name.strip_prefix('#'));
        pointer.and_then(|pointer| self.document.pointer(pointer)).unwrap_or(value)
    }

    /// The text as the type that the schema asks for, if it is one.
    fn value(&self, schema: &Value, text: &str) -> Value {
        let kind = self.resolved(schema)["type"].as_str().unwrap_or_default();
        let parsed = match kind {
            "number" | "integer" | "boolean" => serde_json::from_str(text).ok(),
            _ => None,
        };
        parsed.unwrap_or_else(|| json!(text))
    }
}
