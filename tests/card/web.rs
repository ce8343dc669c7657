//! Cards in a browser's hand: the owner's pages, and the till's.

use axum::body::Body;
use axum::http::{Request, header};

use super::chip::Chip;
use super::hands::serial;
use crate::on_both;
use crate::sale::acts::key;
use crate::support::client::Client;
use crate::support::shop::Shop;

/// What the owner's page says to the app: the address in its link.
pub(super) async fn programmed(server: &Shop, page: &str) -> Chip {
    let link = page.split_once("boltcard://program?url=").unwrap().1;
    let link = link.split('"').next().unwrap().replace("%3A", ":");
    let path = link.split_once("127.0.0.1:8080").unwrap().1;
    let uid = Chip::serial();
    let request = Request::post(path).header(header::HOST, "127.0.0.1:8080");
    let mut app = Client::new(server.router.clone());
    let answer = app.send(request.body(Body::from(serial(&uid))).unwrap()).await;
    answer.is(200);
    Chip::written(uid, &serde_json::from_str(&answer.body).unwrap())
}

on_both! {
    async fn the_owner_issues_limits_freezes_and_thaws(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let cards = format!("/dashboard/{}/cards", sample.store.id);
        let mut owner = server.owner(&sample).await;
        owner.get(&cards).await.says("No cards yet");
        owner.get(&format!("{cards}/new")).await.says("Issue a card");
        let wish = |label, tap| [("label", label), ("tap", tap), ("day", "300000")];
        owner.post(&format!("{cards}/new"), &wish("", "0")).await.is(422);
        let page = owner.post(&format!("{cards}/new"), &wish("Marcia", "50000")).await;
        page.is(200).says("boltcard://program?url=").says("10:00");
        programmed(&server, &page.body).await;
        owner.get(&cards).await.says("Marcia").says("Not tapped yet").says("Never tapped");
        let known = server.app.db.cards(&sample.store.merchant_id, "practice").await.unwrap();
        let path = format!("{cards}/{}", known[0].id);
        owner.get(&path).await.says("50000").says("Freeze it");
        owner.post(&path, &wish("Marcia B", "60000")).await.is(303);
        owner.post(&format!("{path}/freeze"), &[]).await.is(303);
        owner.get(&cards).await.says("Frozen").says("Marcia B");
        owner.post(&format!("{path}/thaw"), &[]).await.is(303);
        owner.get(&cards).await.says("Not tapped yet");
        let log = server.app.db.audit_rows(&sample.store.merchant_id, i64::MAX, 50).await.unwrap();
        for what in
            ["card.code_made", "card.programmed", "card.changed", "card.frozen", "card.thawed"]
        {
            assert!(log.iter().any(|row| row.what == what), "{what}");
        }
        // Nobody else reaches them.
        server.visitor().get(&cards).await.is(303);
        let mut tablet = server.tablet(&sample).await;
        tablet.get(&cards).await.is(303);
        owner.get(&format!("{cards}/{}", "0".repeat(32))).await.is(404);
    }

    async fn a_cashier_tops_up_and_a_tap_pays_with_a_receipt(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let new = format!("/dashboard/{}/cards/new", sample.store.id);
        let mut owner = server.owner(&sample).await;
        owner.get(&new).await;
        let wish = [("label", "Marcia"), ("tap", "1000000"), ("day", "1000000")];
        let mut chip = programmed(&server, &owner.post(&new, &wish).await.body).await;
        let mut tablet = server.tablet(&sample).await;
        let keisha = server.staff_id(&sample, "Keisha").await;
        let pin = sample.pins.iter().find(|(name, _)| name == "Keisha").unwrap().1.clone();
        tablet.post("/till/unlock", &[("staff", &keisha), ("pin", &pin)]).await.is(303);
        tablet.get("/till/cards").await.says("Cash onto a card");
        let (key_up, link) = (key(), chip.tap());
        let fields = [("key", key_up.as_str()), ("amount", "1000"), ("link", &link)];
        let first = tablet.post("/till/cards/top-up", &fields).await.location().to_owned();
        assert_eq!(tablet.post("/till/cards/top-up", &fields).await.location(), first);
        tablet.get(&first).await.says("J$1,000.00").says("On the card now");
        tablet.get("/till/cards").await;
        let line = r#"{"item":null,"name":"","unit":40000,"quantity":1,"note":""}"#;
        let cart = format!(r#"{{"lines":[{line}],"discount":null,"name":"","expected_total":40000}}"#);
        let charge = [("cart", cart.as_str()), ("key", &key()), ("tip", "none")];
        let sale = tablet.post("/till/sales", &charge).await.location().to_owned();
        let sale = sale.split('?').next().unwrap().to_owned();
        tablet.get(&sale).await.says("Pay by card");
        let tap = format!("{sale}/tap");
        let replayed = [("key", &*key()), ("link", &*link)];
        tablet.post(&tap, &replayed).await.is(422).says("Tapped twice");
        let paid = [("key", &*key()), ("link", &*chip.tap())];
        tablet.post(&tap, &paid).await.is(303);
        let page = tablet.get(&sale).await;
        page.says("Flash Card").says("New sale");
        let receipt = page.body.split_once("href=\"/r/").unwrap().1.split('/').next().unwrap();
        let receipt = server.visitor().get(&format!("/r/{receipt}")).await;
        receipt.says("Flash Card, ");
        assert!(!receipt.body.contains("Payment hash"), "a tap is no payment hash");
    }
}
