//! The till and its recent sales.

use anyhow::Result;
use askama::Template;
use pos_server::domain::currency::Currency;
use pos_server::web::page::bar::{Bar, Parked};
use pos_server::web::page::part::{Badge, Person, Row};
use pos_server::web::page::recent::{Chosen, Filter, RecentHtml, RecentSale};
use pos_server::web::page::till::{Tile, TillHtml};
use pos_server::web::page::till_data::{CategoryData, CurrencyData, ItemData, TaxData, TillData};

use crate::{Page, shell};

const SHELF: &[(&str, i64, &str, u8, &str)] = &[
    ("Flat white", 75_000, "FW", 1, "coffee"),
    ("Cappuccino", 75_000, "CA", 1, "coffee"),
    ("Espresso", 50_000, "ES", 1, "coffee"),
    ("Pour-over, Blue Mountain", 110_000, "PO", 1, "coffee"),
    ("Iced latte", 85_000, "IL", 2, "cold"),
    ("Sorrel, cold", 60_000, "SO", 2, "cold"),
    ("Ginger beer", 45_000, "", 2, "cold"),
    ("Coconut water", 50_000, "", 2, "cold"),
    ("Coco bread", 20_000, "CB", 3, "bakes"),
    ("Banana bread", 45_000, "BB", 3, "bakes"),
    ("Gizzada", 35_000, "GZ", 3, "bakes"),
    ("Rum cake", 65_000, "RC", 3, "bakes"),
    ("Beef patty", 35_000, "BP", 4, "food"),
    ("Jerk chicken sandwich", 145_000, "JC", 4, "food"),
    ("Ackee and saltfish", 180_000, "AS", 4, "food"),
    ("Blue Mountain beans, 250 g", 450_000, "BM", 1, "shelf"),
];

pub(crate) fn pages() -> Result<Vec<Page>> {
    Ok(vec![
        ("till".into(), till(false)?.render()?),
        ("till-keypad".into(), till(true)?.render()?),
        ("recent".into(), recent(false).render()?),
        ("recent-chosen".into(), recent(true).render()?),
    ])
}

fn bar() -> Bar {
    let parked = |id: &str, name: &str, who: &str, age: &str, total: &str| Parked {
        id: id.into(),
        name: name.into(),
        who: who.into(),
        age: age.into(),
        total: total.into(),
    };
    Bar {
        shop: "Blue Mahoe Café".into(),
        cashier: Person { id: "k".into(), name: "Keisha".into(), initials: "KB".into() },
        parked: vec![
            parked("p1", "Table 2", "Omar", "6 min ago", "J$2,350.00"),
            parked("p2", "Mr Clarke", "Keisha", "2 min ago", "J$1,100.00"),
        ],
        csrf: "csrf".into(),
    }
}

fn item(
    (index, &(name, price, initials, tint, group)): (usize, &(&str, i64, &str, u8, &str)),
) -> ItemData {
    ItemData {
        id: format!("item-{index}"),
        name: name.into(),
        price,
        tax_bp: None,
        inclusive: None,
        category: group.into(),
        barcode: (group == "shelf").then(|| "0796520001234".into()),
        sold_out: name == "Rum cake",
        initials: initials.into(),
        tint,
    }
}

fn till(keypad: bool) -> Result<TillHtml> {
    let currency: Currency = "JMD".parse()?;
    let items: Vec<ItemData> = SHELF.iter().enumerate().map(item).collect();
    let groups = [
        ("coffee", "Coffee"),
        ("cold", "Cold"),
        ("bakes", "Bakes"),
        ("food", "Food"),
        ("shelf", "Shelf"),
    ];
    let category = |(tint, (id, name)): (u8, (&str, &str))| CategoryData {
        id: id.into(),
        name: name.into(),
        tint,
    };
    let bar = bar();
    Ok(TillHtml {
        shell: shell("Till"),
        tiles: items.iter().map(|item| Tile::of(item, &currency)).collect(),
        data: TillData {
            till: "counter-1".into(),
            currency: CurrencyData::of(&currency),
            tax: TaxData { bp: 1_500, inclusive: true, name: "GCT".into() },
            cap: 100_000_000_000,
            tips: true,
            csrf: "csrf".into(),
            categories: (1..).zip(groups).map(category).collect(),
            items,
            parked: bar.parked.clone(),
            cashier: "Keisha".into(),
        },
        bar,
        keypad,
        notice: None,
    })
}

fn badge(class: &'static str, icon: &'static str, words: &str) -> Badge {
    Badge { class, icon, words: words.into() }
}

fn recent(by_hand: bool) -> RecentHtml {
    let filter = |words: &str, on| Filter { words: words.into(), href: "/till/recent".into(), on };
    let sale = |what: &str, how: &str, badge, amount: &str| RecentSale {
        href: "/recent-chosen.html".into(),
        what: what.into(),
        how: how.into(),
        badge,
        amount: amount.into(),
        chosen: what.starts_with("12:43"),
    };
    let paid = || badge("paid", "done", "Paid");
    RecentHtml {
        shell: shell("Recent sales"),
        bar: bar(),
        query: String::new(),
        nothing: String::new(),
        back: "/recent.html".into(),
        filters: vec![
            filter("All", true),
            filter("Paid", false),
            filter("Waiting", false),
            filter("Needs a look: 3", false),
        ],
        show: "all".into(),
        sales: vec![
            sale("12:43 · 6 items", "C1-01043 · Cash and Lightning", paid(), "J$4,405.50"),
            sale("12:38 · 1 item", "C1-01042 · Cash", paid(), "J$350.00"),
            sale("12:36 · Table 7", "Lightning", badge("doubt", "ask", "Checking"), "J$1,950.00"),
            sale("12:31 · Miss Pryce", "Lightning", badge("seen", "eye", "Seen"), "J$9,000.00"),
            sale("12:24 · 3 items", "C1-01041 · Lightning", paid(), "J$2,150.00"),
            sale(
                "12:19 · 2 items",
                "C1-01040 · Cash",
                badge("past", "refund", "Refunded"),
                "J$1,100.00",
            ),
            sale(
                "12:02 · 4 items",
                "C1-01039 · Lightning",
                badge("paid", "over", "J$50.00 over"),
                "J$3,600.00",
            ),
            sale("11:47 · Table 2", "Lightning", badge("warn", "alert", "Paid late"), "J$1,250.00"),
            sale("11:31 · 1 item", "Lightning", badge("past", "glass", "Time ran out"), "J$750.00"),
        ],
        chosen: Some(Chosen {
            title: "C1-01043".into(),
            badge: paid(),
            when: "Today 12:43, Keisha, Table 4".into(),
            lines: crate::slips::lines(),
            tenders: vec![
                Row::new("Cash", "2,000.00"),
                Row::new("Lightning, 14,595 sats", "2,405.50"),
            ],
            total: "J$4,405.50".into(),
            settled: true,
            open: Some("/sale-paid.html".into()),
            receipt: Some("/receipt.html".into()),
        }),
        by_hand,
    }
}
