//! What the page of a sale says of its sums.

use std::time::Duration;

use pos_server::access::{pairing, token};
use pos_server::web;

use super::shop::Shop;
use crate::on_both;
use crate::support::client::Client;

/// The tablet of the first till, unlocked.
async fn tablet(shop: &Shop) -> Client {
    let (app, till) = (shop.app(), &shop.tills[0]);
    let mut tx = app.db.begin().await.unwrap();
    let code = pairing::new_code(&mut tx, till, app.now()).await.unwrap();
    tx.commit().await.unwrap();
    let mut tablet = Client::new(web::site(&shop.house.app));
    tablet.get("/pair").await;
    tablet.post("/pair", &[("code", &code.code)]).await.is(303);
    let session = token::hash(&tablet.cookies["pos-till"]);
    let until = app.now().after(Duration::from_secs(3_600));
    let mut tx = app.db.begin().await.unwrap();
    tx.set_session_staff(&session, Some(&shop.staff.id), until).await.unwrap();
    tx.commit().await.unwrap();
    tablet
}

on_both! {
    async fn the_button_says_what_it_gives_back_where_that_is_not_all_that_came(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut tablet = tablet(&shop).await;
        let sale = shop.charge(240_000).await;
        let path = format!("/till/sales/{sale}");
        shop.renew(&sale, Some(100_000)).await.unwrap();
        shop.collect(&sale).await;
        tablet.get(&path).await.says("J$1,000.00</b> came").says(">Give it back</button>");
        shop.renew(&sale, Some(50_000)).await.unwrap();
        shop.collect(&sale).await;
        tablet.get(&path).await.says("J$1,500.00</b> came").says(">Give back J$500.00</button>");
        let payments = shop.payments(&sale).await;
        shop.give_back(&sale, &payments[1]).await.unwrap();
        tablet.get(&path).await.says("J$1,000.00</b> came").says(">Give it back</button>");
        shop.cash(&sale, 140_000).await.unwrap();
        shop.all_is_settled().await;
    }
}
