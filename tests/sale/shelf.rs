//! What is sold: prices from the shelf, discount, tax and tip, limits, and carts set aside.

use pos_server::db::catalog::Item;
use pos_server::domain::cart::{CartError, Discount, Tip};
use pos_server::domain::id::{ItemId, ParkedId, SaleId};
use pos_server::till::cart::CartRequest;
use pos_server::till::once::Once;
use pos_server::till::park::Taken;
use pos_server::till::{TillError, open, park};

use super::acts::{key, keypad};
use super::shop::Shop;
use crate::on_both;

async fn stock(shop: &Shop, price: i64) -> Item {
    let item = Item {
        id: ItemId::new(),
        merchant_id: shop.store.merchant_id.clone(),
        store_id: shop.store.id.clone(),
        category_id: None,
        name: "Flat white".into(),
        price,
        tax_bp: Some(1500),
        tax_inclusive: Some(0),
        barcode: None,
        sold_out: 0,
        retired: 0,
        position: 0,
    };
    save(shop, &item).await;
    item
}

async fn save(shop: &Shop, item: &Item) {
    let mut tx = shop.app().db.begin().await.unwrap();
    assert!(tx.save_item(item).await.unwrap());
    tx.commit().await.unwrap();
}

/// Two of the item and five dollars from the keypad.
fn cart(item: &Item, expected_total: i64) -> CartRequest {
    let mut cart = keypad(500);
    let mut line = cart.lines[0].clone();
    (line.item, line.unit, line.quantity) = (Some(item.id.to_string()), item.price, 2);
    cart.lines.insert(0, line);
    CartRequest { expected_total, ..cart }
}

async fn charge(shop: &Shop, cart: &CartRequest, tip: Tip) -> Result<SaleId, TillError> {
    let once = Once::new("charge", &key(), &[]).unwrap();
    open::open(shop.app(), &shop.at(0), cart, tip, &once).await
}

async fn take(shop: &Shop, till: usize, id: &ParkedId, key: &str) -> Result<Taken, TillError> {
    let actor = shop.at(till);
    let once = Once::new(&format!("{}/take", actor.till.id), key, &[id.as_str()])?;
    park::take(shop.app(), &actor, id, &once).await
}

on_both! {
    async fn tax_tip_and_discount_go_to_their_accounts(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let item = stock(&shop, 75_000).await;
        let discount = Some(Discount::PercentBp(1000));
        let cart = CartRequest { discount, ..cart(&item, 155_700) };
        let sale = charge(&shop, &cart, Tip::PercentBp(1000)).await.unwrap();
        shop.collect(&sale).await;
        let paid = shop.sale(&sale).await;
        assert_eq!((paid.bill, paid.tip, paid.total), (155_700, 15_570, 171_270));
        let books = shop.books().await;
        let of = |account| books.balance(account, "JMD");
        assert_eq!((of("sales"), of("tax"), of("tips")), (-135_450, -20_250, -15_570));
        shop.all_is_settled().await;
    }

    async fn a_price_that_changed_on_the_shelf_is_not_charged(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let item = stock(&shop, 75_000).await;
        let stale = cart(&item, 173_000);
        save(&shop, &Item { price: 80_000, ..item.clone() }).await;
        let refused = charge(&shop, &stale, Tip::None).await;
        assert!(matches!(refused, Err(TillError::PriceChanged)), "{refused:?}");
        let dear = Item { price: 80_000, ..item.clone() };
        let wrong_sum = charge(&shop, &cart(&dear, 173_000), Tip::None).await;
        assert!(matches!(wrong_sum, Err(TillError::PriceChanged)), "{wrong_sum:?}");
        charge(&shop, &cart(&dear, 184_500), Tip::None).await.unwrap();
        save(&shop, &Item { retired: 1, ..dear.clone() }).await;
        let gone = charge(&shop, &cart(&dear, 184_500), Tip::None).await.unwrap_err();
        assert!(gone.to_string().contains("no longer sold"), "{gone}");
        assert_eq!(shop.books().await.sales.len(), 1);
    }

    async fn another_stores_item_is_not_sold(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let item = stock(&shop, 75_000).await;
        for other in [shop.neighbour().await, shop.branch().await] {
            let refused = charge(&other, &cart(&item, 173_000), Tip::None).await.unwrap_err();
            assert!(refused.to_string().contains("no longer sold"), "{refused}");
        }
    }

    async fn nothing_too_much_and_nonsense_are_not_charged(fresh: Fresh) {
        let mut shop = Shop::open(fresh).await;
        shop.store.sale_cap = 100_000;
        for (cart, tip) in [
            (keypad(100_001), Tip::None),
            (keypad(100_000), Tip::Amount(1)),
            (keypad(0), Tip::None),
            (keypad(-5), Tip::None),
            (keypad(100), Tip::Amount(-1)),
            (keypad(100), Tip::Amount(1_001)),
            (keypad(i64::MAX), Tip::PercentBp(10_000)),
            (CartRequest { lines: vec![], ..keypad(100) }, Tip::None),
            (CartRequest { discount: Some(Discount::PercentBp(10_000)), ..keypad(0) }, Tip::None),
        ] {
            let refused = charge(&shop, &cart, tip).await.unwrap_err();
            assert!(!refused.to_string().is_empty(), "{refused:?}");
        }
        let above = charge(&shop, &keypad(100_001), Tip::None).await;
        assert!(matches!(above, Err(TillError::Cart(CartError::AboveCap))), "{above:?}");
        assert!(shop.node.offers().is_empty());
        charge(&shop, &keypad(100_000), Tip::None).await.unwrap();
        shop.all_is_settled().await;
    }

    async fn a_parked_cart_is_taken_up_by_one_tablet(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let key = key();
        let set_aside = async || {
            let once = Once::new("park", &key, &["Table 4"]).unwrap();
            park::park(shop.app(), &shop.at(0), &keypad(50_000), "Table 4", &once).await.unwrap()
        };
        let parked: ParkedId = set_aside().await;
        assert_eq!(set_aside().await, parked, "twice is once");
        let list = shop.app().db.parked(&shop.store.id).await.unwrap();
        assert_eq!((list.len(), list[0].name.as_str(), list[0].total), (1, "Table 4", 50_000));
        for stranger in [shop.neighbour().await, shop.branch().await] {
            let theirs = take(&stranger, 0, &parked, &self::key()).await;
            theirs.expect_err("not theirs");
        }
        let (one, two) = (self::key(), self::key());
        let taken =
            tokio::join!(take(&shop, 0, &parked, &one), take(&shop, 1, &parked, &two));
        let ((Ok(got), Err(late)) | (Err(late), Ok(got))) = taken else { panic!("{taken:?}") };
        assert_eq!(got.name, "Table 4");
        assert_eq!(CartRequest::read(&got.cart.to_string()).unwrap().expected_total, 50_000);
        let words = "This sale was taken up on another tablet a moment ago.";
        assert_eq!(late.to_string(), words);
        assert!(shop.app().db.parked(&shop.store.id).await.unwrap().is_empty());
    }

    async fn a_parked_cart_comes_back_to_the_tablet_whose_answer_was_lost(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let once = Once::new("park", &key(), &[]).unwrap();
        let cart = keypad(50_000);
        let parked = park::park(shop.app(), &shop.at(0), &cart, "Table 4", &once).await.unwrap();
        let key = key();
        // Tapped twice at once, and again after the answer was lost.
        let taken = tokio::join!(take(&shop, 0, &parked, &key), take(&shop, 0, &parked, &key));
        let (Ok(first), Ok(second)) = taken else { panic!("{taken:?}") };
        assert_eq!((&first, first.name.as_str()), (&second, "Table 4"));
        assert_eq!(take(&shop, 0, &parked, &key).await.unwrap(), first);
        let other = take(&shop, 0, &ParkedId::new(), &key).await.unwrap_err();
        assert!(matches!(other, TillError::KeyReused), "{other:?}");
        take(&shop, 0, &parked, &self::key()).await.expect_err("it is taken");
    }

    async fn a_discount_is_in_the_log_once_and_a_full_price_is_not(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        charge(&shop, &keypad(50_000), Tip::None).await.unwrap();
        let discount = Some(Discount::PercentBp(1000));
        let cart = CartRequest { discount, expected_total: 45_000, ..keypad(50_000) };
        let named = CartRequest { name: "Table 4".into(), ..cart.clone() };
        let once = Once::new("charge", &key(), &[]).unwrap();
        for _ in 0..2 {
            open::open(shop.app(), &shop.at(0), &named, Tip::None, &once).await.unwrap();
        }
        charge(&shop, &cart, Tip::None).await.unwrap();
        let log = shop.app().db.audit_rows(&shop.store.merchant_id, i64::MAX, 50).await.unwrap();
        let told: Vec<_> = log
            .iter()
            .filter(|row| row.what == "sale.discounted")
            .map(|row| (row.who.as_str(), row.detail.as_str()))
            .collect();
        let told_of = [
            ("Keisha", "A sale on C1 Counter 1: J$50.00 off J$500.00"),
            ("Keisha", "Table 4 on C1 Counter 1: J$50.00 off J$500.00"),
        ];
        assert_eq!(told, told_of);
    }
}
