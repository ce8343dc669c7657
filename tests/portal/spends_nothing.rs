//! No route of the portal moves money, whatever it is sent; and its cookie opens no other door.

use pos_server::web::portal;

use super::hands::give_pin;
use crate::card::away::rig::invoice;
use crate::on_both;
use crate::sale::acts::key;
use crate::sale::shop::Shop;

on_both! {
    async fn every_route_is_tried_with_all_that_spends_and_nothing_moves(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let payer = shop.payer();
        let mut chip = shop.card_with(1_000_000).await;
        let sale = shop.charge(40_000).await;
        let pr = invoice(&shop, 1_000);
        let mut phone = shop.at_page(&mut chip).await;
        give_pin(&mut phone, "7294").await;
        let (balance, moves) = (shop.card().await.balance_msat, shop.moves().await);
        let (sold, books) = (shop.sale(&sale).await, shop.books().await.balance("cards", "msat"));
        let addresses = portal::addresses();
        assert!(addresses.len() >= 15, "{addresses:?}");
        for address in addresses {
            let path = address.replace("{token}", &"0".repeat(64));
            let link = chip.tap();
            let query = format!("{path}?pr={pr}&amount=1000&k1=00&sale={sale}&pin=7294");
            phone.get(&query).await;
            for _ in 0..2 {
                let one = key();
                let fields = [("key", one.as_str()), ("amount", "100"), ("msat", "1000"),
                    ("balance", "0"), ("balance_msat", "9"), ("pr", &pr), ("link", &link), ("to", "x"),
                    ("sale", sale.as_str()), ("pin", "7294"), ("new", "7294"), ("twice", "7294"),
                    ("tap", "1000"), ("day", "1000"), ("name", "x"), ("npub", "")];
                let answer = phone.post(&path, &fields).await;
                assert!(!answer.status.is_server_error(), "{path}: {}", answer.body);
            }
            let mut fresh = shop.at_page(&mut chip).await;
            std::mem::swap(&mut fresh, &mut phone);
        }
        assert_eq!(shop.card().await.balance_msat, balance);
        assert_eq!(shop.moves().await, moves);
        assert_eq!(shop.books().await.balance("cards", "msat"), books);
        assert_eq!(shop.sale(&sale).await.state, sold.state);
        assert_eq!((payer.orders().len(), shop.payouts().await.len()), (0, 0));
        shop.cards_are_right().await;
    }

    async fn the_visits_cookie_opens_no_till_no_dashboard_and_no_program(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(1_000_000).await;
        let mut phone = shop.at_page(&mut chip).await;
        let token = phone.cookies["pos-card"].clone();
        for other in ["pos-till", "pos-owner", "pos-visit"] {
            phone.cookies.insert(other.into(), token.clone());
        }
        for path in ["/till", "/till/cards", "/till/recent", "/dashboard", "/till/cards/find?q=m"] {
            phone.get(path).await.is(303);
        }
        let id = shop.card().await.id;
        let top_up = [("key", &*key()), ("amount", "1000"), ("link", &chip.tap())];
        phone.post("/till/cards/top-up", &top_up).await.is(401);
        phone.post(&format!("/till/cards/of/{id}/thaw"), &[]).await.is(401);
        phone.get("/api/v1/items").await.is(401);
    }
}
