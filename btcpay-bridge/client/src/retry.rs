//! When and how soon a read is repeated.

use std::time::Duration;

use crate::Error;

/// How reads (GET) are repeated when the server is away, busy or failing. Writes never are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How often a read is repeated at most. 2 at first; 0 turns repeating off.
    pub repeats: u32,
    /// The pause before the first repeat; it doubles each time. 250 ms at first.
    pub pause: Duration,
    /// No pause is longer. Where the server asks for more (429 with Retry-After), the error is
    /// given at once instead. 5 seconds at first.
    pub longest_pause: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            repeats: 2,
            pause: Duration::from_millis(250),
            longest_pause: Duration::from_secs(5),
        }
    }
}

impl RetryPolicy {
    /// Never repeats.
    #[must_use]
    pub fn never() -> Self {
        Self { repeats: 0, ..Self::default() }
    }

    /// How long to wait after the failure numbered `tried`, or that repeating makes no sense.
    pub(crate) fn wait(&self, tried: u32, error: &Error) -> Option<Duration> {
        let pause = self.pause.saturating_mul(2u32.saturating_pow(tried)).min(self.longest_pause);
        match error {
            Error::Unreachable(_) | Error::TimedOut | Error::Interrupted(_) => Some(pause),
            Error::Server { status: 502..=504, .. } => Some(pause),
            Error::RateLimited { retry_after: None } => Some(pause),
            Error::RateLimited { retry_after: Some(asked) } => {
                (*asked <= self.longest_pause).then(|| pause.max(*asked))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest_and_the_server_is_heard() {
        let policy = RetryPolicy::default();
        let wait = |tried, error: Error| policy.wait(tried, &error);
        assert_eq!(wait(0, Error::TimedOut), Some(Duration::from_millis(250)));
        assert_eq!(wait(2, Error::TimedOut), Some(Duration::from_secs(1)));
        assert_eq!(wait(40, Error::TimedOut), Some(Duration::from_secs(5)));
        let limited =
            |seconds| Error::RateLimited { retry_after: Some(Duration::from_secs(seconds)) };
        assert_eq!(wait(0, limited(3)), Some(Duration::from_secs(3)));
        assert_eq!(wait(0, limited(60)), None);
        assert_eq!(wait(0, Error::Unauthorized), None);
    }
}
