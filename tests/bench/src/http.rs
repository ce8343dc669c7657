//! A browser's way to the server: keep-alive, a cookie, no redirect followed unasked.

use anyhow::{Context, Result, ensure};
use axum::body::{Body, BodyDataStream, Bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use futures_util::StreamExt;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

/// A browser at one server.
#[derive(Clone)]
pub(crate) struct Browser {
    client: Client<HttpConnector, Full<Bytes>>,
    url: String,
    /// `name=value`, sent with every request.
    pub(crate) cookie: String,
}

/// What the server answered, whole.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// A stream of server-sent events.
pub(crate) struct Events {
    body: BodyDataStream,
    text: String,
}

impl Browser {
    pub(crate) fn new(url: &str, cookie: &str) -> Self {
        let mut tcp = HttpConnector::new();
        tcp.set_nodelay(true);
        let client = Client::builder(TokioExecutor::new()).build(tcp);
        Self { client, url: url.to_owned(), cookie: cookie.to_owned() }
    }

    pub(crate) async fn get(&self, path: &str) -> Result<Answer> {
        self.get_as(path, "text/html").await
    }

    pub(crate) async fn get_as(&self, path: &str, accept: &str) -> Result<Answer> {
        let request = self.request("GET", path).header(header::ACCEPT, accept);
        read(self.send(request, String::new()).await?).await
    }

    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Result<Answer> {
        let request = self
            .request("POST", path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, &self.url)
            .header("sec-fetch-site", "same-origin");
        read(self.send(request, serde_urlencoded::to_string(fields)?).await?).await
    }

    /// Posts JSON as another server does.
    pub(crate) async fn send_json(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Result<Answer> {
        let request = self.request("POST", path).header(header::CONTENT_TYPE, "application/json");
        let request = headers.iter().fold(request, |one, (name, value)| one.header(*name, *value));
        read(self.send(request, body).await?).await
    }

    /// Opens a stream of events, from after the one numbered `last`.
    pub(crate) async fn events(&self, path: &str, last: i64) -> Result<Events> {
        let request = self
            .request("GET", path)
            .header(header::ACCEPT, "text/event-stream")
            .header("last-event-id", last.to_string());
        let response = self.send(request, String::new()).await?;
        ensure!(response.status().is_success(), "no stream but {}", response.status());
        Ok(Events { body: response.into_body().into_data_stream(), text: String::new() })
    }

    fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url))
            .header(header::ACCEPT_ENCODING, "gzip")
            .header(header::COOKIE, &self.cookie)
    }

    async fn send(
        &self,
        request: axum::http::request::Builder,
        body: String,
    ) -> Result<axum::http::Response<Body>> {
        let request = request.body(Full::new(Bytes::from(body)))?;
        Ok(self.client.request(request).await?.map(Body::new))
    }
}

async fn read(response: axum::http::Response<Body>) -> Result<Answer> {
    let (parts, body) = response.into_parts();
    let body = body.collect().await?.to_bytes();
    Ok(Answer { status: parts.status, headers: parts.headers, body })
}

impl Answer {
    /// The body as text, unpacked.
    pub(crate) fn text(&self) -> Result<String> {
        let packed = self.headers.get(header::CONTENT_ENCODING).is_some();
        if !packed {
            return Ok(String::from_utf8(self.body.to_vec())?);
        }
        let mut text = String::new();
        std::io::Read::read_to_string(
            &mut flate2::read::GzDecoder::new(&self.body[..]),
            &mut text,
        )?;
        Ok(text)
    }

    /// Where it sends on to.
    pub(crate) fn location(&self) -> Result<&str> {
        let location = self.headers.get(header::LOCATION);
        let location = location.with_context(|| {
            format!("no redirect but {}: {}", self.status, String::from_utf8_lossy(&self.body))
        })?;
        Ok(location.to_str()?)
    }

    /// The page, if it is one.
    pub(crate) fn page(self) -> Result<Self> {
        ensure!(self.status.is_success(), "{}: {}", self.status, self.text()?);
        Ok(self)
    }
}

impl Events {
    /// Waits for an event whose text holds `words`, and answers that text.
    pub(crate) async fn until(&mut self, words: &str) -> Result<String> {
        loop {
            while let Some((event, rest)) = self.text.split_once("\n\n") {
                let event = event.to_owned();
                self.text = rest.to_owned();
                if event.contains(words) {
                    return Ok(event);
                }
            }
            let data = self.body.next().await.context("the stream ended")??;
            self.text.push_str(std::str::from_utf8(&data)?);
        }
    }
}

/// Sends a text to an address of the stack.
pub(crate) async fn post(address: &str, text: &str) -> Result<()> {
    let browser = Browser::new(address, "");
    let request = browser.request("POST", "");
    read(browser.send(request, text.to_owned()).await?).await?.page().map(|_| ())
}
