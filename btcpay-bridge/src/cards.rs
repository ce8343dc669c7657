//! Cards that draw on a pull payment: money set aside once for each card, chips registered with it,
//! and what is left of it. Amounts are millisatoshi here; at BTCPay they are in the pull payment's
//! own currency, and mean a hundred million times more or less by it.

use btcpay_client::PaymentMethodId;
use btcpay_client::boltcard::{Boltcard, OnExisting, RegisterBoltcard};
use btcpay_client::payout::{Payout, PayoutState};
use btcpay_client::pull_payment::{CreatePullPayment, PullPayment};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::desk::{Desk, Trouble};
use crate::rights::CARD_RIGHTS;

/// The longest name of a pull payment, in characters.
const LONGEST_NAME: usize = 50;

/// A pull payment that a card can draw on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purse {
    /// Its identifier. Whoever knows it can claim from it: it is shown to nobody but staff.
    pub id: String,
    /// Its name.
    pub name: String,
    /// It is put away: nothing more is paid from it.
    pub archived: bool,
    /// Payouts need no approval, as cards want it.
    pub approves: bool,
    /// What it held at first.
    limit: Decimal,
    /// Millisatoshi of one unit of its currency.
    unit: i64,
}

/// What became of an invoice that a card was to pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claimed {
    /// It is paid, by BTCPay's word.
    Paid,
    /// It may be paid yet.
    Coming,
    /// It will not be paid; the money is back.
    Cancelled,
    /// BTCPay was never asked for it.
    Never,
}

/// Millisatoshi of one unit of a currency that cards can be in.
fn unit(currency: &str) -> Option<i64> {
    match currency {
        "BTC" => Some(100_000_000_000),
        "SATS" => Some(1_000),
        _ => None,
    }
}

/// The name under which a card's money is found again: what the owner calls it, cut to what fits,
/// and our reference at its end.
fn name(label: &str, reference: &str) -> String {
    let room = LONGEST_NAME.saturating_sub(reference.chars().count() + 2);
    let label: String = label.chars().take(room).collect();
    format!("{} #{reference}", label.trim())
}

impl Purse {
    fn read(pull: PullPayment) -> Option<Self> {
        Some(Self {
            unit: unit(&pull.currency)?,
            id: pull.id,
            name: pull.name.unwrap_or_default(),
            archived: pull.archived,
            approves: pull.auto_approve_claims == Some(true),
            limit: pull.amount,
        })
    }

    /// What is left after these payouts: all that were not cancelled count, and those of less than
    /// nothing are top-ups. None if it is no amount, or BTCPay left one out.
    fn left(&self, payouts: &[Payout]) -> Option<i64> {
        let standing = payouts.iter().filter(|payout| payout.state != PayoutState::Cancelled);
        let mut left = self.limit;
        for payout in standing {
            left = left.checked_sub(payout.original_amount?)?;
        }
        left.checked_mul(Decimal::from(self.unit))?.floor().to_i64()
    }
}

impl Desk {
    /// What the key may not do of what cards need, in the merchant's words.
    pub async fn missing_for_cards(&self) -> Result<Vec<&'static str>, Trouble> {
        let key = self.client.current_api_key().await?;
        let missing = CARD_RIGHTS.iter().filter(|right| !key.allows(right.policy, &self.store));
        Ok(missing.map(|right| right.why).collect())
    }

    /// Sets so many satoshi aside for a card, once: what was made under this reference before is
    /// found again, so that it may be asked as often as it takes. Of two made in one moment the
    /// first counts. `Away` means that it may exist.
    pub async fn set_aside(
        &self,
        label: &str,
        reference: &str,
        sats: i64,
    ) -> Result<Purse, Trouble> {
        if let Some(made) = self.set_aside_before(reference).await? {
            return Ok(made);
        }
        let asked = CreatePullPayment {
            name: Some(name(label, reference)),
            auto_approve_claims: true,
            payout_methods: Some(vec![PaymentMethodId::btc_ln()]),
            ..CreatePullPayment::new(Decimal::from(sats), "SATS")
        };
        match self.client.create_pull_payment(&self.store, &asked).await {
            Ok(made) => checked(made, sats),
            Err(error) if error.outcome_unknown() => {
                let lost = Trouble::from(error);
                self.set_aside_before(reference).await?.ok_or(lost)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The pull payment that was made under a reference of ours.
    pub async fn set_aside_before(&self, reference: &str) -> Result<Option<Purse>, Trouble> {
        let end = format!("#{reference}");
        let mut found = self.client.pull_payments(&self.store, false).await?;
        found.retain(|pull| pull.name.as_ref().is_some_and(|name| name.ends_with(&end)));
        found.sort_by_key(|pull| (pull.starts_at, pull.id.clone()));
        Ok(found.into_iter().next().and_then(Purse::read))
    }

    /// The store's pull payments that cards can draw on, without those put away.
    pub async fn purses(&self) -> Result<Vec<Purse>, Trouble> {
        let all = self.client.pull_payments(&self.store, false).await?;
        Ok(all.into_iter().filter_map(Purse::read).collect())
    }

    /// A pull payment, and the millisatoshi that are left of it.
    pub async fn purse(&self, id: &str) -> Result<(Purse, i64), Trouble> {
        let pull = self.client.pull_payment(id).await?;
        let payouts = self.client.pull_payment_payouts(id, false).await?;
        let currency = pull.currency.clone();
        let strange = || Trouble::Refused(format!("BTCPay holds this card’s money in {currency}"));
        let purse = Purse::read(pull).ok_or_else(strange)?;
        let nonsense = || Trouble::Away("BTCPay tells of an impossible amount".into());
        let left = purse.left(&payouts).ok_or_else(nonsense)?;
        Ok((purse, left))
    }

    /// Puts a pull payment away; one that is gone already is fine.
    pub async fn put_away(&self, id: &str) -> Result<(), Trouble> {
        let away = self.client.archive_pull_payment(&self.store, id).await;
        match away.map_err(Trouble::from) {
            Err(Trouble::NotFound) => Ok(()),
            done => done,
        }
    }

    /// Registers a chip with a pull payment; the same chip again is answered the same. A chip that
    /// draws on another one is refused. With `anew` it gets the next keys each time.
    pub async fn register(
        &self,
        purse: &str,
        uid: [u8; 7],
        anew: bool,
    ) -> Result<Boltcard, Trouble> {
        let card = RegisterBoltcard::by_uid(uid);
        let card = if anew { card.on_existing(OnExisting::UpdateVersion) } else { card };
        Ok(self.client.register_boltcard(purse, &card).await?)
    }

    /// The keys of a chip that draws on this pull payment, by what it gave a reader. Changes nothing.
    pub async fn keys_of(&self, purse: &str, link: &str) -> Result<Boltcard, Trouble> {
        let card = RegisterBoltcard::by_lnurlw(link).on_existing(OnExisting::KeepVersion);
        Ok(self.client.register_boltcard(purse, &card).await?)
    }

    /// What became of an invoice that was to be paid from a pull payment.
    pub async fn claimed(&self, purse: &str, bolt11: &str) -> Result<Claimed, Trouble> {
        let payouts = self.client.pull_payment_payouts(purse, true).await?;
        let own = payouts.iter().filter(|one| one.destination.eq_ignore_ascii_case(bolt11));
        let each = own.map(|payout| match payout.state {
            PayoutState::Completed => Claimed::Paid,
            PayoutState::Cancelled => Claimed::Cancelled,
            _ => Claimed::Coming,
        });
        // The same invoice may have been tried more than once: whatever still stands counts.
        let order = |one: &Claimed| match one {
            Claimed::Paid => 0,
            Claimed::Coming => 1,
            _ => 2,
        };
        Ok(each.min_by_key(order).unwrap_or(Claimed::Never))
    }
}

fn checked(made: PullPayment, sats: i64) -> Result<Purse, Trouble> {
    let wrong = || Trouble::Refused("BTCPay set another amount aside than was asked for".into());
    let same = made.amount == Decimal::from(sats) && made.currency == "SATS";
    let purse = Purse::read(made).filter(|_| same).ok_or_else(wrong)?;
    if purse.approves {
        return Ok(purse);
    }
    Err(Trouble::Denied(
        "BTCPay lets this shop set money aside, and wants each payment approved by hand. The owner \
         has to pair it again, with the rights for cards."
            .into(),
    ))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn pull(amount: &str, currency: &str) -> Option<Purse> {
        let pull = json!({ "id": "pp", "amount": amount, "currency": currency });
        Purse::read(serde_json::from_value(pull).unwrap())
    }

    fn payouts(all: &[(&str, &str)]) -> Vec<Payout> {
        let one = |(amount, state): &(&str, &str)| -> Value {
            json!({ "id": "p", "destination": "lnbc", "originalAmount": amount, "state": state })
        };
        serde_json::from_value(all.iter().map(one).collect()).unwrap()
    }

    #[test]
    fn what_is_left_is_in_millisatoshi_whatever_the_currency() {
        let spent = [("1500", "Completed"), ("500", "InProgress"), ("9000", "Cancelled")];
        assert_eq!(pull("5000", "SATS").unwrap().left(&payouts(&spent)), Some(3_000_000));
        let spent = [("0.000015", "Completed"), ("0.00000500001", "AwaitingPayment")];
        assert_eq!(pull("0.00005", "BTC").unwrap().left(&payouts(&spent)), Some(2_999_999));
        let topped_up = [("-2500", "Completed")];
        assert_eq!(pull("5000", "SATS").unwrap().left(&payouts(&topped_up)), Some(7_500_000));
        assert!(pull("5000", "USD").is_none(), "dollars are never read as satoshi");
    }

    #[test]
    fn a_payout_without_an_amount_leaves_the_balance_unknown() {
        let odd = json!([{ "id": "p", "destination": "x", "state": "Completed" }]);
        let odd: Vec<Payout> = serde_json::from_value(odd).unwrap();
        assert_eq!(pull("5000", "SATS").unwrap().left(&odd), None);
    }

    #[test]
    fn a_name_fits_and_ends_in_our_reference() {
        let long = name(&"Grandmother Marcia’s ".repeat(5), "0123456789abcdef");
        assert!(
            long.chars().count() <= LONGEST_NAME && long.ends_with(" #0123456789abcdef"),
            "{long}"
        );
        assert_eq!(name("Marcia", "ab"), "Marcia #ab");
    }
}
