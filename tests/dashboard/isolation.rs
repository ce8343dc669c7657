//! Two merchants on one installation: no page, no form and no id of one reaches the other.

use pos_server::access::open::{self, Opening, Right};
use pos_server::db::store::Store;
use pos_server::domain::id::MerchantId;

use super::walls::{FORMS, PAGES};
use crate::on_both;
use crate::support::client::Client;
use crate::support::shop::Shop;

/// Another merchant, and its owner signed in.
pub(crate) async fn neighbour(server: &Shop) -> (Store, Client) {
    let currency = "BBD".parse().unwrap();
    let store = open::practice_store(&MerchantId::new(), "Neighbour".into(), currency).unwrap();
    let owner = open::owner(&store.merchant_id, "eve@example.com", "three good words");
    let owner = owner.await.unwrap();
    let till = open::till(&store, "Theirs", "N1");
    let staff = vec![open::staff(&server.app, &store, "Eve", "manager", "2580").await.unwrap()];
    let opening = Opening { name: "Neighbour".into(), owner, store: store.clone(), till, staff };
    let mut tx = server.app.db.begin().await.unwrap();
    open::open(&mut tx, Right::Open, &opening, server.app.now()).await.unwrap();
    tx.commit().await.unwrap();
    let mut eve = server.visitor();
    eve.get("/sign-in").await;
    let fields = [("email", "eve@example.com"), ("password", "three good words")];
    eve.post("/sign-in", &fields).await.is(303);
    (store, eve)
}

on_both! {
    async fn pages_and_forms_of_one_merchant_are_not_found_by_another(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let (theirs, mut eve) = neighbour(&server).await;
        eve.get(&format!("/dashboard/{}/tills", theirs.id)).await.is(200);
        let ours = sample.store.id.as_str();
        let db = &server.app.db;
        let item = db.items(&sample.store.id).await.unwrap()[0].clone();
        let category = db.categories(&sample.store.id).await.unwrap()[0].clone();
        let staff = db.staff_of(&sample.store.id).await.unwrap()[0].clone();
        for path in PAGES {
            let path = path.replace("{}", ours);
            let answer = eve.get(&path).await;
            answer.is(404);
            assert!(!answer.body.contains("Blue Mahoe"), "{path}");
        }
        let thing_of = |path: &str| match path {
            path if path.contains("/items/") => item.id.to_string(),
            path if path.contains("/categories/") => category.id.to_string(),
            path if path.contains("/tills/") => sample.till.id.to_string(),
            _ => staff.id.to_string(),
        };
        let fields = [
            ("name", "Taken over"),
            ("price", "1"),
            ("tint", "1"),
            ("role", "manager"),
            ("pin", "2580"),
            ("prefix", "X9"),
            ("on", "yes"),
            ("sure", "on"),
            ("to", "real"),
        ];
        for path in FORMS.iter().filter(|path| path.contains("{}")) {
            // Through the neighbour's store, and through her own with ids of his.
            let through_his = path.replace("{}", ours).replace('*', &thing_of(path));
            eve.post(&through_his, &fields).await.is(404);
            if path.contains('*') {
                let through_hers =
                    path.replace("{}", theirs.id.as_str()).replace('*', &thing_of(path));
                let status = eve.post(&through_hers, &fields).await.status.as_u16();
                assert!(matches!(status, 404 | 422), "{through_hers}: {status}");
            }
        }
        for page in ["items", "categories", "tills", "staff"] {
            let path = format!("/dashboard/{}/{page}/", theirs.id);
            let id = thing_of(&format!("/{page}/"));
            eve.get(&format!("{path}{id}")).await.is(404);
        }
        let after = db.item(&sample.store.id, &item.id).await.unwrap();
        assert_eq!((after.name, after.price, after.retired), (item.name, item.price, 0));
        let after = db.category(&sample.store.id, &category.id).await.unwrap();
        assert_eq!(after.name, category.name);
        let till = db.till_by_id(&sample.till.id).await.unwrap();
        assert_eq!((till.name.as_str(), till.retired), ("Counter 1", 0));
        let after = db.staff(&staff.merchant_id, &staff.id).await.unwrap();
        assert_eq!((after.name, after.pin_hash), (staff.name, staff.pin_hash));
        assert!(db.store(&sample.store.merchant_id, &sample.store.id).await.unwrap().practice());
        let theirs_after = db.staff_of(&theirs.id).await.unwrap();
        assert_eq!(theirs_after.len(), 1, "nobody was added by another's id");
    }

    async fn a_new_store_with_anothers_id_is_refused(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let (theirs, mut eve) = neighbour(&server).await;
        let path = format!("/dashboard/{}/new-store", theirs.id);
        eve.get(&path).await.is(200);
        let fields = [
            ("id", sample.store.id.as_str()),
            ("name", "Mine now"),
            ("currency", "BBD"),
            ("tax_name", "VAT"),
            ("tax", "17.5"),
            ("inclusive", "yes"),
            ("time_zone", "America/Barbados"),
            ("till", "Bar"),
            ("prefix", "B1"),
            ("person", "Eve"),
            ("pin", "2580"),
        ];
        eve.post(&path, &fields).await.is(404);
        let store = server.app.db.store(&sample.store.merchant_id, &sample.store.id).await;
        assert_eq!(store.unwrap().name, "Blue Mahoe Café");
    }

    async fn a_log_a_list_and_a_switch_show_one_merchant_only(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let (theirs, mut eve) = neighbour(&server).await;
        for page in ["", "/log", "/account", "/items", "/tills", "/staff"] {
            let answer = eve.get(&format!("/dashboard/{}{page}", theirs.id)).await;
            answer.is(200);
            for foreign in ["Blue Mahoe", "Keisha", "Flat white", "owner@example.com"] {
                assert!(!answer.body.contains(foreign), "{page} shows {foreign}");
            }
        }
        let mut owner = server.owner(&sample).await;
        let log = owner.get(&format!("/dashboard/{}/log", sample.store.id)).await;
        assert!(!log.body.contains("eve@example.com"));
    }
}
