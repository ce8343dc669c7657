//! From practice to real money and back.

use pos_server::db::connection::Connection;
use pos_server::domain::id::ConnectionId;

use pos_server::access::sample::Sample;
use pos_server::domain::cart::Tip;
use pos_server::domain::id::SaleId;
use pos_server::till::cart::{CartRequest, LineRequest};
use pos_server::till::once::Once;
use pos_server::till::{Actor, TillError, open};

use crate::on_both;
use crate::rail::stack::{file, shop, variable};
use crate::support::shop::Shop;

const NOBODY: &str = "lndconnect://127.0.0.1:1?macaroon=AgEDbG5kAvgB";

/// Charges an amount from the keypad, as a request that read the store when it began.
pub(super) async fn charge(server: &Shop, sample: &Sample, key: &str) -> Result<SaleId, TillError> {
    let staff = server.app.db.staff_of(&sample.store.id).await.unwrap().remove(0);
    let actor = Actor { store: sample.store.clone(), till: sample.till.clone(), staff };
    let (name, note) = (String::new(), String::new());
    let line = LineRequest { item: None, name: name.clone(), unit: 50_000, quantity: 1, note };
    let cart = CartRequest { lines: vec![line], discount: None, name, expected_total: 50_000 };
    let once = Once::new("charge", key, &[]).unwrap();
    open::open(&server.app, &actor, &cart, Tip::None, &once).await
}

on_both! {
    async fn money_does_not_change_under_an_open_sale(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let mut owner = server.owner(&sample).await;
        let path = format!("/dashboard/{}/lightning", sample.store.id);
        owner.get(&path).await;
        let sale = charge(&server, &sample, SaleId::new().as_str()).await.unwrap();
        let money = format!("{path}/money");
        let real = [("to", "real"), ("sure", "on")];
        owner.post(&money, &real).await.is(422).says("A sale is still open on a till");
        let mut tx = server.app.db.begin().await.unwrap();
        let open = tx.lock_sale(&sale).await.unwrap();
        let voided = pos_server::db::sale::Sale { state: "voided".into(), ..open };
        tx.update_sale("open", &voided).await.unwrap();
        tx.commit().await.unwrap();
        owner.post(&money, &real).await.is(303);
    }

    async fn a_node_is_connected_anew_though_a_sale_is_open(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let (id, db) = (sample.store.id.clone(), &server.app.db);
        let mut owner = server.owner(&sample).await;
        let path = format!("/dashboard/{id}/lightning");
        let connect = format!("{path}/connect");
        owner.get(&path).await;
        owner.post(&connect, &[("link", NOBODY)]).await.is(303);
        let store = db.store(&sample.store.merchant_id, &id).await.unwrap();
        let real = Sample { store, ..sample };
        charge(&server, &real, SaleId::new().as_str()).await.unwrap();
        let moved = NOBODY.replace("127.0.0.1:1", "127.0.0.1:2");
        owner.post(&connect, &[("link", &moved)]).await.is(303);
        let connections = db.connections(&id).await.unwrap();
        let [one] = &connections[..] else { panic!("one node: {connections:?}") };
        assert_eq!((one.rail.as_str(), one.label.as_str(), one.place), ("lnd", "127.0.0.1:2", 1));
        // No node at all, or other money, still waits for the sale.
        for to in ["cash", "practice"] {
            let refused = owner.post(&format!("{path}/money"), &[("to", to), ("sure", "on")]).await;
            refused.is(422).says("A sale is still open on a till");
        }
    }

    async fn a_node_goes_on_where_it_was_and_another_at_its_address_begins_anew(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let db = &server.app.db;
        let mut owner = server.owner(&sample).await;
        let path = format!("/dashboard/{}/lightning", sample.store.id);
        owner.get(&path).await;
        let cert = String::from_utf8(file("SHOP_LND_CERT")).unwrap();
        let macaroon = hex::encode(file("SHOP_LND_MACAROON"));
        let address = variable("SHOP_LND_ADDRESS");
        let mut connect = async |address: &str| {
            let files = [("address", address), ("cert", &cert), ("macaroon", &macaroon)];
            owner.post(&format!("{path}/connect"), &files).await.is(303);
            db.connections(&sample.store.id).await.unwrap().remove(0)
        };
        let first = connect(&address).await;
        let node = db.node_of(&first.id).await.unwrap();
        assert_eq!(node, shop().node_id().await.unwrap());
        let mut tx = db.begin().await.unwrap();
        tx.advance_cursor(&first.id, 7, 5).await.unwrap();
        tx.commit().await.unwrap();
        let moved = connect(&address.replace("127.0.0.1", "localhost")).await;
        assert_ne!((&moved.id, &moved.label), (&first.id, &first.label));
        assert_eq!((moved.add_index, moved.settle_index), (7, 5), "it is the same node");
        let mut tx = db.begin().await.unwrap();
        tx.note_node(&moved.id, &"02".repeat(33)).await.unwrap();
        tx.commit().await.unwrap();
        let rebuilt = connect(&moved.label).await;
        assert_eq!((rebuilt.add_index, rebuilt.settle_index), (0, 0), "it is another one");
        assert_eq!(db.node_of(&rebuilt.id).await.unwrap(), node);
        // One that does not say who it is counts as the same at the same address.
        let mut tx = db.begin().await.unwrap();
        tx.advance_cursor(&rebuilt.id, 9, 8).await.unwrap();
        tx.note_node(&rebuilt.id, "").await.unwrap();
        tx.commit().await.unwrap();
        let again = connect(&moved.label).await;
        assert_eq!((again.add_index, again.settle_index), (9, 8));
    }

    async fn a_sale_begun_before_the_change_is_not_opened_after_it(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let mut owner = server.owner(&sample).await;
        let path = format!("/dashboard/{}/lightning", sample.store.id);
        owner.get(&path).await;
        owner.post(&format!("{path}/money"), &[("to", "real"), ("sure", "on")]).await.is(303);
        // The request read a practice store; by now the money is real.
        let key = SaleId::new();
        let refused = charge(&server, &sample, key.as_str()).await;
        assert!(matches!(refused, Err(TillError::Refused(_))), "{refused:?}");
        let db = &server.app.db;
        let sales = db.sales_of_store(&sample.store.id, None, 10).await.unwrap();
        assert!(sales.is_empty(), "nothing was written");
        // The same press again, on a page opened anew, charges.
        let store = db.store(&sample.store.merchant_id, &sample.store.id).await.unwrap();
        let anew = Sample { store, ..sample };
        assert!(charge(&server, &anew, key.as_str()).await.is_ok());
    }

    async fn a_check_says_in_words_what_is_wrong_and_shows_no_secret(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let mut owner = server.owner(&sample).await;
        let path = format!("/dashboard/{}/lightning", sample.store.id);
        owner.get(&path).await.is(200).says("Practice wallet");
        let check = format!("{path}/check");
        owner.post(&check, &[("link", "https://x")]).await.is(422).says("id=\"link-fault\"");
        owner.post(&check, &[]).await.is(422).says("Paste the link");
        let files = [("address", "h"), ("macaroon", "zz")];
        owner.post(&check, &files).await.is(422).says("id=\"macaroon-fault\"");
        let answer = owner.post(&check, &[("link", NOBODY)]).await;
        answer.is(422).says("127.0.0.1:1").says("Check again").says("Connect it all the same");
        assert!(!answer.body.contains("AgEDbG5kAvgB") && !answer.body.contains("0201036c6e64"));
        let store = server.app.db.store(&sample.store.merchant_id, &sample.store.id).await.unwrap();
        assert!(store.practice(), "a check connects nothing");
    }

    async fn an_lnd_takes_the_place_of_the_practice_wallet_and_its_secrets_are_sealed(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let (store, db) = (&sample.store.id, &server.app.db);
        let mut owner = server.owner(&sample).await;
        let path = format!("/dashboard/{store}/lightning");
        owner.get(&path).await;
        let answer = owner.post(&format!("{path}/check"), &[("link", NOBODY)]).await;
        let (_, kept) = answer.body.split_once("name=\"kept\" value=\"").unwrap();
        let kept = kept.split('"').next().unwrap().to_owned();
        // What was kept for one session is nothing in another.
        let mut other = server.owner(&sample).await;
        other.get(&path).await;
        other.post(&format!("{path}/connect"), &[("kept", &kept)]).await.is(422);
        owner.post(&format!("{path}/connect"), &[("kept", &kept)]).await.is(303);
        let after = db.store(&sample.store.merchant_id, store).await.unwrap();
        assert_eq!(after.money, "real");
        assert!(!after.rate_settings.contains("fixed"), "{}", after.rate_settings);
        let connections = db.connections(store).await.unwrap();
        assert_eq!((connections.len(), connections[0].rail.as_str()), (1, "lnd"));
        let sealed = connections[0].secrets.clone().unwrap();
        assert!(!sealed.windows(4).any(|bytes| bytes == b"lnd\x02" || bytes == b"0201"));
        let log = db.audit_rows(&sample.store.merchant_id, i64::MAX, 50).await.unwrap();
        assert!(log.iter().any(|row| row.what == "lightning.connected"));
        assert!(!log.iter().any(|row| row.detail.contains("0201036c")));
        // A fixed price is for practice only.
        let rates = format!("/dashboard/{store}/rates");
        owner.get(&rates).await;
        let fixed = owner.post(&rates, &[("source", "fixed"), ("fixed", "1000000")]).await;
        fixed.is(422);
        // And back, with a word.
        owner.post(&format!("{path}/money"), &[("to", "practice")]).await.is(422).says("tick the box");
        owner.post(&format!("{path}/money"), &[("to", "practice"), ("sure", "on")]).await.is(303);
        let back = db.store(&sample.store.merchant_id, store).await.unwrap();
        assert!(back.practice() && back.rate_settings.contains("fixed"));
    }

    async fn cash_only_is_real_money_without_a_rail(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let (store, db) = (&sample.store.id, &server.app.db);
        let mut owner = server.owner(&sample).await;
        let path = format!("/dashboard/{store}/lightning");
        owner.get(&path).await;
        owner.post(&format!("{path}/money"), &[("to", "real"), ("sure", "on")]).await.is(303);
        assert!(db.connections(store).await.unwrap().is_empty());
        owner.get(&path).await.is(200).says("Cash only");
        let home = owner.get(&format!("/dashboard/{store}")).await;
        assert!(!home.body.contains("Practice money"));
    }

    async fn the_database_itself_keeps_practice_and_real_apart(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let (store, db) = (&sample.store, &server.app.db);
        let mut tx = db.begin().await.unwrap();
        let moved = tx.set_store_money(&store.id, "real").await;
        assert!(moved.is_err(), "a practice wallet is connected");
        drop(tx);
        let lnd = Connection {
            id: ConnectionId::new(),
            merchant_id: store.merchant_id.clone(),
            store_id: store.id.clone(),
            rail: "lnd".into(),
            place: 1,
            money: "real".into(),
            secrets: None,
            label: "x".into(),
            add_index: 0,
            settle_index: 0,
        };
        let mut tx = db.begin().await.unwrap();
        assert!(tx.add_connection(&lnd, server.app.now()).await.is_err());
    }
}
