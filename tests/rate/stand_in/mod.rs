//! One server that plays every rate source on loopback, each under its own path, well or badly.
//!
//! `StandIn::start().await` and `urls()` are all that another test needs: all nine sources then
//! answer well, at one bitcoin for 77,000 US dollars, with today's dates.

mod dollars;
mod exchanges;
mod faults;
mod play;

pub(crate) use play::Play;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use pos_server::domain::time::{Clock, SystemClock, Time};
use pos_server::rate::RateSettings;

/// A source that is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Who {
    Kraken,
    Coinbase,
    Bitstamp,
    Bitfinex,
    ErApi,
    BankOfJamaica,
    BankOfTrinidad,
    CoinbaseCross,
    CurrencyApi,
}

pub(crate) const EXCHANGES: [Who; 4] = [Who::Kraken, Who::Coinbase, Who::Bitstamp, Who::Bitfinex];
pub(crate) const DESKS: [Who; 5] =
    [Who::ErApi, Who::BankOfJamaica, Who::BankOfTrinidad, Who::CoinbaseCross, Who::CurrencyApi];

impl Who {
    /// Its name in the settings, and its path here.
    pub(crate) fn slug(self) -> &'static str {
        match self {
            Self::Kraken => "kraken",
            Self::Coinbase => "coinbase",
            Self::Bitstamp => "bitstamp",
            Self::Bitfinex => "bitfinex",
            Self::ErApi => "er-api",
            Self::BankOfJamaica => "bank-of-jamaica",
            Self::BankOfTrinidad => "bank-of-trinidad",
            Self::CoinbaseCross => "coinbase-cross",
            Self::CurrencyApi => "currency-api",
        }
    }
}

/// A request that came.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

/// The server; it ends with the test's runtime.
pub(crate) struct StandIn {
    address: SocketAddr,
    stage: Arc<Stage>,
}

pub(super) struct Stage {
    clock: Arc<dyn Clock>,
    plays: Mutex<HashMap<Who, Play>>,
    asked: Mutex<Vec<(Who, Asked)>>,
    /// Requests under way: now, and the most there ever were.
    at_once: Mutex<HashMap<Who, (usize, usize)>>,
}

impl StandIn {
    /// Starts on a free port, by the machine's clock.
    pub(crate) async fn start() -> Self {
        Self::start_at(Arc::new(SystemClock)).await
    }

    /// Starts with a clock of the test's own.
    pub(crate) async fn start_at(clock: Arc<dyn Clock>) -> Self {
        let (plays, asked, at_once) = Default::default();
        let stage = Arc::new(Stage { clock, plays, asked, at_once });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = Router::new().fallback(answer).with_state(stage.clone());
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { address, stage }
    }

    /// Where each source is played, as the setting `rate-urls` takes it.
    pub(crate) fn urls(&self) -> Vec<(String, String)> {
        let url =
            |who: &Who| (who.slug().to_owned(), format!("http://{}/{}", self.address, who.slug()));
        EXCHANGES.iter().chain(&DESKS).map(url).collect()
    }

    /// Settings with all sources here, asked many times a second.
    pub(crate) fn settings(&self) -> RateSettings {
        RateSettings {
            poll_min_ms: 20,
            poll_max_ms: 40,
            save_every_ms: 50,
            ..RateSettings::with_urls(&self.urls()).unwrap()
        }
    }

    /// Makes one source play something from now on.
    pub(crate) fn play(&self, who: Who, play: Play) {
        self.stage.plays.lock().unwrap().insert(who, play);
    }

    /// Makes several sources play the same.
    pub(crate) fn all_play(&self, all: &[Who], play: Play) {
        all.iter().for_each(|who| self.play(*who, play.clone()));
    }

    /// What one source was asked, in order.
    pub(crate) fn asked(&self, who: Who) -> Vec<Asked> {
        let asked = self.stage.asked.lock().unwrap();
        asked.iter().filter(|(of, _)| *of == who).map(|(_, asked)| asked.clone()).collect()
    }

    /// How many requests there were in all.
    pub(crate) fn asked_in_all(&self) -> usize {
        self.stage.asked.lock().unwrap().len()
    }

    /// The most requests that one source ever had under way.
    pub(crate) fn most_at_once(&self, who: Who) -> usize {
        self.stage.at_once.lock().unwrap().get(&who).map_or(0, |(_, most)| *most)
    }
}

/// Counts a request as under way until it is answered, or given up by whoever asked.
struct UnderWay<'a>(&'a Stage, Who);

impl<'a> UnderWay<'a> {
    fn enter(stage: &'a Stage, who: Who) -> Self {
        let mut at_once = stage.at_once.lock().unwrap();
        let (now, most) = at_once.entry(who).or_default();
        *now += 1;
        *most = (*most).max(*now);
        drop(at_once);
        Self(stage, who)
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.at_once.lock().unwrap().entry(self.1).or_default().0 -= 1;
    }
}

async fn answer(State(stage): State<Arc<Stage>>, request: Request) -> Response {
    let uri = request.uri().clone();
    let slug = uri.path().split('/').nth(1).unwrap_or_default();
    let Some(&who) = EXCHANGES.iter().chain(&DESKS).find(|who| who.slug() == slug) else {
        return faults::status(404, "");
    };
    let path = uri.to_string().split_at(slug.len() + 1).1.to_owned();
    let headers = request.headers().clone();
    let body: Bytes = axum::body::to_bytes(request.into_body(), 1 << 16).await.unwrap_or_default();
    let body = String::from_utf8_lossy(&body).into_owned();
    let asked = Asked { path, headers, body };
    stage.asked.lock().unwrap().push((who, asked.clone()));
    let _under_way = UnderWay::enter(&stage, who);
    let play = stage.plays.lock().unwrap().get(&who).cloned().unwrap_or(Play::Well);
    match faults::of_any_source(&play).await {
        Some(fault) => fault,
        None => stage.speak(who, &play, &asked),
    }
}

impl Stage {
    fn now(&self) -> Time {
        self.clock.now()
    }

    fn speak(&self, who: Who, play: &Play, asked: &Asked) -> Response {
        let now = self.now();
        match who {
            Who::Kraken => exchanges::kraken(play, asked),
            Who::Coinbase => exchanges::coinbase(play, asked, now),
            Who::Bitstamp => exchanges::bitstamp(play, asked, now),
            Who::Bitfinex => exchanges::bitfinex(play, asked, now),
            Who::ErApi => dollars::er_api(play, asked, now),
            Who::BankOfJamaica => dollars::bank_of_jamaica(play, asked, now),
            Who::BankOfTrinidad => dollars::bank_of_trinidad(play, asked, now),
            Who::CoinbaseCross => dollars::coinbase_cross(play, asked),
            Who::CurrencyApi => dollars::currency_api(play, asked, now),
        }
    }
}
