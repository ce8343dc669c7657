//! What a holder may change, and what only staff may.

use super::hands::{give_pin, send};
use crate::card::hands::HIGH;
use crate::on_both;
use crate::sale::acts::key;
use crate::sale::shop::Shop;

const NPUB: &str = "npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjptg";
const HEX: &str = "7e7e9c42a91bfef19fa929e5fda1b72e0ebc1a4c1141673e2794234d86addf4e";

async fn log(shop: &Shop) -> Vec<String> {
    let rows = shop.app().db.audit_rows(&shop.store.merchant_id, i64::MAX, 100).await.unwrap();
    rows.into_iter().map(|row| format!("{} {} {}", row.who, row.what, row.detail)).collect()
}

on_both! {
    async fn a_holder_freezes_at_once_and_thaws_by_pin_alone(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(100_000).await;
        let mut phone = shop.at_page(&mut chip).await;
        phone.post("/card/own/freeze", &[]).await.is(303);
        phone.post("/card/own/freeze", &[]).await.is(303);
        let card = shop.card().await;
        assert_eq!((card.state.as_str(), card.frozen_by.as_str()), ("frozen", "holder"));
        let sale = shop.charge(10_000).await;
        assert!(shop.refused(&sale, &chip.tap()).await.contains("frozen"));
        phone.get("/card/own").await.says("staff at the shop thaw it");
        send(&mut phone, "thaw", &[("pin", "1234")]).await.is(422).says("no PIN");
        assert_eq!(shop.card().await.state, "frozen");
        // With a PIN it is the holder's.
        give_pin(&mut phone, "7294").await;
        phone.get("/card/own").await.says("Your PIN thaws it");
        send(&mut phone, "thaw", &[("pin", "12")]).await.is(422).says("four digits");
        send(&mut phone, "thaw", &[("pin", "7295")]).await.is(422).says("2 tries left");
        send(&mut phone, "thaw", &[("pin", "7294")]).await.is(303);
        let card = shop.card().await;
        assert_eq!((card.state.as_str(), card.frozen_by.as_str(), card.pin_failed), ("active", "", 0));
        let log = log(&shop).await;
        assert!(log.contains(&"the holder card.frozen Marcia".into()), "{log:?}");
        assert!(log.contains(&"the holder card.thawed Marcia".into()), "{log:?}");
        assert_eq!(log.iter().filter(|row| row.contains("card.frozen")).count(), 1, "once");
    }

    async fn what_staff_or_an_alarm_froze_no_pin_of_the_holder_thaws(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(100_000).await;
        let mut phone = shop.at_page(&mut chip).await;
        give_pin(&mut phone, "7294").await;
        let id = shop.card().await.id;
        for by in ["staff", "alarm"] {
            let mut tx = shop.app().db.begin().await.unwrap();
            assert!(tx.freeze_card(&shop.store.merchant_id, &id, by).await.unwrap());
            tx.commit().await.unwrap();
            phone.get("/card/own").await.is(200);
            send(&mut phone, "thaw", &[("pin", "7294")]).await.is(422).says("Staff at the shop");
            assert_eq!(shop.card().await.frozen_by, by);
            let mut tx = shop.app().db.begin().await.unwrap();
            assert!(tx.thaw_card(&shop.store.merchant_id, &id).await.unwrap());
            tx.commit().await.unwrap();
        }
    }

    async fn limits_go_down_and_never_above_the_shops_own(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.limited(100_000_000, 300_000_000).await;
        let mut phone = shop.at_page(&mut chip).await;
        phone.get("/card/own/limits").await.says("value=\"100000\"").says("300,000 sats");
        for (tap, day) in [("100001", "300000"), ("100000", "300001"), ("0", "1"), ("-5", "1"),
            ("9999999999999999999", "1"), ("", ""), ("1e3", "5")] {
            send(&mut phone, "limits", &[("tap", tap), ("day", day)]).await.is(422);
        }
        let card = shop.card().await;
        assert_eq!((card.tap_limit_msat, card.day_limit_msat), (100_000_000, 300_000_000));
        send(&mut phone, "limits", &[("tap", "5000"), ("day", "20000")]).await.is(303);
        let card = shop.card().await;
        assert_eq!((card.tap_limit_msat, card.day_limit_msat), (5_000_000, 20_000_000));
        assert_eq!((card.tap_most_msat, card.day_most_msat), (100_000_000, 300_000_000));
        // With a PIN, up wants the PIN, and down does not.
        give_pin(&mut phone, "7294").await;
        send(&mut phone, "limits", &[("tap", "6000"), ("day", "20000")]).await.is(422);
        send(&mut phone, "limits", &[("tap", "6000"), ("day", "20000"), ("pin", "1111")]).await.is(422);
        send(&mut phone, "limits", &[("tap", "4000"), ("day", "20000")]).await.is(303);
        send(&mut phone, "limits", &[("tap", "6000"), ("day", "20000"), ("pin", "7294")]).await.is(303);
        assert_eq!(shop.card().await.tap_limit_msat, 6_000_000);
        let mut tx = shop.app().db.begin().await.unwrap();
        let (merchant, id) = (&shop.store.merchant_id, &card.id);
        let above = (card.tap_most_msat + 1, 1);
        assert!(!tx.set_holder_limits(merchant, id, above, None).await.unwrap());
    }

    async fn a_pin_is_set_changed_and_removed_by_whoever_knows_it(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(1_000_000).await;
        let mut phone = shop.at_page(&mut chip).await;
        for (new, twice) in [("123", "123"), ("12345", "12345"), ("1234", "1234"), ("abcd", "abcd"),
            ("7294", "7295"), ("", "")] {
            send(&mut phone, "pin", &[("new", new), ("twice", twice), ("from", "")]).await.is(422);
        }
        assert_eq!(shop.card().await.pin_hash, None);
        give_pin(&mut phone, "7294").await;
        assert_eq!(shop.card().await.pin_from_msat, 1_000_000);
        let hash = shop.card().await.pin_hash.unwrap();
        assert!(hash.starts_with("$argon2id$"));
        let new = [("new", "8361"), ("twice", "8361"), ("from", "")];
        send(&mut phone, "pin", &new).await.is(422);
        let with = |old| [("pin", old), ("new", "8361"), ("twice", "8361"), ("from", "")];
        send(&mut phone, "pin", &with("0000")).await.is(422).says("2 tries left");
        assert_eq!(shop.card().await.pin_hash, Some(hash));
        let changed = send(&mut phone, "pin", &with("7294")).await;
        changed.is(303);
        assert_eq!((shop.card().await.pin_failed, shop.card().await.pin_from_msat), (0, 0));
        send(&mut phone, "pin/remove", &[("pin", "7294")]).await.is(422);
        send(&mut phone, "pin/remove", &[("pin", "8361")]).await.is(303);
        assert_eq!(shop.card().await.pin_hash, None);
        for page in ["/card/own", "/card/own/pin", "/card/own/data.json", "/card/own/data.csv"] {
            let page = phone.get(page).await;
            assert!(!page.body.contains("8361") && !page.body.contains("argon2"), "{}", page.body);
        }
        assert!(log(&shop).await.iter().all(|row| !row.contains("8361") && !row.contains("7294")));
    }

    async fn wrong_pins_count_together_with_the_tills_and_block_it(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(1_000_000).await;
        let mut phone = shop.at_page(&mut chip).await;
        give_pin(&mut phone, "7294").await;
        let sale = shop.charge(500_000).await;
        shop.tap_with(&sale, &chip.tap(), "0001").await.unwrap_err();
        // The same form twice is one try.
        let one = key();
        let twice = [("key", one.as_str()), ("pin", "0002")];
        phone.post("/card/own/pin/remove", &twice).await.is(422).says("1 try left");
        phone.post("/card/own/pin/remove", &twice).await.is(303);
        assert_eq!(shop.card().await.pin_failed, 2);
        send(&mut phone, "pin/remove", &[("pin", "0003")]).await.is(422).says("blocked");
        send(&mut phone, "pin/remove", &[("pin", "7294")]).await.is(422).says("blocked");
        phone.get("/card/own/pin").await.says("A manager at the shop can reset it");
        assert!(shop.card().await.pin_hash.is_some());
        shop.tap_with(&sale, &chip.tap(), "7294").await.unwrap_err();
    }

    async fn many_pins_at_once_are_three_tries(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(1_000_000).await;
        let mut phone = shop.at_page(&mut chip).await;
        give_pin(&mut phone, "7294").await;
        phone.get("/card/own/pin").await;
        let tries: Vec<_> = (0..12).map(|guess| {
            let mut phone = phone.clone();
            tokio::spawn(async move {
                let pin = format!("{:04}", 9_000 + guess);
                send(&mut phone, "pin/remove", &[("pin", &pin)]).await.body
            })
        }).collect();
        let mut judged = 0;
        for one in tries {
            let body = one.await.unwrap();
            judged += usize::from(body.contains("try left") || body.contains("tries left"));
        }
        assert_eq!((judged, shop.card().await.pin_failed), (2, 3));
    }

    async fn a_new_pin_ends_the_visits_of_other_browsers(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.limited(HIGH, HIGH).await;
        let mut phone = shop.at_page(&mut chip).await;
        let card = shop.card().await;
        let now = shop.app().now();
        let other = pos_server::db::card::CardSession {
            token_hash: "other".into(),
            card_id: card.id.clone(),
            merchant_id: card.merchant_id.clone(),
            version: card.version,
            csrf: "x".into(),
            expires_ms: now.0 + 60_000,
        };
        let mut tx = shop.app().db.begin().await.unwrap();
        tx.add_card_session(&other, now).await.unwrap();
        tx.commit().await.unwrap();
        give_pin(&mut phone, "7294").await;
        assert!(shop.app().db.card_session("other", now).await.unwrap().is_none());
        phone.get("/card/own").await.is(200);
    }

    async fn a_name_is_cleaned_and_shown_to_staff(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.limited(HIGH, HIGH).await;
        let mut phone = shop.at_page(&mut chip).await;
        send(&mut phone, "name", &[("name", " <b>Mum’s\u{202E}  card</b> ")]).await.is(303);
        assert_eq!(shop.card().await.nickname, "<b>Mum’s card</b>");
        let page = phone.get("/card/own").await;
        assert!(!page.body.contains("<b>Mum"), "text, not markup");
        page.says("Mum’s card");
        send(&mut phone, "name", &[("name", &"x".repeat(31))]).await.is(422).says("At most 30");
        send(&mut phone, "name", &[("name", "")]).await.is(303);
        phone.get("/card/own").await.says("Marcia");
    }

    async fn an_inbox_is_an_npub_kept_as_hex_taken_back_and_in_no_log(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.limited(HIGH, HIGH).await;
        let mut phone = shop.at_page(&mut chip).await;
        let secret = "nsec1vl029mgpspedva04g90vltkh6fvh240zqtv9k0t9af8935ke9laqsnlfe5";
        let short = &NPUB[..62];
        let wrong = NPUB.replace("10elf", "10elg");
        for text in [HEX, short, &wrong, "npub1", "marcia@example.com"] {
            send(&mut phone, "inbox", &[("npub", text)]).await.is(422).says("not an npub");
        }
        let refused = send(&mut phone, "inbox", &[("npub", secret)]).await;
        refused.is(422).says("secret key");
        assert!(!refused.body.contains(secret), "not written back");
        assert_eq!(shop.card().await.npub, "");
        send(&mut phone, "inbox", &[("npub", &format!("nostr:{NPUB}"))]).await.is(303);
        assert_eq!(shop.card().await.npub, HEX);
        phone.get("/card/own/you").await.says(NPUB);
        give_pin(&mut phone, "7294").await;
        let other = "npub1sn0wdenkukak0d9dfczzeacvhkrgz92ak56egt7vdgzn8pv2wfqqhrjdv9";
        send(&mut phone, "inbox", &[("npub", other)]).await.is(422);
        assert_eq!(shop.card().await.npub, HEX, "another inbox wants the PIN");
        send(&mut phone, "inbox", &[("npub", "")]).await.is(303);
        assert_eq!(shop.card().await.npub, "");
        send(&mut phone, "inbox", &[("npub", other), ("pin", "7294")]).await.is(303);
        let log = log(&shop).await;
        assert!(log.iter().any(|row| row.contains("card.inbox_set")));
        assert!(log.iter().all(|row| !row.contains("npub1") && !row.contains(HEX)), "{log:?}");
    }

    async fn forms_want_the_visits_token_and_our_own_origin(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.limited(HIGH, HIGH).await;
        let mut phone = shop.at_page(&mut chip).await;
        for token in ["", "00", &"0".repeat(64)] {
            phone.post_text("/card/own/freeze", &format!("csrf={token}")).await.is(403);
        }
        let mut stranger = shop.phone();
        stranger.csrf = phone.csrf.clone();
        stranger.post("/card/own/freeze", &[]).await.is(401);
        assert_eq!(shop.card().await.state, "active");
        for _ in 0..60 {
            phone.post_text("/card/own/freeze", "csrf=00").await;
        }
        phone.post("/card/own/freeze", &[]).await.is(429).says("Wait a minute");
    }
}
