//! What a receipt says: everything that was sold, taxed, tipped, paid and given back.

use pos_server::db::catalog::Item;
use pos_server::domain::cart::{Discount, Tip};
use pos_server::domain::id::{ItemId, SaleId};
use pos_server::till::cart::{CartRequest, LineRequest};
use pos_server::till::once::Once;
use pos_server::till::open;

use super::slip::{all_say, forms, none_says};
use crate::on_both;
use crate::sale::acts::{key, keypad};
use crate::sale::shop::Shop;
use crate::support::db::Fresh;

/// The shop of the picture.
pub(crate) async fn cafe(fresh: Fresh) -> Shop {
    let mut shop = Shop::open(fresh).await;
    let store = &mut shop.store;
    "Blue Mahoe Café".clone_into(&mut store.name);
    "14 Hope Road, Kingston 6\n876-555-0142".clone_into(&mut store.address);
    "GCT".clone_into(&mut store.tax_name);
    store.tax_bp = 1500;
    "001-234-567".clone_into(&mut store.tax_number);
    "America/Jamaica".clone_into(&mut store.time_zone);
    "Walk good.".clone_into(&mut store.receipt_footer);
    let mut tx = shop.app().db.begin().await.unwrap();
    tx.save_store(&shop.store).await.unwrap();
    tx.commit().await.unwrap();
    shop
}

/// Something on the shelf that is taxed on top of its price.
async fn lamp(shop: &Shop) -> Item {
    let item = Item {
        id: ItemId::new(),
        merchant_id: shop.store.merchant_id.clone(),
        store_id: shop.store.id.clone(),
        category_id: None,
        name: "Lamp".into(),
        price: 100_000,
        tax_bp: Some(1250),
        tax_inclusive: Some(0),
        barcode: None,
        sold_out: 0,
        retired: 0,
        position: 0,
    };
    let mut tx = shop.app().db.begin().await.unwrap();
    assert!(tx.save_item(&item).await.unwrap());
    tx.commit().await.unwrap();
    item
}

fn line(name: &str, note: &str, unit: i64, quantity: i64) -> LineRequest {
    LineRequest { item: None, name: name.into(), unit, quantity, note: note.into() }
}

/// The sale of the picture: 4,005.00 and a tip of ten percent.
pub(crate) async fn picture(shop: &Shop) -> SaleId {
    let lines = vec![
        line("Flat white", "Oat milk", 75_000, 2),
        line("Jerk chicken sandwich", "", 145_000, 1),
        line("Coco bread", "", 20_000, 2),
        line("Pour-over, Blue Mountain", "", 110_000, 1),
    ];
    let discount = Some(Discount::PercentBp(1000));
    let cart =
        CartRequest { lines, discount, name: "The loud table".into(), expected_total: 400_500 };
    let once = Once::new("charge", &key(), &[]).unwrap();
    open::open(shop.app(), &shop.at(0), &cart, Tip::PercentBp(1000), &once).await.unwrap()
}

const PICTURE: &[&str] = &[
    "Practice money: nothing here is real",
    "Blue Mahoe Café",
    "14 Hope Road, Kingston 6",
    "876-555-0142",
    "GCT no. 001-234-567",
    "Counter 1",
    "Keisha",
    "2 Flat white, Oat milk 1,500.00",
    "1 Jerk chicken sandwich 1,450.00",
    "2 Coco bread 400.00",
    "1,100.00",
    "Discount 10% -445.00",
    "Tip for Keisha 400.50",
    "J$4,405.50",
    "GCT 15%, included 522.39",
    "Walk good.",
];

on_both! {
    async fn every_form_says_what_was_sold_and_how_it_was_paid(fresh: Fresh) {
        let shop = cafe(fresh).await;
        let sale = picture(&shop).await;
        shop.cash(&sale, 200_000).await.unwrap();
        let offer = shop.last_offer(&sale).await;
        shop.later(30);
        shop.collect(&sale).await;
        let forms = forms(&shop, &sale).await;
        all_say(&forms, PICTURE);
        let paid = offer.asked_msat / 1000;
        let sats = format!("Lightning, {},{:03} sats 2,405.50", paid / 1000, paid % 1000);
        all_say(&forms, &[
            "Receipt C1-00001",
            "Paid",
            "Cash 2,000.00 Cash received 2,000.00 Change 0.00",
            &sats,
            "1 BTC J$12,325,317.06 Practice rate",
            "Payment hash",
        ]);
        for (name, text) in &forms {
            assert!(text.replace(' ', "").contains(&offer.reference), "{name}: {text}");
        }
        none_says(&forms, "This is not a receipt");
        none_says(&forms, "Still to pay");
    }

    async fn change_and_rounding_to_coins_are_said(fresh: Fresh) {
        let shop = cafe(fresh).await;
        let sale = shop.charge(80_049).await;
        shop.cash(&sale, 100_000).await.unwrap();
        let forms = forms(&shop, &sale).await;
        all_say(&forms, &[
            "1 Amount 800.49",
            "Rounded to coins -0.49",
            "J$800.00",
            "Cash 800.00 Cash received 1,000.00 Change 200.00",
        ]);
        none_says(&forms, "Lightning");
    }

    async fn taxes_are_said_by_class(fresh: Fresh) {
        let shop = cafe(fresh).await;
        let lamp = lamp(&shop).await;
        let mut cart = keypad(115_000);
        cart.lines.push(LineRequest { item: Some(lamp.id.to_string()), ..line("", "", 100_000, 1) });
        cart.expected_total = 227_500;
        let once = Once::new("charge", &key(), &[]).unwrap();
        let sale = open::open(shop.app(), &shop.at(0), &cart, Tip::None, &once).await.unwrap();
        shop.collect(&sale).await;
        all_say(&forms(&shop, &sale).await, &[
            "1 Lamp 1,000.00 GCT 12.5%, added 125.00",
            "J$2,275.00",
            "GCT 15%, included 150.00",
        ]);
    }

    async fn a_sale_that_is_not_paid_has_no_receipt_and_says_so(fresh: Fresh) {
        let shop = cafe(fresh).await;
        let sale = picture(&shop).await;
        shop.cash(&sale, 200_000).await.unwrap();
        let open = forms(&shop, &sale).await;
        all_say(&open, PICTURE);
        all_say(&open, &["This is not a receipt: not paid yet", "Still to pay J$2,405.50"]);
        none_says(&open, "C1-0");
        let cash = shop.payments(&sale).await.remove(0);
        shop.give_back(&sale, &cash).await.unwrap();
        shop.void(&sale).await.unwrap();
        let voided = forms(&shop, &sale).await;
        all_say(&voided, &[
            "This is not a receipt: the sale was cancelled",
            "Cash paid 2,000.00 Given back in cash 2,000.00",
        ]);
        none_says(&voided, "Still to pay");
    }

    async fn a_sale_that_nobody_knows_of_is_said_to_be_unknown(fresh: Fresh) {
        let shop = cafe(fresh).await;
        let sale = shop.charge(50_000).await;
        shop.node.set_down(true);
        shop.later(601);
        shop.look().await;
        let words = "This is not a receipt: we don’t know yet whether it is paid";
        all_say(&forms(&shop, &sale).await, &[words]);
    }
}
