//! The owner's password, and the one-time link.

use std::time::Duration;

use pos_server::access::sign_in::once_link;

use crate::on_both;
use crate::support::client::ORIGIN;
use crate::support::shop::Shop;

on_both! {
    async fn five_wrong_passwords_lock_for_a_while_and_the_right_one_is_not_looked_at(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let email = sample.owner.email.as_str();
        let mut visitor = server.visitor();
        visitor.get("/sign-in").await;
        for _ in 0..4 {
            let wrong = visitor.post("/sign-in", &[("email", email), ("password", "wrong")]).await;
            wrong.is(422).says("That e-mail and password do not fit.");
        }
        for _ in 0..2 {
            visitor.post("/sign-in", &[("email", email), ("password", "wrong")]).await.is(422);
        }
        let right = [("email", email), ("password", sample.password.as_str())];
        visitor.post("/sign-in", &right).await.is(422).says("After five wrong ones, wait five");
        server.clock.advance(Duration::from_secs(301));
        assert_eq!(visitor.post("/sign-in", &right).await.location(), "/dashboard");
    }

    async fn nobody_learns_whether_an_address_has_an_account(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let mut visitor = server.visitor();
        visitor.get("/sign-in").await;
        // The sixth is not looked at, where somebody has the address; it reads the same.
        for _ in 0..6 {
            let mut answers = Vec::new();
            for email in [sample.owner.email.as_str(), "nobody@example.com"] {
                let fields = [("email", email), ("password", "wrong")];
                let answer = visitor.post("/sign-in", &fields).await;
                answers.push((answer.status, answer.body.replace(email, "…")));
            }
            assert_eq!(answers[0], answers[1]);
        }
    }

    async fn signing_in_goes_on_to_a_path_of_ours_and_never_to_another_site(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let right =
            [("email", sample.owner.email.as_str()), ("password", sample.password.as_str())];
        for (next, want) in [("/dashboard/x?y=1", "/dashboard/x?y=1"), ("//evil.example", "/dashboard")] {
            let mut visitor = server.visitor();
            visitor.get("/sign-in").await;
            let fields = [right[0], right[1], ("next", next)];
            assert_eq!(visitor.post("/sign-in", &fields).await.location(), want);
        }
    }

    async fn signing_out_ends_the_session_and_a_week_does_too(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let mut owner = server.owner(&sample).await;
        let stolen = owner.clone();
        let token = owner.cookies["pos-owner"].clone();
        let hash = pos_server::access::token::hash(&token);
        let session = server.app.db.session(&hash, server.app.now()).await.unwrap().unwrap();
        owner.csrf.clone_from(&session.csrf);
        assert_eq!(owner.post("/sign-out", &[]).await.location(), "/sign-in");
        assert!(!owner.cookies.contains_key("pos-owner"));
        let mut stolen = stolen;
        stolen.csrf.clone_from(&session.csrf);
        stolen.post("/sign-out", &[]).await.is(401).says("Signed out");
        let mut other = server.owner(&sample).await;
        server.clock.advance(Duration::from_secs(7 * 24 * 60 * 60 + 1));
        other.post("/sign-out", &[]).await.is(401);
    }

    async fn a_one_time_link_works_once_in_time_and_asks_when_another_site_opens_it(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let link = once_link(&server.app, &sample.owner).await.unwrap();
        let path = link.strip_prefix(ORIGIN).unwrap();
        let mut owner = server.visitor();
        let request = owner.request("GET", path).header("sec-fetch-site", "cross-site");
        let asked = owner.send(request.body(axum::body::Body::empty()).unwrap()).await;
        asked.is(200).says("signs the owner in, once");
        assert_eq!(owner.post(path, &[]).await.location(), "/dashboard");
        owner.post(path, &[]).await.is(410).says("used before");
        let link = once_link(&server.app, &sample.owner).await.unwrap();
        let path = link.strip_prefix(ORIGIN).unwrap();
        server.clock.advance(Duration::from_secs(15 * 60 + 1));
        let request = owner.request("GET", path).header("sec-fetch-site", "none");
        owner.send(request.body(axum::body::Body::empty()).unwrap()).await.is(410);
        let link = once_link(&server.app, &sample.owner).await.unwrap();
        let path = link.strip_prefix(ORIGIN).unwrap();
        let request = owner.request("GET", path).header("sec-fetch-site", "none");
        let entered = owner.send(request.body(axum::body::Body::empty()).unwrap()).await;
        assert_eq!(entered.location(), "/dashboard");
    }
}
