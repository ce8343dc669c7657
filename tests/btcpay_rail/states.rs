//! Every state that an invoice can come to, and what each is at the till.

use std::time::Duration;

use btcpay_stand_in::{Chain, Fault, Pay, Switches};
use pos_server::domain::id::SaleId;

use super::bar::Bar;
use crate::on_both;

/// A sale with its invoice, and webhooks that are held: each look is a round of our own.
async fn asked(bar: &Bar, minor: i64) -> (SaleId, String) {
    bar.btcpay.webhooks(Switches { hold: true, ..Switches::default() });
    let sale = bar.charge(minor).await;
    let invoice = bar.shown(&sale).await;
    (sale, invoice)
}

async fn kinds(bar: &Bar, sale: &SaleId) -> Vec<String> {
    bar.payments(sale).await.into_iter().map(|one| one.kind).collect()
}

impl Bar {
    /// Goes through all invoices, and fails unless the sale is then as it should be.
    #[track_caller]
    fn comes_to(&self, sale: &SaleId, state: &str, credited: i64) -> impl Future<Output = ()> {
        let caller = std::panic::Location::caller();
        async move {
            self.round().await;
            let found = self.sale(sale).await;
            let story = self.story(sale).await;
            let is = (found.state.as_str(), found.credited);
            assert_eq!(is, (state, credited), "{caller}: {story:?}");
            let faults = self.books().await.faults();
            assert!(faults.is_empty(), "{caller}:\n{}", faults.join("\n"));
        }
    }
}

on_both! {
    async fn what_is_paid_late_waits_for_the_cashier(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        let (sale, invoice) = asked(&bar, 100_000).await;
        bar.later(601);
        bar.look().await;
        assert_eq!(bar.last(&sale).await.state, "expired");
        bar.btcpay.pay_lightning(&invoice, Pay::Exact).unwrap();
        assert_eq!(bar.btcpay.invoice(&invoice).unwrap()["additionalStatus"], "PaidLate");
        bar.comes_to(&sale, "open", 0).await;
        assert_eq!(kinds(&bar, &sale).await, ["late"]);
        let late = bar.payments(&sale).await.remove(0);
        bar.add(&sale, &late).await.unwrap();
        bar.comes_to(&sale, "paid", 100_000).await;
        bar.all_is_right().await;
    }

    async fn the_rest_of_a_part_is_paid_on_the_same_invoice(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        let (sale, invoice) = asked(&bar, 100_000).await;
        bar.btcpay.pay_lightning(&invoice, Pay::Percent(40)).unwrap();
        bar.comes_to(&sale, "open", 39_999).await;
        assert_eq!(bar.btcpay.invoice(&invoice).unwrap()["additionalStatus"], "PaidPartial");
        bar.btcpay.pay_lightning(&invoice, Pay::Exact).unwrap();
        bar.comes_to(&sale, "paid", 100_000).await;
        assert_eq!(kinds(&bar, &sale).await, ["under", "due"]);
        bar.all_is_right().await;
    }

    async fn the_rest_of_a_part_is_paid_by_a_new_offer_or_in_cash(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        let (first, invoice) = asked(&bar, 100_000).await;
        let (second, other) = asked(&bar, 100_000).await;
        for invoice in [&invoice, &other] {
            bar.btcpay.pay_lightning(invoice, Pay::Percent(50)).unwrap();
        }
        bar.comes_to(&first, "open", 50_000).await;
        bar.renew(&first, None).await.unwrap();
        let rest = bar.shown(&first).await;
        assert_eq!(bar.btcpay.invoice(&rest).unwrap()["amount"], "500.00");
        bar.btcpay.pay_lightning(&rest, Pay::Exact).unwrap();
        bar.comes_to(&first, "paid", 100_000).await;
        bar.cash(&second, 50_000).await.unwrap();
        bar.comes_to(&second, "paid", 100_000).await;
        bar.all_is_right().await;
    }

    async fn what_is_over_is_the_payers(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        let (sale, invoice) = asked(&bar, 100_000).await;
        let asked = bar.last(&sale).await.asked_msat;
        bar.btcpay.pay_lightning(&invoice, Pay::Percent(150)).unwrap();
        bar.comes_to(&sale, "paid", 100_000).await;
        let payment = bar.payments(&sale).await.remove(0);
        assert_eq!((payment.kind.as_str(), payment.owed_msat), ("over", asked / 2));
        bar.give_back(&sale, &payment).await.unwrap();
        bar.all_is_right().await;
    }

    async fn what_was_given_back_is_not_owed_twice_when_the_money_counts_again(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        let (sale, invoice) = asked(&bar, 100_000).await;
        let sats = bar.last(&sale).await.asked_msat / 1_000 * 3 / 2;
        let chain = bar.btcpay.pay_chain(&invoice, u64::try_from(sats).unwrap(), 0).unwrap();
        // Only what was marked once can be marked otherwise.
        bar.btcpay.mark(&invoice, true).unwrap();
        bar.btcpay.confirm(&chain, 6).unwrap();
        bar.comes_to(&sale, "paid", 100_000).await;
        let payment = bar.payments(&sale).await.remove(0);
        bar.give_back(&sale, &payment).await.unwrap();
        let drawer = bar.books().await.balance("drawer", "JMD");
        bar.btcpay.mark(&invoice, false).unwrap();
        bar.comes_to(&sale, "open", 0).await;
        bar.btcpay.mark(&invoice, true).unwrap();
        bar.comes_to(&sale, "paid", 100_000).await;
        let again = bar.payments(&sale).await.remove(0);
        assert_eq!(again.owed, payment.owed);
        assert!(again.given_back_ms.is_some());
        assert!(bar.give_back(&sale, &again).await.is_err());
        let books = bar.books().await;
        assert_eq!((books.balance("drawer", "JMD"), books.balance("owed", "msat")), (drawer, 0));
        bar.all_is_right().await;
    }

    async fn the_merchants_mark_pays_and_is_no_bitcoin(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        let (sale, invoice) = asked(&bar, 100_000).await;
        bar.btcpay.mark(&invoice, true).unwrap();
        bar.comes_to(&sale, "paid", 100_000).await;
        let payment = bar.payments(&sale).await.remove(0);
        assert_eq!((payment.kind.as_str(), payment.msat), ("marked", 0));
        let books = bar.books().await;
        assert_eq!((books.balance("marked", "JMD"), books.balance("lightning", "msat")), (100_000, 0));
        bar.all_is_right().await;
    }

    async fn a_mark_taken_back_reopens_the_sale_which_keeps_its_number(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        let (sale, invoice) = asked(&bar, 100_000).await;
        bar.btcpay.mark(&invoice, true).unwrap();
        bar.comes_to(&sale, "paid", 100_000).await;
        bar.btcpay.mark(&invoice, false).unwrap();
        bar.comes_to(&sale, "open", 0).await;
        assert_eq!(bar.sale(&sale).await.receipt_number, Some(1));
        let books = bar.books().await;
        for account in ["marked", "customer", "sales", "lightning", "conversion", "owed"] {
            assert_eq!((books.balance(account, "JMD"), books.balance(account, "msat")), (0, 0));
        }
        bar.renew(&sale, None).await.unwrap();
        bar.btcpay.pay_lightning(&bar.shown(&sale).await, Pay::Exact).unwrap();
        bar.comes_to(&sale, "paid", 100_000).await;
        assert_eq!(bar.sale(&sale).await.receipt_number, Some(1));
        bar.all_is_right().await;
    }

    async fn marked_settled_again_it_is_paid_again(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        let (sale, invoice) = asked(&bar, 100_000).await;
        for (settled, state, credited) in
            [(true, "paid", 100_000), (false, "open", 0), (true, "paid", 100_000)]
        {
            bar.btcpay.mark(&invoice, settled).unwrap();
            bar.comes_to(&sale, state, credited).await;
        }
        assert_eq!(bar.payments(&sale).await.len(), 1);
        bar.all_is_right().await;
    }

    async fn marked_invalid_before_anything_ends_the_offer(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        let (sale, invoice) = asked(&bar, 100_000).await;
        bar.btcpay.mark(&invoice, false).unwrap();
        bar.comes_to(&sale, "open", 0).await;
        assert_eq!(bar.last(&sale).await.state, "cancelled");
        bar.cash(&sale, 100_000).await.unwrap();
        bar.comes_to(&sale, "paid", 100_000).await;
    }

    async fn money_that_the_merchant_disowned_is_kept_and_counted_nowhere(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        let (sale, invoice) = asked(&bar, 100_000).await;
        bar.later(601);
        bar.btcpay.pay_lightning(&invoice, Pay::Exact).unwrap();
        bar.btcpay.mark(&invoice, false).unwrap();
        bar.comes_to(&sale, "open", 0).await;
        assert_eq!(kinds(&bar, &sale).await, ["gone"]);
        assert_eq!(bar.books().await.balance("lightning", "msat"), 0);
        bar.btcpay.mark(&invoice, true).unwrap();
        bar.comes_to(&sale, "open", 0).await;
        assert_eq!(kinds(&bar, &sale).await, ["late"]);
        bar.all_is_right().await;
    }

    async fn a_payment_on_the_chain_is_seen_and_then_settled(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        let (sale, invoice) = asked(&bar, 100_000).await;
        let payment = bar.btcpay.pay_chain_with(&invoice, Chain::default()).unwrap();
        bar.comes_to(&sale, "open", 0).await;
        assert_eq!(bar.last(&sale).await.state, "seen");
        bar.cash(&sale, 100_000).await.expect_err("a payment is on its way");
        bar.later(1200);
        bar.look().await;
        assert_eq!(bar.last(&sale).await.state, "seen", "it is not over while money is coming");
        bar.btcpay.confirm(&payment, 1).unwrap();
        bar.comes_to(&sale, "paid", 100_000).await;
        bar.all_is_right().await;
    }

    async fn what_is_double_spent_before_it_settled_is_open_again(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        let (sale, invoice) = asked(&bar, 100_000).await;
        let payment = bar.btcpay.pay_chain_with(&invoice, Chain::default()).unwrap();
        bar.comes_to(&sale, "open", 0).await;
        bar.btcpay.double_spend(&payment).unwrap();
        bar.comes_to(&sale, "open", 0).await;
        assert_eq!(bar.last(&sale).await.state, "offered");
        bar.btcpay.pay_lightning(&invoice, Pay::Exact).unwrap();
        bar.comes_to(&sale, "paid", 100_000).await;
        bar.all_is_right().await;
    }

    async fn what_is_double_spent_after_it_counted_reopens_the_sale(fresh: Fresh) {
        let bar = Bar::quick(fresh).await;
        let (sale, invoice) = asked(&bar, 100_000).await;
        let payment = bar.btcpay.pay_chain_with(&invoice, Chain::default()).unwrap();
        bar.comes_to(&sale, "paid", 100_000).await;
        bar.btcpay.double_spend(&payment).unwrap();
        bar.comes_to(&sale, "open", 0).await;
        assert_eq!(kinds(&bar, &sale).await, ["gone"]);
        assert_eq!(bar.sale(&sale).await.receipt_number, Some(1));
        bar.cash(&sale, 100_000).await.unwrap();
        bar.comes_to(&sale, "paid", 100_000).await;
        assert_eq!(bar.sale(&sale).await.receipt_number, Some(1));
        bar.all_is_right().await;
    }

    async fn a_cancelled_sale_that_is_paid_anyway_owes_the_payer(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        let (sale, invoice) = asked(&bar, 100_000).await;
        bar.void(&sale).await.unwrap();
        assert_eq!(bar.btcpay.invoice(&invoice).unwrap()["status"], "Invalid");
        bar.btcpay.pay_lightning(&invoice, Pay::Exact).unwrap();
        bar.comes_to(&sale, "voided", 0).await;
        let payment = bar.payments(&sale).await.remove(0);
        assert_eq!((payment.kind.as_str(), payment.owed_msat), ("extra", payment.msat));
        bar.give_back(&sale, &payment).await.unwrap();
        bar.all_is_right().await;
    }

    async fn a_transaction_that_confirms_after_the_cashier_cancelled_is_not_lost(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        let (sale, invoice) = asked(&bar, 100_000).await;
        bar.void(&sale).await.unwrap();
        let payment = bar.btcpay.pay_chain_with(&invoice, Chain::default()).unwrap();
        let rounds = bar.rounds();
        bar.comes_to(&sale, "voided", 0).await;
        rounds.go(&bar, 2).await;
        bar.btcpay.confirm(&payment, 6).unwrap();
        rounds.go(&bar, 2).await;
        assert_eq!(kinds(&bar, &sale).await, ["extra"]);
        bar.all_is_right().await;
    }

    async fn two_payments_on_one_invoice_are_two(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        let (sale, invoice) = asked(&bar, 100_000).await;
        bar.btcpay.pay_chain_with(&invoice, Chain { confirmations: 1, ..Chain::default() }).unwrap();
        bar.btcpay.pay_lightning(&invoice, Pay::Exact).unwrap();
        bar.comes_to(&sale, "paid", 100_000).await;
        assert_eq!(kinds(&bar, &sale).await, ["due", "extra"]);
        bar.all_is_right().await;
    }

    async fn an_answer_that_was_overtaken_takes_nothing_back(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        let (sale, invoice) = asked(&bar, 100_000).await;
        bar.btcpay.pay_lightning(&invoice, Pay::Percent(50)).unwrap();
        bar.round().await;
        // It names the first payment alone, and arrives when the second one is settled.
        bar.btcpay.fail("GET */payment-methods", Fault::Slow(800), Some(1));
        let overtaken = bar.round();
        let quicker = async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            bar.btcpay.pay_lightning(&invoice, Pay::Exact).unwrap();
            bar.round().await;
            assert_eq!(bar.sale(&sale).await.state, "paid");
        };
        tokio::join!(overtaken, quicker);
        assert_eq!(bar.sale(&sale).await.state, "paid");
        assert!(!bar.story(&sale).await.contains(&"payment.gone".to_owned()));
        bar.all_is_right().await;
    }

    async fn an_invoice_that_ran_out_at_btcpay_alone_ends_and_is_sold_anew(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        let (sale, invoice) = asked(&bar, 100_000).await;
        bar.btcpay.expire(&invoice).unwrap();
        bar.comes_to(&sale, "open", 0).await;
        assert!(!bar.last(&sale).await.live());
        bar.renew(&sale, None).await.unwrap();
        bar.btcpay.pay_lightning(&bar.shown(&sale).await, Pay::Exact).unwrap();
        bar.comes_to(&sale, "paid", 100_000).await;
        bar.all_is_right().await;
    }
}
