//! The same chip set up again, frozen, and gone.

use std::time::Duration;

use btcpay_stand_in::Fault;
use pos_server::access::token;
use pos_server::{backing, card};

use super::hands::{Cafe, said};
use crate::card::chip::Chip;
use crate::card::hands::{reason, serial};
use crate::on_both;

impl Cafe {
    async fn again(&self) -> String {
        let (card, backing) = self.backed().await;
        let secret = token::random();
        let until = self.app().now().after(Duration::from_secs(600));
        let setup = card::leave_again(&card, token::hash(&secret), until);
        backing::prepare_again(self.app(), &setup, &backing, "Ann").await.unwrap();
        secret
    }

    async fn version(&self, link: &str) -> Result<i64, String> {
        let shown = card::prove(&self.app().db, &self.app().seal, link).await;
        shown.map(|shown| shown.version).map_err(|why| why.to_string())
    }
}

on_both! {
    async fn the_old_keys_are_good_until_a_tap_confirms_the_next(fresh: Fresh) {
        let cafe = Cafe::open(fresh).await;
        let mut old = cafe.issued(50_000).await;
        assert_eq!(cafe.version(&old.tap()).await, Ok(0));
        let token = cafe.again().await;
        let other = cafe.program(&token, serial(&Chip::serial())).await;
        assert_eq!(reason(&other), "This is another card than the code is for.");
        let token = cafe.again().await;
        let written = said(&cafe.program(&token, serial(old.uid())).await);
        assert_eq!(written["Version"], 1);
        assert_eq!(said(&cafe.program(&token, serial(old.uid())).await), written, "lost, asked again");
        assert_eq!(cafe.version(&old.tap()).await, Ok(0), "the chip may still have them");
        let mut next = Chip::written(*old.uid(), &written);
        assert_eq!(cafe.version(&next.tap()).await, Ok(1));
        assert_eq!(cafe.version(&old.tap()).await, Err("This tap is not genuine.".into()));
        let (card, _) = cafe.backed().await;
        assert_eq!((card.version, card.next_version), (1, None));
        assert!(cafe.app().db.card_key(&card.id, 0).await.unwrap().is_none(), "forgotten");
        assert_eq!(cafe.pulls().len(), 1, "its money is where it was");
        cafe.contract_was_kept();
    }

    async fn a_card_that_is_gone_is_put_away_at_btcpay_if_the_owner_wants_it(fresh: Fresh) {
        let cafe = Cafe::open(fresh).await;
        cafe.issued(50_000).await;
        let (card, backing) = cafe.backed().await;
        cafe.btcpay.fail("DELETE *", Fault::Down, Some(1));
        let words = backing::end(cafe.app(), &card, &backing, true, "Ann").await.unwrap_err();
        assert!(words.to_string().starts_with("BTCPay does not answer"));
        assert_eq!(cafe.backed().await.0.state, "new", "nothing was ended");
        backing::end(cafe.app(), &card, &backing, false, "Ann").await.unwrap();
        assert_eq!(cafe.backed().await.0.state, "gone");
        assert_eq!(cafe.pulls()[0]["archived"], false);
        backing::end(cafe.app(), &card, &backing, true, "Ann").await.unwrap();
        assert_eq!(cafe.pulls()[0]["archived"], true);
        assert!(cafe.backed().await.1.ended_ms.is_some());
    }
}
