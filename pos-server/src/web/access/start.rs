//! The first start, and every shop opened after it where that is allowed.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::{on_with, page, shell};
use crate::access::AccessError;
use crate::access::open::{self, Opening, Right};
use crate::access::setup::is_setup_code;
use crate::app::App;
use crate::db::store::Store;
use crate::domain::country::{self, COUNTRIES};
use crate::domain::id::MerchantId;
use crate::web::error::WebError;
use crate::web::form::OpenForm;
use crate::web::page::dashboard::choices;
use crate::web::page::dashboard::field::{Choice, Field};
use crate::web::page::dashboard::start::StartHtml;
use crate::web::read::{self, Faults};
use crate::web::session::{self, visit};

const NOT_THE_CODE: &str = "Not the code that the server printed last.";

#[derive(Deserialize)]
pub(super) struct Code {
    #[serde(default)]
    code: String,
}

/// What was typed.
#[derive(Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    code: String,
    email: String,
    password: String,
    name: String,
    country: String,
    currency: String,
    tax_name: String,
    tax: String,
    inclusive: String,
    tips: String,
    time_zone: String,
    address: String,
    till: String,
    prefix: String,
    cashier: String,
    pin: String,
}

/// What it came to.
struct Read {
    email: String,
    password: String,
    store: Store,
    till: (String, String),
    cashier: (String, String),
}

impl Default for Typed {
    fn default() -> Self {
        let place = country::by_code("JM");
        Self {
            code: String::new(),
            email: String::new(),
            password: String::new(),
            name: String::new(),
            country: "JM".into(),
            currency: place.map_or("", |place| place.currency).into(),
            tax_name: place.map_or("", |place| place.tax_name).into(),
            tax: place.map_or(String::new(), |place| read::write_bp(place.tax_bp)),
            inclusive: "yes".into(),
            tips: "10, 15, 20".into(),
            time_zone: place.map_or("UTC", |place| place.time_zone).into(),
            address: String::new(),
            till: "Counter 1".into(),
            prefix: "C1".into(),
            cashier: String::new(),
            pin: String::new(),
        }
    }
}

impl Typed {
    fn read(&self) -> Result<Read, Faults> {
        let mut faults = Faults::default();
        let name = faults.take("name", read::name(&self.name));
        let email = faults.take("email", read::email(&self.email));
        let password = faults.take("password", read::new_password(&self.password));
        let tax_name = faults.take("tax_name", read::name(&self.tax_name));
        let tax_bp = faults.take("tax", read::percent_bp(&self.tax));
        let tips = faults.take("tips", read::tips(&self.tips));
        let time_zone = faults.take("time_zone", read::time_zone(&self.time_zone));
        let address = faults.take("address", read::lines(&self.address, 6));
        let till = faults.take("till", read::name(&self.till));
        let prefix = faults.take("prefix", read::prefix(&self.prefix));
        let cashier = faults.take("cashier", read::name(&self.cashier));
        let pin = faults.take("pin", read::pin(&self.pin));
        let store = match read::currency(&self.currency) {
            Ok(currency) => open::practice_store(&MerchantId::new(), name, currency).ok(),
            Err(words) => {
                faults.note("currency", words);
                None
            }
        };
        let store = store.ok_or(faults.clone())?;
        let store = Store {
            tax_name,
            tax_bp,
            tax_inclusive: i64::from(self.inclusive == "yes"),
            tips_bp: read::tips_json(&tips),
            address,
            time_zone,
            ..store
        };
        faults.check(Read { email, password, store, till: (till, prefix), cashier: (cashier, pin) })
    }

    fn ask(
        &self,
        app: &App,
        headers: &HeaderMap,
        first: bool,
        faults: &Faults,
        fault: Option<&str>,
    ) -> Result<Response, WebError> {
        let visit = visit(headers, app);
        let wrong = fault.is_some() || *faults != Faults::default();
        let countries = COUNTRIES.iter().map(|place| Choice::new(place.code, place.name));
        let yes_no = vec![Choice::new("yes", "Include tax"), Choice::new("no", "Add tax on top")];
        let html = StartHtml {
            shell: shell("Set up your shop"),
            csrf: visit.csrf,
            fault: fault.map(str::to_owned).or_else(|| {
                wrong.then(|| "Something is still missing. See the fields marked below.".into())
            }),
            code: first.then(|| {
                Field::text("code", "Code that the server printed", &self.code)
                    .hint("Only whoever started the server can read it.")
                    .faults(faults)
            }),
            you: [
                Field::email("email", "Your e-mail", &self.email).faults(faults),
                Field::new_password("password", "Password")
                    .hint("At least 10 signs; three words do well.")
                    .faults(faults),
            ],
            name: Field::text("name", "Shop name", &self.name).faults(faults),
            customs: [
                Field::select("country", "Country", &self.country, countries.collect()),
                Field::select("currency", "Currency", &self.currency, choices::currencies())
                    .faults(faults),
                Field::text("tax_name", "Tax name", &self.tax_name).faults(faults),
                Field::decimal("tax", "Tax rate, %", &self.tax).faults(faults),
            ],
            inclusive: Field::radio("inclusive", "Prices on your menu", &self.inclusive, yes_no),
            more: [
                Field::text("tips", "Tips to offer, %", &self.tips)
                    .optional()
                    .hint("Up to four; empty for no tips.")
                    .faults(faults),
                Field::select("time_zone", "Time zone", &self.time_zone, choices::time_zones())
                    .faults(faults),
                Field::area("address", "Address on receipts", &self.address, 3).faults(faults),
            ],
            till: [
                Field::text("till", "Till", &self.till).faults(faults),
                Field::text("prefix", "Receipts begin with", &self.prefix).faults(faults),
            ],
            cashier: [
                Field::text("cashier", "Cashier", &self.cashier).faults(faults),
                Field::pin("pin", "PIN, 4 to 8 digits").faults(faults),
            ],
            countries: choices::countries_json()?,
        };
        let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        page(status, visit.cookie, &html)
    }
}

/// Asks for everything, or sends on where nobody may open shop.
pub(super) async fn show(
    State(app): State<Arc<App>>,
    Query(query): Query<Code>,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let first = !app.db.has_merchants().await?;
    if !first && !app.config.open_sign_up {
        return Ok(Redirect::to("/sign-in").into_response());
    }
    let typed = Typed { code: query.code.chars().take(40).collect(), ..Typed::default() };
    typed.ask(&app, &headers, first, &Faults::default(), None)
}

/// Opens shop: everything at once, or nothing.
pub(super) async fn open(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    OpenForm(typed): OpenForm<Typed>,
) -> Result<Response, WebError> {
    let first = !app.db.has_merchants().await?;
    if !first && !app.config.open_sign_up {
        return Err(WebError::forbidden("Nobody may open another shop here."));
    }
    let read = match typed.read() {
        Ok(read) => read,
        Err(faults) => return typed.ask(&app, &headers, first, &faults, None),
    };
    let mut faults = Faults::default();
    if first && !is_setup_code(&app, &typed.code).await? {
        faults.note("code", NOT_THE_CODE);
        return typed.ask(&app, &headers, first, &faults, None);
    }
    let Read { email, password, store, till, cashier } = read;
    let owner = open::owner(&store.merchant_id, &email, &password).await?;
    let till = open::till(&store, &till.0, &till.1);
    let staff = open::staff(&app, &store, &cashier.0, "manager", &cashier.1).await?;
    let opening = Opening { name: store.name.clone(), owner, store, till, staff: vec![staff] };
    let right = if first { Right::Code(&typed.code) } else { Right::Open };
    let mut tx = app.db.begin().await?;
    match open::open(&mut tx, right, &opening, app.now()).await {
        Ok(()) => {}
        Err(AccessError::Code) => faults.note("code", NOT_THE_CODE),
        Err(AccessError::EmailTaken) => {
            faults.note("email", "This e-mail has an account already. Sign in instead.");
        }
        Err(other) => return Err(other.into()),
    }
    if let Err(faults) = faults.check(()) {
        drop(tx);
        return typed.ask(&app, &headers, first, &faults, None);
    }
    let owner = &opening.owner;
    let cookie = session::start_owner(&mut tx, &app, &owner.merchant_id, &owner.id).await?;
    tx.commit().await?;
    app.connections_changed.notify_one();
    Ok(on_with(cookie, "/dashboard"))
}
