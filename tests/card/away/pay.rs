//! A card pays another till: off the card at once, given back what the way did not cost, once.

use super::rig::{Goes, invoice, no, ok, signed};
use crate::card::hands::HIGH;
use crate::on_both;
use crate::sale::shop::Shop;
use std::time::Duration;

on_both! {
    async fn another_till_is_paid_and_the_rest_of_the_fee_comes_back(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let payer = shop.payer();
        let mut chip = shop.card_with(500_000).await;
        let before = shop.card().await;
        payer.next(Goes::Well(1_234));
        ok(&shop.away(&chip.tap(), &invoice(&shop, 2_000_000)).await);
        let [order] = &payer.orders()[..] else { panic!("one payment") };
        assert_eq!((order.amount.get(), order.fee_limit.get()), (2_000_000, 20_000));
        let card = shop.card().await;
        assert_eq!(before.balance_msat - card.balance_msat, 2_001_234);
        assert_eq!(card.spent_msat, 2_001_234, "the limit of the day counts what left the card");
        let [payout] = &shop.payouts().await[..] else { panic!("one payment") };
        assert_eq!((payout.state.as_str(), payout.fee_msat), ("paid", 1_234));
        let moves = shop.moves().await;
        let told: Vec<(&str, i64, Option<&str>)> = moves
            .iter()
            .map(|one| (one.kind.as_str(), one.msat, one.reference.as_deref()))
            .collect();
        let hash = Some(order.payment_hash.as_str());
        assert!(told.contains(&("withdrawal", 2_020_000, hash)), "{told:?}");
        assert!(told.contains(&("returned", 18_766, hash)), "{told:?}");
        let books = shop.books().await;
        assert_eq!(books.balance("cards-out", "msat"), 0);
        assert_eq!(books.balance("lightning", "msat"), -2_001_234);
        shop.cards_are_right().await;
    }

    async fn what_fails_comes_back_and_does_not_eat_the_limit_of_the_day(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let payer = shop.payer();
        let mut chip = shop.card_with(500_000).await;
        let before = shop.card().await;
        for _ in 0..3 {
            payer.next(Goes::Wrong);
            let said = shop.away(&chip.tap(), &invoice(&shop, 2_000_000)).await;
            assert_eq!(no(&said), "No way was found.");
        }
        let card = shop.card().await;
        assert_eq!((card.balance_msat, card.spent_msat), (before.balance_msat, 0));
        assert_eq!(shop.books().await.balance("lightning", "msat"), 0);
        shop.cards_are_right().await;
    }

    async fn the_same_ticket_and_the_same_invoice_are_one_payment(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let payer = shop.payer();
        let mut chip = shop.card_with(500_000).await;
        let pr = invoice(&shop, 1_000_000);
        let said = shop.shown_away(&chip.tap()).await;
        // Its answer was lost: it asks again, and hears the same.
        for _ in 0..3 {
            ok(&shop.come_with(&said, &pr).await);
        }
        ok(&shop.come_with(&said, &pr.to_uppercase()).await);
        let other = shop.come_with(&said, &invoice(&shop, 1_000_000)).await;
        assert_eq!(no(&other), "This tap was used. Tap the card again.");
        // The same invoice by another tap, while it is paid and for ever after.
        let again = shop.away(&chip.tap(), &pr).await;
        assert_eq!(no(&again), "This invoice was shown to a card before. Make a new one.");
        assert_eq!(payer.orders().len(), 1);
        shop.cards_are_right().await;
    }

    async fn a_tap_gives_one_ticket_and_a_repeat_says_so(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        shop.payer();
        let mut chip = shop.card_with(500_000).await;
        let link = chip.tap();
        let said = shop.shown_away(&link).await;
        let again = shop.shown_away(&link).await;
        assert_eq!(no(&again), "This tap was used. Take the card away, and tap it again.");
        ok(&shop.come_with(&said, &invoice(&shop, 1_000_000)).await);
        let late = shop.shown_away(&chip.tap()).await;
        shop.later(121);
        let over = shop.come_with(&late, &invoice(&shop, 1_000)).await;
        assert_eq!(no(&over), "This tap is over. Tap the card again.");
        assert_eq!(no(&shop.come_with(&serde_json::json!({
            "callback": said["callback"], "k1": "0".repeat(64),
        }), &invoice(&shop, 1_000)).await), "This tap is over. Tap the card again.");
        // One from before, which was never shown: somebody has a copy of it.
        let older = chip.at(1);
        assert!(no(&shop.shown_away(&older).await).starts_with("This tap was used."));
        shop.cards_are_right().await;
    }

    async fn forged_taps_and_strange_cards_get_nothing(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        shop.payer();
        let mut chip = shop.card_with(500_000).await;
        let link = chip.tap();
        let forged = no(&shop.shown_away(&chip.with_k2([1; 16]).at(9)).await).to_owned();
        assert_eq!(forged, "This tap is not genuine.");
        assert_eq!(no(&shop.shown_away(&chip.with_k1([1; 16]).at(9)).await), "This is not our card.");
        let bare = link.split('?').next().unwrap();
        assert_eq!(no(&shop.shown_away(bare).await), "This is not the link of a card.");
        // None of them used the counter up.
        assert!(shop.shown_away(&link).await["k1"].is_string());
    }

    async fn invoices_that_cannot_be_paid_are_said_to_be_so(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let payer = shop.payer();
        let mut chip = shop.card_with(500_000).await;
        let said = shop.shown_away(&chip.tap()).await;
        let hour = Duration::from_secs(3_600);
        let none = signed(&shop, None, hour);
        assert_eq!(no(&shop.come_with(&said, &none).await), "This invoice names no amount.");
        let short = signed(&shop, Some(1_000), Duration::from_secs(5));
        assert_eq!(no(&shop.come_with(&said, &short).await), "This invoice has expired.");
        let junk = shop.come_with(&said, "lnbcrt1junk").await;
        assert_eq!(no(&junk), "This is not a Lightning invoice.");
        payer.set_down(true);
        let down = shop.come_with(&said, &invoice(&shop, 1_000)).await;
        assert_eq!(no(&down), "The card service is down just now. Nothing was taken.");
        payer.set_down(false);
        // Nothing of this told anything, so the tap is still good.
        ok(&shop.come_with(&said, &invoice(&shop, 1_000)).await);
        shop.cards_are_right().await;
    }

    async fn limits_balance_and_freezing_hold_without_a_number_said(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let payer = shop.payer();
        let mut chip = shop.limited(3_000_000, 5_000_000).await;
        shop.put(500_000, &chip.tap()).await.unwrap();
        let over = shop.away(&chip.tap(), &invoice(&shop, 2_980_000)).await;
        assert_eq!(no(&over), "Over the card’s limit for one tap.", "with the fee of the way");
        ok(&shop.away(&chip.tap(), &invoice(&shop, 2_900_000)).await);
        let said = shop.shown_away(&chip.tap()).await;
        let day = shop.come_with(&said, &invoice(&shop, 2_200_000)).await;
        assert_eq!(no(&day), "Over the card’s limit for today.");
        // What was refused used the tap up: nobody tries amounts until one fits.
        let again = shop.come_with(&said, &invoice(&shop, 1_000)).await;
        assert_eq!(no(&again), "Over the card’s limit for today.");
        shop.later(86_400);
        ok(&shop.away(&chip.tap(), &invoice(&shop, 2_200_000)).await);
        let said = shop.shown_away(&chip.tap()).await;
        let merchant = shop.store.merchant_id.clone();
        let mut tx = shop.app().db.begin().await.unwrap();
        tx.freeze_card(&merchant, &shop.card().await.id, "holder").await.unwrap();
        tx.commit().await.unwrap();
        let frozen = shop.come_with(&said, &invoice(&shop, 1_000)).await;
        assert_eq!(no(&frozen), "This card is frozen.");
        assert_eq!(no(&shop.shown_away(&chip.tap()).await), "This card is frozen.");
        assert_eq!(payer.orders().len(), 2);
        shop.cards_are_right().await;
    }

    async fn more_than_is_there_is_not_enough(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        shop.payer();
        let mut chip = shop.limited(HIGH, HIGH).await;
        shop.put(100_000, &chip.tap()).await.unwrap();
        let all = u64::try_from(shop.card().await.balance_msat).unwrap();
        let said = shop.away(&chip.tap(), &invoice(&shop, all)).await;
        assert_eq!(no(&said), "Not enough on the card for this and the fee of the way.");
        shop.cards_are_right().await;
    }
}
