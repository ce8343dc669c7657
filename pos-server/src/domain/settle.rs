//! What money that arrived does to a sale. Pure: called twice with the same facts it says the same.
//!
//! What is never done: crediting more than is due, crediting a late payment without being asked,
//! guessing which sale money was for. What is over is the payer's, to the millisatoshi, from a whole
//! satoshi on.

use super::money::Msat;
use super::time::Time;

/// The sale as it stands, minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SaleFacts {
    /// Still to be paid.
    pub open: bool,
    /// What is due.
    pub due: i64,
}

/// The offer that was paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfferFacts {
    /// Minor units that it asked for.
    pub amount: i64,
    /// Millisatoshi that it asked for.
    pub asked: Msat,
    /// After this it could not be paid.
    pub expires: Time,
    /// A payment to it was counted before.
    pub paid_before: bool,
    /// The price that it was made at: minor units, and the millisatoshi that they came to. What is
    /// left to pay may be too little to tell a price by.
    pub price: (i64, Msat),
}

/// What a payment turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// What was asked for.
    Due,
    /// Less.
    Under,
    /// More, or more than was still due.
    Over,
    /// After the offer ran out; waits for the cashier's word.
    Late,
    /// For a sale that needs no more, or an offer that was paid before.
    Extra,
    /// The merchant's word at the rail that it is paid; no money.
    Marked,
}

impl Arrival {
    /// The name in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Under => "under",
            Self::Over => "over",
            Self::Late => "late",
            Self::Extra => "extra",
            Self::Marked => "marked",
        }
    }
}

/// How a payment is split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Split {
    /// What it is.
    pub arrival: Arrival,
    /// Minor units that go to the sale.
    pub credited: i64,
    /// Minor units that are the payer's, at the offer's own price.
    pub owed: i64,
    /// Millisatoshi that are the payer's.
    pub owed_msat: Msat,
}

impl Split {
    /// What is left of it when `already` minor units of the same money were given back before: what
    /// is owed shrinks first, then what goes to the sale.
    #[must_use]
    pub fn less_given_back(self, already: i64) -> Self {
        if already <= 0 {
            return self;
        }
        let owed = self.owed.saturating_sub(already).max(0);
        let beyond = already.saturating_sub(self.owed).max(0);
        let owed_msat = if owed == 0 {
            Msat::ZERO
        } else {
            Msat::new(portion(self.owed_msat.get(), owed, self.owed)).unwrap_or(self.owed_msat)
        };
        let credited = self.credited.saturating_sub(beyond).max(0);
        Self { credited, owed, owed_msat, ..self }
    }
}

/// Splits a payment of `paid`, taken by the rail at `at`.
#[must_use]
pub fn split(sale: SaleFacts, offer: OfferFacts, paid: Msat, at: Time) -> Split {
    if !sale.open || sale.due == 0 || offer.paid_before {
        return all_owed(Arrival::Extra, offer, paid);
    }
    if at > offer.expires {
        return all_owed(Arrival::Late, offer, paid);
    }
    credit(sale.due, offer, paid)
}

/// What the merchant's word that an offer is paid does: what the offer still asked for counts as
/// paid, if the sale needs it. Nobody is owed anything.
#[must_use]
pub fn marked(sale: SaleFacts, offer: OfferFacts) -> Split {
    let credited = if sale.open && !offer.paid_before { offer.amount.min(sale.due) } else { 0 };
    Split { arrival: Arrival::Marked, credited: credited.max(0), owed: 0, owed_msat: Msat::ZERO }
}

/// Credits a payment up to `due`, whatever its time: also what adds a late one when it is asked.
#[must_use]
pub fn credit(due: i64, offer: OfferFacts, paid: Msat) -> Split {
    let value = worth(offer, paid);
    let credited = value.min(due.max(0));
    if credited == 0 {
        let arrival = if due > 0 { Arrival::Under } else { Arrival::Extra };
        return all_owed(arrival, offer, paid);
    }
    let beyond = beyond(offer, paid);
    let within = paid.less(beyond);
    let unneeded = value - credited;
    let unneeded_msat = portion(within.get(), unneeded, value);
    let owed_msat = Msat::new(beyond.get() + unneeded_msat).unwrap_or(paid);
    let arrival = if paid < offer.asked && unneeded == 0 {
        Arrival::Under
    } else if owed_msat > Msat::ZERO {
        Arrival::Over
    } else {
        Arrival::Due
    };
    let owed = unneeded.saturating_add(price_of(offer, beyond));
    Split { arrival, credited, owed, owed_msat }
}

fn all_owed(arrival: Arrival, offer: OfferFacts, paid: Msat) -> Split {
    let owed = worth(offer, paid).saturating_add(price_of(offer, beyond(offer, paid)));
    Split { arrival, credited: 0, owed, owed_msat: paid }
}

/// What up to the asked sats are worth at the offer's own price: all of it, or rounded down.
fn worth(offer: OfferFacts, paid: Msat) -> i64 {
    if paid >= offer.asked { offer.amount } else { price_of(offer, paid).min(offer.amount) }
}

/// What came beyond what was asked. On the chain nobody can send less than a whole satoshi, and the
/// code asks for it rounded up: a part of one is no more than was asked.
fn beyond(offer: OfferFacts, paid: Msat) -> Msat {
    let beyond = paid.less(offer.asked);
    if beyond.sat_floor() == 0 { Msat::ZERO } else { beyond }
}

fn price_of(offer: OfferFacts, msat: Msat) -> i64 {
    let (amount, asked) = offer.price;
    if asked == Msat::ZERO {
        return 0;
    }
    let exact = u128::from(msat.get()) * u128::from(amount.unsigned_abs());
    i64::try_from(exact / u128::from(asked.get())).unwrap_or(i64::MAX)
}

fn portion(whole: u64, part: i64, of: i64) -> u64 {
    if of <= 0 {
        return 0;
    }
    let exact = u128::from(whole) * u128::from(part.unsigned_abs()) / u128::from(of.unsigned_abs());
    u64::try_from(exact).unwrap_or(whole).min(whole)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const OPEN: SaleFacts = SaleFacts { open: true, due: 240_550 };

    fn offer() -> OfferFacts {
        let asked = Msat::from_sat(14_595).unwrap();
        let price = (240_550, asked);
        OfferFacts { amount: 240_550, asked, expires: Time(600_000), paid_before: false, price }
    }

    fn sats(sat: u64) -> Msat {
        Msat::from_sat(sat).unwrap()
    }

    #[test]
    fn what_was_asked_settles_what_was_due() {
        let split = split(OPEN, offer(), sats(14_595), Time(1));
        let want =
            Split { arrival: Arrival::Due, credited: 240_550, owed: 0, owed_msat: Msat::ZERO };
        assert_eq!(split, want);
    }

    #[test]
    fn less_is_credited_for_what_it_is_worth_and_never_rounded_up() {
        let split = split(OPEN, offer(), sats(14_594), Time(1));
        assert_eq!((split.arrival, split.credited), (Arrival::Under, 240_533));
    }

    #[test]
    fn more_is_kept_for_the_payer() {
        let split = split(OPEN, offer(), sats(15_000), Time(1));
        assert_eq!((split.arrival, split.credited), (Arrival::Over, 240_550));
        assert_eq!((split.owed, split.owed_msat), (6_675, sats(405)));
    }

    #[test]
    fn what_the_chain_rounds_up_to_a_whole_satoshi_is_nothing_to_give_back() {
        let asked = OfferFacts { asked: Msat::new(14_594_210).unwrap(), ..offer() };
        let exact = split(OPEN, asked, sats(14_595), Time(1));
        let want =
            Split { arrival: Arrival::Due, credited: 240_550, owed: 0, owed_msat: Msat::ZERO };
        assert_eq!(exact, want);
        assert_eq!(split(OPEN, asked, sats(14_595), Time(700_000)).owed, 240_550);
        assert_eq!(split(OPEN, asked, sats(14_596), Time(1)).owed, 29);
    }

    #[test]
    fn a_payment_after_the_end_waits_for_the_cashier() {
        let split = split(OPEN, offer(), sats(14_595), Time(700_000));
        assert_eq!((split.arrival, split.credited), (Arrival::Late, 0));
        assert_eq!((split.owed, split.owed_msat), (240_550, sats(14_595)));
    }

    #[test]
    fn a_payment_to_a_closed_sale_or_a_paid_offer_is_extra() {
        let closed = SaleFacts { open: false, due: 0 };
        assert_eq!(split(closed, offer(), sats(14_595), Time(1)).arrival, Arrival::Extra);
        let again = OfferFacts { paid_before: true, ..offer() };
        assert_eq!(split(OPEN, again, sats(14_595), Time(1)).arrival, Arrival::Extra);
    }

    #[test]
    fn when_cash_took_a_part_meanwhile_the_rest_is_the_payers() {
        let less_due = SaleFacts { open: true, due: 120_275 };
        let split = split(less_due, offer(), sats(14_595), Time(1));
        assert_eq!((split.arrival, split.credited), (Arrival::Over, 120_275));
        assert_eq!((split.owed, split.owed_msat), (120_275, Msat::new(7_297_500).unwrap()));
    }

    #[test]
    fn what_is_over_a_small_rest_is_worth_what_the_whole_was_priced_at() {
        let rest = OfferFacts { amount: 1, asked: Msat::new(1).unwrap(), ..offer() };
        let split = split(SaleFacts { open: true, due: 1 }, rest, sats(14_595), Time(1));
        assert_eq!((split.credited, split.owed), (1, 240_549));
    }

    proptest! {
        #[test]
        fn nothing_is_credited_beyond_the_due_and_nothing_is_owed_beyond_the_paid(
            due in 0i64..1_000_000, amount in 1i64..1_000_000, asked in 1u64..10_000_000_000,
            paid in 0u64..20_000_000_000, at in 0i64..1_000_000, open: bool, paid_before: bool
        ) {
            let asked = Msat::new(asked).unwrap();
            let price = (amount, asked);
            let facts = OfferFacts { amount, asked, expires: Time(500_000), paid_before, price };
            let paid = Msat::new(paid).unwrap();
            let split = split(SaleFacts { open, due }, facts, paid, Time(at));
            prop_assert!(split.credited >= 0 && split.credited <= due && split.credited <= amount);
            prop_assert!(split.owed >= 0 && split.owed_msat <= paid);
            if split.credited == 0 { prop_assert_eq!(split.owed_msat, paid); }
            if split.arrival == Arrival::Due { prop_assert_eq!(split.owed_msat, Msat::ZERO); }
            if !open { prop_assert_eq!(split.credited, 0); }
        }
    }

    #[test]
    fn what_was_given_back_is_taken_from_what_is_owed_and_then_from_the_sale() {
        let whole = Split {
            arrival: Arrival::Over,
            credited: 100,
            owed: 50,
            owed_msat: Msat::new(5_000).unwrap(),
        };
        assert_eq!(whole.less_given_back(0), whole);
        let some = whole.less_given_back(20);
        assert_eq!((some.credited, some.owed, some.owed_msat.get()), (100, 30, 3_000));
        let all = whole.less_given_back(50);
        assert_eq!((all.credited, all.owed, all.owed_msat), (100, 0, Msat::ZERO));
        let more = whole.less_given_back(120);
        assert_eq!((more.credited, more.owed, more.owed_msat), (30, 0, Msat::ZERO));
        assert_eq!(whole.less_given_back(1_000).credited, 0);
    }
}
