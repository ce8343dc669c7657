//! What happened to a sale, as a list and as a stream.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::http::header;
use futures_util::StreamExt;
use pos_server::domain::id::SaleId;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::description::holds;
use super::program::{ALL, Program, program};
use crate::on_both;
use crate::sale::shop::Shop;

/// No answer of ours takes so long.
const LIMIT: Duration = Duration::from_secs(20);

/// A stream of server-sent events, as a program reads it.
pub(super) struct Stream {
    body: BodyDataStream,
    text: String,
}

impl Stream {
    pub(super) async fn open(program: &Program, sale: &SaleId, last: Option<i64>) -> Self {
        let request = program.request("GET", &format!("/sales/{sale}/events"));
        let mut request = request.header(header::ACCEPT, "text/event-stream");
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let request = request.body(Body::empty()).unwrap();
        let response = program.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
        assert!(response.headers().contains_key("ratelimit-remaining"));
        Self { body: response.into_body().into_data_stream(), text: String::new() }
    }

    /// The id, the type and the data of the next event; nothing when the stream ends.
    async fn read(&mut self) -> Option<(i64, String, Value)> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.text = rest;
                let of = |name: &str| {
                    let line = block.lines().find_map(|line| line.strip_prefix(name));
                    line.map(|line| line.trim().to_owned())
                };
                if let (Some(id), Some(kind), Some(data)) = (of("id:"), of("event:"), of("data:")) {
                    return Some((id.parse().unwrap(), kind, serde_json::from_str(&data).unwrap()));
                }
                continue;
            }
            let more = tokio::time::timeout(LIMIT, self.body.next()).await.expect("an event");
            self.text.push_str(std::str::from_utf8(&more?.unwrap()).unwrap());
        }
    }

    pub(super) async fn next(&mut self) -> (i64, String, Value) {
        self.read().await.expect("an event")
    }

    /// Fails unless it ends, with no word more.
    pub(super) async fn ends(&mut self) {
        while let Some((_, kind, _)) = self.read().await {
            assert!(kind.starts_with("offer."), "{kind}");
        }
    }
}

on_both! {
    async fn a_stream_tells_all_that_happened_and_then_what_happens(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let program = program(&shop, ALL).await;
        let sale = shop.charge(50_000).await;
        let mut stream = Stream::open(&program, &sale, None).await;
        for (seq, kind) in [(1, "sale.opened"), (2, "offer.made")] {
            let (id, event, data) = stream.next().await;
            assert_eq!((id, event.as_str(), &data["seq"]), (seq, kind, &json!(seq)));
            holds(&json!({ "$ref": "#/components/schemas/Event" }), &data);
        }
        shop.collect(&sale).await;
        let mut told = Vec::new();
        while told.last().is_none_or(|kind| kind != "sale.paid") {
            told.push(stream.next().await.1);
        }
        assert!(told.contains(&"payment.arrived".to_owned()), "{told:?}");
    }

    async fn a_stream_goes_on_after_the_last_event_that_was_seen(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let program = program(&shop, ALL).await;
        let sale = shop.charge(50_000).await;
        let mut stream = Stream::open(&program, &sale, None).await;
        let (seen, ..) = stream.next().await;
        drop(stream);
        shop.collect(&sale).await;
        let story = shop.story(&sale).await;
        let mut again = Stream::open(&program, &sale, Some(seen)).await;
        for (place, kind) in story.iter().enumerate().skip(1) {
            let (id, event, _) = again.next().await;
            assert_eq!((id, &event), (i64::try_from(place + 1).unwrap(), kind));
        }
    }

    async fn a_stream_on_one_server_tells_what_another_committed(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(50_000).await;
        let program = program(&shop, ALL).await;
        let mut stream = Stream::open(&program, &sale, Some(2)).await;
        let mut elsewhere = shop.clone();
        elsewhere.restart().await;
        elsewhere.void(&sale).await.unwrap();
        assert_eq!(stream.next().await.1, "offer.cancelled");
        assert_eq!(stream.next().await.1, "sale.voided");
    }

    async fn events_are_a_list_for_who_does_not_stream(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let program = program(&shop, ALL).await;
        let sale = shop.charge(50_000).await;
        let path = format!("/sales/{sale}/events");
        let all = program.get(&path).await.is(200).json;
        let kinds: Vec<_> = all["events"].as_array().unwrap().iter().map(|e| &e["type"]).collect();
        assert_eq!(kinds, ["sale.opened", "offer.made"]);
        assert_eq!(all["events"][0]["at"], super::program::rfc3339(shop.app().now().0));
        let newer = program.get(&format!("{path}?after=1")).await.is(200).json;
        assert_eq!(newer["events"], json!([all["events"][1]]));
        let none = program.get(&format!("{path}?after=2")).await.is(200).json;
        assert_eq!(none["events"], json!([]));
        for query in ["after=-1", "after=x", "before=1"] {
            program.get(&format!("{path}?{query}")).await.refused(422, "bad-input");
        }
    }

    async fn a_token_holds_so_many_streams_and_no_more(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let program = program(&shop, ALL).await;
        let sale = shop.charge(50_000).await;
        let mut streams = Vec::new();
        for _ in 0..32 {
            streams.push(Stream::open(&program, &sale, None).await);
        }
        let request = program.request("GET", &format!("/sales/{sale}/events"));
        let request = || request.header(header::ACCEPT, "text/event-stream");
        let answer = program.send(request().body(Body::empty()).unwrap()).await;
        answer.refused(429, "too-often");
        streams.pop();
        Stream::open(&program, &sale, None).await;
    }
}
