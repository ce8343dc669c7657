//! What belongs to one merchant or store is out of the others' reach.

use pos_server::db::DbError;
use pos_server::till::TillError;
use pos_server::till::settle::{Settled, settle};

use super::acts::Done;
use super::shop::Shop;
use crate::on_both;

#[track_caller]
fn is_not_found(done: Done) {
    assert!(matches!(done, Err(TillError::Db(DbError::NotFound))), "{done:?}");
}

/// Every verb by somebody at `stranger`'s till on a sale of `shop`.
async fn nothing_is_reached(shop: &Shop, stranger: &Shop) {
    let sale = shop.charge(50_000).await;
    let shown = shop.shown(&sale).await;
    shop.renew(&sale, Some(20_000)).await.unwrap();
    shop.collect(&sale).await;
    let payment = shop.payments(&sale).await[0].clone();
    is_not_found(stranger.cash(&sale, 50_000).await);
    is_not_found(stranger.renew(&sale, None).await);
    is_not_found(stranger.void(&sale).await);
    is_not_found(stranger.add(&sale, &payment).await);
    is_not_found(stranger.give_back(&sale, &payment).await);
    let mine = stranger.charge(10_000).await;
    is_not_found(stranger.give_back(&mine, &payment).await);
    assert_eq!(shop.sale(&sale).await.credited, 20_000);
    assert!(shop.node.try_pay(&shown, super::node::How::Exact).is_none());
    shop.all_is_settled().await;
    stranger.hear().await;
    stranger.books_are_right().await;
}

on_both! {
    async fn another_merchant_reaches_no_sale(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        nothing_is_reached(&shop, &shop.neighbour().await).await;
    }

    async fn another_store_of_the_same_merchant_reaches_no_sale(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let branch = shop.branch().await;
        let sale = shop.charge(50_000).await;
        let mine = branch.charge(10_000).await;
        is_not_found(branch.cash(&sale, 50_000).await);
        is_not_found(branch.renew(&sale, None).await);
        is_not_found(branch.void(&sale).await);
        shop.renew(&sale, Some(20_000)).await.unwrap();
        shop.collect(&sale).await;
        let payment = shop.payments(&sale).await[0].clone();
        is_not_found(branch.add(&sale, &payment).await);
        is_not_found(branch.give_back(&sale, &payment).await);
        is_not_found(branch.give_back(&mine, &payment).await);
        shop.books_are_right().await;
    }

    async fn a_node_that_names_another_merchants_payment_hash_settles_nothing_of_theirs(
        fresh: Fresh
    ) {
        let shop = Shop::open(fresh).await;
        let thief = shop.neighbour().await;
        let sale = shop.charge(50_000).await;
        let shown = shop.shown(&sale).await;
        // Their own node claims that it was paid for our offer.
        let mut claimed = thief.node.receive(1);
        claimed.offer.clone_from(&shown);
        claimed.reference.clone_from(&shown);
        claimed.amount = pos_server::domain::money::Msat::from_sat(1_000_000).unwrap();
        let connected = thief.connected();
        let settled = settle(thief.app(), &connected, &claimed, None).await.unwrap();
        assert_eq!(settled, Settled::Found);
        assert_eq!(shop.sale(&sale).await.state, "open");
        assert_eq!(shop.shown(&sale).await, shown);
        // And it takes nothing from us: the true payment is ours.
        shop.collect(&sale).await;
        assert_eq!(shop.sale(&sale).await.state, "paid");
        shop.all_is_settled().await;
        thief.books_are_right().await;
    }

    async fn two_stores_of_a_merchant_on_one_node_hear_everything_and_keep_it_once(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut branch = shop.branch().await;
        branch.node = shop.node.clone();
        branch.connect(None);
        let (here, there) = (shop.charge(50_000).await, branch.charge(60_000).await);
        shop.node.pay(&branch.shown(&there).await);
        shop.node.pay(&shop.shown(&here).await);
        shop.node.receive(77);
        shop.hear().await;
        branch.hear().await;
        assert_eq!(shop.sale(&here).await.receipt_number, Some(1));
        assert_eq!(branch.sale(&there).await.receipt_number, Some(1));
        assert_eq!(branch.payments(&there).await[0].store_id, branch.store.id);
        shop.all_is_settled().await;
    }

    async fn two_merchants_on_one_node_each_settle_their_own(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut other = shop.neighbour().await;
        other.node = shop.node.clone();
        other.connect(None);
        let (mine, theirs) = (shop.charge(50_000).await, other.charge(60_000).await);
        shop.node.pay(&other.shown(&theirs).await);
        shop.node.pay(&shop.shown(&mine).await);
        shop.hear().await;
        other.hear().await;
        assert_eq!(shop.sale(&mine).await.state, "paid");
        assert_eq!(other.sale(&theirs).await.state, "paid");
        shop.all_is_settled().await;
        other.books_are_right().await;
    }
}
