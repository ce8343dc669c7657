//! The server's arithmetic, held to the same vectors as the page's.

use pos_server::domain::cart::{Discount, Line, TaxClass, Tip, price, tip_amount};
use serde::Deserialize;

#[derive(Deserialize)]
struct Vector {
    what: String,
    lines: Vec<VectorLine>,
    discount: Option<Discount>,
    tip: Option<VectorTip>,
    want: Want,
}

#[derive(Deserialize)]
struct VectorLine {
    unit: i64,
    quantity: i64,
    bp: i64,
    inclusive: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum VectorTip {
    Bp(i64),
    Amount(i64),
}

#[derive(Deserialize)]
struct Want {
    gross: i64,
    discount: i64,
    taxes: Vec<WantTax>,
    bill: i64,
    tip: i64,
}

#[derive(Deserialize, Debug, PartialEq)]
struct WantTax {
    bp: i64,
    inclusive: bool,
    net: i64,
    tax: i64,
}

fn line(line: &VectorLine) -> Line {
    Line {
        item: Some("on the shelf, so it may be free".into()),
        name: String::new(),
        note: String::new(),
        unit: line.unit,
        quantity: line.quantity,
        tax: TaxClass { bp: line.bp, inclusive: line.inclusive },
    }
}

#[test]
fn every_vector_comes_out_as_the_page_has_it() {
    let vectors: Vec<Vector> = serde_json::from_str(include_str!("vectors/cart.json")).unwrap();
    assert!(vectors.len() >= 40);
    for Vector { what, lines, discount, tip, want } in vectors {
        let priced = price(lines.iter().map(line).collect(), discount).unwrap();
        let taxes: Vec<WantTax> = priced
            .taxes
            .iter()
            .map(|sum| WantTax {
                bp: sum.class.bp,
                inclusive: sum.class.inclusive,
                net: sum.net,
                tax: sum.tax,
            })
            .collect();
        assert_eq!((priced.gross, priced.discounted), (want.gross, want.discount), "{what}");
        assert_eq!((taxes, priced.bill), (want.taxes, want.bill), "{what}");
        let tip = match tip {
            None => Tip::None,
            Some(VectorTip::Bp(bp)) => Tip::PercentBp(bp),
            Some(VectorTip::Amount(amount)) => Tip::Amount(amount),
        };
        if let Ok(tip) = tip_amount(tip, priced.bill) {
            assert_eq!(tip, want.tip, "{what}");
        }
    }
}
