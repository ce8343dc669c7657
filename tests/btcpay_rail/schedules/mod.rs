//! Random schedules through a BTCPay: cashiers, customers, the merchant at BTCPay, webhooks that are
//! held, doubled, shuffled and lost, a server that fails in every way, two workers of ours that die
//! at any place. Each ends at rest, and then everything must be right.
//!
//! A seed decides what is thrown; who is quicker over the wire it does not. `SCHEDULES=20000` runs
//! more of them, `SCHEDULE_SEED=77` one alone, with what happened in it.

mod act;
mod check;
mod rest;
mod world;

use futures_util::future::join_all;
use world::World;

use crate::sale::shop::House;
use crate::support::db::Fresh;

const SCHEDULES: u64 = 1_000;
/// Schedules under way at once, each lane on a database of its own: one waits while another works.
const LANES: u64 = 6;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect("a number"))
}

/// Runs the schedules of one lane, and answers what is wrong with the first that is.
async fn lane(fresh: Fresh, seeds: Vec<u64>, aloud: bool) -> Option<String> {
    let kind = fresh.db.kind();
    let house = House::open(fresh).await;
    for seed in seeds {
        let mut world = World::new(&house, seed).await;
        let faults = world.play().await;
        let told = world.told.join("\n  ");
        if !faults.is_empty() {
            let faults = faults.join("\n  ");
            return Some(format!(
                "\nSCHEDULE_SEED={seed} on {kind:?} ends wrong:\n  {faults}\nThis happened:\n  {told}\n"
            ));
        }
        if aloud {
            eprintln!("SCHEDULE_SEED={seed} on {kind:?}:\n  {told}");
        }
        world.leave().await;
    }
    None
}

async fn run(fresh: impl AsyncFn() -> Fresh) {
    let alone = number("SCHEDULE_SEED");
    let count = number("SCHEDULES").unwrap_or(SCHEDULES);
    let lanes = if alone.is_some() { 1 } else { LANES };
    let mut all = Vec::new();
    for place in 0..lanes {
        let seeds: Vec<u64> = match alone {
            Some(seed) => vec![seed],
            None => (0..count).filter(|seed| seed % lanes == place).collect(),
        };
        all.push(tokio::spawn(lane(fresh().await, seeds, alone.is_some())));
    }
    for done in join_all(all).await {
        if let Some(wrong) = done.unwrap() {
            panic!("{wrong}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_happens_on_sqlite_each_payment_counts_once() {
    run(async || Fresh::sqlite_in_memory_of_the_machine().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_happens_on_postgres_each_payment_counts_once() {
    run(async || Fresh::postgres().await).await;
}
