//! The first answer to a money-moving request, kept in the transaction that moved the money.

use sqlx::query;

use super::{Db, DbError, Tx};
use crate::domain::time::Time;

/// What a key was used for.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct FirstAnswer {
    /// SHA-256 of the request's body, hex.
    pub body_hash: String,
    /// What was answered.
    pub answer: String,
}

impl Tx {
    /// Keeps an answer under a key; false if the key was used before (then roll back and read the
    /// first answer).
    pub async fn keep_answer(
        &mut self,
        scope: &str,
        key: &str,
        answer: &FirstAnswer,
        now: Time,
    ) -> Result<bool, DbError> {
        let sql = query(
            "INSERT INTO idempotency (scope, key, body_hash, answer, created_ms)
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        );
        let sql = sql.bind(scope.to_owned()).bind(key.to_owned());
        let sql = sql.bind(answer.body_hash.clone()).bind(answer.answer.clone()).bind(now.0);
        Ok(self.run(sql).await? == 1)
    }
}

impl Db {
    /// The first answer under a key, if it was used.
    pub async fn first_answer(
        &self,
        scope: &str,
        key: &str,
    ) -> Result<Option<FirstAnswer>, DbError> {
        let sql = query("SELECT body_hash, answer FROM idempotency WHERE scope = $1 AND key = $2");
        self.maybe(sql.bind(scope.to_owned()).bind(key.to_owned())).await
    }

    /// The key of `scope` under which `answer` was given, if it is still kept.
    pub async fn key_of_answer(
        &self,
        scope: &str,
        answer: &str,
    ) -> Result<Option<String>, DbError> {
        let sql = query("SELECT key FROM idempotency WHERE scope = $1 AND answer = $2");
        let sql = sql.bind(scope.to_owned()).bind(answer.to_owned());
        Ok(self.maybe::<(String,)>(sql).await?.map(|(key,)| key))
    }

    /// Forgets answers older than `before`.
    pub async fn sweep_answers(&self, before: Time) -> Result<u64, DbError> {
        self.run(query("DELETE FROM idempotency WHERE created_ms < $1").bind(before.0)).await
    }
}
