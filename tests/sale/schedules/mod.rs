//! Random schedules: many sales at once, with everything that goes wrong between a customer, a
//! cashier, two workers, a node and a server that dies at any place. Each schedule ends at rest, and
//! then everything must be right.
//!
//! A schedule is nothing but its seed. One thread runs it, and verbs give way to one another only at
//! the gates of the node, so the same seed takes the same way. `SCHEDULES=20000` runs more of them,
//! `SCHEDULE_SEED=77` one alone, with what happened in it.

mod act;
pub(crate) mod request;
mod rest;
mod sabotage;
mod world;

use super::shop::House;
use crate::support::db::Fresh;
use sabotage::Saboteur;
use world::World;

const SCHEDULES: u64 = 1_000;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect("a number"))
}

async fn run(fresh: Fresh) {
    let kind = fresh.db.kind();
    let mut saboteur = Saboteur::hire(&fresh).await;
    // The saboteur changed how fast the database is; connections made before do not know.
    let mut house = House::open(fresh).await.another().await;
    let alone = number("SCHEDULE_SEED");
    let count = number("SCHEDULES").unwrap_or(SCHEDULES);
    for seed in alone.map_or(0..count, |seed| seed..seed + 1) {
        let mut world = World::new(house, &mut saboteur, seed).await;
        let faults = world.play().await;
        assert!(
            faults.is_empty(),
            "\nSCHEDULE_SEED={seed} on {kind:?} ends wrong:\n  {}\nThis happened:\n  {}\n",
            faults.join("\n  "),
            world.told.join("\n  ")
        );
        if alone.is_some() {
            eprintln!("SCHEDULE_SEED={seed} on {kind:?}:\n  {}", world.told.join("\n  "));
        }
        house = world.leave();
    }
}

#[tokio::test]
async fn whatever_happens_on_sqlite_each_payment_settles_once() {
    run(Fresh::sqlite_in_memory_of_the_machine().await).await;
}

#[tokio::test]
async fn whatever_happens_on_postgres_each_payment_settles_once() {
    run(Fresh::postgres().await).await;
}
