//! The overview: today's takings, what wants a look, and whether all is well.

use askama::Template;

use super::chart::Chart;
use super::desk::Desk;
use crate::web::page::Shell;
use crate::web::page::filters;
use crate::web::page::part::Row;

/// The first page after signing in.
#[derive(Template)]
#[template(path = "dashboard/home.html")]
pub struct HomeHtml {
    /// The shell.
    pub shell: Shell,
    /// The dashboard around it.
    pub desk: Desk,
    /// `J$179,120.00`.
    pub taken: String,
    /// How that compares: `J$16,020.00 ahead`, with its class and icon.
    pub against: Option<Against>,
    /// `143 sales, J$1,252.59 each`.
    pub sales: String,
    /// The hours.
    pub chart: Chart,
    /// `Last Saturday`, if anything was sold then.
    pub then: Option<String>,
    /// What wants a decision.
    pub look: Vec<Look>,
    /// The rail and the rate.
    pub health: Vec<Health>,
    /// How people paid.
    pub shares: Vec<Share>,
    /// `J$14,820.00`.
    pub tips: String,
    /// Whose tips.
    pub tips_by: Vec<Row>,
}

/// Today against the same day last week.
#[derive(Debug, Clone)]
pub struct Against {
    /// `J$16,020.00 ahead`.
    pub words: String,
    /// `of last Saturday`.
    pub of: String,
    /// Ahead, or not.
    pub ahead: bool,
}

/// Something that wants a decision.
#[derive(Debug, Clone)]
pub struct Look {
    /// Where it is dealt with.
    pub href: String,
    /// Its class.
    pub class: &'static str,
    /// Its sign.
    pub icon: &'static str,
    /// `J$1,250.00 paid late`.
    pub what: String,
    /// What to do.
    pub why: String,
}

/// One thing that is well, or not.
#[derive(Debug, Clone)]
pub struct Health {
    /// Where more stands.
    pub href: String,
    /// Its class.
    pub class: &'static str,
    /// Its sign.
    pub icon: &'static str,
    /// `Lightning`.
    pub what: &'static str,
    /// How it is, in words.
    pub words: String,
}

/// What came over one rail.
#[derive(Debug, Clone)]
pub struct Share {
    /// `Lightning`.
    pub name: &'static str,
    /// `J$71,640.00`.
    pub amount: String,
    /// Whole percent.
    pub percent: i64,
}
