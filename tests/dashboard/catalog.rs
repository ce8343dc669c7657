//! Items and categories.

use pos_server::domain::id::{CategoryId, ItemId};

use crate::on_both;
use crate::support::shop::Shop;

on_both! {
    async fn an_item_is_added_once_however_often_its_form_is_sent(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let (store, db) = (&sample.store.id, &server.app.db);
        let mut owner = server.owner(&sample).await;
        owner.get(&format!("/dashboard/{store}/items/new")).await.is(200);
        let id = ItemId::new();
        let path = format!("/dashboard/{store}/items/{id}");
        let fields = [("name", "Rum punch"), ("price", "1,250.50"), ("barcode", " 123 ")];
        for _ in 0..3 {
            assert!(owner.post(&path, &fields).await.location().contains("/items?done="));
        }
        let items = db.items(store).await.unwrap();
        let made: Vec<_> = items.iter().filter(|item| item.name == "Rum punch").collect();
        assert_eq!(made.len(), 1);
        assert_eq!((made[0].price, made[0].barcode.as_deref()), (125_050, Some("123")));
        let log = db.audit_rows(&sample.store.merchant_id, i64::MAX, 9).await.unwrap();
        assert_eq!(log.iter().filter(|row| row.what.starts_with("item.")).count(), 1);
        owner.get(&format!("/dashboard/{store}/items?done=added")).await.says("Rum punch");
    }

    async fn a_price_change_stands_in_the_log_with_both_prices(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let (store, db) = (&sample.store.id, &server.app.db);
        let item = db.items(store).await.unwrap()[0].clone();
        let mut owner = server.owner(&sample).await;
        let path = format!("/dashboard/{store}/items/{}", item.id);
        owner.get(&path).await.is(200).says("value=\"750.00\"");
        let fields = [("name", "Flat white"), ("price", "800"), ("tax", "10"), ("held", "no")];
        owner.post(&path, &fields).await.is(303);
        let after = db.item(store, &item.id).await.unwrap();
        assert_eq!((after.price, after.tax_bp, after.tax_inclusive), (80_000, Some(1000), Some(0)));
        let log = db.audit_rows(&sample.store.merchant_id, i64::MAX, 9).await.unwrap();
        let price = log.iter().find(|row| row.what == "price.changed").unwrap();
        assert_eq!(price.detail, "Flat white: J$750.00 to J$800.00");
        assert_eq!(price.who, "owner owner@example.com");
        assert!(log.iter().any(|row| row.what == "tax.changed"));
    }

    async fn senseless_items_are_refused_at_the_field_and_what_was_typed_stays(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let store = &sample.store.id;
        let mut owner = server.owner(&sample).await;
        owner.get(&format!("/dashboard/{store}/items/new")).await;
        let path = format!("/dashboard/{store}/items/{}", ItemId::new());
        let wrong = [
            ("price", "-1", "cannot be negative"),
            ("price", "1.005", "decimals"),
            ("price", "1250,50", "is not an amount"),
            ("price", "99999999999999999999", "amount"),
            ("price", "99,000,000", "Above the limit"),
            ("price", "", "is not an amount"),
            ("tax", "101", "from 0 to 100"),
            ("category", "nowhere", "from the list"),
            ("name", "", "cannot be empty"),
            ("barcode", "2000000000015", "Another item"),
        ];
        for (field, typed, words) in wrong {
            let mut fields = vec![("name", "Odd <thing>"), ("price", "5")];
            fields.retain(|(name, _)| *name != field);
            fields.push((field, typed));
            let answer = owner.post(&path, &fields).await;
            answer.is(422).says(words).says(&format!("id=\"{field}-fault\""));
            assert!(field == "name" || answer.body.contains("Odd &#60;thing&#62;"));
        }
        assert_eq!(server.app.db.items(store).await.unwrap().len(), 16);
    }

    async fn items_are_sold_out_put_away_brought_back_and_moved(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let (store, db) = (&sample.store.id, &server.app.db);
        let mut owner = server.owner(&sample).await;
        owner.get(&format!("/dashboard/{store}/items")).await;
        let names = async || -> Vec<String> {
            db.items(store).await.unwrap().into_iter().map(|item| item.name).collect()
        };
        let item = db.items(store).await.unwrap()[1].clone();
        let act = |act: &str| format!("/dashboard/{store}/items/{}/{act}", item.id);
        owner.post(&act("sold-out"), &[("on", "yes")]).await.is(303);
        owner.post(&act("sold-out"), &[("on", "yes")]).await.is(303);
        assert_eq!(db.item(store, &item.id).await.unwrap().sold_out, 1);
        owner.post(&act("up"), &[]).await.is(303);
        assert_eq!(names().await[..2], ["Cappuccino", "Flat white"]);
        owner.post(&act("up"), &[]).await.is(303);
        assert_eq!(names().await[..2], ["Cappuccino", "Flat white"]);
        for _ in 0..9 {
            owner.post(&act("down"), &[]).await.is(303);
        }
        // The last of its own category, and no further.
        let last = ["Flat white", "Espresso", "Pour-over, Blue Mountain", "Cappuccino"];
        assert_eq!(names().await[..4], last);
        assert_eq!(names().await[4], "Iced latte");
        owner.post(&act("retire"), &[]).await.is(303);
        assert_eq!(names().await.len(), 15);
        let list = owner.get(&format!("/dashboard/{store}/items")).await;
        list.says("Put away: 1").says("Sell again");
        owner.post(&act("back"), &[]).await.is(303);
        owner.post(&act("explode"), &[]).await.is(404);
        assert_eq!(names().await.len(), 16);
    }

    async fn a_category_comes_goes_and_leaves_its_items(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let (store, db) = (&sample.store.id, &server.app.db);
        let mut owner = server.owner(&sample).await;
        owner.get(&format!("/dashboard/{store}/categories/new")).await.is(200);
        let path = format!("/dashboard/{store}/categories/{}", CategoryId::new());
        owner.post(&path, &[("name", "Soups"), ("tint", "9")]).await.is(422);
        owner.post(&path, &[("name", "Soups"), ("tint", "2")]).await.is(303);
        owner.post(&format!("{path}/up"), &[]).await.is(303);
        let all = db.categories(store).await.unwrap();
        let names: Vec<_> = all.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["Coffee", "Cold", "Bakes", "Food", "Soups", "Shelf"]);
        let coffee = format!("/dashboard/{store}/categories/{}", all[0].id);
        owner.post(&format!("{coffee}/remove"), &[]).await.is(303);
        let items = db.items(store).await.unwrap();
        assert_eq!(items.iter().filter(|item| item.category_id.is_none()).count(), 4);
        let list = owner.get(&format!("/dashboard/{store}/items")).await;
        list.says("Without a category").says("Flat white");
        owner.post(&format!("{coffee}/remove"), &[]).await.is(404);
    }
}
