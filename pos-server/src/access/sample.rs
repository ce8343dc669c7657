//! The sample café of the practice shop, so that a newcomer can sell at once.

use super::open::{self, Opening, Right};
use super::{AccessError, token};
use crate::app::App;
use crate::db::Tx;
use crate::db::catalog::{Category, Item};
use crate::db::merchant::Owner;
use crate::db::store::Store;
use crate::db::till::Till;
use crate::domain::currency::UnknownCurrency;
use crate::domain::id::{CategoryId, ItemId, MerchantId};

/// The sample owner's e-mail.
pub const EMAIL: &str = "owner@example.com";

/// The sample staff: name, role and PIN, the same in every practice shop.
pub const STAFF: [(&str, &str, &str); 2] =
    [("Keisha", "manager", "2468"), ("Omar", "cashier", "1357")];

/// What whoever starts the server is told.
#[derive(Debug, Clone)]
pub struct Sample {
    /// The owner, to make a sign-in link for.
    pub owner: Owner,
    /// The owner's password.
    pub password: String,
    /// The café.
    pub store: Store,
    /// Its counter.
    pub till: Till,
    /// Names and PINs of the cashiers.
    pub pins: Vec<(String, String)>,
}

struct Shelf {
    category: &'static str,
    tint: i64,
    items: &'static [(&'static str, i64, Option<&'static str>, bool)],
}

// Name, price in Jamaican dollars, barcode, sold out.
const SHELVES: &[Shelf] = &[
    Shelf {
        category: "Coffee",
        tint: 1,
        items: &[
            ("Flat white", 750, None, false),
            ("Cappuccino", 750, None, false),
            ("Espresso", 500, None, false),
            ("Pour-over, Blue Mountain", 1_100, None, false),
        ],
    },
    Shelf {
        category: "Cold",
        tint: 2,
        items: &[
            ("Iced latte", 850, None, false),
            ("Sorrel, cold", 600, None, false),
            ("Ginger beer", 450, Some("2000000000015"), false),
            ("Coconut water", 500, Some("2000000000022"), false),
        ],
    },
    Shelf {
        category: "Bakes",
        tint: 3,
        items: &[
            ("Coco bread", 200, None, false),
            ("Banana bread", 450, None, false),
            ("Gizzada", 350, None, false),
            ("Rum cake", 650, None, true),
        ],
    },
    Shelf {
        category: "Food",
        tint: 4,
        items: &[
            ("Beef patty", 350, None, false),
            ("Jerk chicken sandwich", 1_450, None, false),
            ("Ackee and saltfish", 1_800, None, false),
        ],
    },
    Shelf {
        category: "Shelf",
        tint: 1,
        items: &[("Blue Mountain beans, 250 g", 4_500, Some("2000000000039"), false)],
    },
];

/// Makes the café; only into an empty database. None if somebody set up shop already.
pub async fn make_sample_cafe(app: &App) -> Result<Option<Sample>, AccessError> {
    if app.db.has_merchants().await? {
        return Ok(None);
    }
    let now = app.now();
    let store = store()?;
    let password = format!("practice-{}", token::code(6).to_lowercase());
    let owner = open::owner(&store.merchant_id, EMAIL, &password).await?;
    let till = open::till(&store, "Counter 1", "C1");
    let mut staff = Vec::new();
    for (name, role, pin) in STAFF {
        staff.push(open::staff(app, &store, name, role, pin).await?);
    }
    let opening = Opening { name: store.name.clone(), owner, store, till, staff };
    let mut tx = app.db.begin().await?;
    match open::open(&mut tx, Right::Open, &opening, now).await {
        // Another replica was faster.
        Err(AccessError::EmailTaken) => return Ok(None),
        other => other?,
    }
    stock(&mut tx, &opening.store).await?;
    tx.commit().await?;
    app.connections_changed.notify_one();
    let Opening { owner, store, till, .. } = opening;
    let pins = STAFF.iter().map(|(name, _, pin)| ((*name).into(), (*pin).into())).collect();
    Ok(Some(Sample { owner, password, store, till, pins }))
}

fn store() -> Result<Store, AccessError> {
    let currency = "JMD".parse().map_err(|error: UnknownCurrency| {
        AccessError::Db(crate::db::DbError::Unreadable(error.to_string()))
    })?;
    let name = "Blue Mahoe Café".to_owned();
    Ok(Store {
        tax_name: "GCT".into(),
        tax_bp: 1500,
        tax_number: "000-000-000".into(),
        tips_bp: "[1000,1500,2000]".into(),
        address: "12 Hope Road\nKingston 6".into(),
        time_zone: "America/Jamaica".into(),
        receipt_footer: "Walk good. See you again soon.".into(),
        ..open::practice_store(&MerchantId::new(), name, currency)?
    })
}

async fn stock(tx: &mut Tx, store: &Store) -> Result<(), AccessError> {
    let mut place = 0;
    for (position, shelf) in (0i64..).zip(SHELVES) {
        let category = Category {
            id: CategoryId::new(),
            merchant_id: store.merchant_id.clone(),
            store_id: store.id.clone(),
            name: shelf.category.into(),
            tint: shelf.tint,
            position,
        };
        tx.save_category(&category).await?;
        for (name, price, barcode, sold_out) in shelf.items {
            tx.save_item(&Item {
                id: ItemId::new(),
                merchant_id: store.merchant_id.clone(),
                store_id: store.id.clone(),
                category_id: Some(category.id.to_string()),
                name: (*name).into(),
                price: price * 100,
                tax_bp: None,
                tax_inclusive: None,
                barcode: barcode.map(str::to_owned),
                sold_out: i64::from(*sold_out),
                retired: 0,
                position: place,
            })
            .await?;
            place += 1;
        }
    }
    Ok(())
}
