//! Forms that are not ours, and bodies that cannot be read.

use axum::body::Body;
use axum::http::header;

use crate::on_both;
use crate::support::shop::Shop;

on_both! {
    async fn a_form_from_another_site_or_without_its_token_is_refused(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let mut visitor = server.visitor();
        visitor.get("/sign-in").await;
        let right =
            format!("email={}&password={}", sample.owner.email, sample.password);
        visitor.post_text("/sign-in", &right).await.is(403).says("out of date");
        visitor.post_text("/sign-in", &format!("{right}&csrf=00")).await.is(403);
        let mut other = server.visitor();
        other.get("/sign-in").await;
        let theirs = format!("{right}&csrf={}", other.csrf);
        visitor.post_text("/sign-in", &theirs).await.is(403);
        let ours = format!("{right}&csrf={}", visitor.csrf);
        for (name, value) in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")] {
            let mut request = visitor.request("POST", "/sign-in");
            let headers = request.headers_mut().unwrap();
            headers.insert(name, value.parse().unwrap());
            let kind = "application/x-www-form-urlencoded".parse().unwrap();
            headers.insert(header::CONTENT_TYPE, kind);
            let request = request.body(Body::from(ours.clone())).unwrap();
            visitor.send(request).await.is(403).says("another site");
        }
        visitor.post_text("/sign-in", &ours).await.is(303);
    }

    async fn a_body_too_large_or_unreadable_gets_words(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        server.sample().await;
        let mut visitor = server.visitor();
        visitor.get("/sign-in").await;
        let csrf = visitor.csrf.clone();
        let ten_megabytes = format!("csrf={csrf}&email={}", "x".repeat(10 << 20));
        visitor.post_text("/sign-in", &ten_megabytes).await.is(413).says("at most 256 kB");
        for text in ["email=%C3%28", "email=a%00b", "email=%FF"] {
            let body = format!("csrf={csrf}&{text}");
            visitor.post_text("/sign-in", &body).await.is(422).says("not text");
        }
        let raw = visitor
            .request("POST", "/sign-in")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(vec![b'a', 0xff, 0xfe]));
        visitor.send(raw.unwrap()).await.is(422).says("not text");
        let json = visitor
            .request("POST", "/sign-in")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from("{}"));
        visitor.send(json.unwrap()).await.is(415).says("not a form of ours");
        visitor.get("/pair?code=%00").await.is(400).says("not text");
        visitor.get("/pair?code=%FF").await.is(400);
        visitor.get("/nowhere").await.is(404).says("no such page");
        let put = visitor.request("PUT", "/sign-in").body(Body::empty()).unwrap();
        visitor.send(put).await.is(405).says("Not this way");
    }

    async fn every_answer_carries_the_headers_of_a_strict_house(fresh: Fresh) {
        let server = Shop::with(fresh, |settings| {
            settings.public_url = Some("https://pos.example.com".into());
        })
        .await;
        for path in ["/start", "/nowhere", "/till/unlock"] {
            let answer = server.visitor().get(path).await;
            let header = |name: &str| {
                answer.headers.get(name).unwrap_or_else(|| panic!("{path}: no {name}")).to_str().unwrap()
            };
            let policy = header("content-security-policy");
            assert!(policy.contains("default-src 'none'") && policy.contains("script-src 'self'"));
            assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"));
            assert_eq!(header("x-content-type-options"), "nosniff");
            assert_eq!(header("referrer-policy"), "same-origin");
            assert_eq!(header("cache-control"), "no-store");
            assert!(header("strict-transport-security").contains("max-age="));
            assert!(!header("permissions-policy").is_empty());
        }
        let cookie = server.visitor().get("/start").await;
        let cookie = cookie.headers["set-cookie"].to_str().unwrap().to_owned();
        assert!(cookie.starts_with("__Host-pos-visit="), "{cookie}");
        assert!(cookie.ends_with("; HttpOnly; SameSite=Lax; Secure"), "{cookie}");
    }
}
