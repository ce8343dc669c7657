//! The real thing: another shop's LND is paid by ours.

use std::sync::Arc;
use std::time::Duration;

use pos_server::domain::time::Clock;
use pos_server::rail::lnd::Lnd;
use tonic_lnd::invoicesrpc::{AddHoldInvoiceRequest, CancelInvoiceMsg, SettleInvoiceMsg};
use tonic_lnd::lnrpc;

use super::rig::{no, ok};
use crate::on_both;
use crate::rail::stack::{admin, file, shop_secrets, shop_with};
use crate::sale::shop::Shop;

/// The shop's node with all rights, as one has it who lets cards pay.
fn ours() -> Lnd {
    Lnd::new(&shop_with(&file("SHOP_LND_ADMIN_MACAROON"))).unwrap()
}

/// A shop whose clock is right, on its LND.
pub(super) async fn opened(fresh: crate::support::db::Fresh) -> Shop {
    let shop = Shop::open(fresh).await;
    let now = pos_server::domain::time::SystemClock.now();
    shop.later((now.0 - shop.app().now().0) / 1_000);
    shop.pays_by(Arc::new(ours()));
    shop
}

async fn theirs(msat: i64) -> lnrpc::AddInvoiceResponse {
    let invoice = lnrpc::Invoice { value_msat: msat, expiry: 3_600, ..Default::default() };
    admin("CUSTOMER").await.lightning().add_invoice(invoice).await.unwrap().into_inner()
}

async fn state_of(r_hash: &[u8]) -> lnrpc::invoice::InvoiceState {
    let hash = lnrpc::PaymentHash { r_hash: r_hash.to_vec(), ..Default::default() };
    let invoice = admin("CUSTOMER").await.lightning().lookup_invoice(hash).await.unwrap();
    invoice.into_inner().state()
}

/// An invoice that their node neither takes nor refuses until it is told to.
pub(super) async fn held(msat: i64) -> (Vec<u8>, Vec<u8>, String) {
    use bitcoin::hashes::{Hash as _, sha256};
    let preimage = rand::random::<[u8; 32]>();
    let hash = sha256::Hash::hash(&preimage).to_byte_array().to_vec();
    let request = AddHoldInvoiceRequest {
        hash: hash.clone(),
        value_msat: msat,
        expiry: 3_600,
        ..Default::default()
    };
    let made = admin("CUSTOMER").await.invoices().add_hold_invoice(request).await.unwrap();
    (preimage.to_vec(), hash, made.into_inner().payment_request)
}

/// An invoice of a node that only the customer's node knows the way to.
fn behind_a_dear_hop(msat: u64) -> String {
    use bitcoin::hashes::{Hash as _, sha256};
    use bitcoin::secp256k1::{Message, PublicKey, Secp256k1, SecretKey};
    use lightning_invoice::{
        Currency, InvoiceBuilder, PaymentSecret, RouteHint, RouteHintHop, RoutingFees,
    };
    let (secp, key) = (Secp256k1::new(), SecretKey::from_slice(&[8; 32]).unwrap());
    let customer: PublicKey = crate::rail::stack::variable("CUSTOMER_LND_PUBKEY").parse().unwrap();
    let hop = RouteHintHop {
        src_node_id: customer,
        short_channel_id: 123 << 40 | 1 << 16,
        fees: RoutingFees { base_msat: 6_000, proportional_millionths: 0 },
        cltv_expiry_delta: 40,
        htlc_minimum_msat: None,
        htlc_maximum_msat: None,
    };
    let now = pos_server::domain::time::SystemClock.now();
    InvoiceBuilder::new(Currency::Regtest)
        .description("Far away".into())
        .payment_hash(sha256::Hash::hash(&rand::random::<[u8; 32]>()))
        .payment_secret(PaymentSecret(rand::random()))
        .duration_since_epoch(Duration::from_millis(u64::try_from(now.0).unwrap()))
        .expiry_time(Duration::from_secs(3_600))
        .min_final_cltv_expiry_delta(80)
        .private_route(RouteHint(vec![hop]))
        .basic_mpp()
        .amount_milli_satoshis(msat)
        .build_signed(|digest: &Message| secp.sign_ecdsa_recoverable(digest, &key))
        .unwrap()
        .to_string()
}

pub(super) async fn accepted(hash: &[u8]) {
    for _ in 0..100 {
        if state_of(hash).await == lnrpc::invoice::InvoiceState::Accepted {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the payment did not arrive");
}

/// Looks until no payment is under way.
pub(super) async fn resolved(shop: &Shop) -> String {
    for _ in 0..100 {
        shop.later(6);
        shop.look_at_payouts().await;
        let payout = shop.payouts().await.remove(0);
        if !payout.under_way() {
            return payout.state;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("it never ended")
}

on_both! {
    async fn another_shops_node_is_paid_by_ours(fresh: Fresh) {
        let shop = opened(fresh).await;
        let mut chip = shop.card_with(500_000).await;
        let before = shop.card().await.balance_msat;
        let invoice = theirs(123_456).await;
        ok(&shop.away(&chip.tap(), &invoice.payment_request).await);
        assert_eq!(resolved(&shop).await, "paid");
        assert_eq!(state_of(&invoice.r_hash).await, lnrpc::invoice::InvoiceState::Settled);
        let payout = shop.payouts().await.remove(0);
        assert_eq!(before - shop.card().await.balance_msat, 123_456 + payout.fee_msat);
        assert_eq!(payout.payment_hash, hex::encode(&invoice.r_hash));
        shop.cards_are_right().await;
        // Somebody shows the same invoice again.
        no(&shop.away(&chip.tap(), &invoice.payment_request).await);
    }

    async fn a_payment_that_is_held_is_accepted_and_ends_as_their_node_says(fresh: Fresh) {
        let shop = opened(fresh).await;
        let mut chip = shop.card_with(500_000).await;
        let before = shop.card().await.balance_msat;
        for settles in [true, false] {
            let (preimage, hash, request) = held(50_000).await;
            let since = std::time::Instant::now();
            ok(&shop.away(&chip.tap(), &request).await);
            assert!(since.elapsed() < Duration::from_secs(10), "it does not hang");
            accepted(&hash).await;
            shop.later(6);
            shop.look_at_payouts().await;
            assert_eq!(shop.payouts().await[0].state, "sent");
            let mut customer = admin("CUSTOMER").await;
            if settles {
                customer.invoices().settle_invoice(SettleInvoiceMsg { preimage }).await.unwrap();
            } else {
                let cancel = CancelInvoiceMsg { payment_hash: hash };
                customer.invoices().cancel_invoice(cancel).await.unwrap();
            }
            assert_eq!(resolved(&shop).await, if settles { "paid" } else { "failed" });
        }
        assert_eq!(before - shop.card().await.balance_msat, 50_000);
        shop.cards_are_right().await;
    }

    async fn our_own_nodes_invoice_is_refused_in_words(fresh: Fresh) {
        let shop = opened(fresh).await;
        let mut chip = shop.card_with(500_000).await;
        let invoice = lnrpc::Invoice { value_msat: 5_000, expiry: 3_600, ..Default::default() };
        let own = admin("SHOP").await.lightning().add_invoice(invoice).await.unwrap().into_inner();
        let said = shop.away(&chip.tap(), &own.payment_request).await;
        assert_eq!(no(&said), "This code is of the same node that would pay it.");
        shop.cards_are_right().await;
    }

    async fn a_way_that_costs_more_than_its_limit_is_not_taken(fresh: Fresh) {
        let shop = opened(fresh).await;
        let mut chip = shop.card_with(500_000).await;
        let before = shop.card().await.balance_msat;
        // Behind the customer's node, over a hop that wants six sats; five are the limit.
        let far = behind_a_dear_hop(20_000);
        let said = shop.away(&chip.tap(), &far).await;
        assert_eq!(no(&said), "No way was found to the shop’s node that is cheap enough.");
        let card = shop.card().await;
        assert_eq!((card.balance_msat, card.spent_msat), (before, 0));
        shop.cards_are_right().await;
    }

    async fn a_macaroon_that_may_not_pay_is_said_to_be_so(fresh: Fresh) {
        let shop = opened(fresh).await;
        let mut chip = shop.card_with(500_000).await;
        let before = shop.card().await.balance_msat;
        shop.pays_by(Arc::new(Lnd::new(&shop_secrets()).unwrap()));
        let said = shop.away(&chip.tap(), &theirs(5_000).await.payment_request).await;
        assert!(no(&said).contains("does not let us pay"), "{said}");
        assert_eq!(shop.card().await.balance_msat, before);
        shop.cards_are_right().await;
    }
}
