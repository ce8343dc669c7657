//! The dashboard's page of tokens: made, shown once, tried out, revoked.

use axum::body::Body;
use axum::http::{Request, header};
use pos_server::domain::id::{ApiTokenId, MerchantId};

use crate::dashboard::isolation::neighbour;
use crate::on_both;
use crate::support::client::Client;
use crate::support::shop::Shop;

struct Desk {
    owner: Client,
    path: String,
    merchant: MerchantId,
    till: String,
    staff: String,
}

async fn desk(server: &Shop) -> Desk {
    let sample = server.sample().await;
    let path = format!("/dashboard/{}/api", sample.store.id);
    let staff = server.staff_id(&sample, "Keisha").await;
    let mut owner = server.owner(&sample).await;
    owner.get(&path).await.is(200);
    let (merchant, till) = (sample.store.merchant_id.clone(), sample.till.id.to_string());
    Desk { owner, path, merchant, till, staff }
}

impl Desk {
    async fn make(&mut self, id: &str) -> crate::support::client::Answer {
        let (till, staff) = (self.till.clone(), self.staff.clone());
        let fields = [("id", id), ("name", "Web shop"), ("till", &till), ("staff", &staff)];
        let scopes = [("sales:read", "on"), ("items:read", "on")];
        self.owner.post(&self.path, &[fields.as_slice(), &scopes].concat()).await
    }
}

/// The token on the page on which it was made.
fn shown(page: &str) -> Option<String> {
    let at = page.find("pos_")?;
    let of_token = |sign: &char| sign.is_ascii_alphanumeric() || *sign == '_';
    Some(page[at..].chars().take_while(of_token).collect())
}

async fn status(server: &Shop, token: &str, path: &str) -> u16 {
    let request = Request::builder().uri(path);
    let request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    server.visitor().send(request.body(Body::empty()).unwrap()).await.status.as_u16()
}

on_both! {
    async fn a_token_is_made_shown_once_used_and_revoked(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let mut desk = desk(&server).await;
        let id = ApiTokenId::new().to_string();
        let made = desk.make(&id).await;
        made.is(200).says("shown this once").says("curl -H");
        let token = shown(&made.body).unwrap();
        assert_eq!(token.len(), 4 + 64);
        let page = desk.owner.get(&desk.path).await;
        page.says("Web shop").says("Never used").says("sales:read, items:read");
        page.says("Sells at Counter 1 as Keisha").says("http://127.0.0.1:8080/api/v1/sales");
        assert!(!page.body.contains(&token), "shown once");
        assert_eq!(status(&server, &token, "/api/v1/items").await, 200);
        assert_eq!(status(&server, &token, "/api/v1/rates").await, 403);
        desk.owner.get(&desk.path).await.says("Last used 12:44");
        // Sent twice it is the same token, which is not shown again.
        desk.make(&id).await.is(409);
        desk.owner.post(&format!("{}/{id}/revoke", desk.path), &[]).await.is(303);
        assert_eq!(status(&server, &token, "/api/v1/items").await, 401);
        desk.owner.post(&format!("{}/{id}/revoke", desk.path), &[]).await.is(303);
        desk.owner.get(&format!("{}?done=revoked", desk.path)).await.says("Revoked 12:44");
        let log = server.app.db.audit_rows(&desk.merchant, i64::MAX, 50).await.unwrap();
        let times = |what| log.iter().filter(|row| row.what == what).count();
        assert_eq!((times("api_token.made"), times("api_token.revoked")), (1, 1));
        assert!(log.iter().all(|row| !row.detail.contains("pos_")), "no token in the log");
    }

    async fn a_token_needs_a_name_a_till_a_person_and_a_scope_of_this_store(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let mut desk = desk(&server).await;
        let answer = desk.owner.post(&desk.path, &[("name", " ")]).await;
        answer.is(422).says("This cannot be empty.").says("Choose at least one.");
        let nowhere = ApiTokenId::new().to_string();
        desk.till = nowhere.clone();
        desk.make(&nowhere).await.is(422).says("Choose one of them.");
        let page = desk.owner.get(&desk.path).await;
        page.says("None yet");
    }

    async fn another_merchants_owner_sees_and_revokes_no_token_of_ours(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let mut desk = desk(&server).await;
        let id = ApiTokenId::new().to_string();
        let token = shown(&desk.make(&id).await.body).unwrap();
        let (theirs, mut eve) = neighbour(&server).await;
        let hers = format!("/dashboard/{}/api", theirs.id);
        let page = eve.get(&hers).await;
        assert!(!page.is(200).body.contains("Sells at Counter 1"));
        eve.post(&format!("{hers}/{id}/revoke"), &[]).await.is(404);
        eve.post(&format!("{}/{id}/revoke", desk.path), &[]).await.is(404);
        assert_eq!(status(&server, &token, "/api/v1/items").await, 200);
        // Nor is one made that sells at a till or in a name of ours.
        let fields = [("id", id.as_str()), ("name", "Mine"), ("till", &desk.till),
            ("staff", &desk.staff), ("sales:write", "on")];
        eve.post(&hers, &fields).await.is(422);
    }

    async fn cookies_let_nobody_in(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let mut owner = server.owner(&sample).await;
        let mut tablet = server.tablet(&sample).await;
        let keisha = server.staff_id(&sample, "Keisha").await;
        let (_, pin) = sample.pins.iter().find(|(name, _)| name == "Keisha").unwrap().clone();
        tablet.post("/till/unlock", &[("staff", &keisha), ("pin", &pin)]).await.is(303);
        for path in ["/api/v1/items", "/api/v1/sales", "/api/v1/rates"] {
            owner.get(path).await.is(401).says("urn:pos-server:no-token");
            tablet.get(path).await.is(401);
        }
        owner.post("/api/v1/sales", &[]).await.is(401);
    }
}
