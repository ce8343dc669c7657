//! LND away, hanging, cut off and back: stand-ins before it do what it cannot be made to do.

use std::time::{Duration, Instant};

use futures_util::StreamExt;
use pos_server::rail::lnd::{Lnd, LndSecrets};
use pos_server::rail::{Cursor, Rail, RailError, Status};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::contract::{ask, listen, payment_told};
use super::stack::{self, shop, shop_secrets};

/// A certificate's shape and a macaroon's: enough where nobody answers.
fn nobody_at(address: &str) -> Lnd {
    let cert = [&[0x30, 0x82, 0x01, 0x00][..], &[0; 256]].concat();
    let secrets = LndSecrets::from_files(address, Some(&cert), b"0201036c6e64").unwrap();
    Lnd::new(&secrets).unwrap().with_patience(Duration::from_millis(500))
}

/// Every verb says that it is not known, with these words, and soon.
async fn is_unreachable(lnd: &Lnd, words: &str) {
    let start = Instant::now();
    let reference = "ab".repeat(32);
    let answers = [
        lnd.offer(&ask(1)).await.map(drop),
        lnd.status(&reference).await.map(drop),
        lnd.cancel(&reference).await.map(drop),
    ];
    for answer in answers {
        let Err(RailError::Unreachable(said)) = answer else { panic!("{answer:?}") };
        assert!(said.contains(words), "{said}");
    }
    let findings = lnd.check(None).await;
    assert_eq!(findings.len(), 1);
    assert!(findings[0].words.contains(words), "{}", findings[0].words);
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_closed_port_is_unreachable() {
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    is_unreachable(&nobody_at(&port.to_string()), "nothing listens at its address").await;
}

#[tokio::test]
async fn a_peer_that_takes_the_connection_and_says_nothing_is_unreachable() {
    let hole = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = hole.local_addr().unwrap();
    // The kernel accepts for it, up to its backlog.
    is_unreachable(&nobody_at(&address.to_string()), "did not answer within 0.5 seconds").await;
}

#[tokio::test]
async fn something_else_at_the_port_is_unreachable() {
    let web = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = web.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = web.accept().await {
            let _ =
                client.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").await;
        }
    });
    is_unreachable(&nobody_at(&address.to_string()), "speaks no TLS").await;
}

/// Between us and the shop's LND.
struct Line {
    address: String,
    state: watch::Sender<State>,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Up,
    /// Connections break, and new ones are refused.
    Cut,
    /// Nothing passes, and nobody is told.
    Hangs,
    /// Nothing passes on connections there were before; new ones work.
    OldOnesHang,
}

impl Line {
    async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (state, mut changes) = watch::channel(State::Up);
        let lnd = stack::variable("SHOP_LND_ADDRESS");
        tokio::spawn(async move {
            let mut calls = JoinSet::new();
            loop {
                tokio::select! {
                    Ok((client, _)) = listener.accept() => match *changes.borrow() {
                        State::Cut => drop(client),
                        now => drop(calls.spawn(carry(client, lnd.clone(), now, changes.clone()))),
                    },
                    Ok(()) = changes.changed() => if *changes.borrow() == State::Cut {
                        calls.abort_all();
                    },
                    else => break,
                }
            }
        });
        Self { address, state }
    }

    async fn set(&self, state: State) {
        self.state.send_replace(state);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }

    fn lnd(&self) -> Lnd {
        let secrets = LndSecrets { address: self.address.clone(), ..shop_secrets() };
        Lnd::new(&secrets).unwrap().with_patience(Duration::from_secs(2))
    }
}

/// Carries bytes both ways for a connection that began in `began`.
async fn carry(client: TcpStream, lnd: String, began: State, now: watch::Receiver<State>) {
    let Ok(server) = TcpStream::connect(lnd).await else { return };
    for stream in [&client, &server] {
        stream.set_nodelay(true).unwrap();
    }
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let passes = move |now: &State| match now {
        State::OldOnesHang => began == State::OldOnesHang,
        now => *now != State::Hangs,
    };
    tokio::select! {
        () = one_way(from_client, to_server, now.clone(), passes) => {}
        () = one_way(from_server, to_client, now, passes) => {}
    }
}

async fn one_way(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut now: watch::Receiver<State>,
    passes: impl Fn(&State) -> bool,
) {
    let mut buffer = vec![0; 16 << 10];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        if now.wait_for(&passes).await.is_err() || to.write_all(&buffer[..count]).await.is_err() {
            return;
        }
    }
}

#[tokio::test]
async fn a_cut_line_mends_with_the_next_call_and_the_stream_tells_what_was_missed() {
    let line = Line::new().await;
    let till = line.lnd();
    let [before, away] = [till.offer(&ask(11)).await.unwrap(), till.offer(&ask(12)).await.unwrap()];
    let mut stream = listen(till.notices(Cursor::default()));
    tokio::time::sleep(Duration::from_secs(1)).await;
    stack::pay(&before).await.unwrap();
    let (_, cursor) = payment_told(&mut stream, &before).await;

    line.set(State::Cut).await;
    let lost = till.status(&away.reference).await;
    assert!(matches!(lost, Err(RailError::Unreachable(_))), "{lost:?}");
    let end = tokio::time::timeout(Duration::from_secs(5), async {
        loop {
            match stream.next().await {
                Some(Ok(_)) => {}
                end => return end,
            }
        }
    });
    let end = end.await.expect("a stream ends with its line");
    assert!(matches!(end, Some(Err(RailError::Unreachable(_))) | None), "{end:?}");
    stack::pay(&away).await.unwrap();

    line.set(State::Up).await;
    let status = till.status(&away.reference).await.unwrap();
    let mut stream = listen(till.notices(cursor));
    let (paid, _) = payment_told(&mut stream, &away).await;
    assert_eq!(status, Status::Paid(vec![paid]));
}

#[tokio::test]
async fn a_line_that_hangs_is_unknown_until_it_answers() {
    let line = Line::new().await;
    let till = line.lnd();
    let offer = till.offer(&ask(13)).await.unwrap();
    line.set(State::Hangs).await;
    let lost = till.cancel(&offer.reference).await;
    assert!(matches!(lost, Err(RailError::Unreachable(_))), "{lost:?}");
    line.set(State::Up).await;
    // The lost call may have come through: LND says what is true, and it is the same twice.
    let truth = till.status(&offer.reference).await.unwrap();
    assert!(matches!(truth, Status::Open | Status::Closed), "{truth:?}");
    assert_eq!(till.cancel(&offer.reference).await, Ok(Status::Closed));
    assert_eq!(shop().status(&offer.reference).await, Ok(Status::Closed));
}

/// As when a router forgets a connection: no end is ever told. Pings find out.
#[tokio::test]
async fn a_connection_that_died_in_silence_is_replaced() {
    let line = Line::new().await;
    let till = line.lnd();
    let offer = till.offer(&ask(14)).await.unwrap();
    let mut stream = listen(till.notices(Cursor::default()));
    tokio::time::sleep(Duration::from_millis(500)).await;
    line.set(State::OldOnesHang).await;
    let start = Instant::now();
    while let Err(lost) = till.status(&offer.reference).await {
        assert!(matches!(lost, RailError::Unreachable(_)), "{lost:?}");
        assert!(start.elapsed() < Duration::from_secs(40), "still on the dead connection: {lost}");
    }
    let end = async { while let Some(Ok(_)) = stream.next().await {} };
    tokio::time::timeout(Duration::from_secs(5), end).await.expect("its stream ends, too");
}
