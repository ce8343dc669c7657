//! What a tablet sends, and keeps sending under one key until it has an answer.

use pos_server::db::DbError;
use pos_server::domain::cart::Tip;
use pos_server::domain::id::SaleId;
use pos_server::till::cart::CartRequest;
use pos_server::till::once::Once;
use pos_server::till::{TillError, cash, late, offer, open, void};
use sqlx::{AnyConnection, query};

use super::super::acts::keypad;
use super::super::shop::Shop;

#[derive(Debug, Clone)]
pub(crate) enum Verb {
    Charge { minor: i64, tip: i64 },
    Renew { part: Option<i64> },
    Cash { received: i64 },
    Void,
    Add { payment: String },
    GiveBack { payment: String },
}

#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) key: String,
    pub(crate) till: usize,
    /// None for a charge.
    pub(crate) sale: Option<SaleId>,
    pub(crate) verb: Verb,
    pub(crate) answer: Option<Answer>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It is done; for a charge, the sale.
    Done(Option<SaleId>),
    /// It was not done, in words.
    Refused(String),
}

impl Request {
    fn scope(&self, shop: &Shop) -> String {
        let verb = match self.verb {
            Verb::Charge { .. } => "charge",
            Verb::Renew { .. } => "offer",
            Verb::Cash { .. } => "cash",
            Verb::Void => "cancel",
            Verb::Add { .. } => "add",
            Verb::GiveBack { .. } => "give-back",
        };
        format!("{}/{}/{verb}", shop.store.merchant_id, self.till)
    }

    /// Sends it to the server that runs now.
    pub(crate) async fn send(self, shop: Shop) -> Result<Answer, TillError> {
        let once = Once::new(&self.scope(&shop), &self.key, &[])?;
        let (app, actor) = (shop.app(), shop.at(self.till));
        let done = match (&self.verb, &self.sale) {
            (Verb::Charge { minor, tip }, _) => {
                let cart: CartRequest = keypad(*minor);
                let opened = open::open(app, &actor, &cart, Tip::Amount(*tip), &once).await;
                return answer(opened.map(Some));
            }
            (Verb::Renew { part }, Some(sale)) => {
                offer::renew(app, &actor, sale, *part, &once).await
            }
            (Verb::Cash { received }, Some(sale)) => {
                cash::take(app, &actor, sale, *received, &once).await
            }
            (Verb::Void, Some(sale)) => void::void(app, &actor, sale, &once).await,
            (Verb::Add { payment }, Some(sale)) => {
                late::add(app, &actor, sale, payment, &once).await
            }
            (Verb::GiveBack { payment }, Some(sale)) => {
                late::give_back(app, &actor, sale, payment, &once).await
            }
            (_, None) => panic!("a verb on no sale"),
        };
        answer(done.map(|()| None))
    }

    /// What is wrong with an answer, as the database has it now.
    pub(crate) async fn lie(
        &self,
        answer: &Answer,
        shop: &Shop,
        desk: &mut AnyConnection,
    ) -> Option<String> {
        let kept = "SELECT answer FROM idempotency WHERE scope = $1 AND key = $2";
        let kept = query(kept).bind(self.scope(shop)).bind(self.key.clone());
        let kept = kept.fetch_optional(desk).await.unwrap().is_some();
        // Nothing to do is as good as done for these.
        let free = matches!(self.verb, Verb::Void | Verb::Renew { .. });
        match answer {
            Answer::Refused(words) if kept => Some(format!("done, yet told “{words}”: {self:?}")),
            Answer::Done(_) if !kept && !free => Some(format!("told it is done, not so: {self:?}")),
            _ => None,
        }
    }

    /// Keeps an answer; says what is wrong with it.
    pub(crate) async fn hear(
        &mut self,
        answer: Answer,
        shop: &Shop,
        desk: &mut AnyConnection,
    ) -> Option<String> {
        let lie = self.lie(&answer, shop, desk).await;
        let fault = lie.or_else(|| match (&answer, &self.answer) {
            (Answer::Done(now), Some(Answer::Done(first))) if now != first => {
                Some(format!("answered {first:?}, then {now:?}"))
            }
            _ => None,
        });
        if !matches!(self.answer, Some(Answer::Done(_))) {
            self.answer = Some(answer);
        }
        fault
    }
}

/// What the tablet makes of it: an error of the database is no answer.
fn answer(done: Result<Option<SaleId>, TillError>) -> Result<Answer, TillError> {
    match done {
        Ok(sale) => Ok(Answer::Done(sale)),
        Err(TillError::Db(DbError::NotFound)) => Ok(Answer::Refused("not found".into())),
        Err(error @ (TillError::Db(_) | TillError::Ledger(_) | TillError::KeyReused)) => Err(error),
        Err(refused) => Ok(Answer::Refused(refused.to_string())),
    }
}
