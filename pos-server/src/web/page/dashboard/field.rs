//! A field of a form as data: its label, what was typed, and what is wrong with it.

use askama::Template;

use crate::web::page::filters;
use crate::web::read::Faults;

/// One field, drawn by its own template; shown in a page by `{{ field|safe }}`.
#[derive(Debug, Clone, Template)]
#[template(path = "dashboard/parts/field.html")]
pub struct Field {
    name: &'static str,
    label: String,
    value: String,
    hint: Option<String>,
    fault: Option<String>,
    required: bool,
    kind: Kind,
}

/// How a field is filled in.
#[derive(Debug, Clone)]
enum Kind {
    Text { input: &'static str, mode: &'static str, complete: &'static str },
    Area { rows: u8, mono: bool },
    Select(Vec<Choice>),
    Radio(Vec<Choice>),
    Tick,
}

/// One of several.
#[derive(Debug, Clone)]
pub struct Choice {
    /// As the form sends it.
    pub value: String,
    /// As people read it.
    pub words: String,
}

impl Choice {
    /// A choice.
    pub fn new(value: impl Into<String>, words: impl Into<String>) -> Self {
        Self { value: value.into(), words: words.into() }
    }
}

impl Field {
    fn new(name: &'static str, label: &str, value: &str, kind: Kind) -> Self {
        Self {
            name,
            label: label.into(),
            value: value.into(),
            hint: None,
            fault: None,
            required: true,
            kind,
        }
    }

    fn input(
        name: &'static str,
        label: &str,
        value: &str,
        input: &'static str,
        mode: &'static str,
        complete: &'static str,
    ) -> Self {
        Self::new(name, label, value, Kind::Text { input, mode, complete })
    }

    /// A line of text.
    #[must_use]
    pub fn text(name: &'static str, label: &str, value: &str) -> Self {
        Self::input(name, label, value, "text", "text", "off")
    }

    /// A number with decimals.
    #[must_use]
    pub fn decimal(name: &'static str, label: &str, value: &str) -> Self {
        Self::input(name, label, value, "text", "decimal", "off")
    }

    /// A whole number.
    #[must_use]
    pub fn whole(name: &'static str, label: &str, value: &str) -> Self {
        Self::input(name, label, value, "text", "numeric", "off")
    }

    /// A date, as `2026-11-20`.
    #[must_use]
    pub fn date(name: &'static str, label: &str, value: &str) -> Self {
        Self::input(name, label, value, "date", "text", "off")
    }

    /// A day and a time, as `2026-11-20T18:30`.
    #[must_use]
    pub fn moment(name: &'static str, label: &str, value: &str) -> Self {
        Self::input(name, label, value, "datetime-local", "text", "off")
    }

    /// An e-mail to sign in with.
    #[must_use]
    pub fn email(name: &'static str, label: &str, value: &str) -> Self {
        Self::input(name, label, value, "email", "email", "username")
    }

    /// A password that is asked for; never filled in again.
    #[must_use]
    pub fn password(name: &'static str, label: &str) -> Self {
        Self::input(name, label, "", "password", "text", "current-password")
    }

    /// A password that is chosen; never filled in again.
    #[must_use]
    pub fn new_password(name: &'static str, label: &str) -> Self {
        Self::input(name, label, "", "password", "text", "new-password")
    }

    /// A PIN that is chosen; never filled in again.
    #[must_use]
    pub fn pin(name: &'static str, label: &str) -> Self {
        Self::input(name, label, "", "password", "numeric", "new-password")
    }

    /// A few lines of text.
    #[must_use]
    pub fn area(name: &'static str, label: &str, value: &str, rows: u8) -> Self {
        Self::new(name, label, value, Kind::Area { rows, mono: false }).optional()
    }

    /// A few lines of what machines write.
    #[must_use]
    pub fn paste(name: &'static str, label: &str, value: &str, rows: u8) -> Self {
        Self::new(name, label, value, Kind::Area { rows, mono: true })
    }

    /// One of many.
    #[must_use]
    pub fn select(name: &'static str, label: &str, value: &str, choices: Vec<Choice>) -> Self {
        Self::new(name, label, value, Kind::Select(choices))
    }

    /// One of a few, all shown.
    #[must_use]
    pub fn radio(name: &'static str, label: &str, value: &str, choices: Vec<Choice>) -> Self {
        Self::new(name, label, value, Kind::Radio(choices))
    }

    /// Yes or no; yes is sent as `on`.
    #[must_use]
    pub fn tick(name: &'static str, label: &str, value: &str) -> Self {
        Self::new(name, label, value, Kind::Tick).optional()
    }

    /// May stay empty.
    #[must_use]
    pub fn optional(self) -> Self {
        Self { required: false, ..self }
    }

    /// A word of help below it.
    #[must_use]
    pub fn hint(self, words: impl Into<String>) -> Self {
        Self { hint: Some(words.into()), ..self }
    }

    /// Shows what is wrong with it.
    #[must_use]
    pub fn faults(self, faults: &Faults) -> Self {
        Self { fault: faults.of(self.name), ..self }
    }

    fn described_by(&self) -> Option<String> {
        let fault = self.fault.as_ref().map(|_| format!("{}-fault", self.name));
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.name));
        let ids: Vec<_> = [fault, hint].into_iter().flatten().collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    fn is(&self, choice: &Choice) -> bool {
        choice.value == self.value
    }
}
