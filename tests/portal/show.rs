//! What stands on the page, and that it is this card's alone.

use pos_server::db::card::CardBacking;
use pos_server::domain::money::Msat;
use pos_server::rail::purse::Fate;

use super::hands::{path, send};
use crate::card::away::rig::{Goes, invoice, ok};
use crate::card::hands::HIGH;
use crate::on_both;
use crate::points::hands::tenth;
use crate::sale::shop::Shop;

on_both! {
    async fn the_balance_is_told_at_the_price_of_now_with_its_age_or_in_sats_alone(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(100_000).await;
        let held = Msat::from_db(shop.card().await.balance_msat).unwrap().to_string();
        let mut phone = shop.at_page(&mut chip).await;
        phone.get("/card/own").await.says("J$1,000.00").says(&held).says("ago");
        // No source that can be asked is left.
        let mut store = shop.store.clone();
        store.rate_settings = "{".into();
        let mut tx = shop.app().db.begin().await.unwrap();
        tx.save_store(&store).await.unwrap();
        tx.commit().await.unwrap();
        let page = phone.get("/card/own").await;
        page.says(&held).says("No fresh price just now");
        assert!(!page.body.contains("at the price"), "never a guess");
    }

    async fn the_history_is_told_in_pages_with_receipts_and_what_is_not_known(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let payer = shop.payer();
        let mut chip = shop.card_with(5_000_000).await;
        let sale = shop.charge(40_000).await;
        shop.tap(&sale, &chip.tap()).await.unwrap();
        payer.next(Goes::Slowly);
        ok(&shop.away(&chip.tap(), &invoice(&shop, 1_000_000)).await);
        let mut phone = shop.at_page(&mut chip).await;
        let receipt = shop.sale(&sale).await.receipt_token;
        let page = phone.get("/card/own").await;
        page.says("At another till, not known yet: checking").says("Topped up").says("−J$400.00");
        page.says(&format!("href=\"/r/{receipt}\""));
        phone.get(&format!("/r/{receipt}")).await.is(200).says("Flash Card");
        payer.ends(&Fate::Failed("No.".into()));
        shop.later(31);
        shop.look_at_payouts().await;
        phone.get("/card/own").await.says("it did not go through").says("Came back");
        for _ in 0..30 {
            shop.put(1_000, &chip.tap()).await.unwrap();
        }
        let mut phone = shop.at_page(&mut chip).await;
        let (mut next, mut pages, mut lines) = ("/card/own/history".to_owned(), 0, 0);
        loop {
            let page = phone.get(&next).await;
            page.is(200);
            (pages, lines) = (pages + 1, lines + page.body.matches("class=\"entry\"").count());
            let Some((_, rest)) = page.body.split_once("href=\"/card/own/history?") else { break };
            next = format!("/card/own/history?{}", rest.split('"').next().unwrap());
        }
        assert_eq!((pages, lines), (2, shop.moves().await.len()), "each once");
        phone.get("/card/own/history?before=junk").await.is(200);
    }

    async fn no_other_card_is_reached_by_a_visit(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(100_000).await;
        let neighbour = shop.neighbour().await;
        let mut theirs = neighbour.card_with(700_000).await;
        let id = neighbour.card().await.id;
        let mut phone = shop.at_page(&mut chip).await;
        for path in ["/card/own", "/card/own/history", "/card/own/data.json", "/card/own/data.csv"] {
            for query in [format!("?card={id}"), format!("?id={id}&card_id={id}")] {
                let page = phone.get(&format!("{path}{query}")).await;
                page.is(200);
                assert!(!page.body.contains(&id) && !page.body.contains("7,000.00"), "{path}");
            }
        }
        let mine = shop.card().await;
        phone.get("/card/own").await;
        phone.post("/card/own/freeze", &[("card", &id), ("id", &id)]).await.is(303);
        assert_eq!(neighbour.card().await.state, "active");
        assert_eq!(shop.card().await.state, "frozen");
        // A tap of the other card takes the phone to that one's page, and leaves this one's.
        phone.get(&path(&theirs.tap())).await.is(303);
        phone.get("/card/own").await.says("J$7,000.00");
        assert_eq!(shop.card().await.id, mine.id);
    }

    async fn a_chip_that_is_set_up_anew_tells_nothing_of_its_holder_before(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(100_000).await;
        let sale = shop.charge(100_000).await;
        shop.tap(&sale, &chip.tap()).await.unwrap();
        let card = shop.card().await;
        shop.later(60);
        let now = shop.app().now();
        let moves = shop.app().db.holder_moves(&card.id, now, (i64::MAX, ""), 10).await.unwrap();
        assert!(moves.is_empty(), "only what is its own");
    }

    async fn the_code_tops_the_card_up_and_is_gone_while_it_is_frozen(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let _payer = shop.payer();
        let mut chip = shop.limited(HIGH, HIGH).await;
        let mut phone = shop.at_page(&mut chip).await;
        let page = phone.get("/card/own").await;
        let link = page.body.split_once("data-copy=\"").unwrap().1.split('"').next().unwrap();
        assert!(link.starts_with("lnurlp://127.0.0.1:8080/card/top-up/"), "{link}");
        page.says(&format!("href=\"{link}\""));
        let said = shop.lnurl(&link.replace("lnurlp://", "http://")).await;
        assert_eq!(said["tag"], "payRequest");
        phone.post("/card/own/freeze", &[]).await.is(303);
        let page = phone.get("/card/own").await;
        assert!(!page.body.contains("lnurlp://"), "a frozen card takes nothing");
    }

    async fn points_are_told_and_a_birthday_is_told_once(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(500_000).await;
        let mut phone = shop.at_page(&mut chip).await;
        assert!(!phone.get("/card/own").await.body.contains("points"), "no programme");
        assert!(!phone.get("/card/own/you").await.body.contains("birthday"));
        send(&mut phone, "birthday", &[("birthday", "11-21")]).await.is(404);
        shop.programme(tenth(), None).await;
        let sale = shop.charge(120_050).await;
        shop.tap(&sale, &chip.tap()).await.unwrap();
        phone.get("/card/own").await.says("120 points, worth J$120.00");
        phone.get("/card/own/you").await.says("Your birthday");
        for text in ["", "13-01", "02-30", "1990-11-21", "x"] {
            send(&mut phone, "birthday", &[("birthday", text)]).await.is(422);
        }
        send(&mut phone, "birthday", &[("birthday", "02-29")]).await.is(303);
        send(&mut phone, "birthday", &[("birthday", "11-22")]).await.is(422).says("told before");
        assert_eq!(shop.points().await.birthday.as_deref(), Some("02-29"));
        phone.get("/card/own/you").await.says("02-29");
        let data = phone.get("/card/own/data.json").await;
        data.says("\"birthday\": \"02-29\"").says("\"points_moves\"").says("\"points_earned\"");
        shop.points_are_right().await;
    }

    async fn what_btcpay_keeps_is_told_by_its_word_or_not_at_all(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.limited(HIGH, HIGH).await;
        let mut phone = shop.at_page(&mut chip).await;
        let card = shop.card().await;
        let backing = CardBacking {
            card_id: card.id.clone(),
            merchant_id: card.merchant_id.clone(),
            server: "https://btcpay.example.com".into(),
            there: "store".into(),
            purse: "secret-purse".into(),
            link: "lnurlw://btcpay.example.com/boltcard".into(),
            imported: 0,
            left_msat: None,
            seen_ms: None,
            ended_ms: None,
        };
        let mut tx = shop.app().db.begin().await.unwrap();
        assert!(tx.add_card_backing(&backing).await.unwrap());
        tx.commit().await.unwrap();
        let page = phone.get("/card/own").await;
        page.is(200).says("Not known now").says("silent just now");
        assert!(!page.body.contains("lnurlp://") && !page.body.contains("0 sats</p>"));
        shop.app().db.note_card_left(&card.id, 21_000_000, shop.app().now()).await.unwrap();
        let page = phone.get("/card/own").await;
        page.says("21,000 sats").says("now it is silent");
        assert!(!page.body.contains("at the price"), "an old word has no price of now");
        for path in ["/card/own/history", "/card/own/data.json", "/card/own/data.csv"] {
            let page = phone.get(path).await;
            assert!(page.status.is_success() && !page.body.contains("secret-purse"));
        }
    }
}
