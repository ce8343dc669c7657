//! From practice to real money and back.

use pos_server::db::connection::Connection;
use pos_server::domain::id::ConnectionId;

use crate::on_both;
use crate::support::shop::Shop;

const NOBODY: &str = "lndconnect://127.0.0.1:1?macaroon=AgEDbG5kAvgB";

on_both! {
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
