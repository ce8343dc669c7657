//! The server by itself.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::send;

#[tokio::test]
async fn it_says_where_it_is_in_one_line_and_ends_when_told() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_btcpay-stand-in"))
        .args(["--base-path", "/btcpay", "--currency", "USD", "--rate", "77000.5"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    let word = |name: &str| ready[name].as_str().unwrap();
    assert!(word("url").ends_with("/btcpay") && word("control").ends_with("/stand-in"));
    let url = format!("{}/api/v1/stores/{}/rates", word("url"), word("storeId"));
    let key = format!("token {}", word("apiKey"));
    let (status, _, rates) = send("GET", &url, &key, String::new()).await.unwrap();
    let rates: Value = serde_json::from_slice(&rates).unwrap();
    assert_eq!((status, rates[0]["rate"].as_str()), (200, Some("77000.5")));
    Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert!(child.wait().unwrap().success());
}
