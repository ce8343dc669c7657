//! The first start, and shops after it.

use pos_server::access::setup::setup_code;

use crate::on_both;
use crate::support::client::{Answer, Client};
use crate::support::shop::Shop;

const SHOP: &[(&str, &str)] = &[
    ("name", "Sea Grape Bar"),
    ("country", "BB"),
    ("currency", "BBD"),
    ("tax_name", "VAT"),
    ("tax", "17.5"),
    ("inclusive", "no"),
    ("tips", "10,15"),
    ("time_zone", "America/Barbados"),
    ("address", "Bay Street\r\nBridgetown"),
    ("till", "Bar"),
    ("prefix", "b1"),
    ("cashier", "Tanya"),
    ("pin", "2580"),
    ("password", "three good words"),
];

fn shop<'a>(email: &'a str, code: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut fields = SHOP.to_vec();
    fields.extend([("email", email), ("code", code)]);
    fields
}

pub(super) async fn start(client: &mut Client, email: &str, code: &str) -> Answer {
    client.get("/start").await;
    client.post("/start", &shop(email, code)).await
}

on_both! {
    async fn an_owner_with_the_printed_code_opens_shop_and_lands_on_the_dashboard(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let code = setup_code(&server.app).await.unwrap().unwrap();
        let mut owner = server.visitor();
        assert_eq!(owner.get("/sign-in").await.location(), "/start");
        owner.get("/start").await.is(200).says("Code that the server printed");
        let answer = owner.post("/start", &shop("Ann@Example.com", &code)).await;
        assert_eq!(answer.location(), "/dashboard");
        let ann = server.app.db.owner_by_email("ann@example.com").await.unwrap().unwrap();
        let stores = server.app.db.stores(&ann.merchant_id).await.unwrap();
        let store = &stores[0];
        assert_eq!((store.currency.as_str(), store.tax_bp, store.tax_inclusive), ("BBD", 1750, 0));
        assert_eq!((store.cash_step, store.money.as_str()), (5, "practice"));
        assert_eq!(store.tips(), [1000, 1500]);
        let tills = server.app.db.tills(&store.id).await.unwrap();
        assert_eq!((tills[0].name.as_str(), tills[0].prefix.as_str()), ("Bar", "B1"));
        assert_eq!(server.app.db.staff_of(&store.id).await.unwrap()[0].name, "Tanya");
        assert_eq!(server.app.db.connections(&store.id).await.unwrap()[0].rail, "sandbox");
        let log = server.app.db.audit_rows(&ann.merchant_id, i64::MAX, 50).await.unwrap();
        let what: Vec<_> = log.iter().rev().map(|row| row.what.as_str()).collect();
        assert_eq!(what, ["merchant.opened", "store.opened", "till.added", "staff.added"]);
        assert!(setup_code(&server.app).await.unwrap().is_none(), "the first start is over");
    }

    async fn the_code_is_good_once_and_a_wrong_one_opens_nothing(fresh: Fresh) {
        let server = Shop::with(fresh, |settings| settings.open_sign_up = Some(true)).await;
        let code = setup_code(&server.app).await.unwrap().unwrap();
        let mut eve = server.visitor();
        start(&mut eve, "eve@example.com", "WRONGWRONGWR").await.is(422).says("Not the code");
        assert!(!server.app.db.has_merchants().await.unwrap());
        let mut ann = server.visitor();
        start(&mut ann, "ann@example.com", &code).await.is(303);
        // The form replayed, and another visitor with the same code, where anybody may open shop.
        start(&mut ann, "ann@example.com", &code).await.is(422).says("has an account already");
        start(&mut eve, "eve@example.com", "").await.is(303);
    }

    async fn without_leave_nobody_opens_a_second_shop(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        server.sample().await;
        let mut eve = server.visitor();
        assert_eq!(eve.get("/start").await.location(), "/sign-in");
        eve.get("/sign-in").await;
        eve.post("/start", &shop("eve@example.com", "")).await.is(403).says("Nobody may");
        assert!(server.app.db.owner_by_email("eve@example.com").await.unwrap().is_none());
    }

    async fn faults_stand_at_their_fields_and_what_was_typed_stays(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let code = setup_code(&server.app).await.unwrap().unwrap();
        let mut ann = server.visitor();
        ann.get("/start").await;
        let typed = [
            ("code", code.as_str()),
            ("name", "Café <b>Ann</b>"),
            ("email", "ann"),
            ("password", "short"),
            ("currency", "ZZZ"),
            ("tax", "1e3"),
            ("tips", "10, 200"),
            ("time_zone", "Mars/Base"),
            ("prefix", "c/1"),
            ("pin", "1234"),
            ("cashier", ""),
        ];
        let answer = ann.post("/start", &typed).await;
        answer.is(422).says("Café &#60;b&#62;Ann&#60;/b&#62;").says("This is not an e-mail address.");
        for field in ["email", "password", "currency", "tax", "tips", "time_zone", "prefix", "pin"] {
            answer.says(&format!("id=\"{field}-fault\""));
        }
        assert!(!answer.body.contains("short\""), "a password is never sent back");
        assert!(!server.app.db.has_merchants().await.unwrap());
        start(&mut ann, "ann@example.com", &code).await.is(303);
    }
}
