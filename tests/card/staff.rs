//! Cards in a browser's hand: what a cashier and a manager do at the till, rules, batches, wiping.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, header};

use super::chip::Chip;
use super::hands::serial;
use crate::on_both;
use crate::sale::acts::key;
use crate::support::client::Client;
use crate::support::shop::Shop;

/// The address in the link of an app that a page shows.
fn path_in(page: &str, scheme: &str) -> String {
    let link = page.split_once(&format!("boltcard://{scheme}?url=")).unwrap().1;
    let link = link.split(['"', ',']).next().unwrap().replace("%3A", ":");
    link.split_once("127.0.0.1:8080").unwrap().1.to_owned()
}

async fn app_sends(server: &Shop, path: &str, uid: &[u8; 7]) -> crate::support::client::Answer {
    let request = Request::post(path).header(header::HOST, "127.0.0.1:8080");
    let mut app = Client::new(server.router.clone());
    app.send(request.body(Body::from(serial(uid))).unwrap()).await
}

async fn written(server: &Shop, path: &str) -> Chip {
    let uid = Chip::serial();
    let answer = app_sends(server, path, &uid).await;
    answer.is(200);
    Chip::written(uid, &serde_json::from_str(&answer.body).unwrap())
}

/// A tablet that somebody of the café unlocked.
async fn tablet(server: &Shop, sample: &pos_server::access::sample::Sample, name: &str) -> Client {
    let mut tablet = server.tablet(sample).await;
    let id = server.staff_id(sample, name).await;
    let pin = sample.pins.iter().find(|(who, _)| who == name).unwrap().1.clone();
    tablet.post("/till/unlock", &[("staff", &id), ("pin", &pin)]).await.is(303);
    tablet.get("/till/cards").await.is(200);
    tablet
}

on_both! {
    async fn a_manager_issues_looks_after_and_wipes_a_card_at_the_till(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let manager = server.app.db.staff_of(&sample.store.id).await.unwrap();
        let manager = manager.into_iter().find(|one| one.role == "manager").unwrap().name;
        let mut boss = tablet(&server, &sample, &manager).await;
        let mut omar = tablet(&server, &sample, "Omar").await;
        omar.get("/till/cards/new").await.is(422).says("A manager must allow this");
        omar.post("/till/cards/new", &[("label", "Marcia")]).await.is(422);
        let code = boss.post("/till/cards/new", &[("label", "Marcia")]).await;
        code.is(200).says("Set up Marcia");
        let mut chip = written(&server, &path_in(&code.body, "program")).await;
        // A look by the cashier shows the balance, for ten minutes.
        let link = chip.tap();
        let seen = omar.post("/till/cards/look", &[("link", &link)]).await.location().to_owned();
        omar.get(&seen).await.says("Marcia").says("0 sats").says("Freeze it");
        boss.post("/till/cards/look", &[("link", &link)]).await.is(422).says("Tapped twice");
        let id = server.app.db.cards(&sample.store.merchant_id, "practice").await.unwrap()[0].id.clone();
        let of = format!("/till/cards/of/{id}");
        omar.get(&of).await.is(422);
        omar.post(&format!("{of}/freeze"), &[]).await.is(303);
        omar.get("/till/cards/find?q=marc").await.says("Marcia").says("Frozen");
        omar.post(&format!("{of}/thaw"), &[]).await.is(422).says("A manager must allow this");
        for act in ["again", "wipe", "pin", "pin-reset"] {
            omar.post(&format!("{of}/{act}"), &[]).await.is(422);
        }
        boss.get(&of).await.says("Thaw it");
        boss.post(&format!("{of}/thaw"), &[]).await.is(303);
        boss.post(&format!("{of}/pin"), &[("pin", "2580"), ("from", "1000")]).await.is(303);
        boss.get(&of).await.says("From 1,000 sats");
        boss.post(&format!("{of}/pin"), &[("pin", "25"), ("from", "")]).await.is(422);
        server.clock.advance(Duration::from_secs(601));
        omar.get(&seen).await.is(404);
        let again = boss.post(&format!("{of}/again"), &[]).await;
        app_sends(&server, &path_in(&again.body, "program"), chip.uid()).await.is(200);
        let wipe = boss.post(&format!("{of}/wipe"), &[]).await;
        wipe.is(200).says("Wipe Marcia");
        app_sends(&server, &path_in(&wipe.body, "reset"), chip.uid()).await.is(200).says("K0");
        boss.get(&of).await.says("Gone");
        let log = server.app.db.audit_rows(&sample.store.merchant_id, i64::MAX, 50).await.unwrap();
        for what in ["card.code_made", "card.frozen", "card.thawed", "card.pin_set",
            "card.code_made_again", "card.wipe_code_made", "card.keys_given_out"] {
            assert!(log.iter().any(|row| row.what == what), "{what}");
        }
        assert!(log.iter().all(|row| !row.detail.contains("2580") && !row.detail.contains("lnurlw")));
    }

    async fn the_tablet_is_told_that_a_pin_is_needed_and_sends_the_same_tap_with_it(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let mut owner = server.owner(&sample).await;
        let new = format!("/dashboard/{}/cards/new", sample.store.id);
        owner.get(&new).await;
        let wish = [("label", "Marcia"), ("tap", "1000000"), ("day", "1000000")];
        let page = owner.post(&new, &wish).await;
        let mut chip = written(&server, &path_in(&page.body, "program")).await;
        let mut keisha = tablet(&server, &sample, "Keisha").await;
        let (key_up, link) = (key(), chip.tap());
        let fields = [("key", &*key_up), ("amount", "1000"), ("link", &*link)];
        keisha.post("/till/cards/top-up", &fields).await.is(303);
        let id = server.app.db.cards(&sample.store.merchant_id, "practice").await.unwrap()[0].id.clone();
        let hash = pos_server::card::pin::hash(&server.app.seal, "2580").await.unwrap();
        let mut tx = server.app.db.begin().await.unwrap();
        tx.set_card_pin(&sample.store.merchant_id, &id, Some(&hash), 0).await.unwrap();
        tx.commit().await.unwrap();
        let line = r#"{"item":null,"name":"","unit":40000,"quantity":1,"note":""}"#;
        let cart = format!(r#"{{"lines":[{line}],"discount":null,"name":"","expected_total":40000}}"#);
        let charge = [("cart", cart.as_str()), ("key", &key()), ("tip", "none")];
        let sale = keisha.post("/till/sales", &charge).await.location().to_owned();
        let sale = sale.split('?').next().unwrap().to_owned();
        keisha.get(&sale).await.says("Card PIN, please");
        let (tap, link) = (format!("{sale}/tap"), chip.tap());
        keisha.post(&tap, &[("key", &key()), ("link", &link)]).await.is(428).says("PIN needed");
        let wrong = [("key", &*key()), ("link", &*link), ("pin", "1111")];
        keisha.post(&tap, &wrong).await.is(422).says("Wrong PIN: two tries left");
        let link = chip.tap();
        keisha.post(&tap, &[("key", &key()), ("link", &link)]).await.is(428);
        let right = [("key", &*key()), ("link", &*link), ("pin", "2580")];
        keisha.post(&tap, &right).await.is(303);
        keisha.post(&tap, &right).await.is(303);
        keisha.get(&sale).await.says("New sale");
    }

    async fn the_owner_sets_rules_and_makes_a_batch_with_a_file(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let mut owner = server.owner(&sample).await;
        let cards = format!("/dashboard/{}/cards", sample.store.id);
        owner.get(&format!("{cards}/rules")).await.says("Freeze the card");
        let rules = [("tap", "5000"), ("day", "9000"), ("most", "20000"), ("days", "14"),
            ("alarm", "warn"), ("apart", "0")];
        owner.post(&format!("{cards}/rules"), &rules).await.is(303);
        owner.post(&format!("{cards}/rules"), &[("alarm", "loud")]).await.is(422);
        let page = owner.get(&format!("{cards}/batches/new")).await;
        page.says("value=\"5000\"").says("value=\"14\"");
        let id = page.body.split("name=\"id\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let fields = |many| [("id", id), ("label", "=Yard, Card"), ("tap", "5000"), ("day", "9000"),
            ("most", ""), ("until", "2027-12-31"), ("many", many), ("days", "14")];
        owner.post(&format!("{cards}/batches/new"), &fields("501")).await.is(422);
        let made = owner.post(&format!("{cards}/batches/new"), &fields("12")).await.location().to_owned();
        assert_eq!(owner.post(&format!("{cards}/batches/new"), &fields("12")).await.location(), made);
        let list = owner.get(&made).await;
        list.says("12 cards, 0 programmed, 0 tapped").says("Yard, Card 012");
        let chip = written(&server, &path_in(&list.body, "program")).await;
        let card = &server.app.db.cards(&sample.store.merchant_id, "practice").await.unwrap()[0];
        assert_eq!((card.tap_limit_msat, card.label.as_str()), (5_000_000, "=Yard, Card 001"));
        assert_eq!(owner.get(&format!("{cards}/{}", card.id)).await.body.matches("2027-12-31").count(), 1);
        let file = owner.get(&format!("{made}/cards.csv")).await;
        let lines: Vec<_> = file.body.split("\r\n").collect();
        assert_eq!(lines[0], "label,programming link,state,good until");
        assert!(lines[1].starts_with("\"'=Yard, Card 001\",,Programmed,"), "{}", lines[1]);
        assert!(lines[2].starts_with("\"'=Yard, Card 002\",boltcard://program?url=http"), "{}", lines[2]);
        assert_eq!(lines.len(), 14);
        let path = path_in(lines[2], "program");
        let (_, uid) = (chip, Chip::serial());
        app_sends(&server, &path, &uid).await.is(200);
        app_sends(&server, &path, &Chip::serial()).await.is(404);
        // They last for days, and not for ever.
        server.clock.advance(Duration::from_secs(13 * 86_400));
        let mut owner = server.owner(&sample).await;
        owner.get(&format!("{cards}/batches")).await.says("12 cards, 2 programmed, 0 tapped");
        app_sends(&server, &path_in(lines[3], "program"), &Chip::serial()).await.is(200);
        server.clock.advance(Duration::from_secs(2 * 86_400));
        app_sends(&server, &path_in(lines[4], "program"), &Chip::serial()).await.is(404);
        owner.get(&made).await.says("Time ran out");
        let other = server.visitor().get(&format!("{made}/cards.csv")).await;
        other.is(303);
    }

    async fn keys_to_wipe_are_shown_after_the_password_alone(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let mut owner = server.owner(&sample).await;
        let cards = format!("/dashboard/{}/cards", sample.store.id);
        owner.get(&format!("{cards}/new")).await;
        let wish = [("label", "Marcia"), ("tap", "1000000"), ("day", "1000000")];
        let page = owner.post(&format!("{cards}/new"), &wish).await;
        let chip = written(&server, &path_in(&page.body, "program")).await;
        let id = server.app.db.cards(&sample.store.merchant_id, "practice").await.unwrap()[0].id.clone();
        let wipe = format!("{cards}/{id}/wipe");
        let form = owner.post(&wipe, &[]).await;
        assert!(form.body.contains("Your password") && !form.body.contains("boltcard://"));
        let no = owner.post(&wipe, &[("password", "guess guess")]).await;
        no.is(422).says("That password is not right");
        let code = owner.post(&wipe, &[("password", &sample.password)]).await;
        code.is(200).says("boltcard://reset?url=");
        app_sends(&server, &path_in(&code.body, "reset"), chip.uid()).await.is(200).says("K0");
        owner.get(&cards).await.says("Gone");
    }
}
