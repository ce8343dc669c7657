//! The tables: one line for each thing measured, with its target and whether it is met. Printed as
//! markdown that reads well as it stands.

use std::fmt::Write as _;
use std::time::Duration;

use super::measure::Pile;

/// Where a line was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Via {
    /// The server's own parts, called in our process.
    Parts,
    /// The real release binary, over HTTP on loopback with keep-alive.
    Http,
    /// The server's parts in our process, which a client reaches over HTTP on loopback.
    Both,
}

/// What a figure should be.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Target {
    /// None is set: it stands there to be compared.
    None,
    /// At most this much, in the figure's own unit.
    Most(f64),
}

/// A number and how it is written.
#[derive(Debug, Clone)]
pub(crate) struct Figure {
    value: f64,
    words: String,
}

/// One line.
struct Line {
    what: String,
    via: Via,
    target: Target,
    unit: &'static str,
    figures: [Option<Figure>; 2],
}

/// One table.
struct Table {
    title: &'static str,
    lines: Vec<Line>,
}

/// All tables, filled while measuring.
#[derive(Default)]
pub(crate) struct Sheet {
    tables: Vec<Table>,
    notes: Vec<String>,
}

/// A place in the tables.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) table: &'static str,
    pub(crate) what: &'a str,
    pub(crate) via: Via,
    pub(crate) target: Target,
}

impl Figure {
    pub(crate) fn rate(per_second: f64) -> (Self, &'static str) {
        (Self { value: per_second, words: format!("{per_second:.0}") }, "per second")
    }

    pub(crate) fn number(value: f64, unit: &'static str) -> (Self, &'static str) {
        let words = if value < 10.0 { format!("{value:.2}") } else { format!("{value:.1}") };
        // Judged as it is written.
        (Self { value: words.parse().unwrap_or(value), words }, unit)
    }

    /// A figure taken too early, after `count` of what it should have been after: it meets no target.
    pub(crate) fn only((figure, unit): (Self, &'static str), count: usize) -> (Self, &'static str) {
        let words = format!("not reached: after {count}, {}", figure.words);
        (Self { value: f64::INFINITY, words }, unit)
    }

    pub(crate) fn span(span: Duration) -> (Self, &'static str) {
        Self::number(span.as_secs_f64() * 1000.0, "ms")
    }
}

impl Sheet {
    /// Writes a figure into its line, in the column of a database (0 SQLite, 1 PostgreSQL).
    pub(crate) fn put(&mut self, place: Place<'_>, column: usize, figure: (Figure, &'static str)) {
        let (figure, unit) = figure;
        let Place { table, what, via, target } = place;
        let at = self.tables.iter().position(|one| one.title == table).unwrap_or_else(|| {
            self.tables.push(Table { title: table, lines: Vec::new() });
            self.tables.len() - 1
        });
        let lines = &mut self.tables[at].lines;
        let at = lines.iter().position(|line| line.what == what).unwrap_or_else(|| {
            let figures = [None, None];
            lines.push(Line { what: what.to_owned(), via, target, unit, figures });
            lines.len() - 1
        });
        eprintln!("bench: {what}: {} {unit}", figure.words);
        lines[at].figures[column] = Some(figure);
    }

    /// Writes the usual percentiles of a pile, the last of which has the target.
    pub(crate) fn put_pile(
        &mut self,
        place: Place<'_>,
        column: usize,
        pile: &Pile,
        percents: &[(usize, Target)],
    ) {
        for (percent, target) in percents {
            let what = format!("{}, p{percent}", place.what);
            let place = Place { what: &what, target: *target, ..place };
            self.put(place, column, Figure::span(pile.at(*percent)));
        }
    }

    /// Something to know beside the numbers.
    pub(crate) fn note(&mut self, words: String) {
        self.notes.push(words);
    }

    /// True when every figure meets its target.
    pub(crate) fn passes(&self) -> bool {
        self.tables.iter().flat_map(|table| &table.lines).all(|line| line.verdict() != "over")
    }

    /// The tables as markdown.
    pub(crate) fn text(&self) -> String {
        let mut out = String::new();
        for table in &self.tables {
            let head = ["", "measured by", "SQLite", "PostgreSQL", "target", ""];
            let mut rows = vec![head.map(str::to_owned)];
            rows.extend(table.lines.iter().map(Line::cells));
            let _ = writeln!(out, "## {}\n", table.title);
            write_rows(&mut out, &rows);
        }
        for note in &self.notes {
            let _ = writeln!(out, "- {note}");
        }
        out
    }
}

impl Line {
    fn verdict(&self) -> &'static str {
        let Target::Most(most) = self.target else { return "" };
        let met = self.figures.iter().flatten().all(|figure| figure.value <= most);
        if met { "PASS" } else { "over" }
    }

    fn cells(&self) -> [String; 6] {
        let via = match self.via {
            Via::Parts => "in process",
            Via::Http => "binary, HTTP",
            Via::Both => "in process, HTTP",
        };
        let cell = |place: usize| {
            let figure = self.figures[place].as_ref();
            figure.map_or_else(|| "-".into(), |figure| format!("{} {}", figure.words, self.unit))
        };
        let target = match self.target {
            Target::None => String::new(),
            Target::Most(most) => format!("≤ {most} {}", self.unit),
        };
        [self.what.clone(), via.into(), cell(0), cell(1), target, self.verdict().into()]
    }
}

/// Rows with columns of one width, numbers to the right.
fn write_rows(out: &mut String, rows: &[[String; 6]]) {
    let width = |column: usize| {
        rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0).max(3)
    };
    let widths: [usize; 6] = std::array::from_fn(width);
    let right = |column: usize| (2..=4).contains(&column);
    for (place, row) in rows.iter().enumerate() {
        for (column, cell) in row.iter().enumerate() {
            let width = widths[column];
            let _ = if right(column) {
                write!(out, "| {cell:>width$} ")
            } else {
                write!(out, "| {cell:<width$} ")
            };
        }
        out.push_str("|\n");
        if place == 0 {
            for (column, width) in widths.iter().enumerate() {
                let dashes = "-".repeat(*width);
                let _ = write!(out, "| {}{} ", &dashes[1..], if right(column) { ":" } else { "-" });
            }
            out.push_str("|\n");
        }
    }
    out.push('\n');
}
