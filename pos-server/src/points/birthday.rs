//! A holder's birthday, where a programme gives something for it.

use super::PointsError;
use super::hold::lock;
use crate::db::Tx;
use crate::db::card::Card;
use crate::domain::time::Time;

/// Keeps a birthday (`11-21`) that the card's holder told; false if one was told before: to change it
/// at will would be a bonus at will, so that the merchant does.
pub async fn tell_birthday(
    tx: &mut Tx,
    card: &Card,
    month_day: &str,
    now: Time,
) -> Result<bool, PointsError> {
    let mut points = lock(tx, card, now).await?;
    if points.birthday.is_some() {
        return Ok(points.birthday.as_deref() == Some(month_day));
    }
    points.birthday = Some(month_day.to_owned());
    tx.save_points(&points).await?;
    Ok(true)
}
