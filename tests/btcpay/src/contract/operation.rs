//! Finding the document's operation for a request.

use serde_json::Value;

/// An operation of the document.
#[derive(Debug, Clone)]
pub(crate) struct Operation {
    /// Its `operationId`.
    pub(crate) id: String,
    pub(super) schema: Value,
}

/// A path of the document, cut at its slashes.
pub(super) struct Template {
    method: String,
    parts: Vec<String>,
    operation: Operation,
}

impl Template {
    pub(super) fn all(document: &Value) -> Vec<Self> {
        let mut all = Vec::new();
        for (path, methods) in document["paths"].as_object().into_iter().flatten() {
            for (method, schema) in methods.as_object().into_iter().flatten() {
                let Some(id) = schema["operationId"].as_str() else { continue };
                let operation = Operation { id: id.to_owned(), schema: schema.clone() };
                let parts = path.split('/').map(str::to_owned).collect();
                all.push(Self { method: method.to_uppercase(), parts, operation });
            }
        }
        // Words before holes: `current` is not the name of a key.
        all.sort_by_key(|template| template.parts.iter().filter(|part| is_hole(part)).count());
        all
    }

    fn fits(&self, method: &str, parts: &[&str]) -> bool {
        self.method == method
            && self.parts.len() == parts.len()
            && self.parts.iter().zip(parts).all(|(own, part)| is_hole(own) || own == part)
    }
}

fn is_hole(part: &str) -> bool {
    part.starts_with('{')
}

/// The operation of a path; a nested path that the document lacks is its unnested operation.
pub(super) fn find<'a>(all: &'a [Template], method: &str, path: &str) -> Option<&'a Operation> {
    let parts: Vec<&str> = path.split('/').collect();
    let exact = |parts: &[&str]| all.iter().find(|template| template.fits(method, parts));
    let unnested = || match parts.as_slice() {
        ["", "api", "v1", "stores", _, rest @ ..] => exact(&[&["", "api", "v1"], rest].concat()),
        _ => None,
    };
    exact(&parts).or_else(unnested).map(|template| &template.operation)
}
