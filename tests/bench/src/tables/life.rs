//! Ten thousand whole sales over HTTP: how fast, how many commits, and what is left in memory. Then
//! a start over what they left.

use std::time::Duration;

use anyhow::Result;

use crate::binary::Binary;
use crate::database::Database;
use crate::measure::{Pile, together};
use crate::sheet::{Figure, Place, Sheet, Target, Via};
use crate::tablet::Tablet;

const TITLE: &str = "Ten thousand sales, and a start";
const SALES: usize = 10_000;
const STARTS: usize = 5;
/// Slow machines stop before ten thousand, and say so.
const PATIENCE: Duration = Duration::from_secs(90);

/// Sells until the database holds ten thousand sales.
pub(crate) async fn sell(
    sheet: &mut Sheet,
    database: &Database,
    server: &Binary,
    tablets: Vec<Tablet>,
) -> Result<Vec<Tablet>> {
    let place = Place { table: TITLE, what: "", via: Via::Http, target: Target::None };
    let at = database.column;
    let megabytes = |line| Ok::<_, anyhow::Error>(Figure::number(server.memory(line)?, "MB"));
    sheet.put(Place { what: "memory before", ..place }, at, megabytes("VmRSS")?);
    let (before, busy) = (database.commits().await?, server.busy()?);
    let (done, tablets) = together(tablets, PATIENCE, SALES).await?;
    let (commits, busy) = (database.commits().await? - before, server.busy()? - busy);
    let what = format!("whole sales by {} tablets", tablets.len());
    sheet.put(Place { what: &what, ..place }, at, Figure::rate(done.per_second()));
    let (what, target) = ("durable commits for a whole sale", Target::Most(2.0));
    let each = Figure::number(commits as f64 / done.count as f64, "");
    sheet.put(Place { what, target, ..place }, at, each);
    let what = "processor time of the server for a whole sale";
    let each = Figure::span(busy.div_f64(done.count as f64));
    sheet.put(Place { what, ..place }, at, each);
    let mut paid = Pile::default();
    tablets.iter().for_each(|tablet| paid.add(tablet.paid.clone()));
    let what = "customer presses Pay → till says Paid, under that load";
    let percents = [(50, Target::None), (95, Target::None)];
    sheet.put_pile(Place { what, ..place }, at, &paid, &percents);
    let what = "memory after ten thousand sales";
    let memory = Place { what, target: Target::Most(80.0), ..place };
    // Each tablet has a whole share.
    let reached = done.count + tablets.len() > SALES;
    let after = megabytes("VmRSS")?;
    let after = if reached { after } else { Figure::only(after, done.count) };
    sheet.put(memory, at, after);
    sheet.put(Place { what: "memory at most", ..place }, at, megabytes("VmHWM")?);
    Ok(tablets)
}

/// Starts the server over an existing database a few times.
pub(crate) async fn starts(sheet: &mut Sheet, database: &Database) -> Result<()> {
    let mut pile = Pile::default();
    for _ in 0..STARTS {
        let server = Binary::start(database).await?;
        pile.push(server.started_in);
        server.stop().await?;
    }
    let what = "start → first request answered";
    let place = Place { table: TITLE, what, via: Via::Http, target: Target::None };
    let percents = [(50, Target::None), (100, Target::Most(300.0))];
    sheet.put_pile(place, database.column, &pile, &percents);
    Ok(())
}
