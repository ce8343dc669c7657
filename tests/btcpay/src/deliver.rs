//! Delivering webhooks: one queue and one worker each, as BTCPay has it, so that a receiver that
//! fails holds up what comes after.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Request, Response, header};
use hmac::{Hmac, KeyInit, Mac};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::json;
use sha2::Sha256;
use tokio::time::{sleep, timeout};

use crate::shared::Shared;
use crate::world::webhook::{Delivery, Job, Signature};
use crate::world::{World, names};

/// Seconds before each redelivery.
const PAUSES: [u64; 8] = [10, 60, 600, 600, 600, 600, 600, 600];

/// A delivery about to be sent.
struct Parcel {
    url: String,
    body: Vec<u8>,
    signature: Option<String>,
    copies: usize,
    limit: Duration,
}

/// Empties a webhook's queue for as long as there is the webhook.
pub(crate) async fn work(shared: Arc<Shared>, id: String) {
    let client = Client::builder(TokioExecutor::new()).build(HttpConnector::new());
    loop {
        let next = shared.with(|world| {
            let held = world.switches.hold;
            let webhook = world.webhooks.iter_mut().find(|webhook| webhook.id == id)?;
            let job = if held { None } else { webhook.queue.pop_front() };
            let wake = webhook.wake.clone();
            let parcel = job.map(|job| (world.parcel(&id, &job), job));
            Some((wake, parcel))
        });
        let Some((wake, parcel)) = next else { return };
        let Some((Some(parcel), job)) = parcel else {
            wake.notified().await;
            continue;
        };
        let mut outcome = Err("never sent".to_owned());
        for _ in 0..parcel.copies {
            outcome = send(&client, &parcel).await;
        }
        let again = shared.with(|world| world.record(&id, &job, &outcome));
        let Some((job, pause, restarts)) = again else { continue };
        sleep(pause).await;
        shared.with(|world| {
            // A restart in between forgets it.
            if world.restarts == restarts
                && let Some(webhook) = world.webhooks.iter_mut().find(|webhook| webhook.id == id)
            {
                webhook.queue.push_front(job);
            }
        });
    }
}

impl World {
    fn parcel(&self, id: &str, job: &Job) -> Option<Parcel> {
        let webhook = self.webhooks.iter().find(|webhook| webhook.id == id)?;
        let mut body = job.body(id);
        if let Some(kind) = &self.switches.event_type {
            body["type"] = json!(kind);
        }
        if let Some(store) = &self.switches.store_id {
            body["storeId"] = json!(store);
        }
        let body = serde_json::to_vec_pretty(&body).ok()?;
        let sign = |secret: &str| format!("sha256={}", signature(secret, &body));
        let signature = match self.switches.signature {
            Signature::Right => Some(sign(&webhook.secret)),
            Signature::Wrong => Some(sign("another secret")),
            Signature::Truncated => Some(sign(&webhook.secret)[..40].to_owned()),
            Signature::Missing => None,
        };
        let copies = if self.switches.duplicate { 2 } else { 1 };
        let limit = self.options.webhook_timeout;
        Some(Parcel { url: webhook.url.clone(), body, signature, copies, limit })
    }

    /// Writes down how a delivery went. Gives the redelivery and the pause before it, if there is
    /// to be one, and the count of restarts at this time.
    fn record(
        &mut self,
        id: &str,
        job: &Job,
        outcome: &Result<u16, String>,
    ) -> Option<(Job, Duration, u32)> {
        let (now, pace, restarts) = (self.now(), self.options.webhook_pace, self.restarts);
        let webhook = self.webhooks.iter_mut().find(|webhook| webhook.id == id)?;
        let code = outcome.as_ref().ok().copied();
        let error = match outcome {
            Ok(200..=299) => None,
            Ok(code) => Some(format!("HTTP Error Code {code}")),
            Err(error) => Some(error.clone()),
        };
        webhook.deliveries.push(Delivery {
            id: job.delivery.clone(),
            original: job.original.clone(),
            made: job.made,
            sent: now,
            code,
            error,
            body: job.body(id),
        });
        let worth_it = matches!(code, None | Some(408 | 429 | 500..=599));
        let pause = *PAUSES.get(job.tries).filter(|_| worth_it && webhook.automatic)?;
        let again = Job {
            delivery: names::long(),
            tries: job.tries + 1,
            redelivery: true,
            made: now,
            ..job.clone()
        };
        Some((again, Duration::from_secs(pause).mul_f64(pace), restarts))
    }
}

/// The lowercase hex of the body's HMAC.
fn signature(secret: &str, body: &[u8]) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes());
    let mut mac = mac.expect("an HMAC takes a key of any length");
    mac.update(body);
    hex::encode(mac.finalize().into_bytes())
}

async fn send(client: &Client<HttpConnector, Full<Bytes>>, parcel: &Parcel) -> Result<u16, String> {
    let mut request = Request::post(&parcel.url).header(header::CONTENT_TYPE, "application/json");
    if let Some(signature) = &parcel.signature {
        request = request.header("BTCPay-Sig", signature);
    }
    let request = request.body(Full::new(Bytes::from(parcel.body.clone())));
    let request = request.map_err(|error| error.to_string())?;
    let answer = async {
        let answer = client.request(request).await.map_err(|error| error.to_string())?;
        let (parts, body) = answer.into_parts();
        // Read to the end, for the receiver's sake.
        body.collect().await.map_err(|error| error.to_string())?;
        Ok(Response::from_parts(parts, ()).status().as_u16())
    };
    let slow = "The request was canceled due to the configured timeout elapsing.";
    timeout(parcel.limit, answer).await.unwrap_or_else(|_| Err(slow.to_owned()))
}
