//! The owner's pages about points.

use crate::on_both;
use crate::support::shop::Shop;

/// A programme's form with these changes.
fn form<'a>(change: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("running", "yes"),
        ("here", "on"),
        ("rate", "5"),
        ("worth", "1.00"),
        ("unit", "money"),
        ("minimum", "0"),
        ("tier_days", "90"),
        ("sign_up", "0"),
        ("birthday", "0"),
    ];
    for (name, value) in change {
        fields.retain(|field| field.0 != *name);
        fields.push((*name, *value));
    }
    fields
}

on_both! {
    async fn the_owner_sets_a_programme_and_events_up_and_every_change_is_in_the_log(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let points = format!("/dashboard/{}/points", sample.store.id);
        let mut owner = server.owner(&sample).await;
        owner.get(&points).await.says("Not set up").says("Nothing is promised until you set it up");
        owner.get(&format!("{points}/events/new")).await.is(409);
        let path = format!("{points}/programme");
        owner.get(&path).await.says("One point is worth").says("Happy hours");
        let wrong = form(&[("rate", "101"), ("hours", "Fri x2"), ("cap_day", "none"), ("worth", "0")]);
        let page = owner.post(&path, &wrong).await;
        page.is(422).says("Nothing was saved yet").says("A percentage like").says("More than nothing");
        let right = form(&[
            ("hours", "Mon-Fri 16:00-18:00 x2"), ("tiers", "10000 x1.5"), ("categories", "Coffee: 10%"),
            ("cap_day", "500"), ("expiry", "365"), ("budget", "100000"), ("taps", "on"),
            ("tap_points", "1"), ("tap_per_day", "1"), ("tap_apart", "60"),
        ]);
        owner.post(&path, &right).await.is(303);
        owner.get(&points).await.says("Running, 5%").says("100,000");
        owner.get(&path).await.says("Mon,Tue,Wed,Thu,Fri 16:00-18:00 x2").says("Coffee: 10%");
        let id = "01939f00-0000-7000-8000-000000000001";
        let event = format!("{points}/events/{id}");
        let wish = |name, to, budget| [
            ("name", name), ("rate", "10"), ("minimum", "0"), ("from", "2026-11-21T10:00"),
            ("to", to), ("place", "all"), ("budget", budget),
        ];
        owner.get(&format!("{points}/events/new")).await.says("Start the event");
        owner.post(&event, &wish("Harvest", "2026-11-21T09:00", "")).await.is(422)
            .says("After it begins").says("An event has a budget");
        for _ in 0..2 {
            owner.post(&event, &wish("Harvest", "2026-11-28T10:00", "5000")).await.is(303);
        }
        owner.get(&points).await.says("Harvest").says("Running").says("5,000");
        owner.get(&format!("{points}/live")).await.says("Harvest").says("Promised");
        owner.post(&format!("{event}/stop"), &[]).await.is(303);
        owner.get(&points).await.says("Stopped");
        owner.get(&event).await.is(200);
        owner.post(&event, &wish("Harvest", "2026-12-28T10:00", "5000")).await.is(409);
        let log = server.app.db.audit_rows(&sample.store.merchant_id, i64::MAX, 50).await.unwrap();
        for what in [
            "points.programme_changed", "points.event_added", "points.event_changed",
            "points.event_stopped",
        ] {
            assert!(log.iter().any(|row| row.what == what), "{what}");
        }
        // Nobody else reaches them.
        server.visitor().get(&points).await.is(303);
        let mut tablet = server.tablet(&sample).await;
        tablet.get(&points).await.is(303);
        tablet.post(&path, &right).await.is(401);
    }
}
