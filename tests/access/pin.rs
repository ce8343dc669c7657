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
        right.is(422).says("Wait five minutes, or have the owner give you a new PIN.");
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
        let last = tablet.post("/till/unlock", &[("staff", &omar), ("pin", "1357")]).await;
        last.is(422).says("Too many wrong PINs on this till. Wait five minutes.");
    }

    async fn a_locked_person_who_presses_on_does_not_lock_the_till(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let keisha = server.staff_id(&sample, "Keisha").await;
        let omar = server.staff_id(&sample, "Omar").await;
        let mut tablet = server.tablet(&sample).await;
        for _ in 0..12 {
            tablet.post("/till/unlock", &[("staff", &omar), ("pin", "9999")]).await.is(422);
        }
        let till = server.app.db.till_by_id(&sample.till.id).await.unwrap();
        assert_eq!((till.failed, till.locked_until_ms), (5, 0));
        tablet.post("/till/unlock", &[("staff", &keisha), ("pin", "2468")]).await.is(303);
    }

    async fn a_locked_till_counts_nothing_on_anybody_and_opens_after_five_minutes(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let keisha = server.staff_id(&sample, "Keisha").await;
        let omar = server.staff_id(&sample, "Omar").await;
        let mut tablet = server.tablet(&sample).await;
        for _ in 0..2 {
            server.clock.advance(Duration::from_secs(301));
            for _ in 0..5 {
                tablet.post("/till/unlock", &[("staff", &omar), ("pin", "9999")]).await.is(422);
            }
        }
        server.clock.advance(Duration::from_secs(299));
        // What is tried while it is locked puts the end off for nobody.
        for (who, pin) in [(&omar, "9999"), (&keisha, "9999"), (&keisha, "2468")] {
            let answer = tablet.post("/till/unlock", &[("staff", who), ("pin", pin)]).await;
            answer.is(422).says("Too many wrong PINs on this till. Wait five minutes.");
        }
        let staff = server.app.db.staff_of(&sample.store.id).await.unwrap();
        assert_eq!(staff.iter().find(|one| one.name == "Keisha").unwrap().failed, 0);
        server.clock.advance(Duration::from_secs(2));
        for (who, pin) in [(&keisha, "2468"), (&omar, "1357")] {
            tablet.post("/till/unlock", &[("staff", who), ("pin", pin)]).await.is(303);
        }
    }

    async fn a_new_pin_from_the_owner_lets_a_locked_person_in(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let omar = server.staff_id(&sample, "Omar").await;
        let mut tablet = server.tablet(&sample).await;
        for _ in 0..6 {
            tablet.post("/till/unlock", &[("staff", &omar), ("pin", "9999")]).await.is(422);
        }
        let mut owner = server.owner(&sample).await;
        let path = format!("/dashboard/{}/staff/{omar}", sample.store.id);
        owner.get(&path).await.is(200);
        let new = [("name", "Omar"), ("role", "cashier"), ("pin", "8642")];
        owner.post(&path, &new).await.is(303);
        tablet.post("/till/unlock", &[("staff", &omar), ("pin", "8642")]).await.is(303);
    }

    async fn a_mistyped_pin_keeps_the_way_back_to_the_sale(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let keisha = server.staff_id(&sample, "Keisha").await;
        let mut tablet = server.tablet(&sample).await;
        let (field, kept) = ("name=\"next\" value=\"/till/sales/7\"", "id=\"kept\" role=\"status\">");
        tablet.get("/till/unlock?next=/till/sales/7").await.says(field).says(kept);
        let fields = |pin| [("staff", keisha.as_str()), ("pin", pin), ("next", "/till/sales/7")];
        tablet.post("/till/unlock", &fields("9999")).await.is(422).says(field).says(kept);
        let on = tablet.post("/till/unlock", &fields("2468")).await;
        assert_eq!(on.location(), "/till/sales/7");
        let page = tablet.get("/till/unlock?next=//evil.example").await;
        page.says("name=\"next\" value=\"/till\"").says("role=\"status\" hidden>");
        for away in ["//evil.example", "https://evil.example", ""] {
            let fields = [("staff", keisha.as_str()), ("pin", "2468"), ("next", away)];
            assert_eq!(tablet.post("/till/unlock", &fields).await.location(), "/till");
        }
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
