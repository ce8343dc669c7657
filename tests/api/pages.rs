//! The list of sales, a page at a time.

use serde_json::json;

use super::program::{ALL, Program, program};
use crate::on_both;
use crate::sale::shop::Shop;

/// The ids of all pages, with a sale added after each.
async fn all_pages(shop: &Shop, program: &Program, query: &str) -> Vec<String> {
    let (mut ids, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = program.get(&format!("/sales?{query}{cursor}")).await.is(200).json;
        for sale in page["sales"].as_array().unwrap() {
            ids.push(sale["id"].as_str().unwrap().to_owned());
        }
        let Some(next) = page["next"].as_str() else { return ids };
        cursor = format!("&cursor={next}");
        shop.charge(90_000).await;
    }
}

on_both! {
    async fn pages_hold_each_sale_once_while_others_are_opened(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let program = program(&shop, ALL).await;
        let mut opened = Vec::new();
        for place in 0..7 {
            opened.push(shop.charge(50_000).await.to_string());
            // Some in the same millisecond, some not.
            if place % 3 == 0 {
                shop.later(1);
            }
        }
        opened.reverse();
        assert_eq!(all_pages(&shop, &program, "limit=3").await, opened);
        assert_eq!(program.get("/sales").await.is(200).json["sales"].as_array().unwrap().len(), 9);
    }

    async fn a_list_is_narrowed_by_state_and_time(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let program = program(&shop, ALL).await;
        let now = || super::program::rfc3339(shop.app().now().0);
        let first = shop.charge(50_000).await.to_string();
        shop.later(3600);
        let noon = now();
        let second = shop.charge(50_000).await;
        shop.collect(&second).await;
        shop.later(3600);
        let later = now();
        let third = shop.charge(50_000).await.to_string();
        let listed = async |query: &str| {
            let page = program.get(&format!("/sales?{query}")).await.is(200).json;
            let ids = page["sales"].as_array().unwrap().iter().map(|sale| sale["id"].clone());
            json!(ids.collect::<Vec<_>>())
        };
        let second = second.to_string();
        assert_eq!(listed("state=paid").await, json!([second]));
        assert_eq!(listed("state=open").await, json!([third, first]));
        assert_eq!(listed(&format!("from={noon}")).await, json!([third, second]));
        assert_eq!(listed(&format!("from={noon}&to={later}")).await, json!([second]));
        assert_eq!(listed(&format!("to={noon}&state=open&limit=1")).await, json!([first]));
        assert_eq!(listed("state=voided").await, json!([]));
    }
}
