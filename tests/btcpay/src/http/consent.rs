//! The page on which an owner gives an application a key.

use axum::http::Uri;
use axum::response::Html;

use crate::world::World;

/// Where it is.
pub(super) const PATH: &str = "/api-keys/authorize";

/// What an application asks for, and what the owner says to it.
#[derive(Default)]
struct Wish {
    permissions: Vec<String>,
    name: String,
    identifier: Option<String>,
    redirect: Option<String>,
    strict: bool,
    selective: bool,
    store: String,
    approved: bool,
}

impl Wish {
    fn read(form: &[u8]) -> Self {
        let mut wish = Self { strict: true, ..Self::default() };
        let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(form).unwrap_or_default();
        for (name, value) in pairs {
            match name.as_str() {
                "permissions" => wish.permissions.push(value),
                "applicationName" => wish.name = value,
                "applicationIdentifier" => wish.identifier = Some(value),
                "redirect" => wish.redirect = Some(value),
                "strict" => wish.strict = value == "true",
                "selectiveStores" => wish.selective = value == "true",
                "store" => wish.store = value,
                "command" => wish.approved = value == "Authorize",
                _ => {}
            }
        }
        wish
    }

    /// The permissions as the key gets them: of one store only, where that was asked.
    fn granted(&self) -> Vec<String> {
        let of_store = |policy: &String| match self.selective && is_of_stores(policy) {
            true => format!("{policy}:{}", self.store),
            false => policy.clone(),
        };
        self.permissions.iter().map(of_store).collect()
    }

    /// Who asks: the same asker is offered the same key again.
    fn asker(&self) -> Option<(String, String)> {
        let host: Uri = self.redirect.as_deref()?.parse().ok()?;
        Some((self.identifier.clone()?, host.authority()?.to_string()))
    }

    fn hidden(&self) -> String {
        let mut fields = String::new();
        let mut add = |name: &str, value: &str| {
            let value = escape(value);
            fields += &format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">\n");
        };
        if self.strict {
            self.permissions.iter().for_each(|permission| add("permissions", permission));
        }
        add("applicationName", &self.name);
        add("strict", &self.strict.to_string());
        add("selectiveStores", &self.selective.to_string());
        if let Some(identifier) = &self.identifier {
            add("applicationIdentifier", identifier);
        }
        if let Some(redirect) = &self.redirect {
            add("redirect", redirect);
        }
        fields
    }
}

fn is_of_stores(policy: &str) -> bool {
    policy.starts_with("btcpay.store.")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn page(title: &str, inside: &str) -> Html<String> {
    Html(format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <link rel=\"icon\" href=\"data:,\"></head><body><h1>{title}</h1>\n{inside}\n</body></html>"
    ))
}

/// The page with the question.
pub(super) fn ask(world: &World, query: &[u8]) -> Html<String> {
    let wish = Wish::read(query);
    let (base, stores) = (&world.options.base_path, options(world));
    let permissions: String = wish.permissions.iter().map(|name| line(name, wish.strict)).collect();
    let store = match wish.selective {
        true => format!("<label>Store <select name=\"store\">{stores}</select></label>"),
        false => String::new(),
    };
    let name = if wish.name.is_empty() { "An application" } else { wish.name.as_str() };
    let inside = format!(
        "<p>{} asks for a key.</p>\n<form method=\"post\" action=\"{base}{PATH}\">\n{}\
         <ul>{permissions}</ul>\n{store}\n\
         <button name=\"command\" value=\"Authorize\">Approve</button>\n\
         <button name=\"command\" value=\"Cancel\">Refuse</button>\n</form>",
        escape(name),
        wish.hidden(),
    );
    page("Authorize an application", &inside)
}

fn options(world: &World) -> String {
    let stores = world.stores.iter().filter(|store| !store.gone);
    let option = |store: &crate::world::store::Store| {
        format!("<option value=\"{}\">{}</option>", store.id, escape(&store.name))
    };
    stores.map(option).collect()
}

fn line(permission: &str, strict: bool) -> String {
    let permission = escape(permission);
    match strict {
        true => format!("<li>{permission}</li>"),
        false => format!(
            "<li><label><input type=\"checkbox\" name=\"permissions\" value=\"{permission}\" \
             checked> {permission}</label></li>"
        ),
    }
}

/// The page after the decision. An approved one sends the browser on with the key in a form's body,
/// never in an address.
pub(super) fn decide(world: &mut World, form: &[u8]) -> Html<String> {
    let wish = Wish::read(form);
    if !wish.approved {
        return page("Refused", "<p>The application gets no key.</p>");
    }
    let known = world.store(&wish.store).is_some();
    if wish.selective && !known && wish.permissions.iter().any(|name| is_of_stores(name)) {
        return page("No store was chosen", "<p>Go back and choose one.</p>");
    }
    let (key, user) = (key_for(world, &wish), world.user.clone());
    let Some(redirect) = &wish.redirect else {
        return page("Your key", &format!("<p><code>{key}</code></p>"));
    };
    let permissions: String = wish
        .granted()
        .iter()
        .map(|name| {
            format!("<input type=\"hidden\" name=\"permissions[]\" value=\"{}\">\n", escape(name))
        })
        .collect();
    let inside = format!(
        "<form method=\"post\" action=\"{}\">\n\
         <input type=\"hidden\" name=\"apiKey\" value=\"{key}\">\n\
         <input type=\"hidden\" name=\"userId\" value=\"{user}\">\n{permissions}\
         <button>Continue</button>\n</form>\n<script>document.forms[0].submit()</script>",
        escape(redirect),
    );
    page("Approved", &inside)
}

fn key_for(world: &mut World, wish: &Wish) -> String {
    let (granted, asker) = (wish.granted(), wish.asker());
    let same = world
        .keys
        .iter()
        .find(|key| asker.is_some() && key.application == asker && key.permissions == granted);
    match same {
        Some(key) => key.key.clone(),
        None => world.add_key(&wish.name, granted, asker),
    }
}
