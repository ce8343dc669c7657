//! Points that grow old, move to another card, or go to a balance at BTCPay.

use pos_server::db::card::Card;
use pos_server::domain::points::{Rules, TapRule};
use pos_server::points::{self, Ended, Wanted};
use pos_server::till::card;
use pos_server::till::once::Once;

use super::hands::tenth;
use crate::on_both;
use crate::sale::acts::key;
use crate::sale::books::look_in;
use crate::sale::shop::Shop;

const DAY: i64 = 86_400;

fn wanted(points: i64) -> Wanted {
    Wanted { id: key(), points, msat: 1_000 }
}

async fn cards(shop: &Shop) -> Vec<Card> {
    let mut cards = shop.app().db.cards(&shop.store.merchant_id, &shop.store.money).await.unwrap();
    cards.reverse();
    cards
}

on_both! {
    async fn the_oldest_are_spent_first_and_what_is_left_of_them_is_gone_by_time(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        shop.programme(Rules { expiry_days: Some(30), ..tenth() }, None).await;
        let mut chip = shop.chip().await;
        shop.buys(&mut chip, 100_000).await;
        shop.later(20 * DAY);
        shop.buys(&mut chip, 50_000).await;
        let sale = shop.charge(6_000).await;
        shop.by_points(&sale, &chip.tap()).await.unwrap();
        let card = cards(&shop).await.remove(0);
        let standing = points::standing(&shop.app().db, &card, shop.app().now()).await.unwrap().unwrap();
        assert_eq!((standing.held, standing.expires.map(|soon| soon.0)), (90, Some(40)));
        shop.later(10 * DAY);
        let now = shop.app().now();
        let standing = points::standing(&shop.app().db, &card, now).await.unwrap().unwrap();
        assert_eq!(standing.held, 50, "nobody is shown what is gone");
        for gone in [1, 0] {
            assert_eq!(points::expire(&shop.app().db, now, 100).await.unwrap(), gone);
        }
        assert_eq!(shop.held().await, (50, 0));
        assert_eq!(shop.books().await.balance("points-expired", "points"), -40);
        shop.points_are_right().await;
    }

    async fn what_is_over_cannot_be_spent_before_a_worker_came_by(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        shop.programme(Rules { expiry_days: Some(30), ..tenth() }, None).await;
        let mut chip = shop.chip().await;
        shop.buys(&mut chip, 100_000).await;
        shop.later(30 * DAY);
        let sale = shop.charge(6_000).await;
        let words = shop.by_points(&sale, &chip.tap()).await.unwrap_err().to_string();
        assert!(words.starts_with("There are no points"), "{words}");
        assert_eq!(points::expire(&shop.app().db, shop.app().now(), 100).await.unwrap(), 1);
        assert_eq!(shop.held().await, (0, 0));
        shop.points_are_right().await;
    }

    async fn a_card_that_takes_anothers_place_has_its_points_limits_and_open_sales(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        shop.programme(Rules { cap_day: Some(150), sign_up: 5, ..tenth() }, None).await;
        let mut lost = shop.chip().await;
        shop.buys(&mut lost, 100_000).await;
        let open = shop.charge(20_000).await;
        shop.collects(&open, &lost.tap()).await.unwrap();
        shop.later(1);
        let mut new = shop.chip().await;
        let all = cards(&shop).await;
        let (from, to) = if all[0].counter > all[1].counter { (&all[0], &all[1]) } else { (&all[1], &all[0]) };
        for _ in 0..2 {
            let (mut tx, now) = (shop.app().db.begin().await.unwrap(), shop.app().now());
            points::move_all(&mut tx, from, to, "Keisha", now).await.unwrap();
            tx.commit().await.unwrap();
        }
        let db = &shop.app().db;
        assert_eq!(db.points_card(&from.id).await.unwrap().unwrap().held, 0);
        assert_eq!(db.points_card(&to.id).await.unwrap().unwrap().held, 105);
        shop.cash(&open, 20_000).await.unwrap();
        assert_eq!(db.points_card(&to.id).await.unwrap().unwrap().held, 125);
        let sale = shop.buys(&mut new, 100_000).await;
        let earning = shop.earning(&sale).await;
        assert_eq!((earning.points, earning.sign_up), (30, 0), "the limits moved with it");
        shop.points_are_right().await;
    }

    async fn a_manager_who_replaces_a_lost_card_moves_its_points(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        shop.programme(tenth(), None).await;
        let mut lost = shop.chip().await;
        shop.buys(&mut lost, 100_000).await;
        let old = shop.card_of(&lost).await.id;
        let mut new = shop.chip().await;
        let link = new.tap();
        let once = Once::new("replace", &key(), &[&old, &link]).unwrap();
        card::replace(shop.app(), &shop.manager(), &old, &link, &once).await.unwrap();
        let id = shop.card_of(&new).await.id;
        let db = &shop.app().db;
        assert_eq!(db.points_card(&old).await.unwrap().unwrap().held, 0);
        assert_eq!(db.points_card(&id).await.unwrap().unwrap().held, 100);
        let sale = shop.charge(100_000).await;
        shop.by_points(&sale, &new.tap()).await.unwrap();
        assert_eq!(shop.sale(&sale).await.credited, 10_000);
        shop.points_are_right().await;
    }

    async fn a_look_at_a_card_gives_points_only_where_the_owner_wants_that(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.chip().await;
        for (rule, held) in [(None, 0), (Some(TapRule { points: 5, per_day: 1, apart_minutes: 60 }), 5)] {
            shop.programme(Rules { tap: rule, ..tenth() }, None).await;
            for _ in 0..2 {
                card::look_at_card(shop.app(), &shop.at(0), &chip.tap()).await.unwrap();
            }
            let id = shop.card_of(&chip).await.id;
            let points = shop.app().db.points_card(&id).await.unwrap();
            assert_eq!(points.map_or(0, |points| points.held), held);
        }
        shop.points_are_right().await;
    }

    async fn a_chip_that_begins_anew_has_nothing_of_its_last_holder_and_owes_nothing(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        shop.programme(tenth(), None).await;
        let mut chip = shop.chip().await;
        let sale = shop.buys(&mut chip, 100_000).await;
        shop.later(60);
        let mut connection = look_in(&shop.house.fresh.url).await;
        let anew = sqlx::query("UPDATE card SET created_ms = $1").bind(shop.app().now().0);
        anew.execute(&mut connection).await.unwrap();
        let card = shop.card().await;
        let standing = points::standing(&shop.app().db, &card, shop.app().now()).await.unwrap();
        assert_eq!(standing.unwrap().held, 0);
        let words = shop.by_points(&shop.charge(1_000).await, &chip.tap()).await.unwrap_err();
        assert_eq!(words.to_string(), "There are no points on this card.");
        assert_eq!(shop.refund(&sale, 100_000, "all").await, 100);
        assert_eq!(shop.held().await, (0, 0));
        let books = shop.books().await;
        assert_eq!(books.balance("points-held", "points"), 0);
        assert_eq!(books.balance("points-expired", "points"), 0);
        assert!(books.faults().is_empty());
    }

    async fn what_one_card_owes_the_others_points_pay(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        shop.programme(tenth(), None).await;
        let (mut one, mut two) = (shop.chip().await, shop.chip().await);
        let sale = shop.buys(&mut one, 100_000).await;
        let spent = shop.charge(10_000).await;
        shop.by_points(&spent, &one.tap()).await.unwrap();
        shop.refund(&sale, 100_000, "all").await;
        shop.buys(&mut two, 150_000).await;
        let db = &shop.app().db;
        let owing = shop.earning(&sale).await.card_id;
        let all = cards(&shop).await;
        let from = all.iter().find(|card| card.id == owing).unwrap();
        let to = all.iter().find(|card| card.id != owing).unwrap();
        let (mut tx, now) = (db.begin().await.unwrap(), shop.app().now());
        points::move_all(&mut tx, from, to, "Keisha", now).await.unwrap();
        tx.commit().await.unwrap();
        let after = db.points_card(&to.id).await.unwrap().unwrap();
        assert_eq!((after.held, after.owed), (50, 0));
        shop.points_are_right().await;
    }

    async fn a_payout_takes_points_first_and_gives_them_back_only_when_it_is_cancelled(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        shop.programme(tenth(), None).await;
        let mut chip = shop.chip().await;
        shop.buys(&mut chip, 1_000_000).await;
        let card = cards(&shop).await.remove(0);
        let db = &shop.app().db;
        let ends = [
            (Ended::Completed, 600, "completed"),
            (Ended::Cancelled { expires_ms: None }, 600, "cancelled"),
        ];
        for (turn, (ended, held, state)) in ends.into_iter().enumerate() {
            let (mut tx, now) = (db.begin().await.unwrap(), shop.app().now());
            let name = format!("{}:1:{turn}", card.id);
            let payout =
                points::reserve(&mut tx, &card, &shop.store.id, wanted(400), &name, "Keisha", now);
            let payout = payout.await.unwrap().expect("there are so many");
            tx.commit().await.unwrap();
            let (mut tx, now) = (db.begin().await.unwrap(), shop.app().now());
            assert!(points::sent(&mut tx, &payout.id, "payout-7", now).await.unwrap());
            assert!(points::finish(&mut tx, &payout.id, Ended::Unknown, now).await.unwrap());
            tx.commit().await.unwrap();
            assert_eq!(db.points_payouts_under_way(10).await.unwrap().len(), 1);
            for first in [true, false] {
                let (mut tx, now) = (db.begin().await.unwrap(), shop.app().now());
                assert_eq!(points::finish(&mut tx, &payout.id, ended, now).await.unwrap(), first);
                let kept = tx.points_payout(&payout.id).await.unwrap();
                assert_eq!((kept.state.as_str(), kept.reference.as_deref()), (state, Some("payout-7")));
                tx.commit().await.unwrap();
            }
            assert_eq!(shop.held().await, (held, 0), "{ended:?}");
            shop.points_are_right().await;
        }
        let (mut tx, now) = (db.begin().await.unwrap(), shop.app().now());
        let none = points::reserve(&mut tx, &card, &shop.store.id, wanted(601), "x", "Keisha", now).await;
        assert!(none.unwrap().is_none(), "more than there are");
    }
}
