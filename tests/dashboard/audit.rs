//! The log: every row seals the one before.

use sqlx::{Connection, Executor};

use crate::on_both;
use crate::support::db::Fresh;
use crate::support::shop::Shop;

/// Does what no code of ours does, as somebody with the database in his hands.
async fn tamper(fresh_url: &str, sql: &'static str) {
    sqlx::any::install_default_drivers();
    let mut connection = sqlx::AnyConnection::connect(fresh_url).await.unwrap();
    connection.execute(sqlx::query(sql)).await.unwrap();
    connection.close().await.unwrap();
}

async fn check(fresh: Fresh, sql: &'static str, words: &str) {
    let url = fresh.url.clone();
    let server = Shop::empty(fresh).await;
    let sample = server.sample().await;
    let mut owner = server.owner(&sample).await;
    let path = format!("/dashboard/{}/log", sample.store.id);
    owner.get(&path).await.is(200).says("All 6 rows are as they were written");
    tamper(&url, sql).await;
    owner.get(&path).await.is(200).says(words);
}

on_both! {
    async fn a_changed_word_is_found(fresh: Fresh) {
        let sql = "UPDATE audit SET detail = 'nothing to see' WHERE seq = 3";
        check(fresh, sql, "Row 3 does not follow").await;
    }

    async fn a_removed_row_is_found(fresh: Fresh) {
        check(fresh, "DELETE FROM audit WHERE seq = 2", "Row 3 does not follow").await;
    }

    async fn a_changed_time_is_found(fresh: Fresh) {
        let sql = "UPDATE audit SET at_ms = at_ms + 1 WHERE seq = 1";
        check(fresh, sql, "Row 1 does not follow").await;
    }

    async fn a_long_log_is_read_in_stretches_and_looked_over_whole(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let merchant = &sample.store.merchant_id;
        let mut tx = server.app.db.begin().await.unwrap();
        for count in 0..1_200 {
            let detail = format!("thing {count}");
            tx.audit(merchant, "test", "thing.done", &detail, server.app.now()).await.unwrap();
        }
        tx.commit().await.unwrap();
        let mut owner = server.owner(&sample).await;
        let path = format!("/dashboard/{}/log", sample.store.id);
        let first = owner.get(&path).await;
        first.is(200).says("All 1206 rows are as they were written").says("thing 1199");
        let (_, older) = first.body.split_once("/log?before=").unwrap();
        let older = older.split('"').next().unwrap();
        let next = owner.get(&format!("{path}?before={older}")).await;
        next.is(200).says("thing 1100");
        assert!(!next.body.contains("thing 1199"));
    }
}
