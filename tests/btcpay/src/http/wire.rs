//! Connections, and how they break.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt;

use super::router;
use crate::shared::Shared;

/// Put on an answer that is not to be given: the connection closes instead.
#[derive(Clone, Copy)]
pub(super) struct HangUp;

/// Takes connections for ever.
pub(crate) async fn serve(shared: Arc<Shared>, listener: TcpListener) {
    let app = router(shared.clone());
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        shared.spawn(connection(app.clone(), stream));
    }
}

async fn connection(app: axum::Router, stream: TcpStream) {
    let service = service_fn(move |request: Request<Incoming>| {
        let app = app.clone();
        async move {
            let answer: Result<Response<Body>, Infallible> = app.oneshot(request).await;
            match answer {
                Ok(answer) if answer.extensions().get::<HangUp>().is_none() => Ok(answer),
                _ => Err(io::Error::from(io::ErrorKind::ConnectionAborted)),
            }
        }
    });
    // What becomes of a connection is the other side's to notice.
    drop(http1::Builder::new().serve_connection(TokioIo::new(stream), service).await);
}
