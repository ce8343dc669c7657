//! Receipts.

use anyhow::Result;
use askama::Template;
use pos_server::domain::time::Time;
use pos_server::receipt::qr::{Spare, draw};
use pos_server::receipt::{Bitcoin, Cash, Line, Paper, Price, Receipt, Row, State, Tender};
use pos_server::web::page::{ReceiptHtml, ReceiptPrintHtml};

use crate::{Page, shell};

pub(crate) const HREF: &str = "https://pos.bluemahoe.example/r/Jq2vN8wYx0Zr4tB6cD1e";

pub(crate) fn pages() -> Result<Vec<Page>> {
    let mut pages = vec![(
        "receipt".to_owned(),
        ReceiptHtml { shell: shell("Receipt C1-01043"), receipt: receipt() }.render()?,
    )];
    for (name, paper) in [("80", Paper::Mm80), ("58", Paper::Mm58), ("a4", Paper::A4)] {
        let page = ReceiptPrintHtml {
            shell: shell("Receipt C1-01043"),
            receipt: receipt(),
            qr: draw(HREF, Spare::Paper)?,
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

fn receipt() -> Receipt {
    let line = |quantity, name: &str, note: &str, row: usize| Line {
        quantity,
        name: name.into(),
        note: note.into(),
        amount: lines().swap_remove(row).amount,
    };
    let price = Price {
        per_btc: "J$16,482,350.00".into(),
        source: "Middle of 3 sources".into(),
        at: "12:42:48".into(),
        spread: None,
        legs: vec![
            Row::new("BTC/USD: Bitstamp, Coinbase, Kraken, 12:42:48", "102,937.5"),
            Row::new("USD/JMD: Bank of Jamaica, 20 Nov 2026", "160.12"),
        ],
    };
    let hash = "4be1c07f93a25d86e0fb1a7742cc9e5d0a6f38b1d2e94c57a8830fd16e72b9c4".into();
    let bitcoin = Bitcoin { hash, price: Some(price) };
    let cash = Tender { label: "Cash".into(), amount: "2,000.00".into(), bitcoin: None };
    let label = "Lightning, 14,595 sats".into();
    let lightning = Tender { label, amount: "2,405.50".into(), bitcoin: Some(bitcoin) };
    Receipt {
        shop: "Blue Mahoe Café".into(),
        address: vec!["14 Hope Road, Kingston 6".into(), "876-555-0142".into()],
        tax_number: Some("TRN 001-234-567".into()),
        state: State::Paid,
        practice: true,
        number: Some("C1-01043".into()),
        till: "Counter 1".into(),
        cashier: "Keisha".into(),
        at: Time(1_795_282_985_000),
        when: "Saturday 21 November 2026, 12:43".into(),
        date: "21 Nov 2026".into(),
        time: "12:43".into(),
        lines: vec![
            line(2, "Flat white", "oat milk", 0),
            line(1, "Jerk chicken sandwich", "", 1),
            line(2, "Coco bread", "", 2),
            line(1, "Pour-over, Blue Mountain", "", 3),
        ],
        discount: Some(Row::new("Discount 10%", "−445.00")),
        taxes_added: vec![],
        taxes_included: vec![Row::new("GCT 15%, included", "522.39")],
        tip: Some(Row::new("Tip for Keisha", "400.50")),
        rounding: None,
        total: "J$4,405.50".into(),
        tenders: vec![cash, lightning],
        cash: Some(Cash { received: "2,500.00".into(), change: "500.00".into() }),
        due: None,
        points: vec![],
        owed: vec![],
        path: "/r/Jq2vN8wYx0Zr4tB6cD1e".into(),
        url: HREF.into(),
        footer: Some("Walk good.".into()),
    }
}
