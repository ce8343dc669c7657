//! Receipts.

use anyhow::Result;
use askama::Template;
use pos_server::receipt::qr::{Spare, draw};
use pos_server::web::page::part::{Badge, Row};
use pos_server::web::page::receipt::{ReceiptHtml, ReceiptView};
use pos_server::web::page::receipt_print::{Paper, ReceiptPrintHtml};

use crate::{Page, shell};

pub(crate) const HREF: &str = "https://pos.bluemahoe.example/r/Jq2vN8wYx0Zr4tB6cD1e";

pub(crate) fn pages() -> Result<Vec<Page>> {
    let mut pages = vec![(
        "receipt".to_owned(),
        ReceiptHtml { shell: shell("Receipt C1-01043"), receipt: receipt()? }.render()?,
    )];
    for (name, paper) in [("80", Paper::Mm80), ("58", Paper::Mm58), ("a4", Paper::A4)] {
        let page = ReceiptPrintHtml {
            shell: shell("Receipt C1-01043"),
            receipt: receipt()?,
            paper,
            at_once: false,
        };
        pages.push((format!("print-{name}"), page.render()?));
    }
    Ok(pages)
}

pub(crate) fn lines() -> Vec<Row> {
    vec![
        Row::new("2 Flat white, oat milk", "1,500.00"),
        Row::new("1 Jerk chicken sandwich", "1,450.00"),
        Row::new("2 Coco bread", "400.00"),
        Row::new("1 Pour-over, Blue Mountain", "1,100.00"),
        Row::new("10% off", "−445.00"),
        Row::new("Tip for Keisha", "400.50"),
    ]
}

fn receipt() -> Result<ReceiptView> {
    Ok(ReceiptView {
        shop: "Blue Mahoe Café".into(),
        address: vec!["14 Hope Road, Kingston 6".into(), "876-555-0142 · TRN 001-234-567".into()],
        when: "Saturday 21 November 2026, 12:43".into(),
        date: "21 Nov 2026".into(),
        time: "12:43".into(),
        number: "C1-01043".into(),
        till: "Counter 1".into(),
        cashier: "Keisha".into(),
        badge: Badge { class: "paid", icon: "done", words: "Paid".into() },
        lines: lines(),
        total: "J$4,405.50".into(),
        settled: true,
        after: vec![
            Row::new("GCT 15%, included", "522.39"),
            Row::new("Cash", "2,000.00"),
            Row::new("Lightning, 14,595 sats", "2,405.50"),
            Row::new("1 BTC", "16,482,350.00"),
        ],
        rate_note: Some("Price: middle of 3 sources, 12:42:48".into()),
        proofs: vec!["4be1c07f93a25d86e0fb1a7742cc9e5d0a6f38b1d2e94c57a8830fd16e72b9c4".into()],
        qr: draw(HREF, Spare::Paper)?,
        href: "/r/Jq2vN8wYx0Zr4tB6cD1e".into(),
        foot: Some("Walk good.".into()),
    })
}
