//! From Charge to the page with the code, and what the practice node itself takes of it.

use std::time::Duration;

use anyhow::Result;
use pos_server::domain::money::Msat;
use pos_server::rail::{Ask, Rail};

use crate::database::Database;
use crate::house::House;
use crate::measure::times;
use crate::sheet::{Place, Sheet, Target, Via};
use crate::tablet::Tablet;

const TITLE: &str = "Charge → answer";
const SALES: usize = 300;

/// The practice node's own time, to be taken off.
pub(crate) async fn node(sheet: &mut Sheet, database: &Database, house: &House) -> Result<()> {
    let node = house.node()?;
    let (amount, expires_in) = (Msat::new(14_595_000)?, Duration::from_secs(600));
    let ask = Ask::plain(amount, "Blue Mahoe Café", expires_in);
    let pile = times(SALES, async |_| Ok(node.offer(&ask).await?)).await?;
    let what = "the practice node makes an invoice";
    let place = Place { table: TITLE, what, via: Via::Parts, target: Target::None };
    sheet.put_pile(place, database.column, &pile, &[(50, Target::None), (95, Target::None)]);
    Ok(())
}

/// Charge alone, and with the page that it leads to.
pub(crate) async fn fill(sheet: &mut Sheet, database: &Database, tablet: &Tablet) -> Result<()> {
    let place = Place { table: TITLE, what: "", via: Via::Http, target: Target::None };
    let pile = times(SALES, async |_| tablet.charge().await).await?;
    let charge = Place { what: "Charge → the sale is open (303)", ..place };
    sheet.put_pile(charge, database.column, &pile, &[(50, Target::None), (95, Target::None)]);
    let pile = times(SALES, async |_| tablet.open().await).await?;
    let page = Place { what: "Charge → its page with the code is here", ..place };
    let percents = [(50, Target::None), (95, Target::Most(100.0))];
    sheet.put_pile(page, database.column, &pile, &percents);
    Ok(())
}
