//! A tablet becomes a till.

use std::time::Duration;

use pos_server::access::pairing::new_code;

use crate::on_both;
use crate::support::shop::Shop;

on_both! {
    async fn a_code_is_good_once_and_for_ten_minutes(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let code = async || {
            let mut tx = server.app.db.begin().await.unwrap();
            let code = new_code(&mut tx, &sample.till, server.app.now()).await.unwrap();
            tx.commit().await.unwrap();
            code.code
        };
        let first = code().await;
        let mut tablet = server.visitor();
        tablet.get(&format!("/pair?code={first}")).await.is(200).says(&first);
        // Typed as people type: lower case, with a gap.
        let typed = format!(" {} {}", first[..4].to_lowercase(), &first[4..]);
        assert_eq!(tablet.post("/pair", &[("code", &typed)]).await.location(), "/till/unlock");
        let mut other = server.visitor();
        other.get("/pair").await;
        other.post("/pair", &[("code", &first)]).await.is(422).says("used before");

        let second = code().await;
        let third = code().await;
        other.post("/pair", &[("code", &second)]).await.is(422);
        server.clock.advance(Duration::from_secs(601));
        other.post("/pair", &[("code", &third)]).await.is(422);
        assert!(!other.cookies.contains_key("pos-till"));
    }

    async fn a_tablet_that_was_never_paired_or_no_longer_is_goes_to_the_door(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let mut visitor = server.visitor();
        let sent = visitor.get("/till/unlock?next=/till/sales/1").await;
        assert!(sent.location().starts_with("/pair?next="), "{}", sent.location());
        let mut tablet = server.tablet(&sample).await;
        let mut tx = server.app.db.begin().await.unwrap();
        tx.end_sessions_of(sample.till.id.as_str()).await.unwrap();
        tx.commit().await.unwrap();
        let keisha = server.staff_id(&sample, "Keisha").await;
        let late = tablet.post("/till/unlock", &[("staff", &keisha), ("pin", "2468")]).await;
        late.is(401).says("not a till any more");
    }
}
