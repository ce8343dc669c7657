//! A store's rules for its cards: what new ones begin with, and what an alarm does.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use super::cards::{MOST, MSAT_PER_SAT};
use super::desk::{At, form, unsaved};
use crate::app::App;
use crate::db::card::CardPolicy;
use crate::web::error::WebError;
use crate::web::form::SafeForm;
use crate::web::page::dashboard::desk::Section;
use crate::web::page::dashboard::field::{Choice, Field};
use crate::web::page::dashboard::form::{FormHtml, Panel};
use crate::web::read::{self, Faults};

/// What was typed.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    tap: String,
    #[serde(default)]
    day: String,
    #[serde(default)]
    most: String,
    #[serde(default)]
    days: String,
    #[serde(default)]
    alarm: String,
    #[serde(default)]
    apart: String,
}

impl Typed {
    fn of(policy: &CardPolicy) -> Self {
        let sats = |msat: i64| (msat / MSAT_PER_SAT).to_string();
        Self {
            tap: sats(policy.tap_limit_msat),
            day: sats(policy.day_limit_msat),
            most: policy.balance_limit_msat.map(sats).unwrap_or_default(),
            days: policy.batch_days.to_string(),
            alarm: if policy.alarm_freezes == 1 { "freeze".into() } else { "warn".into() },
            apart: policy.apart_minutes.to_string(),
        }
    }

    fn read(&self, at: &At) -> Result<CardPolicy, Faults> {
        let mut faults = Faults::default();
        let amount = |text: &str| read::whole(text, 1, MOST).map(|sats| sats * MSAT_PER_SAT);
        let most = self.most.trim();
        if !matches!(self.alarm.as_str(), "freeze" | "warn") {
            faults.note("alarm", "Choose one of the two.");
        }
        let policy = CardPolicy {
            store_id: at.store.id.clone(),
            merchant_id: at.merchant().clone(),
            alarm_freezes: (self.alarm == "freeze").into(),
            apart_minutes: faults.take("apart", read::whole(&self.apart, 0, 1440)),
            tap_limit_msat: faults.take("tap", amount(&self.tap)),
            day_limit_msat: faults.take("day", amount(&self.day)),
            balance_limit_msat: (!most.is_empty()).then(|| faults.take("most", amount(most))),
            batch_days: faults.take("days", read::whole(&self.days, 1, 365)),
        };
        faults.check(policy)
    }

    fn html(&self, at: &At, faults: &Faults) -> FormHtml {
        let alarms = [("freeze", "Freeze the card"), ("warn", "Only warn me")];
        let alarms = alarms.map(|(value, words)| Choice::new(value, words)).to_vec();
        FormHtml {
            shell: at.shell("Rules for cards"),
            desk: at.desk(Section::Cards, "Rules for cards", None),
            back: Some((at.path("/cards"), "Cards")),
            id: None,
            fault: unsaved(faults),
            panels: vec![
                Panel {
                    title: "A new card".into(),
                    lead: Some("What it begins with. Each card can be changed on its own.".into()),
                    pairs: vec![
                        Field::whole("tap", "Most by one tap, sats", &self.tap).faults(faults),
                        Field::whole("day", "Most on one day, sats", &self.day).faults(faults),
                        Field::whole("most", "Most on the card, sats", &self.most)
                            .optional()
                            .hint("Empty for no limit.")
                            .faults(faults),
                        Field::whole("days", "Days that a batch’s codes last", &self.days)
                            .faults(faults),
                    ],
                    ..Panel::default()
                },
                Panel {
                    title: "A card that may have been copied".into(),
                    lead: Some(
                        "When an older tap comes after a newer one, or a card is at two of your \
                         stores at once."
                            .into(),
                    ),
                    fields: vec![
                        Field::radio("alarm", "What happens", &self.alarm, alarms).faults(faults),
                        Field::whole("apart", "Minutes between two stores", &self.apart)
                            .hint("Two stores within fewer minutes raise the alarm; 0 for never.")
                            .faults(faults),
                    ],
                    ..Panel::default()
                },
            ],
            button: "Save",
            acts: vec![],
            action: at.path("/cards/rules"),
        }
    }
}

/// `GET …/cards/rules`
pub(super) async fn show(State(app): State<Arc<App>>, at: At) -> Result<Response, WebError> {
    let policy = app.db.card_policy(at.merchant(), &at.store.id).await?;
    let faults = Faults::default();
    form(&Typed::of(&policy).html(&at, &faults), &faults)
}

/// `POST …/cards/rules`
pub(super) async fn save(
    State(app): State<Arc<App>>,
    at: At,
    SafeForm(typed): SafeForm<Typed>,
) -> Result<Response, WebError> {
    let policy = match typed.read(&at) {
        Ok(policy) => policy,
        Err(faults) => return form(&typed.html(&at, &faults), &faults),
    };
    let freezes = if policy.alarm_freezes == 1 { "freezes" } else { "only warns" };
    let detail = format!("an alarm {freezes}, two stores within {} min", policy.apart_minutes);
    let mut tx = app.db.begin().await?;
    tx.save_card_policy(&policy).await?;
    tx.audit(at.merchant(), &at.who(), "card.rules_changed", &detail, app.now()).await?;
    tx.commit().await?;
    Ok(at.done("/cards", "saved"))
}
