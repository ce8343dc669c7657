//! The programme: all of its rules on one page.

use serde::Deserialize;

use super::lines;
use crate::db::catalog::{Category, Item};
use crate::db::points::{Budget, Programme};
use crate::domain::money::Money;
use crate::domain::points::{POINTS_MAX, Rules, TapRule, Worth};
use crate::web::dashboard::desk::{At, unsaved};
use crate::web::page::dashboard::desk::Section;
use crate::web::page::dashboard::field::{Choice, Field};
use crate::web::page::dashboard::form::{FormHtml, Panel};
use crate::web::read::{self, Faults};

/// What was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    running: String,
    here: String,
    rate: String,
    worth: String,
    unit: String,
    with_tax: String,
    minimum: String,
    cap_sale: String,
    cap_day: String,
    cap_card: String,
    hours: String,
    tiers: String,
    tier_days: String,
    items: String,
    categories: String,
    sign_up: String,
    birthday: String,
    taps: String,
    tap_points: String,
    tap_per_day: String,
    tap_apart: String,
    expiry: String,
    budget: String,
}

/// What the shelf calls things, for rates by name.
pub(super) struct Names {
    items: Vec<(String, String)>,
    categories: Vec<(String, String)>,
}

/// What the owner wishes.
pub(super) struct Wish {
    pub(super) running: bool,
    pub(super) rules: Rules,
    pub(super) budget: Option<i64>,
}

impl Names {
    pub(super) fn of(items: &[Item], categories: &[Category]) -> Self {
        let item = |item: &Item| (item.id.to_string(), item.name.clone());
        let category = |one: &Category| (one.id.to_string(), one.name.clone());
        Self {
            items: items.iter().map(item).collect(),
            categories: categories.iter().map(category).collect(),
        }
    }
}

fn number(value: Option<i64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// A whole number, or none where nothing was typed.
pub(super) fn maybe(
    faults: &mut Faults,
    field: &'static str,
    text: &str,
    most: i64,
) -> Option<i64> {
    let text = text.trim();
    (!text.is_empty()).then(|| faults.take(field, read::whole(text, 1, most)))
}

impl Typed {
    /// The form as the programme stands.
    pub(super) fn of(
        at: &At,
        programme: Option<&Programme>,
        rules: &Rules,
        budget: Option<&Budget>,
        names: &Names,
    ) -> Self {
        let tick = |on: bool| if on { "on".to_owned() } else { String::new() };
        let money = |minor| Money::new(minor, at.currency).to_input();
        let (worth, unit) = match rules.worth {
            Worth::Minor(minor) => (money(minor), "money"),
            Worth::Sat(sat) => (sat.to_string(), "sat"),
        };
        let tap = rules.tap.unwrap_or(TapRule { points: 1, per_day: 1, apart_minutes: 60 });
        let runs = programme.is_some_and(|programme| programme.running == 1);
        Self {
            running: if runs { "yes" } else { "no" }.into(),
            here: tick(programme.is_none() || rules.stores.contains(at.store.id.as_str())),
            rate: read::write_bp(rules.rate_bp),
            worth,
            unit: unit.into(),
            with_tax: tick(rules.with_tax),
            minimum: money(rules.minimum),
            cap_sale: number(rules.cap_sale),
            cap_day: number(rules.cap_day),
            cap_card: number(rules.cap_card),
            hours: lines::write_hours(&rules.hours),
            tiers: lines::write_tiers(&rules.tiers, at.currency),
            tier_days: rules.tier_days.to_string(),
            items: lines::write_rates(&rules.items, &names.items),
            categories: lines::write_rates(&rules.categories, &names.categories),
            sign_up: rules.sign_up.to_string(),
            birthday: rules.birthday.to_string(),
            taps: tick(rules.tap.is_some()),
            tap_points: tap.points.to_string(),
            tap_per_day: tap.per_day.to_string(),
            tap_apart: tap.apart_minutes.to_string(),
            expiry: number(rules.expiry_days),
            budget: budget.map_or_else(String::new, |budget| number(budget.most)),
        }
    }

    /// What was typed over `before`: rates of other stores' items, and which other stores take part,
    /// stay as they are.
    pub(super) fn read(&self, at: &At, before: &Rules, names: &Names) -> Result<Wish, Faults> {
        let mut faults = Faults::default();
        let mut rules = before.clone();
        rules.rate_bp = faults.take("rate", read::percent_bp(&self.rate));
        rules.with_tax = !self.with_tax.is_empty();
        rules.worth = self.worth(at, &mut faults);
        rules.minimum = faults.take("minimum", read::amount(&self.minimum, at.currency));
        rules.cap_sale = maybe(&mut faults, "cap_sale", &self.cap_sale, POINTS_MAX);
        rules.cap_day = maybe(&mut faults, "cap_day", &self.cap_day, POINTS_MAX);
        rules.cap_card = maybe(&mut faults, "cap_card", &self.cap_card, POINTS_MAX);
        rules.hours = faults.take("hours", lines::hours(&self.hours));
        rules.tiers = faults.take("tiers", lines::tiers(&self.tiers, at.currency));
        rules.tier_days = faults.take("tier_days", read::whole(&self.tier_days, 1, 3_650));
        for (field, text, rates, known) in [
            ("items", &self.items, &mut rules.items, &names.items),
            ("categories", &self.categories, &mut rules.categories, &names.categories),
        ] {
            let mine = |id: &String| known.iter().any(|one| one.0 == *id);
            rates.retain(|id, _| !mine(id));
            rates.extend(faults.take(field, lines::rates(text, known)));
        }
        rules.sign_up = faults.take("sign_up", read::whole(&self.sign_up, 0, POINTS_MAX));
        rules.birthday = faults.take("birthday", read::whole(&self.birthday, 0, POINTS_MAX));
        rules.tap = (!self.taps.is_empty()).then(|| TapRule {
            points: faults.take("tap_points", read::whole(&self.tap_points, 1, POINTS_MAX)),
            per_day: faults.take("tap_per_day", read::whole(&self.tap_per_day, 1, 100)),
            apart_minutes: faults.take("tap_apart", read::whole(&self.tap_apart, 1, 1_440)),
        });
        rules.expiry_days = maybe(&mut faults, "expiry", &self.expiry, 3_650);
        let budget = maybe(&mut faults, "budget", &self.budget, POINTS_MAX);
        let id = at.store.id.to_string();
        if self.here.is_empty() {
            rules.stores.remove(&id)
        } else {
            rules.stores.insert(id)
        };
        let running = self.running == "yes";
        faults.check(Wish { running, rules, budget })
    }

    fn worth(&self, at: &At, faults: &mut Faults) -> Worth {
        if self.unit == "sat" {
            return Worth::Sat(faults.take("worth", read::whole(&self.worth, 1, POINTS_MAX)));
        }
        let minor = faults.take("worth", read::amount(&self.worth, at.currency));
        if !(1..=POINTS_MAX).contains(&minor) {
            faults.note("worth", "More than nothing.");
        }
        Worth::Minor(minor)
    }

    pub(super) fn html(&self, at: &At, faults: &Faults) -> FormHtml {
        FormHtml {
            shell: at.shell("Programme"),
            desk: at.desk(Section::Points, "Programme", None),
            back: Some((at.path("/points"), "Points")),
            action: at.path("/points/programme"),
            id: None,
            fault: unsaved(faults),
            panels: vec![
                self.basics(at, faults),
                self.limits(at, faults),
                self.more(at, faults),
                self.extras(faults),
            ],
            button: "Save",
            acts: vec![],
        }
    }

    fn basics(&self, at: &At, faults: &Faults) -> Panel {
        let code = at.currency.to_string();
        let units = vec![Choice::new("money", &code), Choice::new("sat", "sats")];
        let runs = vec![Choice::new("yes", "Running"), Choice::new("no", "Stopped")];
        Panel {
            title: "What customers get".into(),
            lead: Some("Customers tap their Flash Card; every purchase gives points.".into()),
            fields: vec![
                Field::radio("running", "The programme is", &self.running, runs),
                Field::tick("here", &format!("{} takes part", at.store.name), &self.here),
            ],
            pairs: vec![
                Field::decimal("rate", "Of a purchase, %", &self.rate)
                    .hint("After the discount, without the tip. Points are rounded down.")
                    .faults(faults),
                Field::tick("with_tax", "The tax counts too", &self.with_tax),
                Field::decimal("worth", "One point is worth", &self.worth).faults(faults),
                Field::select("unit", "In", &self.unit, units)
                    .hint("In sats, points go by the price of bitcoin at the sale."),
            ],
        }
    }

    fn limits(&self, at: &At, faults: &Faults) -> Panel {
        let whole =
            |name, label, value: &str| Field::whole(name, label, value).optional().faults(faults);
        Panel {
            title: "Limits".into(),
            lead: Some("Empty for none. They hold for a card, in events too.".into()),
            fields: vec![],
            pairs: vec![
                Field::decimal(
                    "minimum",
                    &format!("Least purchase, {}", at.currency),
                    &self.minimum,
                )
                .hint("Smaller ones earn nothing.")
                .faults(faults),
                whole("cap_sale", "Most points by sale", &self.cap_sale),
                whole("cap_day", "Most points by day", &self.cap_day),
                whole("cap_card", "Most points ever", &self.cap_card),
                whole("expiry", "Days until points are gone", &self.expiry)
                    .hint("The oldest are spent first."),
                whole("budget", "Budget in points", &self.budget)
                    .hint("Nothing is promised beyond it."),
            ],
        }
    }

    fn more(&self, at: &At, faults: &Faults) -> Panel {
        Panel {
            title: "More for some".into(),
            lead: None,
            fields: vec![
                Field::area("hours", "Happy hours", &self.hours, 3)
                    .hint("A line each: Mon-Fri 16:00-18:00 x2, or Sat 10:00-12:00 5%.")
                    .faults(faults),
                Field::area("tiers", "Good customers", &self.tiers, 2)
                    .hint(format!("Spent in {} and how many times: 10000 x1.5.", at.currency))
                    .faults(faults),
                Field::whole("tier_days", "Spent within days", &self.tier_days).faults(faults),
                Field::area(
                    "categories",
                    "Categories with a rate of their own",
                    &self.categories,
                    2,
                )
                .hint("A line each: Coffee: 10%.")
                .faults(faults),
                Field::area("items", "Items with a rate of their own", &self.items, 2)
                    .hint("Before their category’s: Flat white: 10%.")
                    .faults(faults),
            ],
            pairs: vec![],
        }
    }

    fn extras(&self, faults: &Faults) -> Panel {
        let whole = |name, label, value: &str| Field::whole(name, label, value).faults(faults);
        Panel {
            title: "Bonuses".into(),
            lead: Some("On top of a purchase that earns something; 0 for none.".into()),
            fields: vec![],
            pairs: vec![
                whole("sign_up", "First purchase", &self.sign_up),
                whole("birthday", "On the birthday", &self.birthday),
                Field::tick("taps", "Points for a tap alone", &self.taps)
                    .hint("Without a purchase. Off is safe."),
                whole("tap_points", "Points by tap", &self.tap_points),
                whole("tap_per_day", "Taps a day, by card", &self.tap_per_day),
                whole("tap_apart", "Minutes between", &self.tap_apart),
            ],
        }
    }
}

/// What changed, for the log.
pub(super) fn words(wish: &Wish) -> String {
    let budget = wish.budget.map_or_else(|| "no limit".into(), |most| format!("{most} points"));
    let state = if wish.running { "running" } else { "stopped" };
    format!("{state}, {}%, budget {budget}", read::write_bp(wish.rules.rate_bp))
}
