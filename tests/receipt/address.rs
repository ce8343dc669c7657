//! Who reaches a receipt: whoever has its unguessable address, and nobody else.

use super::slip::{address, get};
use super::words::{cafe, picture};
use crate::on_both;
use crate::sale::acts::key;
use crate::sale::acts::keypad;
use pos_server::domain::cart::Tip;
use pos_server::till::once::Once;
use pos_server::till::open;

on_both! {
    async fn only_the_unguessable_address_leads_to_a_receipt(fresh: Fresh) {
        let shop = cafe(fresh).await;
        let sale = shop.charge(50_000).await;
        shop.collect(&sale).await;
        let token = shop.sale(&sale).await.receipt_token;
        let wrong = [
            sale.to_string(),
            "1".into(),
            "C1-00001".into(),
            token[1..].to_owned(),
            format!("{token}0"),
            token.to_uppercase() + "X",
            "0".repeat(32),
            "%27%20OR%201=1--".into(),
            format!("{}%00", &token[..31]),
        ];
        for wrong in wrong {
            for form in ["", "/print?paper=80", "/receipt.pdf?paper=80"] {
                let answer = get(&shop, &format!("/r/{wrong}{form}")).await;
                assert!(matches!(answer.status.as_u16(), 400 | 404), "{wrong}: {}", answer.status);
                assert!(!answer.text().contains("Blue Mahoe"), "{wrong}");
            }
        }
        let unknown = get(&shop, &format!("/r/{}", "0".repeat(32))).await;
        assert_eq!(unknown.status.as_u16(), 404);
        assert!(unknown.text().contains("There is no such page, or it is not yours."));
    }

    async fn no_form_is_kept_by_caches_or_search_engines(fresh: Fresh) {
        let shop = cafe(fresh).await;
        let sale = shop.charge(50_000).await;
        shop.collect(&sale).await;
        let address = address(&shop, &sale).await;
        for (form, kind) in [
            ("", "text/html; charset=utf-8"),
            ("/print?paper=58", "text/html; charset=utf-8"),
            ("/print", "text/html; charset=utf-8"),
            ("/receipt.pdf?paper=a4", "application/pdf"),
            ("/receipt.pdf", "application/pdf"),
        ] {
            let answer = get(&shop, &format!("{address}{form}")).await;
            assert_eq!(answer.status.as_u16(), 200, "{form}");
            assert_eq!(answer.header("content-type"), kind);
            assert_eq!(answer.header("x-robots-tag"), "noindex, nofollow");
            assert_eq!(answer.header("cache-control"), "no-store");
        }
        let pdf = get(&shop, &format!("{address}/receipt.pdf?paper=58")).await;
        let name = "inline; filename=\"Receipt-C1-00001.pdf\"";
        assert_eq!(pdf.header("content-disposition"), name);
        for form in ["/print?paper=letter", "/receipt.pdf?paper="] {
            let refused = get(&shop, &format!("{address}{form}")).await;
            assert_eq!(refused.status.as_u16(), 422, "{form}");
            assert!(refused.text().contains("Paper is 58, 80 or a4."), "{form}");
        }
    }

    async fn a_receipt_tells_nothing_that_is_the_shops_own(fresh: Fresh) {
        let shop = cafe(fresh).await;
        let sale = picture(&shop).await;
        shop.renew(&sale, None).await.unwrap();
        shop.collect(&sale).await;
        let (row, offer) = (shop.sale(&sale).await, shop.last_offer(&sale).await);
        let first = shop.attempts(&sale).await.remove(0);
        let address = address(&shop, &sale).await;
        let page = get(&shop, &address).await.text();
        let print = get(&shop, &format!("{address}/print?paper=a4")).await.text();
        let internals = [
            sale.as_str(),
            row.merchant_id.as_str(),
            row.store_id.as_str(),
            row.till_id.as_str(),
            row.staff_id.as_str(),
            offer.id.as_str(),
            shop.connection.id.as_str(),
            first.reference.as_str(),
            "offer.made",
            "loud table",
            "sandbox",
            "lnbcrt",
        ];
        for internal in internals {
            assert!(!page.contains(internal) && !print.contains(internal), "{internal}");
        }
    }

    async fn what_staff_type_is_text_on_every_form(fresh: Fresh) {
        let shop = cafe(fresh).await;
        let mut cart = keypad(50_000);
        cart.lines[0].name = "<script>alert(1)</script> (\\ & \"Tea\" \u{1f375}".into();
        let once = Once::new("charge", &key(), &[]).unwrap();
        let sale = open::open(shop.app(), &shop.at(0), &cart, Tip::None, &once).await.unwrap();
        let address = address(&shop, &sale).await;
        for form in ["", "/print?paper=80"] {
            let page = get(&shop, &format!("{address}{form}")).await.text();
            assert!(!page.contains("<script>alert") && page.contains("alert(1)"), "{page}");
        }
        let pdf = get(&shop, &format!("{address}/receipt.pdf?paper=a4")).await;
        let text = super::slip::letters(&pdf.bytes);
        assert!(text.contains("<script>alert(1)</script> (\\ & \"Tea\""), "{text}");
    }
}
