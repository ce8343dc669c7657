//! What the server's tasks share.

use std::sync::{Arc, Mutex, MutexGuard};

use tokio::task::JoinSet;

use crate::contract::Contract;
use crate::deliver;
use crate::plan::Plan;
use crate::world::World;

/// A request that came.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Seen {
    /// `GET` and the like.
    pub method: String,
    /// Without the base path and the query.
    pub path: String,
    /// What stood behind the question mark.
    pub query: String,
    /// As text.
    pub body: String,
    /// The key of its `Authorization`, if it had one.
    pub key: Option<String>,
    /// What was answered; nothing if it was not, or not yet.
    pub status: Option<u16>,
}

pub(crate) struct Shared {
    world: Mutex<World>,
    pub(crate) plan: Mutex<Plan>,
    pub(crate) seen: Mutex<Vec<Seen>>,
    tasks: Mutex<JoinSet<()>>,
}

/// A test that panicked has its own word to say; ours would only hide it.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|broken| broken.into_inner())
}

impl Shared {
    pub(crate) fn new(world: World) -> Arc<Self> {
        // Read before the first request, which may have little time.
        Contract::get();
        let (plan, seen, tasks) = Default::default();
        Arc::new(Self { world: Mutex::new(world), plan, seen, tasks })
    }

    /// Does something with the world, then starts a worker for each new webhook.
    pub(crate) fn with<T>(self: &Arc<Self>, act: impl FnOnce(&mut World) -> T) -> T {
        let (made, fresh) = {
            let mut world = lock(&self.world);
            let made = act(&mut world);
            (made, std::mem::take(&mut world.unattended))
        };
        for webhook in fresh {
            self.spawn(deliver::work(self.clone(), webhook));
        }
        made
    }

    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = lock(&self.tasks);
        while tasks.try_join_next().is_some() {}
        tasks.spawn(task);
    }

    /// Ends all tasks, which hold this in turn.
    pub(crate) fn end(&self) {
        lock(&self.tasks).abort_all();
    }
}
