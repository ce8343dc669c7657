//! A sale in every state.

use anyhow::Result;
use askama::Template;
use pos_server::domain::currency::Currency;
use pos_server::receipt::qr::{Spare, draw};
use pos_server::web::page::part::Row;
use pos_server::web::page::quick::quick_amounts;
use pos_server::web::page::sale::{Cash, Offer, Quick, Settled, Sum, SumKind};
use pos_server::web::page::till_data::{CurrencyData, short};
use pos_server::web::page::{SaleHtml, SaleState, SaleView};

use crate::{Page, shell, slips};

pub(crate) fn pages() -> Result<Vec<Page>> {
    let payment = || "p1".to_owned();
    let states = vec![
        (SaleState::Waiting, "J$2,405.50"),
        (SaleState::Seen, "J$2,405.50"),
        (SaleState::Paid, "J$4,405.50"),
        (SaleState::Change, "J$200.00"),
        (
            SaleState::PartPaid {
                came: "J$4,000.00".into(),
                left: "J$405.50".into(),
                part: 400_000,
                of: 440_550,
                payment: payment(),
                own: Some("J$2,000.00".into()),
            },
            "J$405.50",
        ),
        (
            SaleState::Overpaid {
                came: "J$4,500.00".into(),
                bill: "J$4,405.50".into(),
                payment: payment(),
            },
            "J$94.50",
        ),
        (
            SaleState::Late {
                at: "11:58".into(),
                name: "Table 2".into(),
                payment: payment(),
                can_add: true,
            },
            "J$1,250.00",
        ),
        (SaleState::Expired, "J$2,405.50"),
        (SaleState::Unknown { checked_ms: 4_000 }, "J$2,405.50"),
        (SaleState::NoPrice {
                words: "The last bitcoin price is 11 minutes old, so we will not guess. Cash still works."
                    .into(),
            }, "J$2,405.50"),
        (SaleState::RailDown {
                full: false,
                btcpay: false,
                words: "Lightning is not answering. Take cash.".into(),
            }, "J$2,405.50"),
        (SaleState::Gone { came: "J$2,405.50".into(), by: "BTCPay" }, "J$2,405.50"),
        (SaleState::Voided, "J$4,405.50"),
    ];
    let mut pages: Vec<Page> =
        states.into_iter().map(|(state, amount)| page(state, amount)).collect::<Result<_>>()?;
    for (state, amount) in
        [(SaleState::Waiting, "J$999,999,999.99"), (SaleState::Paid, "J$12,345,678.00")]
    {
        let (name, html) = page(state, amount)?;
        pages.push((format!("{name}-long"), html));
    }
    let down = SaleState::RailDown {
        full: true,
        btcpay: true,
        words: "BTCPay cannot take this just now: BTCPay no longer accepts this shop’s key. The owner has to pair it again."
            .into(),
    };
    let (_, html) = page(down, "J$2,405.50")?;
    pages.push(("sale-btcpay-down".into(), html));
    let second = view(SaleState::Waiting, "J$2,405.50")?;
    let instead = Some("BTCPay is not answering. This code goes over Lightning.".into());
    let offer = second.offer.map(|offer| Offer { instead, ..offer });
    let second = SaleView { offer, ..second };
    let html = SaleHtml { shell: shell(second.title()), view: second }.render()?;
    pages.push(("sale-second-way".into(), html));
    Ok(pages)
}

fn page(state: SaleState, amount: &str) -> Result<Page> {
    let name = format!("sale-{}", state.name());
    let view = view(state, amount)?;
    Ok((name, SaleHtml { shell: shell(view.title()), view }.render()?))
}

fn view(state: SaleState, amount: &str) -> Result<SaleView> {
    let waiting = state == SaleState::Waiting;
    let open = !state.settled() && !state.over();
    let in_doubt = matches!(state, SaleState::Seen | SaleState::Unknown { .. });
    Ok(SaleView {
        id: "s1".into(),
        seq: 3,
        now_ms: 1_795_000_000_000,
        csrf: "csrf".into(),
        key: "key".into(),
        shop: "Blue Mahoe Café".into(),
        practice: true,
        currency: CurrencyData::of(&"JMD".parse()?),
        amount: amount.into(),
        sums: sums(),
        offer: if waiting { Some(offer()?) } else { None },
        cash: if open && !in_doubt { Some(cash()?) } else { None },
        settled: if state.settled() { Some(settled(&state)?) } else { None },
        can_cancel: waiting
            || matches!(
                state,
                SaleState::Expired | SaleState::NoPrice { .. } | SaleState::RailDown { .. }
            ),
        waits: (state == SaleState::Seen)
            .then(|| "It is on the chain, and needs 1 confirmation: about ten minutes.".to_owned()),
        points: None,
        card_words: None,
        by_btcpay: matches!(
            state,
            SaleState::Gone { .. } | SaleState::RailDown { btcpay: true, .. }
        ),
        state,
    })
}

fn sums() -> Vec<Sum> {
    let sum =
        |label: &str, amount: &str, kind| Sum { label: label.into(), amount: amount.into(), kind };
    vec![
        sum("Bill", "J$4,005.00", SumKind::Plain),
        sum("Tip for Keisha", "J$400.50", SumKind::Plain),
        sum("Cash", "−J$2,000.00", SumKind::Came),
        sum("Left to pay", "J$2,405.50", SumKind::Left),
    ]
}

fn offer() -> Result<Offer> {
    let request = format!("LNBCRT145950N1P{}", "5QYJW8Z0R3X".repeat(25));
    Ok(Offer {
        sats: "14,595 sats".into(),
        wallet: format!("/practice/wallet?invoice={request}"),
        qr: draw(&request, Spare::Screen)?,
        request,
        left_ms: 438_000,
        lasts_ms: 600_000,
        rate: "J$16,482,350.00".into(),
        source: "Middle of 3 sources".into(),
        age_ms: 12_000,
        part: false,
        instead: None,
    })
}

fn cash() -> Result<Cash> {
    let currency: Currency = "JMD".parse()?;
    let quick =
        |minor: i64| Quick { words: short(&currency, minor), value: format!("{}.00", minor / 100) };
    Ok(Cash {
        due: "J$2,406.00".into(),
        due_minor: 240_600,
        left_minor: 240_550,
        rounding: Some("Rounded to the dollar, +J$0.50".into()),
        quick: quick_amounts(240_600, 100).into_iter().map(quick).collect(),
    })
}

fn settled(state: &SaleState) -> Result<Settled> {
    let facts = match state {
        SaleState::Change => {
            vec![Row::new("Sale", "J$800.00"), Row::new("Cash taken", "J$1,000.00")]
        }
        SaleState::Overpaid { .. } => vec![Row::new("Lightning", "J$4,500.00")],
        _ => vec![
            Row::new("Change", "None"),
            Row::new("Cash", "J$2,000.00"),
            Row::new("Lightning", "J$2,405.50"),
        ],
    };
    Ok(Settled {
        facts,
        receipt: "C1-01043".into(),
        href: "/r/Jq2vN8wYx0Zr4tB6cD1e".into(),
        qr: draw(slips::HREF, Spare::Screen)?,
    })
}
