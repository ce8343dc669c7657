//! How one server reaches the node: the calls of `Rail`, each of which may go wrong.

use async_trait::async_trait;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use pos_server::domain::time::{Clock, Time};
use pos_server::rail::{
    Ask, Capabilities, Cursor, Offer, Rail, RailError, RailName, Status, Told, ToldBy,
};

use super::gate::gate;
use super::{Call, Fault, Line, Node, State};
use crate::sale::dice::Dice;

/// One server's way to the node. Its stream repeats and shuffles what it tells, by `dice`, and
/// breaks off now and then.
pub(crate) struct Wire {
    pub(crate) node: Node,
    pub(crate) dice: Option<Dice>,
}

fn away() -> RailError {
    RailError::Unreachable("the node does not answer".into())
}

impl Wire {
    async fn call<T>(
        &self,
        call: Call,
        reference: &str,
        act: impl Fn(&mut State, Time) -> Result<T, RailError>,
    ) -> Result<T, RailError> {
        gate().await;
        let now = self.node.0.clock.now();
        let fault = {
            let mut state = self.node.state();
            state.calls.push((call, reference.to_owned()));
            let fault = state.faults.get_mut(&call).and_then(std::collections::VecDeque::pop_front);
            if state.down { Some(Fault::Break) } else { fault }
        };
        let answer = match fault {
            Some(Fault::Break) => Err(away()),
            Some(Fault::Refuse(words)) => Err(RailError::Refused(words.into())),
            Some(Fault::Hang) => std::future::pending().await,
            Some(Fault::Lose) => act(&mut self.node.state(), now).and_then(|_| Err(away())),
            None => act(&mut self.node.state(), now),
        };
        self.node.changed();
        gate().await;
        answer
    }
}

#[async_trait]
impl Rail for Wire {
    fn name(&self) -> RailName {
        RailName::Sandbox
    }

    fn capabilities(&self) -> Capabilities {
        let (told_by, needs_quote) = (ToldBy::Rail, true);
        Capabilities {
            told_by,
            needs_quote,
            can_cancel: true,
            can_underpay: true,
            finds_lost: false,
            takes_back: false,
            real: false,
        }
    }

    async fn offer(&self, ask: &Ask) -> Result<Offer, RailError> {
        self.call(Call::Offer, "", |state, now| state.offer(ask, now)).await
    }

    async fn status(&self, reference: &str) -> Result<Status, RailError> {
        self.call(Call::Status, reference, |state, now| Ok(state.status(reference, now))).await
    }

    async fn cancel(&self, reference: &str) -> Result<Status, RailError> {
        self.call(Call::Cancel, reference, |state, now| state.cancel(reference, now)).await
    }

    fn notices(&self, from: Cursor) -> BoxStream<'static, Result<Told, RailError>> {
        let node = self.node.clone();
        let changes = node.0.changes.subscribe();
        let line = Line::open(&node, from);
        let dice = self.dice.clone().map(|mut dice| Dice::new(dice.throw() ^ from.settle));
        let listening = (line, dice, changes, node);
        stream::unfold(listening, |(mut line, mut dice, mut changes, node)| async move {
            loop {
                changes.mark_unchanged();
                let cut = dice.as_mut().is_some_and(|dice| dice.chance(5));
                if node.state().down || cut {
                    tokio::task::yield_now().await;
                    return Some((Err(away()), (line, dice, changes, node)));
                }
                let told = match &mut dice {
                    Some(dice) => line.next(dice),
                    None => line.next_in_order(),
                };
                match told {
                    Some(told) => return Some((Ok(told), (line, dice, changes, node))),
                    None => {
                        let _ = changes.changed().await;
                    }
                }
            }
        })
        .boxed()
    }
}
