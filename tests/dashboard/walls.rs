//! No page and no form of the dashboard or the till without being let in, and none from elsewhere.

use axum::body::Body;
use axum::http::header;
use pos_server::domain::id::{ItemId, SaleId};

use crate::on_both;
use crate::support::shop::Shop;

/// Every page behind the password; `{}` is the store.
pub(super) const PAGES: &[&str] = &[
    "/dashboard/{}",
    "/dashboard/{}/sales",
    "/dashboard/{}/sales?q=42&show=look",
    "/dashboard/{}/items",
    "/dashboard/{}/items/new",
    "/dashboard/{}/categories/new",
    "/dashboard/{}/tills",
    "/dashboard/{}/tills/new",
    "/dashboard/{}/staff",
    "/dashboard/{}/staff/new",
    "/dashboard/{}/lightning",
    "/dashboard/{}/rates",
    "/dashboard/{}/settings",
    "/dashboard/{}/api",
    "/dashboard/{}/account",
    "/dashboard/{}/log",
    "/dashboard/{}/new-store",
];

/// Every form behind the password; `{}` is the store, `*` a thing in it.
pub(super) const FORMS: &[&str] = &[
    "/dashboard/{}/items/*",
    "/dashboard/{}/items/*/sold-out",
    "/dashboard/{}/items/*/retire",
    "/dashboard/{}/items/*/back",
    "/dashboard/{}/items/*/up",
    "/dashboard/{}/categories/*",
    "/dashboard/{}/categories/*/remove",
    "/dashboard/{}/tills/*",
    "/dashboard/{}/tills/*/code",
    "/dashboard/{}/tills/*/unpair",
    "/dashboard/{}/tills/*/retire",
    "/dashboard/{}/staff/*",
    "/dashboard/{}/staff/*/retire",
    "/dashboard/{}/staff/*/unlock",
    "/dashboard/{}/sales/*/offers/*/give-up",
    "/dashboard/{}/lightning/check",
    "/dashboard/{}/lightning/connect",
    "/dashboard/{}/lightning/money",
    "/dashboard/{}/rates",
    "/dashboard/{}/settings",
    "/dashboard/{}/api",
    "/dashboard/{}/api/*/revoke",
    "/dashboard/{}/account/password",
    "/dashboard/{}/new-store",
    "/sign-out",
];

const TILL_PAGES: &[&str] =
    &["/till", "/till/recent", "/till/sales/*", "/till/sales/*/state?after=0"];

const TILL_FORMS: &[&str] = &[
    "/till/tip",
    "/till/sales",
    "/till/sales/*/offer",
    "/till/sales/*/cash",
    "/till/sales/*/cancel",
    "/till/sales/*/payments/*/add",
    "/till/sales/*/payments/*/give-back",
    "/till/parked",
    "/till/parked/*/take",
    "/till/lock",
];

fn filled(path: &str, store: &str) -> String {
    path.replace("{}", store).replace('*', SaleId::new().as_str())
}

on_both! {
    async fn without_a_session_every_page_leads_to_its_door_and_every_form_says_so(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let store = sample.store.id.as_str();
        for path in PAGES {
            let path = filled(path, store);
            let sent = server.visitor().get(&path).await;
            assert!(sent.location().starts_with("/sign-in?next="), "{path}: {}", sent.location());
        }
        for path in FORMS {
            let path = filled(path, store);
            let mut visitor = server.visitor();
            visitor.get("/sign-in").await;
            visitor.post(&path, &[]).await.is(401).says("Signed out").says("/sign-in?next=");
        }
        for path in TILL_PAGES {
            let path = filled(path, store);
            let sent = server.visitor().get(&path).await;
            assert!(sent.location().starts_with("/pair?next="), "{path}: {}", sent.location());
        }
        for path in TILL_FORMS {
            let path = filled(path, store);
            let mut visitor = server.visitor();
            visitor.get("/pair").await;
            visitor.post(&path, &[]).await.is(401);
        }
    }

    async fn a_locked_till_keeps_the_sale_and_sends_to_the_pin(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let mut tablet = server.tablet(&sample).await;
        for path in TILL_PAGES {
            let path = filled(path, "");
            let sent = tablet.get(&path).await;
            assert!(sent.location().starts_with("/till/unlock?next=/till"), "{}", sent.location());
        }
        for path in TILL_FORMS.iter().filter(|path| **path != "/till/lock") {
            let path = filled(path, "");
            tablet.post(&path, &[]).await.is(401).says("Signed out. The sale is kept.");
        }
        let script = tablet
            .request("POST", "/till/sales")
            .header(header::ACCEPT, "application/json")
            .body(Body::empty());
        let mut request = script.unwrap();
        request.headers_mut().insert(header::ACCEPT, "application/json".parse().unwrap());
        tablet.send(request).await.is(401).says("\"sign_in\":\"/till/unlock?next=");
    }

    async fn an_owners_form_needs_our_page_and_its_token(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let store = sample.store.id.as_str();
        let mut owner = server.owner(&sample).await;
        owner.get(&format!("/dashboard/{store}/items")).await.is(200);
        let token = owner.csrf.clone();
        for path in FORMS {
            let path = filled(path, store);
            owner.post_text(&path, "name=x").await.is(403).says("out of date");
            let mut request = owner.request("POST", &path);
            let headers = request.headers_mut().unwrap();
            headers.insert(header::ORIGIN, "https://evil.example".parse().unwrap());
            let kind = "application/x-www-form-urlencoded".parse().unwrap();
            headers.insert(header::CONTENT_TYPE, kind);
            let request = request.body(Body::from(format!("csrf={token}"))).unwrap();
            owner.send(request).await.is(403).says("another site");
        }
        assert_eq!(server.app.db.items(&sample.store.id).await.unwrap().len(), 16);
        owner.get(&format!("/dashboard/{store}")).await.is(200);
    }

    async fn ids_that_are_none_and_things_that_are_not_there_are_not_found(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let store = sample.store.id.as_str();
        let mut owner = server.owner(&sample).await;
        for thing in ["1", "../x", "' OR 1=1", ItemId::new().as_str()] {
            let thing = thing.replace(['/', ' ', '\''], "_");
            for page in ["items", "categories", "tills", "staff", "sales"] {
                let path = format!("/dashboard/{store}/{page}/{thing}");
                owner.get(&path).await.is(404).says("no such page");
            }
        }
        owner.get("/dashboard/nowhere").await.is(404);
        owner.get(&format!("/dashboard/{}", ItemId::new())).await.is(404);
        owner.get(&format!("/dashboard/{store}/sales?before=junk")).await.is(404);
        owner.get(&format!("/dashboard/{store}/log?before=junk")).await.is(400);
    }
}
