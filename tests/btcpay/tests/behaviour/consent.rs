//! The consent page.

use btcpay_stand_in::Options;
use serde_json::{Value, json};

use crate::support::{Shop, send};

const VIEW: &str = "btcpay.store.canviewinvoices";
const BACK: &str = "http%3A%2F%2Flocalhost%3A9%2Fback%3Fstate%3Dabc";

async fn page(shop: &Shop, method: &str, wish: &str) -> String {
    let form = if method == "POST" { wish.to_owned() } else { String::new() };
    let query = if method == "POST" { String::new() } else { format!("?{wish}") };
    let url = format!("{}/api-keys/authorize{query}", shop.btcpay.url());
    let (status, headers, body) = send(method, &url, "", form).await.unwrap();
    assert_eq!(status, 200);
    assert_eq!(headers["content-type"], "text/html; charset=utf-8");
    String::from_utf8(body.to_vec()).unwrap()
}

/// The value of a form's field.
fn field(page: &str, name: &str) -> String {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

fn wish() -> String {
    format!(
        "permissions={VIEW}&permissions=btcpay.user.canviewprofile&applicationName=A%20%3Ctill%3E\
         &applicationIdentifier=till&strict=true&selectiveStores=true&redirect={BACK}"
    )
}

#[tokio::test]
async fn it_asks_the_owner_and_lets_a_store_be_chosen() {
    let shop = Shop::open_with(Options { base_path: "/btcpay".to_owned(), ..Options::default() });
    let shop = shop.await;
    let page = page(&shop, "GET", &wish()).await;
    assert!(page.contains("A &lt;till&gt; asks for a key"));
    assert!(page.contains(&format!("<option value=\"{}\">", shop.store)));
    assert!(page.contains("action=\"/btcpay/api-keys/authorize\""));
    assert_eq!(field(&page, "permissions"), VIEW);
}

#[tokio::test]
async fn approving_posts_a_key_of_that_store_back_to_the_application() {
    let shop = Shop::open().await;
    let answer = format!("{}&store={}&command=Authorize", wish(), shop.store);
    let page1 = page(&shop, "POST", &answer).await;
    assert!(page1.contains("<form method=\"post\" action=\"http://localhost:9/back?state=abc\">"));
    let key = field(&page1, "apiKey");
    assert_eq!(field(&page1, "permissions[]"), format!("{VIEW}:{}", shop.store));
    let (_, shown) = shop.ask_at("GET", "/api/v1/api-keys/current", &key, Value::Null).await;
    let granted = json!([format!("{VIEW}:{}", shop.store), "btcpay.user.canviewprofile"]);
    assert_eq!(shown["permissions"], granted);
    let (_, me) = shop.ask_at("GET", "/api/v1/users/me", &key, Value::Null).await;
    assert_eq!(me["id"], json!(field(&page1, "userId")));
    // The same application is given the same key again.
    assert_eq!(field(&page(&shop, "POST", &answer).await, "apiKey"), key);
    shop.clean();
}

#[tokio::test]
async fn refusing_gives_nothing() {
    let shop = Shop::open().await;
    let page = page(&shop, "POST", &format!("{}&command=Cancel", wish())).await;
    assert!(!page.contains("apiKey"));
}
