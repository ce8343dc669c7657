//! What arrives is what counts: exactly, too little, too much, twice, for nobody.

use pos_server::domain::time::Time;
use pos_server::rail::Paid;

use super::node::How;
use super::shop::Shop;
use crate::on_both;

on_both! {
    async fn a_sale_paid_as_asked_is_paid_to_the_unit(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(240_550).await;
        let offer = shop.last_offer(&sale).await;
        assert_eq!((offer.amount, offer.asked_msat), (240_550, 19_517_000));
        shop.collect(&sale).await;
        let paid = shop.sale(&sale).await;
        assert_eq!((paid.state.as_str(), paid.credited), ("paid", 240_550));
        assert_eq!(paid.receipt_number, Some(1));
        let story = ["sale.opened", "offer.made", "payment.arrived", "sale.paid"];
        assert_eq!(shop.story(&sale).await, story);
        let payments = shop.payments(&sale).await;
        assert_eq!(payments.len(), 1);
        assert_eq!((payments[0].kind.as_str(), payments[0].msat), ("due", 19_517_000));
        assert_eq!(shop.last_offer(&sale).await.state, "settled");
        let books = shop.books().await;
        assert_eq!(books.balance("lightning", "msat"), 19_517_000);
        assert_eq!(books.balance("sales", "JMD"), -240_550);
        shop.all_is_settled().await;
    }

    async fn after_too_little_the_rest_is_offered_and_paid(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(100_000).await;
        let asked = shop.last_offer(&sale).await.asked_msat;
        let part = u64::try_from(asked).unwrap() * 3 / 4;
        shop.node.pay_as(&shop.shown(&sale).await, How::Msat(part));
        shop.hear().await;
        let open = shop.sale(&sale).await;
        assert_eq!((open.state.as_str(), open.credited), ("open", 75_000));
        shop.renew(&sale, None).await.unwrap();
        assert_eq!(shop.last_offer(&sale).await.amount, 25_000);
        shop.collect(&sale).await;
        assert_eq!(shop.sale(&sale).await.state, "paid");
        shop.all_is_settled().await;
    }

    async fn too_much_is_owed_to_the_millisatoshi_and_given_back_in_coins(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(100_000).await;
        let offer = shop.last_offer(&sale).await;
        let over = u64::try_from(offer.asked_msat).unwrap() + 1_234_567;
        shop.node.pay_as(&offer.reference, How::Msat(over));
        shop.hear().await;
        let [payment] = &shop.payments(&sale).await[..] else { panic!("one payment") };
        assert_eq!((payment.kind.as_str(), payment.credited), ("over", 100_000));
        assert_eq!((payment.owed_msat, payment.owed), (1_234_567, 15_215));
        assert_eq!(shop.books().await.balance("owed", "msat"), -1_234_567);
        shop.give_back(&sale, payment).await.unwrap();
        let books = shop.books().await;
        assert_eq!((books.balance("owed", "msat"), books.balance("drawer", "JMD")), (0, -15_200));
        assert_eq!(books.balance("cash-rounding", "JMD"), -15);
        let again = shop.give_back(&sale, payment).await.unwrap_err();
        assert_eq!(again.to_string(), "This was given back before, or is not owed.");
        shop.all_is_settled().await;
    }

    async fn a_second_payment_of_one_offer_is_kept_and_owed(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(50_000).await;
        let shown = shop.shown(&sale).await;
        shop.node.pay(&shown);
        shop.node.pay_as(&shown, How::Again);
        shop.hear().await;
        let payments = shop.payments(&sale).await;
        let kinds: Vec<_> = payments.iter().map(|one| (one.kind.as_str(), one.owed)).collect();
        assert_eq!(kinds, [("due", 0), ("extra", 50_000)]);
        shop.give_back(&sale, &payments[1]).await.unwrap();
        shop.all_is_settled().await;
    }

    async fn a_second_payment_of_a_part_may_be_added_when_the_cashier_says_so(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(80_000).await;
        shop.renew(&sale, Some(50_000)).await.unwrap();
        let shown = shop.shown(&sale).await;
        shop.node.pay(&shown);
        shop.node.pay_as(&shown, How::Again);
        shop.hear().await;
        assert_eq!(shop.sale(&sale).await.credited, 50_000);
        let extra = &shop.payments(&sale).await[1];
        shop.add(&sale, extra).await.unwrap();
        let (paid, extra) = (shop.sale(&sale).await, &shop.payments(&sale).await[1]);
        assert_eq!((paid.state.as_str(), extra.credited, extra.owed), ("paid", 30_000, 20_000));
        shop.all_is_settled().await;
    }

    async fn money_for_no_offer_of_ours_is_kept_as_found(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let found = shop.node.receive(2_100);
        shop.hear().await;
        let waiting = shop.app().db.found_money(&shop.store.id, Time(0), 9).await.unwrap();
        assert_eq!(waiting.len(), 1);
        assert_eq!((&waiting[0].reference, waiting[0].kind.as_str()), (&found.reference, "found"));
        assert_eq!(shop.books().await.balance("found", "msat"), -2_100_000);
        shop.all_is_settled().await;
    }

    async fn a_payment_told_a_hundred_times_at_once_is_one(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(50_000).await;
        let paid = shop.node.pay(&shop.shown(&sale).await);
        let found = shop.node.receive(5);
        let tell = |paid: Paid| {
            let shop = shop.clone();
            tokio::spawn(async move {
                let connected = shop.connected();
                pos_server::till::settle::settle(shop.app(), &connected, &paid, None).await
            })
        };
        let told: Vec<_> = (0..50).flat_map(|_| [tell(paid.clone()), tell(found.clone())]).collect();
        for told in told {
            told.await.unwrap().unwrap();
        }
        assert_eq!(shop.payments(&sale).await.len(), 1);
        shop.all_is_settled().await;
    }

    async fn money_too_small_for_a_cent_is_kept_and_holds_up_nothing(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(50_000).await;
        shop.node.pay_as(&shop.shown(&sale).await, How::Msat(1));
        shop.hear().await;
        let [dust] = &shop.payments(&sale).await[..] else { panic!("one payment") };
        assert_eq!((dust.credited, dust.owed, dust.owed_msat), (0, 0, 1));
        shop.renew(&sale, None).await.unwrap();
        shop.collect(&sale).await;
        assert_eq!(shop.sale(&sale).await.state, "paid");
        shop.all_is_settled().await;
    }
}
