//! What a sale will earn once it is paid: decided once, by the first tap, and set aside in a budget.

use std::collections::BTreeMap;

use super::hold::Cause;
use super::limit::set_aside;
use super::running::Running;
use super::{PointsError, hold};
use crate::db::card::Card;
use crate::db::points::{Budget, Earning, Had, PointsEvent, Since};
use crate::db::sale::Sale;
use crate::db::{DbError, Tx};
use crate::domain::cart::Priced;
use crate::domain::local::Local;
use crate::domain::money::Money;
use crate::domain::points::{
    Counted, Earned, Price, Purchase, Why, Worth, best, campaign, counted, earn,
};
use crate::domain::rate::Quote;
use crate::domain::time::Time;

const DAY_MS: i64 = 86_400_000;

/// One way in which a sale may earn.
struct Offer {
    event: Option<PointsEvent>,
    budget: Budget,
    earned: Earned,
}

/// Promises what a sale earns by a card, and writes its row; what it earns by stands from then on.
/// `quote` is the price now, for points that are worth satoshi; without it the sale's own counts. The
/// caller holds the sale's lock and has noted the card on it.
pub async fn promise(
    tx: &mut Tx,
    running: &Running,
    sale: &Sale,
    card: &Card,
    quote: Option<&Quote>,
    now: Time,
) -> Result<Earning, PointsError> {
    let rules = &running.rules;
    let points = hold::lock(tx, card, now).await?;
    let local = Local::new(&tx.time_zone(&sale.store_id).await?);
    let day = local.date(now.0);
    let since = Since {
        year: format!("{}-01-01", day.get(..4).unwrap_or_default()),
        day: day.clone(),
        spent_ms: now.0.saturating_sub(rules.tier_days.saturating_mul(DAY_MS)),
    };
    let mut had = tx.had(&card.id, &since).await?;
    let by_taps = tx.had_by_taps(&card.id, local.day_start(now.0, 0).0).await?;
    had.today = had.today.saturating_add(by_taps.0);
    had.ever = had.ever.saturating_add(by_taps.1);
    let lines = lines(tx, running, sale).await?;
    let purchase = Purchase {
        price: price(tx, running, sale, &lines, quote).await?,
        lines: &lines,
        moment: local.moment(now.0),
        spent: had.spent,
        today: had.today,
        ever: had.ever,
    };
    let mut offers = offers(tx, running, sale, card, &purchase, now).await?;
    let birthday = points.birthday.as_deref() == Some(local.month_day(now.0).as_str());
    let cause = Cause {
        kind: "promised",
        reference: sale.id.to_string(),
        sale: Some(sale.id.clone()),
        store: sale.store_id.clone(),
        who: String::new(),
        now,
    };
    let mut earning = blank(running, sale, card, day, now);
    let mut dry = false;
    while let Some(index) = best(&offers.iter().map(|offer| offer.earned).collect::<Vec<_>>()) {
        let offer = offers.remove(index);
        if !set_aside(tx, &offer.budget, offer.earned.points, &cause).await? {
            dry = true;
            continue;
        }
        take_offer(&mut earning, &offer);
        break;
    }
    if dry && earning.points == 0 {
        earning.why = "no_budget".into();
    }
    bonuses(tx, running, &mut earning, &had, birthday, &cause).await?;
    tx.add_earning(&earning).await?;
    Ok(earning)
}

fn blank(running: &Running, sale: &Sale, card: &Card, day: String, now: Time) -> Earning {
    Earning {
        sale_id: sale.id.clone(),
        card_id: card.id.clone(),
        money: sale.money.clone(),
        merchant_id: sale.merchant_id.clone(),
        store_id: sale.store_id.clone(),
        budget_id: running.programme.id.clone(),
        bonus_id: running.programme.id.clone(),
        event_id: None,
        state: "promised".into(),
        net: 0,
        points: 0,
        sign_up: 0,
        birthday: 0,
        by_points: 0,
        refunded: 0,
        clawed: 0,
        times: 0,
        why: String::new(),
        day,
        at_ms: now.0,
    }
}

fn take_offer(earning: &mut Earning, offer: &Offer) {
    earning.net = offer.earned.net;
    earning.points = offer.earned.points;
    earning.why = offer.earned.why.as_str().into();
    earning.budget_id = offer.budget.id.clone();
    earning.event_id = offer.event.as_ref().map(|event| event.id.clone());
}

/// What counts of the sale. Categories are looked up only for a programme that goes by them.
async fn lines(tx: &mut Tx, running: &Running, sale: &Sale) -> Result<Vec<Counted>, PointsError> {
    let priced: Priced = serde_json::from_str(&sale.cart)
        .map_err(|_| DbError::Unreadable(format!("cart of sale {}", sale.id)))?;
    let mut categories = BTreeMap::new();
    if !running.rules.categories.is_empty() {
        categories.extend(tx.categories_of_items(&sale.store_id).await?);
    }
    Ok(counted(&priced, running.rules.with_tax, &categories))
}

/// The price for points that are worth satoshi: the one given, else the last that was frozen onto the
/// sale.
async fn price(
    tx: &mut Tx,
    running: &Running,
    sale: &Sale,
    lines: &[Counted],
    quote: Option<&Quote>,
) -> Result<Option<Price>, PointsError> {
    if !matches!(running.rules.worth, Worth::Sat(_)) {
        return Ok(None);
    }
    let frozen: Option<Quote> = match quote {
        Some(_) => None,
        None => {
            let attempts = tx.attempts_of(&sale.id).await?;
            let quotes = attempts.iter().rev().filter_map(|one| one.quote.as_deref());
            quotes.filter_map(|quote| serde_json::from_str(quote).ok()).next()
        }
    };
    let net = lines.iter().fold(0i64, |sum, line| sum.saturating_add(line.net));
    let Some(quote) = quote.or(frozen.as_ref()) else { return Ok(None) };
    let worth = quote.gives(Money::new(net, sale.currency()?));
    let msat = worth.ok().map(crate::domain::money::Msat::to_db);
    Ok(msat.map(|msat| Price { minor: net, msat }))
}

/// The programme's offer, then those of events that hold here and now and have room for this card.
/// Their budgets are locked in the order of their ids, the programme's last.
async fn offers(
    tx: &mut Tx,
    running: &Running,
    sale: &Sale,
    card: &Card,
    purchase: &Purchase<'_>,
    now: Time,
) -> Result<Vec<Offer>, PointsError> {
    let mut offers = Vec::new();
    for event in tx.events_now(&running.programme.id, now).await? {
        if !event.holds(sale.store_id.as_str(), now) {
            continue;
        }
        let budget = tx.lock_budget(&event.id).await?;
        let (mine, others) = tx.event_had(&event.id, &card.id, sale.id.as_str()).await?;
        if mine == 0 && event.most_cards.is_some_and(|most| others >= most) {
            continue;
        }
        let mut earned = campaign(&running.rules, purchase, event.rate_bp, event.minimum);
        if let Some(most) = event.most_per_card {
            let room = most.saturating_sub(mine).max(0);
            if room < earned.points {
                earned = Earned { points: room, why: Why::CapCard, ..earned };
            }
        }
        if earned.points > 0 {
            offers.push(Offer { event: Some(event), budget, earned });
        }
    }
    let budget = tx.lock_budget(&running.programme.id).await?;
    let own = Offer { event: None, budget, earned: earn(&running.rules, purchase) };
    offers.insert(0, own);
    Ok(offers)
}

/// Bonuses come with a purchase that earns something, out of the programme's budget, if it has them.
async fn bonuses(
    tx: &mut Tx,
    running: &Running,
    earning: &mut Earning,
    had: &Had,
    birthday: bool,
    cause: &hold::Cause,
) -> Result<(), PointsError> {
    if earning.points == 0 {
        return Ok(());
    }
    let rules = &running.rules;
    let budget = tx.lock_budget(&running.programme.id).await?;
    if had.sign_up == 0 && set_aside(tx, &budget, rules.sign_up, cause).await? {
        earning.sign_up = rules.sign_up;
    }
    let due = birthday && had.birthday == 0;
    if due && set_aside(tx, &budget, rules.birthday, cause).await? {
        earning.birthday = rules.birthday;
    }
    Ok(())
}
