//! The hand behind the stage: what the chain, the customer and bad luck do.

mod act;
mod by_http;
mod cards;
mod lightning;
mod owner;
mod owner_by_http;

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

pub use act::{Chain, Pay};
pub(crate) use by_http::routes;
pub use lightning::Goes;

use crate::http;
use crate::options::Options;
use crate::shared::Shared;
use crate::world::World;

/// How often time is looked at when nobody asks for anything.
const TICK: Duration = Duration::from_millis(100);

/// A server; it ends when this is dropped. What can be done to it is in [`Control`].
pub struct Btcpay {
    control: Control,
    root: String,
}

/// The control of a server.
#[derive(Clone)]
pub struct Control {
    shared: Arc<Shared>,
}

impl Btcpay {
    /// Starts one, with one store.
    pub async fn start(options: Options) -> std::io::Result<Self> {
        let listener = TcpListener::bind(options.listen).await?;
        let root = format!("http://{}", listener.local_addr()?);
        let url = format!("{root}{}", options.base_path);
        let shared = Shared::new(World::new(options, url));
        shared.spawn(http::serve(shared.clone(), listener));
        let watched = shared.clone();
        shared.spawn(async move {
            loop {
                tokio::time::sleep(TICK).await;
                watched.with(World::tick);
            }
        });
        Ok(Self { control: Control { shared }, root })
    }

    /// Where the server is, base path and all, without a slash at its end.
    #[must_use]
    pub fn url(&self) -> String {
        self.control.shared.with(|world| world.url.clone())
    }

    /// Where its control by HTTP is.
    #[must_use]
    pub fn control_url(&self) -> String {
        format!("{}/stand-in", self.root)
    }
}

impl Deref for Btcpay {
    type Target = Control;

    fn deref(&self) -> &Control {
        &self.control
    }
}

impl Drop for Btcpay {
    fn drop(&mut self) {
        self.control.shared.end();
    }
}
