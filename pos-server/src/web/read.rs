//! Reads what an owner typed into a form; every fault in words for the field.

use std::collections::BTreeMap;

use crate::domain::currency::Currency;
use crate::domain::money::Money;

/// What is wrong with a form, by field.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Faults(BTreeMap<&'static str, String>);

impl Faults {
    /// Takes a value, or notes what is wrong with its field and gives a stand-in that is never
    /// used, since a form with faults is not.
    pub fn take<T: Default>(&mut self, field: &'static str, read: Result<T, String>) -> T {
        read.unwrap_or_else(|words| {
            self.note(field, words);
            T::default()
        })
    }

    /// Notes what is wrong with a field.
    pub fn note(&mut self, field: &'static str, words: impl Into<String>) {
        self.0.entry(field).or_insert(words.into());
    }

    /// What is wrong with a field.
    #[must_use]
    pub fn of(&self, field: &str) -> Option<String> {
        self.0.get(field).cloned()
    }

    /// Fails if anything is wrong.
    pub fn check<T>(self, value: T) -> Result<T, Self> {
        if self.0.is_empty() { Ok(value) } else { Err(self) }
    }
}

/// A name that must be there: one line, at most 60 signs.
pub fn name(text: &str) -> Result<String, String> {
    let text = line(text, 60)?;
    if text.is_empty() { Err("This cannot be empty.".into()) } else { Ok(text) }
}

/// One line, or nothing.
pub fn line(text: &str, most: usize) -> Result<String, String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() > most {
        return Err(format!("At most {most} signs."));
    }
    Ok(text)
}

/// A few lines, or nothing.
pub fn lines(text: &str, most: usize) -> Result<String, String> {
    let lines: Vec<_> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if lines.len() > most {
        return Err(format!("At most {most} lines."));
    }
    if lines.iter().any(|line| line.chars().count() > 60) {
        return Err("At most 60 signs on a line.".into());
    }
    Ok(lines.join("\n"))
}

/// An e-mail, in lower case.
pub fn email(text: &str) -> Result<String, String> {
    let text = text.trim().to_lowercase();
    let (name, host) = text.split_once('@').unwrap_or_default();
    let sound = !name.is_empty()
        && host.split('.').all(|part| !part.is_empty())
        && host.contains('.')
        && !host.contains('@')
        && !text.chars().any(char::is_whitespace)
        && text.len() <= 254;
    if sound { Ok(text) } else { Err("This is not an e-mail address.".into()) }
}

/// A new password of an owner.
pub fn new_password(text: &str) -> Result<String, String> {
    match text.chars().count() {
        0..10 => Err("At least 10 signs; three words do well.".into()),
        10..=200 => Ok(text.to_owned()),
        _ => Err("At most 200 signs.".into()),
    }
}

/// A PIN: four to eight digits, and not the ones everybody tries first.
pub fn pin(text: &str) -> Result<String, String> {
    let digits: Vec<i32> =
        text.bytes().filter(u8::is_ascii_digit).map(|digit| i32::from(digit - b'0')).collect();
    if digits.len() != text.len() || !(4..=8).contains(&digits.len()) {
        return Err("Four to eight digits.".into());
    }
    let steps: Vec<i32> = digits.windows(2).map(|pair| pair[1] - pair[0]).collect();
    if matches!(steps[0], -1..=1) && steps.iter().all(|step| *step == steps[0]) {
        return Err("Too easy to guess. Try another.".into());
    }
    Ok(text.to_owned())
}

/// A percentage with at most two decimals, from nothing to the whole, in hundredths of a percent.
pub fn percent_bp(text: &str) -> Result<i64, String> {
    let text = text.trim().trim_end_matches('%').trim_end();
    let wrong = || "A percentage like 15 or 12.5, from 0 to 100.".to_owned();
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty()
        || whole.len() > 3
        || fraction.len() > 2
        || !plain(whole)
        || !plain(fraction)
    {
        return Err(wrong());
    }
    let bp: i64 = format!("{whole}{fraction:0<2}").parse().map_err(|_| wrong())?;
    if bp <= 10_000 { Ok(bp) } else { Err(wrong()) }
}

/// Hundredths of a percent for an input field: `15`, `12.5`.
#[must_use]
pub fn write_bp(bp: i64) -> String {
    let digits = format!("{}.{:02}", bp / 100, bp % 100);
    digits.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Up to four tip offers, in hundredths of a percent, ascending: `10, 15, 20`. None for no tips.
pub fn tips(text: &str) -> Result<Vec<i64>, String> {
    let parts = text.split([',', ';', ' ']).map(str::trim).filter(|part| !part.is_empty());
    let mut offers = parts.map(percent_bp).collect::<Result<Vec<_>, _>>()?;
    offers.sort_unstable();
    offers.dedup();
    if offers.len() > 4 || offers.first().is_some_and(|least| *least == 0) {
        return Err("Up to four percentages above 0, like 10, 15, 20.".into());
    }
    Ok(offers)
}

/// Tip offers for an input field.
#[must_use]
pub fn write_tips(offers: &[i64]) -> String {
    offers.iter().map(|bp| write_bp(*bp)).collect::<Vec<_>>().join(", ")
}

/// Tip offers as the store's row keeps them.
#[must_use]
pub fn tips_json(offers: &[i64]) -> String {
    format!("{offers:?}").replace(' ', "")
}

/// An IANA time zone.
pub fn time_zone(text: &str) -> Result<String, String> {
    let zone = jiff::tz::TimeZone::get(text.trim());
    let zone = zone.map_err(|_| "Choose a time zone from the list.".to_owned())?;
    zone.iana_name().map(str::to_owned).ok_or_else(|| "Choose one from the list.".into())
}

/// A currency by its code.
pub fn currency(text: &str) -> Result<Currency, String> {
    text.trim().parse().map_err(|error: crate::domain::currency::UnknownCurrency| {
        format!("{error}. Choose one from the list.")
    })
}

/// An amount of money, zero or more, in minor units.
pub fn amount(text: &str, currency: Currency) -> Result<i64, String> {
    Money::parse(text, currency).map(|money| money.minor).map_err(|error| sentence(&error))
}

/// A whole number within bounds.
pub fn whole(text: &str, least: i64, most: i64) -> Result<i64, String> {
    let number = text.trim().parse().ok().filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| format!("A whole number from {least} to {most}."))
}

/// A month and a day, `11-21`, or nothing.
pub fn month_day(text: &str) -> Result<Option<String>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || "Month and day, like 11-21.".to_owned();
    // A leap year knows every day.
    let date: jiff::civil::Date = format!("2024-{text}").parse().map_err(|_| wrong())?;
    Ok(Some(date.strftime("%m-%d").to_string()))
}

/// What a till's receipt numbers begin with.
pub fn prefix(text: &str) -> Result<String, String> {
    let text = text.trim().to_uppercase();
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if plain && (1..=4).contains(&text.len()) {
        Ok(text)
    } else {
        Err("One to four letters or digits, like C1.".into())
    }
}

fn sentence(error: &impl ToString) -> String {
    let words = error.to_string();
    let mut signs = words.chars();
    let first = signs.next().map(|sign| sign.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", signs.as_str())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn percentages_and_tips_are_read_exactly_and_written_back() {
        let read = |text| percent_bp(text).ok();
        assert_eq!(read("15"), Some(1500));
        assert_eq!(read(" 12.5 % "), Some(1250));
        assert_eq!(read("0.01"), Some(1));
        for wrong in ["", "-1", "100.01", "1.005", "x", ".5", "١٥"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        assert_eq!(tips("20, 10,15").unwrap(), [1000, 1500, 2000]);
        assert_eq!(tips(" ").unwrap(), [0i64; 0]);
        assert!(tips("1,2,3,4,5").is_err() && tips("0").is_err());
        assert_eq!(write_tips(&[1000, 1250]), "10, 12.5");
        assert_eq!(write_bp(0), "0");
    }

    #[test]
    fn people_are_known_by_sound_addresses_passwords_and_pins() {
        assert_eq!(email(" Owner@Example.COM ").unwrap(), "owner@example.com");
        for wrong in ["", "a", "a@b", "a@b..c", "a b@c.d", "a@b@c.d", "@c.d"] {
            assert!(email(wrong).is_err(), "{wrong}");
        }
        assert!(new_password("nine sign").is_err() && new_password("ten signs.").is_ok());
        assert!(pin("2468").is_ok() && pin("13572468").is_ok() && pin("1225").is_ok());
        for wrong in ["", "123", "1234", "4321", "0000", "123456789", "12a4", "١٢٣٤"] {
            assert!(pin(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn places_and_numbers_are_checked() {
        assert_eq!(time_zone("America/Jamaica").unwrap(), "America/Jamaica");
        assert!(time_zone("Mars/Base").is_err() && currency("XAU").is_err());
        assert_eq!(prefix(" c1 ").unwrap(), "C1");
        assert!(prefix("").is_err() && prefix("C-1").is_err() && prefix("ABCDE").is_err());
        assert!(whole("0", 1, 9).is_err() && whole("9", 1, 9).is_ok());
        assert_eq!(lines(" a \r\n\r\n b", 2).unwrap(), "a\nb");
        assert!(name("  ").is_err() && name(&"x".repeat(61)).is_err());
    }

    #[test]
    fn a_form_with_a_fault_is_never_used() {
        let mut faults = Faults::default();
        assert_eq!(faults.take("name", name("Café")), "Café");
        assert_eq!(faults.take::<i64>("tax", percent_bp("x")), 0);
        let faults = faults.check(()).unwrap_err();
        assert!(faults.of("tax").is_some() && faults.of("name").is_none());
    }
}
