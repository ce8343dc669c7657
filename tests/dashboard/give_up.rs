//! An owner gives up an offer of which nobody can tell any more whether it was paid.

use std::time::Duration;

use pos_server::domain::id::SaleId;
use pos_server::worker;

use super::lightning::charge;
use crate::on_both;
use crate::support::shop::Shop;

on_both! {
    async fn an_offer_that_nobody_can_tell_of_is_given_up_with_a_word(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let (db, app) = (&server.app.db, &server.app);
        worker::connect_rails(app).await.unwrap();
        let sale = charge(&server, &sample, SaleId::new().as_str()).await.unwrap();
        let mut owner = server.owner(&sample).await;
        let page = format!("/dashboard/{}/sales/{sale}", sample.store.id);
        let waits = owner.get(&page).await;
        assert!(!waits.body.contains("Give this offer up"), "it may be paid yet");
        app.rails.retain(&[]);
        server.clock.advance(Duration::from_secs(601));
        worker::round(app).await.unwrap();
        owner.get(&page).await.is(200).says("Give this offer up").says("kept and shown");
        let attempt = db.attempts(&sale).await.unwrap().remove(0);
        assert_eq!(attempt.state, "unknown");
        let give_up = format!("{page}/offers/{}/give-up", attempt.id);
        owner.post(&give_up, &[]).await.is(422).says("tick the box first");
        assert_eq!(db.attempts(&sale).await.unwrap()[0].state, "unknown");
        let elsewhere = format!("{page}/offers/{}/give-up", sample.store.id);
        owner.post(&elsewhere, &[("sure", "on")]).await.is(404);
        owner.post(&give_up, &[("sure", "on")]).await.is(303);
        assert_eq!(db.attempts(&sale).await.unwrap()[0].state, "expired");
        let after = owner.get(&page).await;
        after.is(200).says("Given up by the owner");
        assert!(!after.body.contains("Give this offer up"));
        let log = db.audit_rows(&sample.store.merchant_id, i64::MAX, 50).await.unwrap();
        assert!(log.iter().any(|row| row.what == "attempt.given_up"));
    }
}
