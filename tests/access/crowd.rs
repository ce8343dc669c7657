//! A crowd of strangers at the sign-in, each password of which takes its time.

use std::time::Duration;

use tokio::task::JoinSet;

use crate::on_both;
use crate::support::shop::Shop;

const CROWD: usize = 60;

/// Strangers who all wait for their passwords to be judged.
async fn crowd(server: &Shop) -> JoinSet<()> {
    let mut visitor = server.visitor();
    visitor.get("/pair").await;
    let mut crowd = JoinSet::new();
    for _ in 0..CROWD {
        let mut visitor = visitor.clone();
        crowd.spawn(async move {
            let fields = [("email", "nobody@example.com"), ("password", "wrong")];
            visitor.post("/sign-in", &fields).await.is(422);
        });
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    crowd
}

/// Most of them still wait: whoever was answered meanwhile did not stand behind them.
fn most_still_wait(mut crowd: JoinSet<()>) {
    while crowd.try_join_next().is_some() {}
    assert!(crowd.len() > CROWD / 3, "only {} of the crowd still wait", crowd.len());
}

on_both! {
    async fn a_cashier_does_not_stand_behind_a_crowd_at_the_sign_in(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let keisha = server.staff_id(&sample, "Keisha").await;
        let mut tablet = server.tablet(&sample).await;
        let crowd = crowd(&server).await;
        tablet.post("/till/unlock", &[("staff", &keisha), ("pin", "2468")]).await.is(303);
        most_still_wait(crowd);
    }

    async fn nothing_is_hashed_for_a_wrong_code_of_the_first_start(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let mut stranger = server.visitor();
        stranger.get("/start").await;
        let crowd = crowd(&server).await;
        super::first_start::start(&mut stranger, "eve@example.com", "WRONGWRONGWR")
            .await
            .is(422)
            .says("Not the code that the server printed last.");
        most_still_wait(crowd);
    }
}
