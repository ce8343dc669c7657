//! A stream of the node, as far as it got. What it tells may come twice and out of turn; its cursor
//! never passes what it has not told.

use std::collections::BTreeSet;

use pos_server::rail::{Cursor, Notice, Told};

use super::Node;
use crate::sale::dice::Dice;

/// So far ahead of its turn may a payment be told.
const WINDOW: usize = 3;

pub(crate) struct Line {
    node: Node,
    /// All payments up to here need no telling, or were told.
    settle: usize,
    /// Told out of turn.
    ahead: BTreeSet<usize>,
    news: usize,
}

impl Line {
    /// A stream that begins at `from`.
    pub(crate) fn open(node: &Node, from: Cursor) -> Self {
        let state = node.state();
        let from = usize::try_from(from.settle).unwrap();
        let settle = if state.strict && from == 0 { state.settled.len() } else { from };
        let news = state.news.len();
        drop(state);
        Self { node: node.clone(), settle, ahead: BTreeSet::new(), news }
    }

    /// The next notice in its turn.
    pub(crate) fn next_in_order(&mut self) -> Option<Told> {
        self.news().or_else(|| self.tell(self.settle))
    }

    /// The next notice, maybe one told before, or one whose turn has not come.
    pub(crate) fn next(&mut self, dice: &mut Dice) -> Option<Told> {
        if dice.chance(50)
            && let Some(news) = self.news()
        {
            return Some(news);
        }
        let count = self.node.state().settled.len();
        let told_before = |place: &usize| *place < self.settle || self.ahead.contains(place);
        let places: Vec<usize> = (0..count).collect();
        let (old, new): (Vec<_>, Vec<_>) = places.into_iter().partition(told_before);
        let again = !old.is_empty() && dice.chance(15);
        let from = if again { &old[..] } else { &new[..new.len().min(WINDOW)] };
        let place = *dice.pick(from)?;
        self.tell(place)
    }

    /// The place in the stream, up to which all was told.
    fn cursor(&self) -> Cursor {
        let count = |count: usize| u64::try_from(count).unwrap();
        Cursor { add: count(self.node.state().invoices.len()), settle: count(self.settle) }
    }

    fn news(&mut self) -> Option<Told> {
        let notice = self.node.state().news.get(self.news).cloned()?;
        self.news += 1;
        Some(Told { notice, cursor: self.cursor() })
    }

    fn tell(&mut self, place: usize) -> Option<Told> {
        let paid = self.node.state().settled.get(place).cloned()?;
        self.ahead.insert(place);
        while self.ahead.remove(&self.settle) {
            self.settle += 1;
        }
        Some(Told { notice: Notice::Paid(paid), cursor: self.cursor() })
    }
}
