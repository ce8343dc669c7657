//! How sources are asked over HTTP: a time limit, a size limit, data and not a web page.

use std::time::Duration;

use jiff::fmt::rfc2822;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use reqwest::redirect::{Action, Attempt, Policy};
use reqwest::{RequestBuilder, Response, StatusCode};

use super::error::{SourceError, clip};

/// No source makes us wait longer than this by its own word.
const LONGEST_WAIT: Duration = Duration::from_secs(3_600);

/// A client for sources, with the limits each answer must keep. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Http {
    client: reqwest::Client,
    time_limit: Duration,
    body_limit: usize,
}

impl Http {
    /// A client whose answers must arrive whole within `time_limit` and hold at most `body_limit`
    /// bytes. Fails only where TLS cannot be set up.
    pub fn new(time_limit: Duration, body_limit: usize) -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .user_agent(concat!("pos-server/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(time_limit)
            .redirect(Policy::custom(redirect))
            .build()?;
        Ok(Self { client, time_limit, body_limit })
    }

    /// The same client with other limits.
    #[must_use]
    pub fn with_limits(&self, time_limit: Duration, body_limit: usize) -> Self {
        Self { client: self.client.clone(), time_limit, body_limit }
    }

    /// The same client for answers of up to `body_limit` bytes.
    #[must_use]
    pub fn up_to(&self, body_limit: usize) -> Self {
        self.with_limits(self.time_limit, body_limit)
    }

    /// Gets JSON text.
    pub async fn json(&self, url: &str) -> Result<String, SourceError> {
        data(self.read(self.client.get(url)).await?)
    }

    /// Gets JSON text by posting a form.
    pub async fn post(&self, url: &str, form: &[(&str, &str)]) -> Result<String, SourceError> {
        data(self.read(self.client.post(url).form(form)).await?)
    }

    /// Gets a web page.
    pub async fn page(&self, url: &str) -> Result<String, SourceError> {
        self.read(self.client.get(url)).await
    }

    async fn read(&self, request: RequestBuilder) -> Result<String, SourceError> {
        let whole = async { self.body(request.send().await.map_err(unreachable)?).await };
        let in_time = tokio::time::timeout(self.time_limit, whole).await;
        match in_time.unwrap_or(Err(SourceError::TooSlow(Duration::ZERO))) {
            Err(SourceError::TooSlow(_)) => Err(SourceError::TooSlow(self.time_limit)),
            other => other,
        }
    }

    async fn body(&self, mut response: Response) -> Result<String, SourceError> {
        let status = response.status();
        let retry_after = retry_after(response.headers());
        if status == StatusCode::TOO_MANY_REQUESTS {
            return Err(SourceError::Limited { retry_after });
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(cut)? {
            if body.len() + chunk.len() > self.body_limit {
                return Err(SourceError::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        let text = String::from_utf8(body).map_err(|_| SourceError::NotData)?;
        if status.is_success() {
            return Ok(text);
        }
        let words = if is_data(&text) { format!(": {}", clip(&text)) } else { String::new() };
        Err(SourceError::Status { code: status.as_u16(), words, retry_after })
    }
}

/// Follows three redirects, and none that leaves TLS.
fn redirect(attempt: Attempt) -> Action {
    let from = attempt.previous().last().map(|url| url.scheme().to_owned());
    let leaves_tls = from.as_deref() == Some("https") && attempt.url().scheme() != "https";
    if leaves_tls || attempt.previous().len() > 3 { attempt.stop() } else { attempt.follow() }
}

fn unreachable(error: reqwest::Error) -> SourceError {
    match error {
        error if error.is_timeout() => SourceError::TooSlow(Duration::ZERO),
        error if error.is_connect() || error.is_builder() => SourceError::Unreachable,
        _ => SourceError::Cut,
    }
}

fn cut(error: reqwest::Error) -> SourceError {
    if error.is_timeout() { SourceError::TooSlow(Duration::ZERO) } else { SourceError::Cut }
}

// By its first character: some sources send JSON under a header that says HTML.
fn is_data(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

fn data(text: String) -> Result<String, SourceError> {
    if is_data(&text) { Ok(text) } else { Err(SourceError::NotData) }
}

/// Seconds, or a date measured against the answer's own `Date`, so that clocks need not agree.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let wanted = text(RETRY_AFTER)?.trim();
    let seconds = match wanted.parse::<i64>() {
        Ok(seconds) => seconds,
        Err(_) => {
            let when = |text: &str| rfc2822::DateTimeParser::new().parse_timestamp(text).ok();
            when(wanted)?.as_second().checked_sub(when(text(DATE)?)?.as_second())?
        }
    };
    let wait = Duration::from_secs(u64::try_from(seconds).ok()?);
    Some(wait.min(LONGEST_WAIT))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn waits(pairs: &[(&'static str, &str)]) -> Option<Duration> {
        let pairs = pairs.iter().map(|(name, value)| {
            (reqwest::header::HeaderName::from_static(name), value.parse().unwrap())
        });
        retry_after(&pairs.collect())
    }

    #[test]
    fn a_source_says_how_long_in_seconds_or_by_the_clock() {
        let minute = Some(Duration::from_secs(60));
        assert_eq!(waits(&[("retry-after", "60")]), minute);
        let date = ("date", "Sun, 06 Nov 1994 08:48:37 GMT");
        assert_eq!(waits(&[date, ("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT")]), minute);
        assert_eq!(waits(&[("retry-after", "99999999")]), Some(LONGEST_WAIT));
        assert_eq!(waits(&[("retry-after", "-5")]), None);
        assert_eq!(waits(&[("retry-after", "soon")]), None);
        assert_eq!(waits(&[]), None);
    }
}
