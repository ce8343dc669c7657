//! Staff, tills, the account and further stores.

use std::time::Duration;

use pos_server::domain::id::{StaffId, StoreId, TillId};

use crate::on_both;
use crate::support::shop::Shop;

on_both! {
    async fn somebody_is_added_given_a_new_pin_and_let_go(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let (store, db) = (&sample.store.id, &server.app.db);
        let mut owner = server.owner(&sample).await;
        owner.get(&format!("/dashboard/{store}/staff/new")).await.is(200);
        let id = StaffId::new();
        let path = format!("/dashboard/{store}/staff/{id}");
        let tanya = [("name", "Tanya"), ("role", "cashier"), ("pin", "2580")];
        owner.post(&path, &[("name", ""), ("role", "boss"), ("pin", "12")]).await.is(422);
        owner.post(&path, &tanya).await.is(303);
        owner.post(&path, &tanya).await.is(303);
        assert_eq!(db.staff_of(store).await.unwrap().len(), 3);
        let mut tablet = server.tablet(&sample).await;
        tablet.post("/till/unlock", &[("staff", id.as_str()), ("pin", "2580")]).await.is(303);
        tablet.get("/till/recent").await.is(200);
        // A new PIN locks what the old one opened.
        owner.post(&path, &[("name", "Tanya"), ("role", "manager"), ("pin", "1470")]).await.is(303);
        tablet.get("/till/recent").await.is(303);
        tablet.get("/till/unlock").await;
        tablet.post("/till/unlock", &[("staff", id.as_str()), ("pin", "2580")]).await.is(422);
        tablet.post("/till/unlock", &[("staff", id.as_str()), ("pin", "1470")]).await.is(303);
        // An empty PIN leaves it as it is.
        owner.post(&path, &[("name", "Tanya"), ("role", "manager"), ("pin", "")]).await.is(303);
        tablet.get("/till/recent").await.is(200);
        owner.post(&format!("{path}/retire"), &[]).await.is(303);
        tablet.get("/till/recent").await.is(303);
        let gone = tablet.get("/till/unlock").await;
        assert!(!gone.body.contains("Tanya"));
        tablet.post("/till/unlock", &[("staff", id.as_str()), ("pin", "1470")]).await.is(422);
        let log = db.audit_rows(&sample.store.merchant_id, i64::MAX, 50).await.unwrap();
        for what in ["staff.added", "role.changed", "pin.changed", "staff.retired"] {
            assert!(log.iter().any(|row| row.what == what), "{what}");
        }
        assert!(!log.iter().any(|row| row.detail.contains("1470")), "no PIN in the log");
    }

    async fn the_owner_lets_a_locked_cashier_try_again(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let store = &sample.store.id;
        let omar = server.staff_id(&sample, "Omar").await;
        let mut tablet = server.tablet(&sample).await;
        for _ in 0..5 {
            tablet.post("/till/unlock", &[("staff", &omar), ("pin", "9999")]).await.is(422);
        }
        let mut owner = server.owner(&sample).await;
        owner.get(&format!("/dashboard/{store}/staff")).await.says("Locked until");
        owner.post(&format!("/dashboard/{store}/staff/{omar}/unlock"), &[]).await.is(303);
        tablet.post("/till/unlock", &[("staff", &omar), ("pin", "1357")]).await.is(303);
    }

    async fn a_till_is_added_paired_from_its_page_and_unpaired(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let (store, db) = (&sample.store.id, &server.app.db);
        let mut owner = server.owner(&sample).await;
        owner.get(&format!("/dashboard/{store}/tills/new")).await.is(200).says("value=\"C2\"");
        let path = format!("/dashboard/{store}/tills/{}", TillId::new());
        owner.post(&path, &[("name", "Bar"), ("prefix", "c1")]).await.is(422).says("Another till");
        owner.post(&path, &[("name", "Bar"), ("prefix", "B1")]).await.is(303);
        owner.post(&path, &[("name", "Bar"), ("prefix", "B1")]).await.is(303);
        assert_eq!(db.tills(store).await.unwrap().len(), 2);
        let page = owner.post(&format!("{path}/code"), &[]).await;
        page.is(200).says("<svg viewBox=").says("http://127.0.0.1:8080/pair");
        let (_, after) = page.body.split_once("code-signs\">").unwrap();
        let code = after.split('<').next().unwrap().to_owned();
        let mut tablet = server.visitor();
        tablet.get("/pair").await;
        tablet.post("/pair", &[("code", &code)]).await.is(303);
        tablet.get("/till/unlock").await.is(200).says("Bar");
        owner.get(&format!("/dashboard/{store}/tills")).await.says("1 tablet");
        owner.post(&format!("{path}/unpair"), &[]).await.is(303);
        assert!(tablet.get("/till/unlock").await.location().starts_with("/pair"));
        owner.post(&format!("{path}/retire"), &[]).await.is(303);
        owner.post(&format!("{path}/code"), &[]).await.is(409).says("put away");
        owner.post(&format!("{path}/back"), &[]).await.is(303);
    }

    async fn a_new_password_needs_the_old_one_and_ends_every_other_session(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let store = &sample.store.id;
        let mut owner = server.owner(&sample).await;
        let mut stolen = server.owner(&sample).await;
        let path = format!("/dashboard/{store}/account");
        owner.get(&path).await.is(200);
        let change = format!("{path}/password");
        owner.post(&change, &[("now", "wrong"), ("new", "three good words")]).await.is(422);
        owner.post(&change, &[("now", &sample.password), ("new", "short")]).await.is(422);
        stolen.get(&path).await.is(200);
        owner.post(&change, &[("now", &sample.password), ("new", "three good words")]).await.is(303);
        owner.get(&path).await.is(200);
        stolen.get(&path).await.is(303);
        let mut again = server.visitor();
        again.get("/sign-in").await;
        let email = sample.owner.email.as_str();
        again.post("/sign-in", &[("email", email), ("password", &sample.password)]).await.is(422);
        again.post("/sign-in", &[("email", email), ("password", "three good words")]).await.is(303);
        // Guessing the old one here is counted too.
        for _ in 0..5 {
            owner.post(&change, &[("now", "wrong"), ("new", "four good words")]).await.is(422);
        }
        let fields = [("now", "three good words"), ("new", "four good words")];
        owner.post(&change, &fields).await.is(422).says("Too many tries");
        server.clock.advance(Duration::from_secs(301));
    }

    async fn a_second_store_has_its_own_shelf_and_its_own_currency(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let (store, db) = (&sample.store.id, &server.app.db);
        let mut owner = server.owner(&sample).await;
        let path = format!("/dashboard/{store}/new-store");
        owner.get(&path).await.is(200);
        let id = StoreId::new();
        let fields = [
            ("id", id.as_str()),
            ("name", "Airport kiosk"),
            ("currency", "USD"),
            ("tax_name", "GCT"),
            ("tax", "15"),
            ("inclusive", "yes"),
            ("time_zone", "America/Jamaica"),
            ("till", "Kiosk"),
            ("prefix", "K1"),
            ("person", "Tanya"),
            ("pin", "2580"),
        ];
        let mut wrong = fields.to_vec();
        wrong[2] = ("currency", "XAU");
        owner.post(&path, &wrong).await.is(422).says("id=\"currency-fault\"");
        for _ in 0..2 {
            let opened = owner.post(&path, &fields).await;
            assert!(opened.location().starts_with(&format!("/dashboard/{id}?")));
        }
        assert_eq!(db.stores(&sample.store.merchant_id).await.unwrap().len(), 2);
        assert_eq!(db.connections(&id).await.unwrap()[0].rail, "sandbox");
        // Each page offers the other store, at the same place.
        let items = owner.get(&format!("/dashboard/{id}/items")).await;
        items.says(&format!("/dashboard/{store}/items")).says("Blue Mahoe");
        assert!(!items.body.contains("Flat white"));
        // A thing of one store is not found through the other, though both are his.
        let item = db.items(store).await.unwrap()[0].id.clone();
        owner.get(&format!("/dashboard/{id}/items/{item}")).await.is(404);
        owner.get(&format!("/dashboard/{id}/tills/{}", sample.till.id)).await.is(404);
    }
}
