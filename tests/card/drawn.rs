//! Cards topped up by Lightning: LUD-06, 12, 19 and 21 field by field, and the money once.

use std::collections::BTreeSet;
use std::sync::Arc;

use bitcoin::hashes::{Hash as _, sha256};
use lightning_invoice::{Bolt11Invoice, Bolt11InvoiceDescriptionRef};
use pos_server::domain::time::{Clock, Time};
use pos_server::rail::lnd::Lnd;
use pos_server::rail::sandbox::How;
use pos_server::rails::Connected;
use pos_server::till::card;
use pos_server::till::settle::{Settled, settle};
use pos_server::worker;
use serde_json::Value;

use super::away::rig::{Pursed, no};
use crate::on_both;
use crate::rail::stack::{admin, shop_secrets};
use crate::sale::shop::Shop;

impl Shop {
    /// The address of the merchant's only card, as a wallet asks it.
    async fn pay_address(&self) -> String {
        let link = card::pay_link(self.app(), &self.card().await.id).await.unwrap();
        link.replace("lnurlp://", "http://")
    }

    /// A wallet asks for an invoice.
    async fn drawn(&self, msat: u64) -> Value {
        let said = self.lnurl(&self.pay_address().await).await;
        let callback = said["callback"].as_str().unwrap();
        self.lnurl(&format!("{callback}?amount={msat}&comment=Happy%20birthday")).await
    }

    /// Everything that a practice node tells, by its stream from the beginning.
    async fn hear_all(&self, connected: &Connected) {
        use futures_util::StreamExt;
        let mut stream = connected.rail.notices(pos_server::rail::Cursor::default());
        while let Ok(Some(told)) =
            tokio::time::timeout(std::time::Duration::from_millis(200), stream.next()).await
        {
            worker::take(self.app(), connected, &told.unwrap()).await.unwrap();
        }
    }
}

fn keys(said: &Value) -> BTreeSet<&str> {
    said.as_object().unwrap().keys().map(String::as_str).collect()
}

on_both! {
    async fn the_address_and_the_invoice_are_as_the_specifications_say(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        shop.practises();
        shop.card_with(500_000).await;
        let address = shop.pay_address().await;
        assert_eq!(shop.pay_address().await, address, "the same whenever it is asked for");
        let said = shop.lnurl(&address).await;
        let wanted =
            ["tag", "callback", "minSendable", "maxSendable", "metadata", "commentAllowed"];
        assert_eq!(keys(&said), wanted.into());
        assert_eq!(said["tag"], "payRequest");
        assert!(1 <= said["minSendable"].as_u64().unwrap());
        assert!(said["minSendable"].as_u64() <= said["maxSendable"].as_u64());
        let metadata = said["metadata"].as_str().unwrap();
        let entries: Vec<Vec<Value>> = serde_json::from_str(metadata).unwrap();
        let plain = entries.iter().filter(|entry| entry[0] == "text/plain");
        assert_eq!(plain.count(), 1, "LUD-06: one text/plain");
        assert!(said["commentAllowed"].as_u64().unwrap() > 0, "LUD-12");

        let drawn = shop.drawn(123_000).await;
        assert_eq!(keys(&drawn), ["status", "pr", "routes", "verify"].into());
        assert_eq!(drawn["routes"], serde_json::json!([]));
        let invoice: Bolt11Invoice = drawn["pr"].as_str().unwrap().parse().unwrap();
        assert_eq!(invoice.amount_milli_satoshis(), Some(123_000));
        let Bolt11InvoiceDescriptionRef::Hash(hash) = invoice.description() else {
            panic!("no hash of the metadata")
        };
        assert_eq!(hash.0, sha256::Hash::hash(metadata.as_bytes()));

        let verify = drawn["verify"].as_str().unwrap();
        let open = shop.lnurl(verify).await;
        assert_eq!(keys(&open), ["status", "settled", "preimage", "pr"].into(), "LUD-21");
        assert_eq!((&open["settled"], &open["preimage"]), (&false.into(), &Value::Null));
        assert_eq!(open["pr"], drawn["pr"]);
        let strange = format!("{}{}", verify.rsplit_once('/').unwrap().0, "/00");
        assert_eq!(no(&shop.lnurl(&strange).await), "Not found");
    }

    async fn what_comes_is_on_the_card_once_however_often_it_is_told(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let node = shop.practises();
        shop.card_with(500_000).await;
        let before = shop.card().await.balance_msat;
        let drawn = shop.drawn(123_000).await;
        node.pay(drawn["pr"].as_str().unwrap(), How::Exact).unwrap();
        let connected = shop.app().rails.get(shop.connection.id.as_str()).unwrap();
        for _ in 0..2 {
            shop.hear_all(&connected).await;
            shop.later(31);
            worker::look_at_top_ups(shop.app()).await.unwrap();
        }
        assert_eq!(shop.card().await.balance_msat - before, 123_000);
        let top_up = shop.app().db.paid_drawn(&shop.card().await.id, 10).await.unwrap().remove(0);
        assert_eq!((top_up.state.as_str(), top_up.comment.as_str()), ("paid", "Happy birthday"));
        let put = shop.moves().await.into_iter().find(|one| one.msat == 123_000).unwrap();
        assert_eq!((put.kind.as_str(), put.reference), ("top_up", Some(top_up.reference)));
        assert_eq!(shop.books().await.balance("lightning", "msat"), 123_000);
        let told = shop.lnurl(drawn["verify"].as_str().unwrap()).await;
        assert_eq!(told["settled"], true);
        let preimage = hex::decode(told["preimage"].as_str().unwrap()).unwrap();
        let invoice: Bolt11Invoice = drawn["pr"].as_str().unwrap().parse().unwrap();
        assert_eq!(sha256::Hash::hash(&preimage), *invoice.payment_hash());
        shop.cards_are_right().await;
    }

    async fn what_comes_late_counts_and_what_comes_twice_is_found(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let node = shop.practises();
        shop.card_with(500_000).await;
        let before = shop.card().await.balance_msat;
        let late = shop.drawn(100_000).await;
        let twice = shop.drawn(200_000).await;
        shop.later(700);
        worker::look_at_top_ups(shop.app()).await.unwrap();
        node.pay(late["pr"].as_str().unwrap(), How::Late).unwrap();
        node.pay(twice["pr"].as_str().unwrap(), How::Late).unwrap();
        node.pay(twice["pr"].as_str().unwrap(), How::Twice).unwrap();
        let connected = shop.app().rails.get(shop.connection.id.as_str()).unwrap();
        shop.hear_all(&connected).await;
        shop.hear_all(&connected).await;
        assert_eq!(shop.card().await.balance_msat - before, 300_000);
        let found = shop.app().db.found_money(&shop.store.id, Time(0), 10).await.unwrap();
        let found: Vec<_> = found.iter().map(|one| (one.kind.as_str(), one.msat)).collect();
        assert_eq!(found, [("found", 200_000)]);
        shop.cards_are_right().await;
    }

    async fn what_came_to_a_node_that_was_connected_anew_is_on_the_card(fresh: Fresh) {
        let mut shop = Shop::open(fresh).await;
        let node = shop.practises();
        shop.card_with(500_000).await;
        let before = shop.card().await.balance_msat;
        let drawn = shop.drawn(100_000).await;
        let lost = shop.drawn(200_000).await;
        node.pay(drawn["pr"].as_str().unwrap(), How::Exact).unwrap();
        // Another node stands in, and proves nothing by not knowing.
        shop.connect_anew(&shop.node.clone()).await;
        shop.practises();
        shop.later(700);
        worker::look_at_top_ups(shop.app()).await.unwrap();
        let open = shop.app().db.claim_drawn(Time(i64::MAX), Time(0), 10).await.unwrap();
        assert_eq!((open.len(), shop.card().await.balance_msat), (2, before));
        // The right one is connected again.
        shop.connect_anew(&shop.node.clone()).await;
        shop.app().rails.put(Connected { rail: node.clone(), ..shop.connected() });
        shop.later(31);
        worker::look_at_top_ups(shop.app()).await.unwrap();
        assert_eq!(shop.card().await.balance_msat - before, 100_000);
        shop.later(24 * 3600);
        worker::look_at_top_ups(shop.app()).await.unwrap();
        let open = shop.app().db.claim_drawn(Time(i64::MAX), Time(0), 10).await.unwrap();
        assert!(open.is_empty(), "nobody looks for ever: {open:?}");
        // And should it come after all, it counts.
        node.pay(lost["pr"].as_str().unwrap(), How::Late).unwrap();
        let connected = Connected { rail: node, ..shop.connected() };
        shop.hear_all(&connected).await;
        assert_eq!(shop.card().await.balance_msat - before, 300_000);
        shop.cards_are_right().await;
    }

    async fn a_frozen_card_takes_nothing_and_the_money_is_kept(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let node = shop.practises();
        shop.card_with(500_000).await;
        let before = shop.card().await.balance_msat;
        let drawn = shop.drawn(100_000).await;
        let mut tx = shop.app().db.begin().await.unwrap();
        let merchant = &shop.store.merchant_id;
        tx.freeze_card(merchant, &shop.card().await.id, "staff").await.unwrap();
        tx.commit().await.unwrap();
        let closed = shop.lnurl(&shop.pay_address().await).await;
        assert_eq!(no(&closed), "This card takes no money just now.");
        node.pay(drawn["pr"].as_str().unwrap(), How::Exact).unwrap();
        let connected = shop.app().rails.get(shop.connection.id.as_str()).unwrap();
        shop.hear_all(&connected).await;
        shop.hear_all(&connected).await;
        assert_eq!(shop.card().await.balance_msat, before);
        let found = shop.app().db.found_money(&shop.store.id, Time(0), 10).await.unwrap();
        assert_eq!((found.len(), found[0].msat), (1, 100_000));
        assert_eq!(shop.lnurl(drawn["verify"].as_str().unwrap()).await["settled"], true);
        shop.cards_are_right().await;
    }

    async fn amounts_comments_and_addresses_are_checked(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        shop.practises();
        shop.card_with(500_000).await;
        let said = shop.lnurl(&shop.pay_address().await).await;
        let callback = said["callback"].as_str().unwrap();
        let most = said["maxSendable"].as_u64().unwrap();
        for amount in [0, 999, most + 1] {
            let refused = shop.lnurl(&format!("{callback}?amount={amount}")).await;
            assert_eq!(no(&refused), "That amount cannot be put on this card.");
        }
        let none = shop.lnurl(callback).await;
        assert_eq!(no(&none), "An amount in millisatoshi is needed.");
        let long = format!("{callback}?amount=5000&comment={}", "x".repeat(141));
        assert_eq!(no(&shop.lnurl(&long).await), "This comment is too long.");
        let nobody = "http://127.0.0.1:8080/card/top-up/00";
        assert_eq!(no(&shop.lnurl(nobody).await), "There is no card at this address.");
        for _ in 0..20 {
            assert_eq!(shop.lnurl(&format!("{callback}?amount=5000")).await["status"], "OK");
        }
        let many = shop.lnurl(&format!("{callback}?amount=5000")).await;
        assert!(no(&many).starts_with("Too many codes"), "{many}");
    }

    async fn the_owner_sees_the_code_and_what_became_of_each_payment(fresh: Fresh) {
        let server = crate::support::shop::Shop::empty(fresh).await;
        let sample = server.sample().await;
        let mut owner = server.owner(&sample).await;
        let cards = format!("/dashboard/{}/cards", sample.store.id);
        owner.get(&format!("{cards}/new")).await;
        let wish = [("label", "Marcia"), ("tap", "100000"), ("day", "100000")];
        let page = owner.post(&format!("{cards}/new"), &wish).await;
        crate::card::web::programmed(&server, &page.body).await;
        let (merchant, db) = (&sample.store.merchant_id, &server.app.db);
        let card = db.cards(merchant, "practice").await.unwrap().remove(0);
        let page = owner.get(&format!("{cards}/{}/lightning", card.id)).await;
        page.is(200).says("Top it up by Lightning").says("Paid at other tills");
        let link = card::pay_link(&server.app, &card.id).await.unwrap();
        page.says(&link);
        owner.get(&format!("{cards}/{}/lightning", "0".repeat(32))).await.is(404);
        server.visitor().get(&format!("{cards}/{}/lightning", card.id)).await.is(303);
    }

    async fn a_real_lnd_is_paid_and_the_card_has_it(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let now = pos_server::domain::time::SystemClock.now();
        shop.later((now.0 - shop.app().now().0) / 1_000);
        let lnd = Arc::new(Lnd::new(&shop_secrets()).unwrap());
        let rail = Arc::new(Pursed { rail: lnd.clone(), purse: lnd });
        let connected = Connected { rail, ..shop.connected() };
        shop.app().rails.put(connected.clone());
        shop.card_with(500_000).await;
        let before = shop.card().await.balance_msat;
        let drawn = shop.drawn(77_000).await;
        let offer = pos_server::rail::Offer {
            reference: String::new(),
            request: drawn["pr"].as_str().map(str::to_owned),
            expires_at: shop.app().now(),
            priced: None,
            confirmations: None,
        };
        crate::rail::stack::pay(&offer).await.unwrap();
        shop.later(31);
        worker::look_at_top_ups(shop.app()).await.unwrap();
        assert_eq!(shop.card().await.balance_msat - before, 77_000);
        // Its stream tells of the same.
        let hash = shop.app().db.paid_drawn(&shop.card().await.id, 1).await.unwrap();
        let status = connected.rail.status(&hash[0].reference).await.unwrap();
        let pos_server::rail::Status::Paid(payments) = status else { panic!("{status:?}") };
        assert_eq!(
            settle(shop.app(), &connected, &payments[0], None).await.unwrap(),
            Settled::Before
        );
        let told = shop.lnurl(drawn["verify"].as_str().unwrap()).await;
        assert_eq!(told["preimage"].as_str().unwrap().len(), 64);
        shop.cards_are_right().await;
        drop(admin("CUSTOMER").await);
    }
}
