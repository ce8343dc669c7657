//! How often a token may ask.

use std::time::Duration;

use super::program::{ALL, program};
use crate::on_both;
use crate::sale::shop::Shop;

on_both! {
    async fn every_answer_tells_what_is_left_and_who_asks_too_often_waits(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let (program, other) = (program(&shop, ALL).await, program(&shop, ALL).await);
        let first = program.get("/items").await.is(200);
        assert_eq!(first.number("ratelimit-limit"), 40);
        assert_eq!(first.number("ratelimit-remaining"), 39);
        assert_eq!(first.number("ratelimit-reset"), 1);
        let refused = program.get("/sales/17").await.is(404);
        assert!(refused.number("ratelimit-remaining") < 40, "a refusal counts and tells as well");
        // However slow the machine is: ten a second come back, and more than that are asked for.
        let mut answer = refused;
        for _ in 0..5_000 {
            answer = program.get("/rates").await;
            if answer.status == 429 {
                break;
            }
        }
        assert_eq!(answer.number("ratelimit-remaining"), 0);
        assert_eq!(answer.number("retry-after"), 1);
        assert_eq!(answer.number("ratelimit-reset"), 4);
        answer.refused(429, "too-often");
        other.get("/rates").await.is(200);
        tokio::time::sleep(Duration::from_millis(1_100)).await;
        program.get("/rates").await.is(200);
    }
}
