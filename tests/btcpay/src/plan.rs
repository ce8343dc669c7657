//! What goes wrong on command.

use serde::Deserialize;

/// A way for a request to go wrong.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Fault {
    /// This status, with an HTML body as of a proxy; nothing is done.
    Status(u16),
    /// 429, with so many seconds in `Retry-After`; nothing is done.
    TooMany(u32),
    /// Never answered; nothing is done.
    Hang,
    /// Done, and the connection closed instead of an answer.
    Lost,
    /// 200 with something that is not JSON; nothing is done.
    Garbage,
    /// Done, and the answer cut off in its middle.
    Half,
    /// Done, and the answer sent in two halves with so many milliseconds between.
    Slow(u64),
    /// 302 to there; nothing is done.
    Redirect(String),
    /// The connection closed at once; nothing is done.
    Down,
    /// Done, and a wrong answer given: its first property is something else. For the
    /// tests of the contract itself.
    Wrong,
}

struct Rule {
    pattern: String,
    fault: Fault,
    /// How often still; nothing for ever.
    left: Option<u32>,
}

/// All that is to go wrong.
#[derive(Default)]
pub(crate) struct Plan {
    rules: Vec<Rule>,
    pub(crate) down: bool,
}

impl Plan {
    pub(crate) fn add(&mut self, pattern: &str, fault: Fault, times: Option<u32>) {
        self.rules.push(Rule { pattern: pattern.to_owned(), fault, left: times });
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// What goes wrong with this request: the oldest rule that fits and is not used up.
    pub(crate) fn take(&mut self, method: &str, path: &str) -> Option<Fault> {
        if self.down {
            return Some(Fault::Down);
        }
        let line = format!("{method} {path}");
        let fits = |rule: &&mut Rule| fits(&rule.pattern, &line) || fits(&rule.pattern, path);
        let rule = self.rules.iter_mut().find(fits)?;
        let fault = rule.fault.clone();
        if let Some(left) = &mut rule.left {
            *left = left.saturating_sub(1);
        }
        self.rules.retain(|rule| rule.left != Some(0));
        Some(fault)
    }
}

/// Whether a path fits a pattern, in which `*` stands for anything.
fn fits(pattern: &str, path: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == path,
        Some((start, rest)) => {
            let Some(tail) = path.strip_prefix(start) else { return false };
            let cuts = (0..=tail.len()).filter(|at| tail.is_char_boundary(*at));
            rest.is_empty() || cuts.into_iter().any(|at| fits(rest, &tail[at..]))
        }
    }
}
