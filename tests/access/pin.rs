//! Unlocking a till.

use std::time::Duration;

use crate::on_both;
use crate::support::shop::Shop;

on_both! {
    async fn a_right_pin_unlocks_and_locking_locks(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let keisha = server.staff_id(&sample, "Keisha").await;
        let mut tablet = server.tablet(&sample).await;
        let answer = tablet.post("/till/unlock", &[("staff", &keisha), ("pin", "2468")]).await;
        assert_eq!(answer.location(), "/till");
        assert_eq!(tablet.post("/till/lock", &[]).await.location(), "/till/unlock");
        tablet.post("/till/unlock", &[("staff", "nobody"), ("pin", "2468")]).await.is(422);
    }

    async fn five_wrong_pins_lock_the_person_and_say_how_many_are_left(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let keisha = server.staff_id(&sample, "Keisha").await;
        let omar = server.staff_id(&sample, "Omar").await;
        let mut tablet = server.tablet(&sample).await;
        let words = ["4 tries left", "3 tries left", "2 tries left", "1 try left", "Too many tries"];
        for left in words {
            let wrong = tablet.post("/till/unlock", &[("staff", &keisha), ("pin", "9999")]).await;
            wrong.is(422).says(left);
        }
        let right = tablet.post("/till/unlock", &[("staff", &keisha), ("pin", "2468")]).await;
        right.is(422).says("Too many tries. Ask a manager.");
        let other = tablet.post("/till/unlock", &[("staff", &omar), ("pin", "1357")]).await;
        other.is(303);
        server.clock.advance(Duration::from_secs(301));
        tablet.post("/till/unlock", &[("staff", &keisha), ("pin", "2468")]).await.is(303);
        let log = server.app.db.audit_rows(&sample.store.merchant_id, i64::MAX, 50).await.unwrap();
        assert!(log.iter().any(|row| row.what == "pin.locked" && row.detail.contains("Keisha")));
    }

    async fn a_till_locks_when_everybodys_pins_are_tried_in_turn(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let keisha = server.staff_id(&sample, "Keisha").await;
        let omar = server.staff_id(&sample, "Omar").await;
        let mut tablet = server.tablet(&sample).await;
        for who in [&keisha, &omar] {
            for _ in 0..5 {
                tablet.post("/till/unlock", &[("staff", who), ("pin", "9999")]).await.is(422);
            }
        }
        let till = server.app.db.till_by_id(&sample.till.id).await.unwrap();
        assert!(till.locked_until_ms > server.app.now().0);
    }

    async fn a_hundred_guesses_at_once_are_still_five(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let keisha = server.staff_id(&sample, "Keisha").await;
        let tablet = server.tablet(&sample).await;
        let mut guesses = tokio::task::JoinSet::new();
        for guess in 0..20 {
            let (mut tablet, keisha) = (tablet.clone(), keisha.clone());
            guesses.spawn(async move {
                let pin = format!("90{guess:02}");
                let fields = [("staff", keisha.as_str()), ("pin", pin.as_str())];
                let answer = tablet.post("/till/unlock", &fields).await;
                answer.body.contains("left") || answer.body.contains("not right")
            });
        }
        let looked_at = guesses.join_all().await.into_iter().filter(|told| *told).count();
        assert!(looked_at <= 4, "the fifth locks, and no more are looked at: {looked_at}");
    }

    async fn an_idle_till_locks_itself_and_keeps_its_pairing(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let keisha = server.staff_id(&sample, "Keisha").await;
        let mut tablet = server.tablet(&sample).await;
        tablet.post("/till/unlock", &[("staff", &keisha), ("pin", "2468")]).await.is(303);
        server.clock.advance(Duration::from_secs(300 * 24 * 60 * 60));
        tablet.get("/till/unlock").await.is(200).says("Keisha");
        tablet.post("/till/unlock", &[("staff", &keisha), ("pin", "2468")]).await.is(303);
        server.clock.advance(Duration::from_secs(300 * 24 * 60 * 60));
        tablet.get("/till/unlock").await.is(200).says("Keisha");
    }
}
