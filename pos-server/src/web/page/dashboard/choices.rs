//! What there is to choose from: currencies, time zones, countries.

use std::sync::LazyLock;

use super::field::Choice;
use crate::domain::country::COUNTRIES;
use crate::domain::currency::Currency;

static ZONES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let all = jiff::tz::db().available().map(|name| name.as_str().to_owned());
    // The others are old names of these.
    let places = ["Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/"];
    let placed = |name: &String| {
        name == "UTC" || name.starts_with("Pacific/") || places.iter().any(|p| name.starts_with(p))
    };
    let mut zones: Vec<String> = all.filter(placed).collect();
    zones.sort_unstable();
    zones.dedup();
    zones
});

/// Every currency, by name.
#[must_use]
pub fn currencies() -> Vec<Choice> {
    let mut all = Currency::all();
    all.sort_by_key(Currency::name);
    let words = |currency: &Currency| match currency.sign().trim() {
        "" => format!("{}, {}", currency.name(), currency.code()),
        sign => format!("{}, {sign}", currency.name()),
    };
    all.iter().map(|currency| Choice::new(currency.code(), words(currency))).collect()
}

/// Every time zone, by place.
#[must_use]
pub fn time_zones() -> Vec<Choice> {
    ZONES.iter().map(|zone| Choice::new(zone.as_str(), zone.replace('_', " "))).collect()
}

/// What is customary in each country, for the script of the first page; safe inside a script tag.
pub fn countries_json() -> Result<String, serde_json::Error> {
    Ok(serde_json::to_string(COUNTRIES)?.replace('<', "\\u003c"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_finds_its_currency_and_zone_among_the_choices() {
        let has = |choices: &[Choice], value: &str| choices.iter().any(|one| one.value == value);
        let (currencies, zones) = (currencies(), time_zones());
        for country in COUNTRIES {
            assert!(has(&currencies, country.currency) && has(&zones, country.time_zone));
        }
        assert!(zones.len() > 300, "{}", zones.len());
    }
}
