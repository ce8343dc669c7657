//! The store's settings and its rate.

use crate::on_both;
use crate::support::shop::Shop;

const SOUND: &[(&str, &str)] = &[
    ("name", "Blue Mahoe Café"),
    ("address", "12 Hope Road\r\nKingston 6"),
    ("time_zone", "America/Jamaica"),
    ("tax_name", "GCT"),
    ("tax", "16.5"),
    ("inclusive", "no"),
    ("tax_number", "123-456-789"),
    ("tips", "5, 10"),
    ("coin", "5"),
    ("tie", "no"),
    ("cap", "250,000"),
    ("minutes", "5"),
    ("footer", "Walk good"),
];

on_both! {
    async fn settings_are_saved_whole_and_each_change_stands_in_the_log(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let (store, db) = (&sample.store.id, &server.app.db);
        let mut owner = server.owner(&sample).await;
        let path = format!("/dashboard/{store}/settings");
        owner.get(&path).await.is(200).says("The currency stays as it is");
        owner.post(&path, SOUND).await.is(303);
        let after = db.store(&sample.store.merchant_id, store).await.unwrap();
        assert_eq!((after.tax_bp, after.tax_inclusive, after.cash_step), (1650, 0, 500));
        assert_eq!((after.cash_tie_up, after.sale_cap, after.offer_seconds), (0, 25_000_000, 300));
        assert_eq!(after.tips(), [500, 1000]);
        assert_eq!(after.address, "12 Hope Road\nKingston 6");
        let log = db.audit_rows(&sample.store.merchant_id, i64::MAX, 50).await.unwrap();
        let detail = |what| log.iter().find(|row| row.what == what).map(|row| row.detail.as_str());
        assert_eq!(detail("tax.changed"), Some("GCT 15%, included to GCT 16.5%, on top"));
        assert_eq!(detail("sale_cap.changed"), Some("J$1,600,000.00 to J$250,000.00"));
        assert_eq!(detail("store.renamed"), None);
        let rows = log.len();
        owner.post(&path, SOUND).await.is(303);
        let log = db.audit_rows(&sample.store.merchant_id, i64::MAX, 50).await.unwrap();
        assert_eq!(log.len(), rows, "saving the same changes nothing");
    }

    async fn senseless_settings_are_refused_at_the_field(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let mut owner = server.owner(&sample).await;
        let path = format!("/dashboard/{}/settings", sample.store.id);
        owner.get(&path).await;
        let long = "x".repeat(61);
        let wrong = [
            ("name", ""),
            ("name", long.as_str()),
            ("address", "1\n2\n3\n4\n5\n6\n7"),
            ("time_zone", "Mars/Base"),
            ("tax_name", " "),
            ("tax", "-1"),
            ("tax", "1e2"),
            ("tips", "10,20,30,40,50"),
            ("tips", "abc"),
            ("coin", "0"),
            ("coin", "0.001"),
            ("cap", "-5"),
            ("cap", "0"),
            ("minutes", "0"),
            ("minutes", "99999"),
        ];
        for (field, typed) in wrong {
            let mut fields = SOUND.to_vec();
            fields.retain(|(name, _)| *name != field);
            fields.push((field, typed));
            let answer = owner.post(&path, &fields).await;
            answer.is(422).says(&format!("id=\"{field}-fault\"")).says("Nothing was saved yet");
            answer.says("value=\"123-456-789\"");
        }
        let db = &server.app.db;
        let after = db.store(&sample.store.merchant_id, &sample.store.id).await.unwrap();
        assert_eq!(after.tax_bp, 1500);
    }

    async fn the_rate_page_shows_the_price_and_keeps_sound_wishes_only(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let (store, db) = (&sample.store.id, &server.app.db);
        let mut owner = server.owner(&sample).await;
        let path = format!("/dashboard/{store}/rates");
        owner.get(&path).await.is(200).says("J$12,325,317.06").says("Nobody is asked");
        let wrong = [
            (vec![("source", "fixed"), ("fixed", "")], "fixed"),
            (vec![("source", "fixed"), ("fixed", "-1")], "fixed"),
            (vec![("source", "market"), ("spread", "21")], "spread"),
            (vec![("source", "market"), ("own", "0"), ("day", "2026-11-20")], "own"),
            (vec![("source", "market"), ("own", "160"), ("day", "yesterday")], "day"),
            // A comma where a point belongs is never taken for ten or a hundred times as much.
            (vec![("source", "market"), ("own", "160,5"), ("day", "2026-11-20")], "own"),
            (vec![("source", "market"), ("own", "160,50"), ("day", "2026-11-20")], "own"),
            (vec![("source", "market"), ("spread", "1,5")], "spread"),
        ];
        for (fields, field) in wrong {
            let answer = owner.post(&path, &fields).await;
            answer.is(422).says(&format!("id=\"{field}-fault\""));
        }
        let fields = [("source", "fixed"), ("fixed", "10,000,000"), ("spread", "1.5")];
        owner.post(&path, &fields).await.is(303);
        owner.get(&path).await.says("10000000").says("1.5 %");
        let log = db.audit_rows(&sample.store.merchant_id, i64::MAX, 9).await.unwrap();
        assert!(log[0].detail.contains("spread 1.5 %"), "{}", log[0].detail);
        // The market without one answer: no price, and words that say why.
        owner.post(&path, &[("source", "market")]).await.is(303);
        owner.get(&path).await.is(200).says("No bitcoin charge until this is mended");
        let store = db.store(&sample.store.merchant_id, store).await.unwrap();
        assert!(server.app.quote(&store).is_err());
    }
}
