//! A holder with a phone, each act as one call.

use pos_server::web;

use crate::card::chip::Chip;
use crate::sale::acts::key;
use crate::sale::shop::Shop;
use crate::support::client::{Answer, Client};

/// The path and query of a card's link.
pub(crate) fn path(link: &str) -> String {
    format!("/card?{}", link.split_once('?').unwrap().1)
}

impl Shop {
    /// A phone that was never here.
    pub(crate) fn phone(&self) -> Client {
        Client::new(web::site(&self.house.app))
    }

    /// A phone that a card was held to, at the card's page.
    pub(crate) async fn at_page(&self, chip: &mut Chip) -> Client {
        let mut phone = self.phone();
        let answer = phone.get(&path(&chip.tap())).await;
        assert_eq!(answer.is(303).location(), "/card/own");
        phone.get("/card/own").await.is(200);
        phone
    }
}

/// Sends a form with a key of its own.
pub(crate) async fn send(phone: &mut Client, to: &str, fields: &[(&str, &str)]) -> Answer {
    let key = key();
    let mut all = vec![("key", key.as_str())];
    all.extend_from_slice(fields);
    phone.post(&format!("/card/own/{to}"), &all).await
}

/// Gives the card a PIN.
pub(crate) async fn give_pin(phone: &mut Client, pin: &str) {
    let fields = [("new", pin), ("twice", pin), ("from", "1000")];
    assert_eq!(send(phone, "pin", &fields).await.is(303).location(), "/card/own?done=pin");
}
