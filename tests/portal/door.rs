//! Who gets in, and for how long.

use axum::http::header;

use super::hands::path;
use crate::card::hands::HIGH;
use crate::on_both;
use crate::sale::shop::Shop;

const TAP: &str = "/card/own/tap";

on_both! {
    async fn a_tap_on_a_phone_opens_the_page_under_an_address_that_holds_no_tap(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(100_000).await;
        let mut phone = shop.phone();
        phone.get("/card/own").await.is(303);
        let answer = phone.get(&path(&chip.tap())).await;
        assert_eq!(answer.is(303).location(), "/card/own");
        let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
        assert!(cookie.contains("; HttpOnly; SameSite=Lax") && cookie.contains("Max-Age=900"));
        assert_eq!(answer.headers["referrer-policy"], "same-origin");
        let token = phone.cookies["pos-card"].clone();
        assert!(shop.app().db.card_session(&token, shop.app().now()).await.unwrap().is_none());
        phone.get("/card/own").await.is(200).says("Marcia").says("J$1,000.00").says("What happened");
        let taps = shop.app().db.card_taps(&shop.card().await.id, 10).await.unwrap();
        assert_eq!((taps[0].place.as_str(), taps[0].outcome.as_str()), ("portal", "page opened"));
        assert_eq!(shop.card().await.counter, 2, "the tap is used up");
    }

    async fn a_tap_is_kept_before_it_is_judged_and_a_forged_one_shows_nothing(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let chip = shop.card_with(100_000).await;
        let before = shop.card().await;
        let mut phone = shop.phone();
        for link in [
            chip.with_k2([9; 16]).at(50),
            chip.with_k1([9; 16]).at(50),
            "x?p=00&c=00".into(),
            "x?p=4E2E289D945A66BB13377A728884E867&c=E19CCB1FED8892CE".into(),
        ] {
            let answer = phone.get(&path(&link)).await;
            assert_eq!(answer.is(303).location(), format!("{TAP}?why=other"));
            phone.get(answer.location()).await.is(200).says("This is not our card");
            assert!(phone.cookies.is_empty());
        }
        phone.get("/card").await.is(303);
        assert_eq!(shop.card().await, before);
        shop.cards_are_right().await;
    }

    async fn a_tap_that_was_used_opens_nothing_in_another_browser(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(100_000).await;
        let link = chip.tap();
        let mut phone = shop.phone();
        phone.get(&path(&link)).await.is(303);
        // The same browser opens its last page again: no alarm, and the page is there.
        assert_eq!(phone.get(&path(&link)).await.is(303).location(), "/card/own");
        phone.get("/card/own").await.is(200);
        let mut other = shop.phone();
        assert_eq!(other.get(&path(&link)).await.is(303).location(), format!("{TAP}?why=used"));
        other.get("/card/own").await.is(303);
        other.get(&format!("{TAP}?why=used")).await.is(200).says("Tap the card again");
        // At a till it is used, too, and nobody raised an alarm.
        let sale = shop.charge(10_000).await;
        assert!(shop.refused(&sale, &link).await.starts_with("Tapped twice"));
        let card = shop.card().await;
        let now = shop.app().now();
        assert!(shop.app().db.card_alarms_of(&card.id, pos_server::domain::time::Time(0)).await.unwrap().is_empty());
        assert!(card.tapped_ms <= Some(now.0) && card.state == "active");
    }

    async fn of_many_phones_with_one_tap_one_gets_in(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(100_000).await;
        let link = path(&chip.tap());
        let all = (0..16).map(|_| {
            let (mut phone, link) = (shop.phone(), link.clone());
            tokio::spawn(async move { phone.get(&link).await.location().to_owned() })
        });
        let all: Vec<_> = all.collect();
        let mut inside = 0;
        for one in all {
            inside += usize::from(one.await.unwrap() == "/card/own");
        }
        assert_eq!(inside, 1);
    }

    async fn an_older_tap_that_was_never_seen_raises_the_alarm_and_its_holder_may_look(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(100_000).await;
        let kept = chip.tap();
        let mut phone = shop.at_page(&mut chip).await;
        let mut thief = shop.phone();
        assert_eq!(thief.get(&path(&kept)).await.location(), format!("{TAP}?why=used"));
        assert_eq!(shop.card().await.frozen_by, "alarm");
        phone.get("/card/own").await.is(200).says("may have been copied").says("J$1,000.00");
        let mut again = shop.at_page(&mut chip).await;
        again.get("/card/own").await.says("may have been copied");
    }

    async fn the_page_closes_after_a_quarter_of_an_hour_and_a_new_tap_opens_it(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(100_000).await;
        let mut phone = shop.at_page(&mut chip).await;
        shop.later(14 * 60 + 59);
        phone.get("/card/own").await.is(200);
        shop.later(2);
        let answer = phone.get("/card/own").await;
        assert_eq!(answer.is(303).location(), format!("{TAP}?next=/card/own"));
        phone.get(answer.location()).await.is(200).says("Tap the card again");
        let freeze = phone.post("/card/own/freeze", &[]).await;
        freeze.is(401).says("Nothing was changed: tap the card again");
        assert_eq!(shop.card().await.state, "active");
        phone.get(&path(&chip.tap())).await.is(303);
        phone.get("/card/own").await.is(200);
    }

    async fn signing_out_ends_it_and_the_next_tap_ends_the_visits_before(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(100_000).await;
        let mut first = shop.at_page(&mut chip).await;
        let mut second = shop.at_page(&mut chip).await;
        first.get("/card/own").await.is(303);
        let stolen = second.clone();
        second.get("/card/own").await.is(200);
        let out = second.post("/card/own/leave", &[]).await;
        assert_eq!(out.is(303).location(), format!("{TAP}?why=out"));
        assert!(second.cookies.is_empty());
        second.get(out.location()).await.says("Signed out");
        stolen.clone().get("/card/own").await.is(303);
    }

    async fn keys_given_out_anew_and_a_card_that_is_gone_end_the_visit(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(100_000).await;
        let mut phone = shop.at_page(&mut chip).await;
        let card = shop.card().await;
        let mut tx = shop.app().db.begin().await.unwrap();
        assert!(tx.issue_again(&card.id, card.version + 1).await.unwrap());
        tx.commit().await.unwrap();
        phone.get("/card/own").await.is(200);
        shop.app().db.switch_card_version(&card.id, card.version + 1).await.unwrap();
        phone.get("/card/own").await.is(303);

        let mut other = shop.limited(HIGH, HIGH).await;
        let mut phone = shop.at_page(&mut other).await;
        let cards = shop.app().db.cards(&shop.store.merchant_id, "practice").await.unwrap();
        let id = cards.iter().find(|one| one.id != card.id).unwrap().id.clone();
        let mut tx = shop.app().db.begin().await.unwrap();
        assert!(tx.wipe_card(&id, shop.app().now()).await.unwrap());
        tx.commit().await.unwrap();
        phone.get("/card/own").await.is(303);
        let answer = phone.get(&path(&other.tap())).await;
        phone.get(answer.location()).await.says("Not in use any more");
    }
}

/// A link as the till makes it after a tap.
async fn link(shop: &Shop, lasts_ms: i64) -> String {
    let (secret, card) = (pos_server::access::token::random(), shop.card().await);
    let link = pos_server::db::card::CardLink {
        token_hash: pos_server::access::token::hash(&secret),
        card_id: card.id,
        merchant_id: card.merchant_id,
        expires_ms: shop.app().now().0 + lasts_ms,
        used_ms: None,
    };
    let mut tx = shop.app().db.begin().await.unwrap();
    tx.add_card_link(&link).await.unwrap();
    tx.commit().await.unwrap();
    format!("/card/open/{secret}")
}

on_both! {
    async fn a_link_from_the_till_opens_the_page_once_after_a_word(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let _chip = shop.card_with(100_000).await;
        let path = link(&shop, 60_000).await;
        let mut phone = shop.phone();
        // What looks at links for people does not use it up.
        shop.phone().get(&path).await.is(200).says("Open it");
        phone.get(&path).await.is(200).says("Open it");
        assert_eq!(phone.post(&path, &[]).await.is(303).location(), "/card/own");
        phone.get("/card/own").await.is(200).says("Marcia");
        let mut late = shop.phone();
        late.get(&path).await;
        late.post(&path, &[]).await.is(410).says("used before");
        late.get("/card/own").await.is(303);
        let log = shop.app().db.audit_rows(&shop.store.merchant_id, i64::MAX, 10).await.unwrap();
        assert!(log.iter().any(|row| row.what == "card.page_opened" && row.who == "the holder"));
        let old = link(&shop, 60_000).await;
        shop.later(61);
        late.get(&old).await;
        late.post(&old, &[]).await.is(410).says("too old");
        late.get("/card/open/junk").await.is(200);
        late.post("/card/open/junk", &[]).await.is(410);
    }

    async fn of_many_who_open_one_link_one_gets_in(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let _chip = shop.card_with(100_000).await;
        let path = link(&shop, 60_000).await;
        let mut all = Vec::new();
        for _ in 0..8 {
            let (mut phone, path) = (shop.phone(), path.clone());
            phone.get(&path).await;
            all.push(tokio::spawn(async move { phone.post(&path, &[]).await.status.as_u16() }));
        }
        let mut inside = 0;
        for one in all {
            inside += usize::from(one.await.unwrap() == 303);
        }
        assert_eq!(inside, 1);
    }
}
