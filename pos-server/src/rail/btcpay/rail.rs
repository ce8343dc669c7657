//! The rail's calls: an invoice made, looked at, given up.

use async_trait::async_trait;
use btcpay_bridge::{Article, Look, Made, NewInvoice, Part, Trouble, Truth};
use futures_util::stream::BoxStream;
use rust_decimal::Decimal;

use super::Btcpay;
use crate::domain::money::{Money, Msat};
use crate::domain::time::Time;
use crate::rail::purse::Purse;
use crate::rail::{
    Ask, Capabilities, Cursor, Offer, Paid, Priced, Rail, RailError, RailName, Standing, Status,
    Told, ToldBy, bolt11, lost_order,
};

#[async_trait]
impl Rail for Btcpay {
    fn name(&self) -> RailName {
        RailName::Btcpay
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            told_by: ToldBy::Rail,
            needs_quote: false,
            can_cancel: true,
            can_underpay: true,
            finds_lost: true,
            takes_back: true,
            real: true,
        }
    }

    async fn offer(&self, ask: &Ask) -> Result<Offer, RailError> {
        let nothing = || RailError::Refused("an invoice over nothing cannot be made".into());
        let money = ask.money.filter(|money| money.minor > 0).ok_or_else(nothing)?;
        let made = self.desk.make(&self.invoice(ask, money)).await.map_err(failed)?;
        let asked = checked(&made)?;
        Ok(Offer {
            reference: made.id,
            request: Some(made.request),
            expires_at: seconds(made.expires),
            priced: Some(Priced {
                asked,
                per_btc: made.rate,
                source: "BTCPay".into(),
                at: seconds(made.created),
            }),
            confirmations: made.confirmations,
        })
    }

    async fn status(&self, reference: &str) -> Result<Status, RailError> {
        let Some(invoice) = self.number(reference).await? else {
            return Ok(Status::Unknown);
        };
        // Whoever asks may lose patience: until there is an answer, each round tells of it again.
        self.coming().insert(invoice.clone());
        self.status_of(reference, &invoice, self.desk.truth(&invoice).await)
    }

    /// Marks it invalid at BTCPay.
    async fn cancel(&self, reference: &str) -> Result<Status, RailError> {
        match self.number(reference).await? {
            Some(invoice) => self.status_of(reference, &invoice, self.desk.give_up(&invoice).await),
            None => Ok(Status::Unknown),
        }
    }

    async fn order_of(&self, reference: &str) -> Result<Option<String>, RailError> {
        match is_number(reference) {
            true => {
                self.coming().insert(reference.to_owned());
                let order = self.desk.order_of(reference).await.map_err(failed)?;
                self.coming().remove(reference);
                Ok(order)
            }
            false => Ok(None),
        }
    }

    fn purse(&self) -> Option<&dyn Purse> {
        Some(self)
    }

    fn notices(&self, from: Cursor) -> BoxStream<'static, Result<Told, RailError>> {
        self.clone().tell(from)
    }
}

impl Btcpay {
    fn invoice(&self, ask: &Ask, money: Money) -> NewInvoice {
        let digits = u32::from(money.currency.exponent());
        let articles = ask.lines.iter().map(|line| Article {
            title: line.title.clone(),
            count: line.count,
            price: Decimal::new(line.price, digits),
        });
        NewInvoice {
            order: ask.order.clone(),
            amount: Decimal::new(money.minor, digits),
            currency: money.currency.code().to_owned(),
            description: ask.memo.clone(),
            articles: articles.collect(),
            minutes: i64::try_from(ask.expires_in.as_secs().div_ceil(60)).unwrap_or(15),
            methods: self.choices.methods,
            speed: self.choices.speed.clone(),
        }
    }

    /// BTCPay's number behind a reference; none if there is no such invoice.
    async fn number(&self, reference: &str) -> Result<Option<String>, RailError> {
        let Some(order) = lost_order(reference) else {
            return Ok(is_number(reference).then(|| reference.to_owned()));
        };
        let found = self.desk.by_order(order).await.map_err(failed)?;
        Ok(found.map(|invoice| invoice.id))
    }

    /// What is true of an invoice, under the reference it was asked by.
    fn status_of(
        &self,
        reference: &str,
        invoice: &str,
        look: Result<Look, Trouble>,
    ) -> Result<Status, RailError> {
        let coming = look.as_ref().is_ok_and(|look| look.coming);
        let status = status(reference, look.map(|look| look.truth));
        match coming || status.is_err() {
            true => self.coming().insert(invoice.to_owned()),
            false => self.coming().remove(invoice),
        };
        status
    }
}

/// BTCPay's numbers are letters and digits; nothing else is asked for.
fn is_number(reference: &str) -> bool {
    !reference.is_empty() && reference.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The Lightning invoice must ask for what BTCPay says it asks for.
fn checked(made: &Made) -> Result<Msat, RailError> {
    let asked = Msat::new(made.msat)
        .map_err(|_| RailError::Refused("BTCPay asks for an impossible amount".into()))?;
    if let Some(text) = &made.bolt11 {
        let read = bolt11::Invoice::read(text).map_err(|error| {
            RailError::Refused(format!("BTCPay’s invoice cannot be used: {error}"))
        })?;
        if read.amount != Some(asked) {
            let words = "BTCPay’s Lightning invoice asks for another amount than BTCPay says";
            return Err(RailError::Refused(words.into()));
        }
    }
    Ok(asked)
}

pub(super) fn seconds(unix: i64) -> Time {
    Time(unix.saturating_mul(1000))
}

pub(super) fn failed(trouble: Trouble) -> RailError {
    match trouble {
        Trouble::Away(_) => RailError::Unreachable("BTCPay does not answer".into()),
        Trouble::Denied(words) | Trouble::Refused(words) => RailError::Refused(words),
        Trouble::NotFound => {
            RailError::Refused("BTCPay does not know this store any more. Tell the owner.".into())
        }
    }
}

fn status(offer: &str, truth: Result<Truth, Trouble>) -> Result<Status, RailError> {
    Ok(match truth {
        Ok(Truth::Open) => Status::Open,
        Ok(Truth::Seen) => Status::Seen,
        Ok(Truth::Closed) => Status::Closed,
        Ok(Truth::Paid(parts)) => Status::Paid(paid(offer, &parts)?),
        Ok(Truth::Refuted { by_hand, standing }) => {
            Status::Refuted { by_hand, standing: paid(offer, &standing)? }
        }
        Ok(Truth::Unsure(words)) => return Err(RailError::Unreachable(words)),
        Err(Trouble::NotFound) => Status::Unknown,
        Err(trouble) => return Err(failed(trouble)),
    })
}

fn paid(offer: &str, parts: &[Part]) -> Result<Vec<Paid>, RailError> {
    let nonsense = |_| RailError::Unreachable("BTCPay tells of an impossible amount".into());
    let each = parts.iter().map(|part| {
        Ok(Paid {
            offer: offer.to_owned(),
            reference: part.id.clone(),
            amount: Msat::new(part.msat).map_err(nonsense)?,
            at: seconds(part.at),
            standing: if part.marked { Standing::Marked } else { Standing::Settled },
        })
    });
    each.collect()
}
