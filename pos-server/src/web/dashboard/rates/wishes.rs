//! What a store wishes of its rate.

use rust_decimal::Decimal;
use serde::Deserialize;

use crate::domain::money::without_groups;
use crate::rate::{OwnDollarRate, StoreRateSettings, StoreSource};
use crate::web::dashboard::desk::At;
use crate::web::page::dashboard::field::{Choice, Field};
use crate::web::read::Faults;

/// What was typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::web::dashboard) struct Typed {
    source: String,
    fixed: String,
    own: String,
    day: String,
    peg: String,
    spread: String,
    one: String,
}

impl Typed {
    pub(super) fn of(settings: &StoreRateSettings) -> Self {
        let (source, fixed) = match settings.source {
            StoreSource::Market => ("market", String::new()),
            StoreSource::Fixed { per_btc } => ("fixed", per_btc.normalize().to_string()),
        };
        let own = settings.own_dollar_rate.as_ref();
        let write = |value: Option<Decimal>| value.map(|v| v.normalize().to_string());
        Self {
            source: source.into(),
            fixed,
            own: write(own.map(|own| own.per_usd)).unwrap_or_default(),
            day: own.map(|own| own.date.clone()).unwrap_or_default(),
            peg: write(settings.peg_override).unwrap_or_default(),
            spread: settings.spread_percent.normalize().to_string(),
            one: if settings.one_source_enough { "on" } else { "" }.into(),
        }
    }

    pub(super) fn read(
        &self,
        at: &At,
        before: &StoreRateSettings,
    ) -> Result<StoreRateSettings, Faults> {
        let mut faults = Faults::default();
        let mut number = |field, text: &str| -> Option<Decimal> {
            let text = text.trim();
            (!text.is_empty()).then(|| faults.take(field, decimal(text)))
        };
        let (fixed, own) = (number("fixed", &self.fixed), number("own", &self.own));
        let (peg, spread) = (number("peg", &self.peg), number("spread", &self.spread));
        let source = match (self.source.as_str(), fixed) {
            ("fixed", Some(per_btc)) => StoreSource::Fixed { per_btc },
            ("fixed", None) => {
                faults.note("fixed", "Say the price, or take the market’s.");
                StoreSource::Market
            }
            _ => StoreSource::Market,
        };
        if !at.store.practice() && source != StoreSource::Market {
            faults.note("source", "Real money needs the market’s price.");
        }
        let day = self.day.trim();
        let settings = StoreRateSettings {
            source,
            own_dollar_rate: own.map(|per_usd| OwnDollarRate { per_usd, date: day.into() }),
            peg_override: peg,
            spread_percent: spread.unwrap_or_default(),
            one_source_enough: !self.one.is_empty(),
            ..before.clone()
        };
        for words in settings.faults() {
            let field = field_of(&words);
            faults.note(field, words);
        }
        faults.check(settings)
    }

    pub(super) fn fields(&self, at: &At, faults: &Faults) -> Vec<Field> {
        let currency = at.currency;
        let mut fields = Vec::new();
        if at.store.practice() {
            let choices = vec![
                Choice::new("fixed", "A practice price"),
                Choice::new("market", "The market’s price"),
            ];
            fields.push(Field::radio("source", "The price is", &self.source, choices));
            let fixed = format!("Practice price of a bitcoin, {currency}");
            fields.push(Field::decimal("fixed", &fixed, &self.fixed).optional());
        }
        fields.push(
            Field::decimal("spread", "Spread, %", &self.spread)
                .hint("Asks for this many percent more sats than the market would, 0 to 20."),
        );
        if crate::rate::dollar::peg(currency).is_some() {
            if currency.code() != "USD" {
                let peg = format!("Your own peg, {currency} for a US dollar");
                fields.push(
                    Field::decimal("peg", &peg, &self.peg)
                        .optional()
                        .hint("Empty for the official one."),
                );
            }
        } else {
            let own = format!("Your own dollar rate, {currency} for a US dollar");
            fields.push(
                Field::decimal("own", &own, &self.own)
                    .optional()
                    .hint("Empty for the published rate. It holds until you change it."),
            );
            fields.push(Field::date("day", "Posted on", &self.day).optional());
        }
        fields.push(
            Field::tick("one", "One source is enough", &self.one)
                .hint("Only if you watch it: no second source then confirms the price."),
        );
        fields.into_iter().map(|field| field.faults(faults)).collect()
    }
}

fn decimal(text: &str) -> Result<Decimal, String> {
    let plain = |text: &String| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let value = without_groups(text).filter(plain).and_then(|text| text.parse::<Decimal>().ok());
    value.filter(|value| value.scale() <= 8).ok_or_else(|| "A number like 160.50.".into())
}

/// The field that a fault of the settings is about.
fn field_of(words: &str) -> &'static str {
    let about = [("price", "fixed"), ("date", "day"), ("spread", "spread"), ("peg", "peg")];
    about.iter().find(|(word, _)| words.contains(word)).map_or("own", |(_, field)| field)
}

/// The settings in a few words, for the log.
pub(super) fn words(settings: &StoreRateSettings) -> String {
    let mut words = vec![match settings.source {
        StoreSource::Market => "market".to_owned(),
        StoreSource::Fixed { per_btc } => format!("fixed {}", per_btc.normalize()),
    }];
    if let Some(own) = &settings.own_dollar_rate {
        words.push(format!("own dollar rate {} of {}", own.per_usd.normalize(), own.date));
    }
    if let Some(peg) = settings.peg_override {
        words.push(format!("own peg {}", peg.normalize()));
    }
    if !settings.spread_percent.is_zero() {
        words.push(format!("spread {} %", settings.spread_percent.normalize()));
    }
    if settings.one_source_enough {
        words.push("one source is enough".into());
    }
    words.join(", ")
}
