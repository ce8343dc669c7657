//! The bars of the day: an hour each, and a line across for the same hour last week. Lengths are
//! SVG attributes, percent across and pixels up, since the page may hold no style.

/// Pixels from the top to the ground.
const GROUND: f64 = 184.0;
/// Pixels from the top to the highest tick.
const TOP: f64 = 8.0;
/// At least this many hours are shown.
const HOURS_MIN: i64 = 12;

/// A bar or a line across.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Left edge or end.
    pub x: String,
    /// Right end of a line; empty for a bar.
    pub x2: String,
    /// Upper edge, or height of a line.
    pub y: String,
    /// Width of a bar.
    pub width: String,
    /// Height of a bar.
    pub height: String,
    /// The hour under way.
    pub now: bool,
}

/// A word at an axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tick {
    /// Where.
    pub at: String,
    /// Its baseline, for those at the side.
    pub y: String,
    /// `15k`, `7 am`.
    pub words: String,
    /// The hour under way.
    pub now: bool,
}

/// The chart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chart {
    /// Today's bars.
    pub bars: Vec<Mark>,
    /// Last week's lines.
    pub then: Vec<Mark>,
    /// Amounts at the side.
    pub amounts: Vec<Tick>,
    /// Hours below.
    pub hours: Vec<Tick>,
    /// What a screen reader says.
    pub label: String,
}

/// What was taken in each hour of a day, minor units; index 0 is midnight.
pub type Day = [i64; 24];

/// Draws the chart; `unit` is a major unit in minor units.
#[must_use]
pub fn draw(today: &Day, then: &Day, now: i64, unit: i64, label: String) -> Chart {
    let busy = |hour: &i64| taken(today, *hour) > 0 || taken(then, *hour) > 0 || *hour == now;
    let first = (0..24).find(busy).unwrap_or(7).min(24 - HOURS_MIN);
    let last = (0..24).rev().find(busy).unwrap_or(18).max(first + HOURS_MIN - 1);
    let highest = (first..=last).map(|hour| taken(today, hour).max(taken(then, hour))).max();
    let step = step(highest.unwrap_or(0), unit);
    let full = step.saturating_mul(3) as f64;
    let up = |minor: i64| GROUND - (GROUND - TOP) * (minor as f64 / full);
    // The last slot is left to the amounts.
    let slot = 92.0 / (last - first + 1) as f64;
    let left = |hour: i64| (hour - first) as f64 * slot;
    let mut chart = Chart { label, ..Chart::default() };
    for hour in first..=last {
        let is_now = hour == now;
        if taken(today, hour) > 0 {
            let top = up(taken(today, hour));
            chart.bars.push(Mark {
                x: percent(left(hour) + slot * 0.16),
                x2: String::new(),
                y: pixels(top),
                width: percent(slot * 0.68),
                height: pixels(GROUND - top),
                now: is_now,
            });
        }
        if taken(then, hour) > 0 {
            chart.then.push(Mark {
                x: percent(left(hour) + slot * 0.06),
                x2: percent(left(hour) + slot * 0.94),
                y: pixels(up(taken(then, hour))),
                width: String::new(),
                height: String::new(),
                now: false,
            });
        }
        // Every hour where there is room, else every other one.
        if slot > 6.0 || (hour - first) % 2 == 0 || is_now {
            chart.hours.push(Tick {
                at: percent(left(hour) + slot * 0.5),
                y: String::new(),
                words: hour_words(hour, hour == first),
                now: is_now,
            });
        }
    }
    for times in 1..=3 {
        let amount = step.saturating_mul(times);
        let y = up(amount);
        let words = short(amount / unit.max(1));
        chart.amounts.push(Tick { at: pixels(y), y: pixels(y - 5.0), words, now: false });
    }
    chart
}

fn taken(day: &Day, hour: i64) -> i64 {
    usize::try_from(hour).ok().and_then(|hour| day.get(hour).copied()).unwrap_or(0)
}

/// A third of the height: 1, 1.5, 2, 3 or 5 times a power of ten, in whole major units.
fn step(highest: i64, unit: i64) -> i64 {
    let unit = unit.max(1);
    let mut ten = unit;
    loop {
        for half in [2, 3, 4, 6, 10] {
            let step = ten.saturating_mul(half) / 2;
            if step % unit == 0 && step.saturating_mul(3) >= highest {
                return step;
            }
        }
        ten = ten.saturating_mul(10);
    }
}

fn hour_words(hour: i64, first: bool) -> String {
    let twelve = if hour % 12 == 0 { 12 } else { hour % 12 };
    match (first, hour < 12) {
        (true, true) => format!("{twelve} am"),
        (true, false) => format!("{twelve} pm"),
        _ => twelve.to_string(),
    }
}

fn short(major: i64) -> String {
    match major {
        0..1_000 => major.to_string(),
        1_000..1_000_000 => thousandths(major, "k"),
        _ => thousandths(major / 1_000, "m"),
    }
}

fn thousandths(amount: i64, letter: &str) -> String {
    let tenths = amount % 1_000 / 100;
    if tenths == 0 {
        format!("{}{letter}", amount / 1_000)
    } else {
        format!("{}.{tenths}{letter}", amount / 1_000)
    }
}

fn percent(value: f64) -> String {
    format!("{value:.2}%")
}

fn pixels(value: f64) -> String {
    format!("{value:.1}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_is_round_and_holds_the_highest_bar() {
        for highest in [0, 1, 99, 100, 4_185_000, 12_345_678, 999_999_999] {
            let step = step(highest, 100);
            assert!(step * 3 >= highest && step % 100 == 0, "{highest}: {step}");
            assert!(step == 100 || step <= highest, "{highest}: {step} leaves the bars too low");
        }
        assert_eq!(short(45_000), "45k");
        assert_eq!(short(1_500), "1.5k");
        assert_eq!(short(2_000_000), "2m");
    }

    #[test]
    fn bars_stand_on_the_ground_and_never_reach_over_the_top() {
        let (mut today, mut then) = ([0; 24], [0; 24]);
        (today[7], today[9], today[12], then[18]) = (1_800_000, 4_185_000, 2_000_000, 1_300_000);
        let chart = draw(&today, &then, 12, 100, String::new());
        assert_eq!((chart.bars.len(), chart.then.len(), chart.hours.len()), (3, 1, 12));
        assert_eq!(chart.hours[0].words, "7 am");
        assert!(chart.bars[2].now && chart.hours[5].now);
        for bar in &chart.bars {
            let (y, height): (f64, f64) =
                (bar.y.parse().unwrap_or(-1.0), bar.height.parse().unwrap_or(-1.0));
            assert!(y >= TOP - 0.1 && (y + height - GROUND).abs() < 0.2, "{bar:?}");
        }
    }

    #[test]
    fn an_empty_day_is_drawn_too() {
        let chart = draw(&[0; 24], &[0; 24], 3, 100, String::new());
        assert!(chart.bars.is_empty() && chart.hours.len() == 12);
    }
}
