//! One operation: its address, query and body, sent once or, for a read, a few times.

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use reqwest::{Method, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::answer::{self, Answer};
use crate::{Client, Error, Result};

/// An operation that is being put together.
pub(crate) struct Call {
    client: Client,
    method: Method,
    url: Result<Url>,
    body: Option<Vec<u8>>,
    repeats: bool,
}

impl Call {
    pub(crate) fn new(client: &Client, method: Method, path: &[&str]) -> Self {
        let url = address(&client.base, path);
        let repeats = method == Method::GET;
        Self { client: client.clone(), method, url, body: None, repeats }
    }

    /// A page, without the key: whoever reads it there is nobody to the server.
    pub(crate) fn of_page(client: &Client, name: &str) -> Self {
        let url = under(&client.base, &[name]);
        let (client, method) = (client.anonymous(), Method::GET);
        Self { client, method, url, body: None, repeats: true }
    }

    /// A page below this one.
    pub(crate) fn page(mut self, name: &str) -> Self {
        if let Ok(url) = &self.url {
            self.url = under(url, &[name]);
        }
        self
    }

    /// Is never repeated, though it is a read by its name.
    pub(crate) fn once_only(self) -> Self {
        Self { repeats: false, ..self }
    }

    /// Adds `name=value` to the query.
    pub(crate) fn query(mut self, name: &str, value: impl ToString) -> Self {
        if let Ok(url) = &mut self.url {
            url.query_pairs_mut().append_pair(name, &value.to_string());
        }
        self
    }

    /// Adds `name=value` where there is a value.
    pub(crate) fn maybe(self, name: &str, value: Option<impl ToString>) -> Self {
        match value {
            Some(value) => self.query(name, value),
            None => self,
        }
    }

    /// Adds `name=value` for each value, as Greenfield takes lists.
    pub(crate) fn each<T: ToString>(self, name: &str, values: &[T]) -> Self {
        values.iter().fold(self, |call, value| call.query(name, value.to_string()))
    }

    /// Gives it a JSON body.
    pub(crate) fn json<T: Serialize + ?Sized>(mut self, body: &T) -> Self {
        match serde_json::to_vec(body) {
            Ok(bytes) => self.body = Some(bytes),
            Err(error) => self.url = Err(Error::InvalidRequest(error.to_string())),
        }
        self
    }

    /// Sends it, and reads the answer's JSON.
    pub(crate) async fn read<T: DeserializeOwned>(self) -> Result<T> {
        let answer = self.send().await?;
        answer::json(&answer)
    }

    /// Sends it, where success is all there is to know.
    pub(crate) async fn done(self) -> Result<()> {
        self.send().await.map(drop)
    }

    async fn send(self) -> Result<Answer> {
        let url = self.url.clone()?;
        let repeats = if self.repeats { self.client.limits.retry.repeats } else { 0 };
        let mut tried = 0;
        loop {
            let error = match self.once(&url).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let wait = self.client.limits.retry.wait(tried, &error);
            match wait.filter(|_| tried < repeats) {
                Some(wait) => tokio::time::sleep(wait).await,
                None => return Err(error),
            }
            tried += 1;
        }
    }

    async fn once(&self, url: &Url) -> Result<Answer> {
        let limits = &self.client.limits;
        let mut request =
            self.client.http.request(self.method.clone(), url.clone()).timeout(limits.timeout);
        if let Some(value) = &self.client.authorization {
            request = request.header(AUTHORIZATION, value);
        }
        if let Some(body) = &self.body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.clone());
        }
        let response = request.send().await.map_err(answer::not_sent)?;
        answer::receive(response, limits.answer_bytes).await
    }
}

/// Each part is one segment of the path, so that no identifier can lead elsewhere.
fn address(base: &Url, path: &[&str]) -> Result<Url> {
    if let Some(part) = path.iter().find(|part| matches!(**part, "" | "." | "..")) {
        let part = if part.is_empty() { "an empty text" } else { *part };
        return Err(Error::InvalidRequest(format!("{part} is not an identifier")));
    }
    under(base, &[&["api", "v1"], path].concat())
}

fn under(base: &Url, path: &[&str]) -> Result<Url> {
    let mut url = base.clone();
    match url.path_segments_mut() {
        Ok(mut segments) => {
            segments.pop_if_empty().extend(path);
        }
        Err(()) => return Err(Error::InvalidRequest("the address has no path".into())),
    }
    Ok(url)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_stays_one_segment_under_the_servers_path() {
        let base = Url::parse("https://host/btcpay/").unwrap();
        let url = address(&base, &["stores", "a/../b?c#d", "rates"]).unwrap();
        assert_eq!(url.as_str(), "https://host/btcpay/api/v1/stores/a%2F..%2Fb%3Fc%23d/rates");
        for part in ["", ".", ".."] {
            assert!(matches!(address(&base, &["stores", part]), Err(Error::InvalidRequest(_))));
        }
    }
}
