//! A holder takes along all that is kept, and nothing that would hurt.

use serde_json::Value;

use super::hands::{give_pin, send};
use crate::card::away::rig::{Goes, invoice, ok};
use crate::on_both;
use crate::sale::shop::Shop;

on_both! {
    async fn the_export_is_whole_and_holds_no_secret(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let payer = shop.payer();
        let mut chip = shop.card_with(5_000_000).await;
        let sale = shop.charge(40_000).await;
        shop.tap(&sale, &chip.tap()).await.unwrap();
        payer.next(Goes::Slowly);
        let pr = invoice(&shop, 1_000_000);
        ok(&shop.away(&chip.tap(), &pr).await);
        let mut phone = shop.at_page(&mut chip).await;
        give_pin(&mut phone, "7294").await;
        send(&mut phone, "name", &[("name", "=HYPERLINK(\"x\",\"y\")")]).await.is(303);
        let answer = phone.get("/card/own/data.json").await;
        answer.is(200);
        assert!(answer.headers["content-disposition"].to_str().unwrap().contains("attachment"));
        let data: Value = serde_json::from_str(&answer.body).unwrap();
        let card = shop.card().await;
        assert_eq!(data["card"]["balance_msat"], card.balance_msat);
        assert_eq!((&data["card"]["has_pin"], &data["card"]["pin_from_msat"]),
            (&Value::Bool(true), &Value::from(1_000_000)));
        assert_eq!(data["moves"].as_array().unwrap().len(), shop.moves().await.len());
        assert_eq!(data["payments_elsewhere"][0]["state"], "sent");
        assert_eq!(data["payments_elsewhere"][0]["msat"], 1_000_000);
        let taps = shop.app().db.card_taps(&card.id, 100).await.unwrap();
        assert_eq!(data["taps"].as_array().unwrap().len(), taps.len());
        let receipt = data["moves"].as_array().unwrap().iter().find_map(|one| one["receipt"].as_str());
        assert!(receipt.unwrap().ends_with(&shop.sale(&sale).await.receipt_token));
        let csv = phone.get("/card/own/data.csv").await;
        csv.is(200).says("card,,nickname,\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"\r\n");
        let cells = csv.body.lines().flat_map(|line| line.split(','));
        assert!(cells.clone().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t'])));
        assert!(csv.body.matches("moves,").count() >= shop.moves().await.len() * 10);
        let secrets = [card.pin_hash.unwrap(), pr, phone.cookies["pos-card"].clone(), phone.csrf.clone(),
            taps[0].link_hash.clone(), chip.k1()];
        for body in [&answer.body, &csv.body] {
            for secret in &secrets {
                assert!(!body.contains(secret.as_str()), "{secret} in {body}");
            }
            // Four digits are part of many an id; the PIN would stand alone.
            let mut words = body.split(|letter: char| !letter.is_alphanumeric());
            assert!(words.all(|word| word != "7294"), "the PIN is in {body}");
        }
    }
}
