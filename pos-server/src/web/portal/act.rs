//! What a holder changes. Each form is answered by the page that shows what is true then, or by itself
//! with what is wrong.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::HOME;
use super::door::cleared;
use super::forms::{self, Typed};
use super::holder::Holder;
use super::show;
use crate::app::App;
use crate::domain::npub;
use crate::points;
use crate::till::TillError;
use crate::till::card;
use crate::web::error::WebError;
use crate::web::form::HolderForm;
use crate::web::read;

const MSAT_PER_SAT: i64 = 1_000;
/// Sats: nobody spends more than a bitcoin by card.
const MOST: i64 = 100_000_000;
/// Signs of a nickname.
pub(super) const NAME_MOST: usize = 30;

#[derive(Deserialize)]
pub(super) struct Nothing {}

fn done(what: &str) -> Response {
    Redirect::to(&format!("{HOME}?done={what}")).into_response()
}

/// Why a verb did nothing, in words; other faults go their way.
fn words(error: TillError) -> Result<String, WebError> {
    match error {
        TillError::Refused(words) => Ok(words),
        other => Err(other.into()),
    }
}

/// `POST /card/own/freeze`
pub(super) async fn freeze(
    State(app): State<Arc<App>>,
    holder: Holder,
    HolderForm(Nothing {}): HolderForm<Nothing>,
) -> Result<Response, WebError> {
    card::freeze_own(&app, &holder.card).await?;
    Ok(done("frozen"))
}

/// `POST /card/own/thaw`
pub(super) async fn thaw(
    State(app): State<Arc<App>>,
    holder: Holder,
    HolderForm(typed): HolderForm<Typed>,
) -> Result<Response, WebError> {
    match card::thaw_own(&app, holder.both(), &typed.pin, &typed.key).await {
        Ok(()) => Ok(done("thawed")),
        Err(error) => show::again(&app, holder, words(error)?).await,
    }
}

/// `POST /card/own/limits`
pub(super) async fn limits(
    State(app): State<Arc<App>>,
    holder: Holder,
    HolderForm(typed): HolderForm<Typed>,
) -> Result<Response, WebError> {
    let read = |text: &str| read::whole(text, 1, MOST).map(|sats| sats * MSAT_PER_SAT);
    let (tap, day) = match (read(&typed.tap), read(&typed.day)) {
        (Ok(tap), Ok(day)) => (tap, day),
        (Err(wrong), _) | (_, Err(wrong)) => return forms::limits_again(&holder, &typed, &wrong),
    };
    match card::set_own_limits(&app, holder.both(), (tap, day), &typed.pin, &typed.key).await {
        Ok(()) => Ok(done("limits")),
        Err(error) => forms::limits_again(&holder, &typed, &words(error)?),
    }
}

/// `POST /card/own/pin`
pub(super) async fn pin(
    State(app): State<Arc<App>>,
    holder: Holder,
    HolderForm(typed): HolderForm<Typed>,
) -> Result<Response, WebError> {
    let from = match typed.from.trim() {
        "" => Ok(0),
        from => read::whole(from, 0, MOST),
    };
    let again = |wrong: &str| forms::pin_again(&holder, &typed, wrong);
    let from = match (from, read::pin(&typed.new)) {
        (Ok(_), Ok(_)) if typed.new.len() != 4 => return again("A PIN is four digits."),
        (Ok(_), Ok(_)) if typed.new != typed.twice => {
            return again("The new PIN was not the same twice. Nothing was changed.");
        }
        (Ok(from), Ok(_)) => from * MSAT_PER_SAT,
        (Err(wrong), _) | (_, Err(wrong)) => return again(&wrong),
    };
    let pins = (typed.pin.as_str(), Some(typed.new.as_str()));
    match card::set_own_pin(&app, holder.both(), pins, from, &typed.key).await {
        Ok(()) => Ok(done("pin")),
        Err(error) => again(&words(error)?),
    }
}

/// `POST /card/own/pin/remove`
pub(super) async fn remove_pin(
    State(app): State<Arc<App>>,
    holder: Holder,
    HolderForm(typed): HolderForm<Typed>,
) -> Result<Response, WebError> {
    match card::set_own_pin(&app, holder.both(), (&typed.pin, None), 0, &typed.key).await {
        Ok(()) => Ok(done("no-pin")),
        Err(error) => forms::pin_again(&holder, &typed, &words(error)?),
    }
}

/// `POST /card/own/name`
pub(super) async fn name(
    State(app): State<Arc<App>>,
    holder: Holder,
    HolderForm(typed): HolderForm<Typed>,
) -> Result<Response, WebError> {
    match clean(&typed.name) {
        Ok(name) => {
            card::rename_own(&app, &holder.card, &name).await?;
            Ok(done("name"))
        }
        Err(wrong) => forms::you_again(&app, &holder, &typed, &wrong).await,
    }
}

/// One line that looks as it reads: without signs that nobody sees, or that turn others around.
fn clean(text: &str) -> Result<String, String> {
    let unseen = |sign: char| {
        matches!(sign, '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
    };
    let seen: String = text.chars().filter(|sign| !unseen(*sign) && !sign.is_control()).collect();
    read::line(&seen, NAME_MOST)
}

/// `POST /card/own/inbox`
pub(super) async fn inbox(
    State(app): State<Arc<App>>,
    holder: Holder,
    HolderForm(typed): HolderForm<Typed>,
) -> Result<Response, WebError> {
    let key = match typed.npub.trim() {
        "" => Ok(String::new()),
        text => npub::read(text).map_err(|wrong| wrong.to_string()),
    };
    let key = match key {
        Ok(key) => key,
        Err(wrong) => return forms::you_again(&app, &holder, &typed, &wrong).await,
    };
    match card::set_own_inbox(&app, holder.both(), &key, &typed.pin, &typed.key).await {
        Ok(()) => Ok(done(if key.is_empty() { "no-inbox" } else { "inbox" })),
        Err(error) => forms::you_again(&app, &holder, &typed, &words(error)?).await,
    }
}

/// `POST /card/own/birthday`
pub(super) async fn birthday(
    State(app): State<Arc<App>>,
    holder: Holder,
    HolderForm(typed): HolderForm<Typed>,
) -> Result<Response, WebError> {
    // Where nothing is given for it, nobody is asked.
    if points::standing(&app.db, &holder.card, app.now()).await?.is_none() {
        return Err(WebError::NotFound);
    }
    let told = match read::month_day(&typed.birthday) {
        Ok(Some(day)) => card::tell_own_birthday(&app, &holder.card, &day).await,
        Ok(None) => Err(TillError::Refused("Month and day, like 11-21.".into())),
        Err(wrong) => Err(TillError::Refused(wrong)),
    };
    match told {
        Ok(()) => Ok(done("birthday")),
        Err(error) => forms::you_again(&app, &holder, &typed, &words(error)?).await,
    }
}

/// `POST /card/own/leave`
pub(super) async fn leave(
    State(app): State<Arc<App>>,
    holder: Holder,
    HolderForm(Nothing {}): HolderForm<Nothing>,
) -> Result<Response, WebError> {
    card::sign_out(&app, &holder.session).await?;
    let mut response = Redirect::to(&format!("{HOME}/tap?why=out")).into_response();
    response.headers_mut().append(SET_COOKIE, cleared(&app));
    Ok(response)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_that_looks_as_it_reads() {
        assert_eq!(clean("  Mum’s \n card ").unwrap(), "Mum’s card");
        assert_eq!(clean("\u{202E}drac\u{200B} x").unwrap(), "drac x");
        assert_eq!(clean("").unwrap(), "");
        assert!(clean(&"é".repeat(NAME_MOST)).is_ok());
        assert!(clean(&"é".repeat(NAME_MOST + 1)).is_err());
    }
}
