//! A shop's receipts as a customer gets them, in all seven forms, as plain text.

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use pos_server::domain::id::SaleId;
use pos_server::web;
use tower::ServiceExt;

use crate::sale::shop::Shop;

/// What the server answered.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.bytes.clone()).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// Asks for an address as somebody who is not signed in.
pub(crate) async fn get(shop: &Shop, path: &str) -> Answer {
    let router = web::site(&shop.house.app);
    let request = Request::get(path).header("accept", "text/html").body(Body::empty()).unwrap();
    let response = router.oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes().to_vec();
    Answer { status: parts.status, headers: parts.headers, bytes }
}

/// The address of a sale's receipt.
pub(crate) async fn address(shop: &Shop, sale: &SaleId) -> String {
    format!("/r/{}", shop.sale(sale).await.receipt_token)
}

/// All forms of a receipt by their name, as text without markup, each white space one blank.
pub(crate) async fn forms(shop: &Shop, sale: &SaleId) -> Vec<(String, String)> {
    let address = address(shop, sale).await;
    let mut forms = vec![("page".to_owned(), tidy(&unmarked(&get(shop, &address).await.text())))];
    for paper in ["58", "80", "a4"] {
        let print = get(shop, &format!("{address}/print?paper={paper}")).await;
        forms.push((format!("print {paper}"), tidy(&unmarked(&print.text()))));
        let pdf = get(shop, &format!("{address}/receipt.pdf?paper={paper}")).await;
        forms.push((format!("PDF {paper}"), tidy(&letters(&pdf.bytes))));
    }
    forms
}

/// Fails unless every form says all of these.
#[track_caller]
pub(crate) fn all_say(forms: &[(String, String)], wanted: &[&str]) {
    for (name, text) in forms {
        for want in wanted {
            assert!(text.contains(want), "{name} lacks “{want}”: {text}");
        }
    }
}

/// Fails if any form says this.
#[track_caller]
pub(crate) fn none_says(forms: &[(String, String)], word: &str) {
    for (name, text) in forms {
        assert!(!text.contains(word), "{name} says “{word}”: {text}");
    }
}

/// The text of a PDF, as its viewer would copy it.
pub(crate) fn letters(pdf: &[u8]) -> String {
    let document = lopdf::Document::load_mem(pdf).unwrap();
    let pages: Vec<u32> = document.get_pages().keys().copied().collect();
    document.extract_text(&pages).unwrap()
}

fn unmarked(html: &str) -> String {
    let mut text = String::new();
    for part in html.split('<') {
        text.push(' ');
        text.push_str(part.split_once('>').map_or(part, |(_, after)| after));
    }
    text.replace("&#38;", "&").replace("&#60;", "<").replace("&#62;", ">").replace("&#39;", "'")
}

fn tidy(text: &str) -> String {
    // The PDF's fonts have the keyboard's minus.
    text.replace('−', "-").split_whitespace().collect::<Vec<_>>().join(" ")
}
