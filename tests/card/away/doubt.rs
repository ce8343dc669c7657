//! Payments whose end is not known: reserved until the node says what became of them.

use pos_server::domain::money::Msat;
use pos_server::rail::purse::Fate;

use super::rig::{Goes, invoice, no, ok};
use crate::on_both;
use crate::sale::shop::Shop;

on_both! {
    async fn an_answer_that_was_lost_is_found_again(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let payer = shop.payer();
        let mut chip = shop.card_with(500_000).await;
        let before = shop.card().await.balance_msat;
        payer.next(Goes::Silently);
        ok(&shop.away(&chip.tap(), &invoice(&shop, 1_000_000)).await);
        let payout = &shop.payouts().await[0];
        assert_eq!(payout.state, "unknown", "not known is not failed");
        assert_eq!(before - shop.card().await.balance_msat, 1_010_000, "and stays reserved");
        assert_eq!(shop.books().await.balance("cards-out", "msat"), -1_010_000);
        shop.cards_are_right().await;
        shop.look_at_payouts().await;
        assert_eq!(shop.payouts().await[0].state, "paid");
        assert_eq!(before - shop.card().await.balance_msat, 1_000_000);
        shop.look_at_payouts().await;
        shop.cards_are_right().await;
    }

    async fn what_the_node_never_heard_of_comes_back_after_a_while_and_not_at_once(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let payer = shop.payer();
        let mut chip = shop.card_with(500_000).await;
        let before = shop.card().await;
        payer.next(Goes::Nowhere);
        ok(&shop.away(&chip.tap(), &invoice(&shop, 1_000_000)).await);
        payer.set_down(true);
        shop.look_at_payouts().await;
        shop.later(30);
        payer.set_down(false);
        shop.look_at_payouts().await;
        assert_eq!(shop.payouts().await[0].state, "unknown");
        shop.later(31);
        shop.look_at_payouts().await;
        assert_eq!(shop.payouts().await[0].state, "failed");
        let card = shop.card().await;
        assert_eq!((card.balance_msat, card.spent_msat), (before.balance_msat, 0));
        shop.cards_are_right().await;
    }

    async fn a_slow_payment_is_accepted_and_ends_either_way(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let payer = shop.payer();
        let mut chip = shop.card_with(500_000).await;
        let ends = [Fate::Paid { fee: Msat::new(700).unwrap() }, Fate::Failed("No.".into())];
        let before = shop.card().await.balance_msat;
        for fate in ends {
            payer.next(Goes::Slowly);
            ok(&shop.away(&chip.tap(), &invoice(&shop, 1_000_000)).await);
            shop.later(6);
            shop.look_at_payouts().await;
            assert_eq!(shop.payouts().await[0].state, "sent", "on its way");
            payer.ends(&fate);
            shop.later(6);
            shop.look_at_payouts().await;
            let wanted = if matches!(fate, Fate::Paid { .. }) { "paid" } else { "failed" };
            assert_eq!(shop.payouts().await[0].state, wanted);
        }
        assert_eq!(before - shop.card().await.balance_msat, 1_000_700);
        shop.cards_are_right().await;
    }

    async fn a_node_that_was_changed_for_another_proves_nothing(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let payer = shop.payer();
        let mut chip = shop.card_with(500_000).await;
        payer.next(Goes::Slowly);
        ok(&shop.away(&chip.tap(), &invoice(&shop, 1_000_000)).await);
        // The owner connects another node in its place.
        shop.house.app.rails.retain(&[]);
        shop.later(600);
        shop.look_at_payouts().await;
        assert_eq!(shop.payouts().await[0].state, "unknown");
        let mut other = shop.connected();
        other.id = pos_server::domain::id::ConnectionId::new();
        let rail = super::rig::Pursed {
            rail: other.rail.clone(),
            purse: std::sync::Arc::new(super::rig::Payer::default()),
        };
        other.rail = std::sync::Arc::new(rail);
        shop.house.app.rails.put(other);
        shop.later(7_200);
        shop.look_at_payouts().await;
        assert_eq!(shop.payouts().await[0].state, "unknown", "the other has never heard of it");
        shop.pays_by(std::sync::Arc::new(payer.clone()));
        payer.ends(&Fate::Paid { fee: Msat::ZERO });
        shop.later(6);
        shop.look_at_payouts().await;
        assert_eq!(shop.payouts().await[0].state, "paid");
        shop.cards_are_right().await;
    }

    async fn what_comes_back_to_a_card_that_was_replaced_goes_to_the_new_one(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let payer = shop.payer();
        let mut chip = shop.card_with(500_000).await;
        let old = shop.card().await.id;
        payer.next(Goes::Slowly);
        ok(&shop.away(&chip.tap(), &invoice(&shop, 1_000_000)).await);
        shop.limited(super::super::hands::HIGH, super::super::hands::HIGH).await;
        let cards = shop.app().db.cards(&shop.store.merchant_id, "practice").await.unwrap();
        let new = cards.iter().find(|card| card.id != old).unwrap().id.clone();
        let mut desk = crate::sale::books::look_in(&shop.house.fresh.url).await;
        let sql = "UPDATE card SET state = 'gone', replaced_by = $2 WHERE id = $1";
        sqlx::query(sql).bind(&old).bind(&new).execute(&mut desk).await.unwrap();
        payer.ends(&Fate::Failed("No way.".into()));
        shop.later(6);
        shop.look_at_payouts().await;
        let holds = shop.app().db.card(&new).await.unwrap().unwrap().balance_msat;
        assert_eq!(holds, 1_010_000);
        shop.cards_are_right().await;
    }

    async fn an_invoice_that_failed_is_not_tried_again_by_another_tap(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let payer = shop.payer();
        let mut chip = shop.card_with(500_000).await;
        let pr = invoice(&shop, 1_000_000);
        payer.next(Goes::Wrong);
        no(&shop.away(&chip.tap(), &pr).await);
        let again = shop.away(&chip.tap(), &pr).await;
        assert_eq!(no(&again), "This invoice was shown to a card before. Make a new one.");
        shop.cards_are_right().await;
    }
}
