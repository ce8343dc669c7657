//! What is on a card: by our own books, or by the word of the BTCPay Server where its money is.

use std::time::Duration;

use super::holder::Holder;
use crate::app::App;
use crate::backing::{self, Money};
use crate::domain::money::Msat;
use crate::rate::age_words;
use crate::web::card_words::sats;
use crate::web::error::WebError;
use crate::web::page::portal::{Held, Worth};

/// How long a page waits for BTCPay's word.
const WAIT: Duration = Duration::from_secs(4);

/// What is on the holder's card, as far as it is known.
pub(super) async fn held(app: &App, holder: &Holder) -> Result<Held, WebError> {
    let card = &holder.card;
    let Some(backing) = app.db.card_backing(&card.id).await? else {
        return Ok(Held {
            sats: Some(sats(card.balance_msat)?),
            worth: worth(app, holder, card.balance_msat),
            word: None,
        });
    };
    let before = backing.left_msat.zip(backing.seen_ms.map(crate::domain::time::Time));
    let money = match tokio::time::timeout(WAIT, backing::look(app, &backing)).await {
        Ok(Ok(money)) => money,
        Ok(Err(error)) => return Err(WebError::internal(error)),
        Err(_) => Money::Unseen(before),
    };
    Ok(match money {
        Money::Now(msat) => Held {
            sats: Some(sats(msat)?),
            worth: worth(app, holder, msat),
            word: Some("Kept at the shop’s BTCPay Server, which said so just now.".into()),
        },
        Money::Unseen(Some((msat, at))) => {
            let near = holder.local().near(at.0, app.now().0);
            let word = format!("The BTCPay Server that keeps it said so {near}; now it is silent.");
            Held { sats: Some(sats(msat)?), worth: None, word: Some(word) }
        }
        Money::Unseen(None) => Held {
            sats: None,
            worth: None,
            word: Some("The BTCPay Server that keeps it is silent just now.".into()),
        },
        Money::Ended => Held {
            sats: None,
            worth: None,
            word: Some("The shop’s BTCPay Server pays nothing from it any more.".into()),
        },
    })
}

/// What it is in the store's money, at the price of now; nothing without a fresh one.
fn worth(app: &App, holder: &Holder, msat: i64) -> Option<Worth> {
    let quote = app.quote(&holder.store).ok()?;
    let amount = quote.worth(Msat::from_db(msat).ok()?).ok()?;
    let age = age_words(app.now().since(quote.at));
    Some(Worth { amount: amount.to_string(), age })
}
