//! Over a BTCPay's Lightning node, held against BTCPay's own document: topped up, and paying away.

use btcpay_stand_in::{Fault, Goes};
use pos_server::domain::money::Msat;
use pos_server::domain::time::Time;
use pos_server::rail::{Paid, Standing};
use pos_server::till::card;
use pos_server::till::settle::{Settled, settle};
use pos_server::worker;

use super::rig::{invoice, no, ok};
use crate::btcpay_rail::bar::{Bar, secrets};
use crate::card::chip::Chip;
use crate::card::hands::HIGH;
use crate::on_both;

impl Bar {
    /// A card with bitcoin on it, which came by Lightning.
    async fn charged(&self, msat: u64) -> Chip {
        let chip = self.limited(HIGH, HIGH).await;
        // Its first tap makes it a card in use.
        let mut chip = chip;
        no(&self.away(&chip.tap(), "x").await);
        let link = card::pay_link(self.app(), &self.card().await.id).await.unwrap();
        let said = self.lnurl(&link.replace("lnurlp://", "http://")).await;
        let callback = said["callback"].as_str().unwrap();
        let drawn = self.lnurl(&format!("{callback}?amount={msat}")).await;
        assert!(self.btcpay.pay_drawn(drawn["pr"].as_str().unwrap()));
        self.later(4);
        worker::look_at_top_ups(self.app()).await.unwrap();
        worker::look_at_top_ups(self.app()).await.unwrap();
        assert_eq!(self.card().await.balance_msat, i64::try_from(msat).unwrap());
        assert_eq!(self.lnurl(drawn["verify"].as_str().unwrap()).await["settled"], true);
        chip
    }
}

on_both! {
    async fn a_card_is_topped_up_and_pays_over_btcpays_node(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        let mut chip = bar.charged(5_000_000).await;
        bar.btcpay.next_payment(Goes::Well { fee_msat: 1_234 });
        ok(&bar.away(&chip.tap(), &invoice(&bar, 1_000_000)).await);
        assert_eq!(bar.payouts().await[0].state, "paid");
        assert_eq!(bar.card().await.balance_msat, 5_000_000 - 1_001_234);
        let [(hash, most)] = &bar.btcpay.payments()[..] else { panic!("one payment") };
        assert_eq!((hash, *most), (&bar.payouts().await[0].payment_hash, Some(10)));
        bar.cards_are_right().await;
        assert_eq!(bar.btcpay.faults(), Vec::<String>::new());
    }

    async fn the_node_behind_btcpay_tells_of_a_top_up_and_the_card_has_it_once(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        bar.charged(5_000_000).await;
        bar.second().await;
        let node = bar.app().rails.of_store(&bar.store.id).into_iter().find(|one| one.place == 2);
        let drawn = bar.app().db.paid_drawn(&bar.card().await.id, 9).await.unwrap();
        let hash = drawn[0].reference.clone();
        let (amount, at) = (Msat::new(5_000_000).unwrap(), bar.app().now());
        let (offer, standing) = (hash.clone(), Standing::Settled);
        let paid = Paid { offer, reference: hash, amount, at, standing };
        let heard = settle(bar.app(), &node.unwrap(), &paid, None).await.unwrap();
        assert_eq!(heard, Settled::Before);
        assert_eq!(bar.app().db.found_money(&bar.store.id, Time(0), 9).await.unwrap(), []);
        bar.cards_are_right().await;
    }

    async fn a_way_that_costs_too_much_fails_and_nothing_is_lost(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        let mut chip = bar.charged(5_000_000).await;
        for goes in [Goes::Well { fee_msat: 10_001 }, Goes::Wrong, Goes::Nowhere] {
            bar.btcpay.next_payment(goes);
            no(&bar.away(&chip.tap(), &invoice(&bar, 1_000_000)).await);
            assert_eq!(bar.card().await.balance_msat, 5_000_000, "{goes:?}");
        }
        assert_eq!(bar.card().await.spent_msat, 0);
        bar.cards_are_right().await;
    }

    async fn a_slow_payment_and_a_lost_answer_are_resolved_by_their_hash(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        let mut chip = bar.charged(5_000_000).await;
        bar.btcpay.next_payment(Goes::Slowly);
        ok(&bar.away(&chip.tap(), &invoice(&bar, 1_000_000)).await);
        assert_eq!(bar.payouts().await[0].state, "sent");
        bar.later(6);
        bar.look_at_payouts().await;
        assert_eq!(bar.payouts().await[0].state, "sent");
        bar.btcpay.end_payments(Some(500));
        bar.later(6);
        bar.look_at_payouts().await;
        assert_eq!(bar.payouts().await[0].state, "paid");
        bar.btcpay.fail("POST *invoices/pay", Fault::Lost, Some(1));
        ok(&bar.away(&chip.tap(), &invoice(&bar, 1_000_000)).await);
        assert_eq!(bar.payouts().await[0].state, "unknown");
        bar.later(6);
        bar.look_at_payouts().await;
        assert_eq!(bar.payouts().await[0].state, "paid");
        assert_eq!(bar.card().await.balance_msat, 5_000_000 - 2_000_500);
        bar.cards_are_right().await;
    }

    async fn a_key_that_may_not_pay_is_said_to_be_so(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        let mut chip = bar.charged(5_000_000).await;
        let key = bar.btcpay.api_key(&["btcpay.store.canmodifyinvoices"]);
        let id = pos_server::domain::id::ConnectionId::new();
        bar.app().rails.retain(&[]);
        let mut tx = bar.app().db.begin().await.unwrap();
        tx.remove_connection(&bar.connection).await.unwrap();
        tx.commit().await.unwrap();
        bar.connect_as(&id, &secrets(&bar.btcpay, &key), 1).await;
        let said = bar.away(&chip.tap(), &invoice(&bar, 1_000_000)).await;
        assert!(no(&said).contains("BTCPay does not let us pay"), "{said}");
        bar.cards_are_right().await;
    }
}
