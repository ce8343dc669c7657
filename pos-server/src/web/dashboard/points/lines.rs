//! Rules that are typed as lines of text: happy hours, tiers, rates of items and categories.

use std::collections::BTreeMap;

use crate::domain::currency::Currency;
use crate::domain::points::{HappyHour, Reward, TIMES_MAX_BP, Tier, WHOLE_BP};
use crate::web::read;

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
/// At most so many lines of one kind.
const MOST: usize = 50;

fn each<T>(text: &str, read: impl Fn(&str) -> Result<T, String>) -> Result<Vec<T>, String> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if lines.len() > MOST {
        return Err(format!("At most {MOST} lines."));
    }
    let line = |line: &&str| read(line).map_err(|why| format!("“{line}”: {why}"));
    lines.iter().map(line).collect()
}

/// `Mon-Fri 16:00-18:00 x2`, `Sat,Sun 10:00-12:00 5%`: a line each.
pub(super) fn hours(text: &str) -> Result<Vec<HappyHour>, String> {
    each(text, |line| {
        let parts: Vec<&str> = line.split_whitespace().collect();
        let [days, times, reward] = parts[..] else {
            return Err("write it like “Mon-Fri 16:00-18:00 x2”.".into());
        };
        let (from, to) = times.split_once(['-', '–']).ok_or("from and to, like 16:00-18:00.")?;
        let reward = match reward.strip_suffix('%') {
            Some(rate) => Reward::RateBp(read::percent_bp(rate)?),
            None => Reward::TimesBp(times_bp(reward)?),
        };
        let hour = HappyHour { days: days_of(days)?, from: minute(from)?, to: minute(to)?, reward };
        if hour.sound() { Ok(hour) } else { Err("this cannot be.".into()) }
    })
}

fn days_of(text: &str) -> Result<u8, String> {
    let day = |name: &str| {
        let known = DAYS.iter().position(|day| name.eq_ignore_ascii_case(day));
        known.ok_or_else(|| format!("days are {}.", DAYS.join(", ")))
    };
    if text.eq_ignore_ascii_case("daily") {
        return Ok(127);
    }
    let mut days = 0u8;
    for part in text.split(',') {
        let (from, to) = part.split_once(['-', '–']).unwrap_or((part, part));
        let (from, to) = (day(from)?, day(to)?);
        let long = (to + 7 - from) % 7;
        for step in 0..=long {
            days |= 1 << ((from + step) % 7);
        }
    }
    Ok(days)
}

fn minute(text: &str) -> Result<i64, String> {
    let wrong = || format!("“{text}” is no time, like 16:00.");
    let (hour, minute) = text.split_once(':').ok_or_else(wrong)?;
    let hour: i64 = hour.parse().ok().filter(|hour| (0..=24).contains(hour)).ok_or_else(wrong)?;
    let minute: i64 =
        minute.parse().ok().filter(|minute| (0..60).contains(minute)).ok_or_else(wrong)?;
    let all = hour * 60 + minute;
    if all <= 1_440 { Ok(all) } else { Err(wrong()) }
}

/// `x2`, `×1.5`: from one to ten times, in hundredths of a percent.
fn times_bp(text: &str) -> Result<i64, String> {
    let wrong = || "how many times, like x2 or x1.5, at most x10.".to_owned();
    let text = text.strip_prefix(['x', 'X', '×']).ok_or_else(wrong)?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty()
        || whole.len() > 2
        || fraction.len() > 2
        || !plain(whole)
        || !plain(fraction)
    {
        return Err(wrong());
    }
    let hundredths: i64 = format!("{whole}{fraction:0<2}").parse().map_err(|_| wrong())?;
    let bp = hundredths * 100;
    if (WHOLE_BP..=TIMES_MAX_BP).contains(&bp) { Ok(bp) } else { Err(wrong()) }
}

fn write_times(bp: i64) -> String {
    format!("x{}", read::write_bp(bp / 100))
}

/// Happy hours as they are typed.
pub(super) fn write_hours(hours: &[HappyHour]) -> String {
    let line = |hour: &HappyHour| {
        let on = |day: &usize| hour.days & (1 << day) != 0;
        let days: Vec<&str> = (0..7).filter(on).map(|day| DAYS[day]).collect();
        let days = if hour.days == 127 { "Daily".into() } else { days.join(",") };
        let time = |minute: i64| format!("{:02}:{:02}", minute / 60, minute % 60);
        let reward = match hour.reward {
            Reward::TimesBp(bp) => write_times(bp),
            Reward::RateBp(bp) => format!("{}%", read::write_bp(bp)),
        };
        format!("{days} {}-{} {reward}", time(hour.from), time(hour.to))
    };
    hours.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// `10000 x1.5`: an amount and how many times, a line each.
pub(super) fn tiers(text: &str, currency: Currency) -> Result<Vec<Tier>, String> {
    each(text, |line| {
        let (spent, times) = line.rsplit_once(' ').ok_or("write it like “10000 x1.5”.")?;
        let tier =
            Tier { spent: read::amount(spent.trim(), currency)?, times_bp: times_bp(times)? };
        if tier.spent > 0 { Ok(tier) } else { Err("from more than nothing on.".into()) }
    })
}

/// Tiers as they are typed.
pub(super) fn write_tiers(tiers: &[Tier], currency: Currency) -> String {
    let line = |tier: &Tier| {
        let spent = crate::domain::money::Money::new(tier.spent, currency).to_input();
        format!("{spent} {}", write_times(tier.times_bp))
    };
    tiers.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// `Flat white: 10%`, a line each, of things that are known by `names` (id and name).
pub(super) fn rates(
    text: &str,
    names: &[(String, String)],
) -> Result<BTreeMap<String, i64>, String> {
    let read = each(text, |line| {
        let (name, rate) = line.rsplit_once(':').ok_or("write it like “Flat white: 10%”.")?;
        let same = |known: &&(String, String)| known.1.eq_ignore_ascii_case(name.trim());
        let known = names.iter().find(same).ok_or("nothing here is called so.")?;
        Ok((known.0.clone(), read::percent_bp(rate)?))
    })?;
    Ok(read.into_iter().collect())
}

/// Rates as they are typed; of things that are not there any more nothing is said.
pub(super) fn write_rates(rates: &BTreeMap<String, i64>, names: &[(String, String)]) -> String {
    let line = |(id, bp): (&String, &i64)| {
        let known = names.iter().find(|known| known.0 == *id)?;
        Some(format!("{}: {}%", known.1, read::write_bp(*bp)))
    };
    rates.iter().filter_map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn happy_hours_are_read_as_they_are_written() {
        let text =
            "Mon,Tue,Wed,Thu,Fri 16:00-18:00 x2\nSat,Sun 22:00-02:00 5%\nDaily 00:00-24:00 x1.25";
        let read = hours(text).unwrap();
        assert_eq!((read[0].days, read[0].from, read[0].to), (31, 960, 1_080));
        assert_eq!(read[0].reward, Reward::TimesBp(20_000));
        assert_eq!(read[1].reward, Reward::RateBp(500));
        assert_eq!(read[2].reward, Reward::TimesBp(12_500));
        assert_eq!(write_hours(&read), text);
        assert_eq!(hours("sat-mon 1:00-2:00 ×10").unwrap()[0].days, 0b110_0001);
        for wrong in
            ["Fri", "Fri 16-18 x2", "Fri 16:00-25:00 x2", "Fri 16:00-18:00 x11", "Frx 1:00-2:00 x2"]
        {
            assert!(hours(wrong).unwrap_err().starts_with(&format!("“{wrong}”")), "{wrong}");
        }
    }

    #[test]
    fn tiers_and_rates_are_read_as_they_are_written() {
        let jmd: Currency = "JMD".parse().unwrap();
        let read = tiers("10000.00 x1.5\n50000.00 x2", jmd).unwrap();
        assert_eq!((read[0].spent, read[1].times_bp), (1_000_000, 20_000));
        assert_eq!(write_tiers(&read, jmd), "10000.00 x1.5\n50000.00 x2");
        assert!(tiers("0 x2", jmd).is_err() && tiers("x2", jmd).is_err());
        let names = [("1".to_owned(), "Flat white".to_owned()), ("2".to_owned(), "Tea".to_owned())];
        let read = rates("flat white: 10%\nTea: 0", &names).unwrap();
        assert_eq!(read, BTreeMap::from([("1".into(), 1_000), ("2".into(), 0)]));
        assert_eq!(write_rates(&read, &names), "Flat white: 10%\nTea: 0%");
        assert!(rates("Cocoa: 10%", &names).unwrap_err().contains("nothing here is called so"));
    }
}
