//! The check of an LND says in words what is wrong.

use pos_server::domain::money::Msat;
use pos_server::rail::lnd::{Finding, Lnd, LndSecrets, Severity};
use pos_server::rail::{Rail, RailError};
use tonic_lnd::lnrpc::{BakeMacaroonRequest, MacaroonPermission};

use super::contract::ask;
use super::stack::{admin, file, shop, shop_with, variable};

/// A macaroon of the shop's LND with just these rights.
async fn baked(rights: &[(&str, &str)]) -> Vec<u8> {
    let permission = |(entity, action): &(&str, &str)| MacaroonPermission {
        entity: (*entity).into(),
        action: (*action).into(),
    };
    let request = BakeMacaroonRequest {
        permissions: rights.iter().map(permission).collect(),
        ..Default::default()
    };
    let baked = admin("SHOP").await.lightning().bake_macaroon(request).await.unwrap();
    baked.into_inner().macaroon.into_bytes()
}

fn severities(findings: &[Finding]) -> Vec<Severity> {
    findings.iter().map(|finding| finding.severity).collect()
}

fn all_words(findings: &[Finding]) -> String {
    findings.iter().map(|finding| format!("{:?} {}\n", finding.severity, finding.words)).collect()
}

#[tokio::test]
async fn a_till_macaroon_on_a_good_node_is_good_in_all() {
    let findings = shop().check(Some(Msat::from_sat(20_000).unwrap())).await;
    assert_eq!(severities(&findings)[..5], [Severity::Good; 5], "{}", all_words(&findings));
    assert_eq!(findings[5].severity, Severity::Skipped, "it may not spend");
    let lot = Msat::from_sat(1_000_000_000).unwrap();
    let findings = shop().check(Some(lot)).await;
    assert_eq!(findings[4].severity, Severity::Warning, "{}", all_words(&findings));
    assert!(findings[4].words.contains("1,000,000,000 sats"), "{}", all_words(&findings));
}

#[tokio::test]
async fn rights_that_only_look_are_skipped_and_said() {
    let macaroon = baked(&[("invoices", "read"), ("invoices", "write")]).await;
    let findings = Lnd::new(&shop_with(&macaroon)).unwrap().check(None).await;
    use Severity::{Good, Skipped};
    let expected = [Good, Good, Good, Skipped, Skipped, Skipped];
    assert_eq!(severities(&findings), expected, "{}", all_words(&findings));
}

#[tokio::test]
async fn a_macaroon_that_lets_cards_pay_is_known_by_it() {
    let rights =
        [("info", "read"), ("invoices", "read"), ("invoices", "write"), ("offchain", "read")];
    let lnd = |rights: Vec<u8>| Lnd::new(&shop_with(&rights)).unwrap();
    let with = [&rights[..], &[("offchain", "write")]].concat();
    let words = all_words(&lnd(baked(&with).await).check(None).await);
    assert!(words.contains("Good Flash Cards can pay at other tills"), "{words}");
    let words = all_words(&lnd(baked(&rights).await).check(None).await);
    assert!(words.contains("Skipped Flash Cards pay at this shop alone"), "{words}");
}

#[tokio::test]
async fn missing_rights_are_named() {
    for (rights, missing) in [
        (&[("invoices", "read")][..], "We may not make invoices (invoices:write)"),
        (&[("invoices", "write")], "We may not look invoices up (invoices:read)"),
        (&[("info", "read")], "We may not hear of payments (invoices:read)"),
    ] {
        let lnd = Lnd::new(&shop_with(&baked(rights).await)).unwrap();
        let words = all_words(&lnd.check(None).await);
        assert!(words.contains(&format!("Fault {missing}")), "{rights:?}: {words}");
        if rights[0].1 == "read" {
            let refused = lnd.offer(&ask(1)).await.unwrap_err();
            assert!(matches!(refused, RailError::Refused(_)), "{refused:?}");
        }
    }
}

#[tokio::test]
async fn a_macaroon_of_another_node_is_named() {
    let lnd = Lnd::new(&shop_with(&file("CUSTOMER_LND_ADMIN_MACAROON"))).unwrap();
    let words = all_words(&lnd.check(None).await);
    assert!(words.contains("this macaroon is not one of this LND"), "{words}");
}

#[tokio::test]
async fn a_wrong_certificate_is_named() {
    let cert = file("CUSTOMER_LND_CERT");
    let address = variable("SHOP_LND_ADDRESS");
    for (cert, said) in [
        (Some(&cert[..]), "shows another than the one we were given"),
        (None, "no public authority vouches for it"),
    ] {
        let secrets = LndSecrets::from_files(&address, cert, &file("SHOP_LND_MACAROON")).unwrap();
        let lnd = Lnd::new(&secrets).unwrap();
        let findings = lnd.check(None).await;
        assert_eq!(severities(&findings), [Severity::Fault]);
        let words = &findings[0].words;
        assert!(words.contains("wrong certificate") && words.contains(said), "{words}");
        let lost = lnd.offer(&ask(1)).await.unwrap_err();
        assert!(matches!(lost, RailError::Unreachable(_)), "{lost:?}");
    }
}
