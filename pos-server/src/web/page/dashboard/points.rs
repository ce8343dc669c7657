//! Points: budgets, events, and what cards hold.

use askama::Template;

use super::desk::Desk;
use super::field::Field;
use crate::web::page::Shell;
use crate::web::page::filters;
use crate::web::page::part::Badge;

/// The overview.
#[derive(Template)]
#[template(path = "dashboard/points.html")]
pub struct PointsHtml {
    /// The shell.
    pub shell: Shell,
    /// The dashboard around it.
    pub desk: Desk,
    /// Whether purchases earn points here.
    pub badge: Badge,
    /// There is a programme.
    pub set_up: bool,
    /// Budgets as they stand; asked for again while the page is open.
    pub budgets: BudgetsHtml,
    /// What all cards hold: `12,400`.
    pub held: String,
    /// What holders owe, if they do.
    pub owed: Option<String>,
    /// Those with the most first.
    pub cards: Vec<CardPoints>,
}

/// The budgets, alone.
#[derive(Template)]
#[template(path = "dashboard/parts/budgets.html")]
pub struct BudgetsHtml {
    /// The programme's, once it is set up.
    pub programme: Option<BudgetView>,
    /// The events’, those that end last first.
    pub events: Vec<BudgetView>,
}

/// A budget.
#[derive(Debug, Clone)]
pub struct BudgetView {
    /// Whose: `Programme`, an event's name.
    pub name: String,
    /// `5%, 21 Nov 2026 to 28 Nov 2026`.
    pub under: String,
    /// Where it is changed.
    pub href: String,
    /// How the event stands.
    pub badge: Option<Badge>,
    /// Set aside for open sales: `120`.
    pub promised: String,
    /// Given.
    pub spent: String,
    /// What is left, or `No limit`.
    pub left: String,
    /// How much of how much is used.
    pub bar: Option<(i64, i64)>,
}

/// A card's points on a list.
#[derive(Debug, Clone)]
pub struct CardPoints {
    /// What the owner calls the card.
    pub label: String,
    /// `12,400`.
    pub held: String,
    /// What it owes, if it does.
    pub owed: Option<String>,
    /// Where its history is.
    pub href: String,
}

/// A card's points and their history.
#[derive(Template)]
#[template(path = "dashboard/points_card.html")]
pub struct PointsCardHtml {
    /// The shell.
    pub shell: Shell,
    /// The dashboard around it.
    pub desk: Desk,
    /// `12,400`.
    pub held: String,
    /// What it owes, if it does.
    pub owed: Option<String>,
    /// `120 are gone on 21 Nov 2027`.
    pub expires: Option<String>,
    /// The newest first.
    pub moves: Vec<MoveLine>,
    /// Where the form goes.
    pub action: String,
    /// The holder's birthday.
    pub birthday: Field,
    /// What is wrong with the form.
    pub fault: Option<String>,
}

/// Something that moved a card's points.
#[derive(Debug, Clone)]
pub struct MoveLine {
    /// `Earned`.
    pub words: &'static str,
    /// `21 Nov 2026, 12:44:07`.
    pub when: String,
    /// `+12`.
    pub points: String,
    /// `132 left`.
    pub after: String,
    /// The sale it was about.
    pub href: Option<String>,
}
