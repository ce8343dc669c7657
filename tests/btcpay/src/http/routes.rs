//! The operations that are served, and who may ask for them.

use super::call::{Answer, Call};
use super::{invoices, keys, lightning, payouts, pull_payments, stores, webhooks};
use crate::world::key::{
    ARCHIVE_PULL_PAYMENTS, CREATE_INVOICE, MANAGE_PAYOUTS, MODIFY_INVOICES, REFUND, VIEW_INVOICES,
    VIEW_PAYOUTS, VIEW_PROFILE, VIEW_PULL_PAYMENTS, VIEW_STORE, WEBHOOKS,
};

/// Who may ask.
#[derive(Clone, Copy)]
pub(super) enum Access {
    Anyone,
    AnyKey,
    /// A key that allows this, in the path's store if there is one.
    Policy(&'static str),
}

pub(super) struct Route {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    pub(super) access: Access,
    pub(super) run: fn(&mut Call<'_>) -> Answer,
}

const fn route(
    method: &'static str,
    path: &'static str,
    access: Access,
    run: fn(&mut Call<'_>) -> Answer,
) -> Route {
    Route { method, path, access, run }
}

use Access::{AnyKey, Anyone, Policy};

/// Nested paths; the unnested ones of the document lead here, too.
#[rustfmt::skip]
const ROUTES: &[Route] = &[
    route("GET", "/api/v1/health", Anyone, stores::health),
    route("GET", "/api/v1/server/info", AnyKey, stores::info),
    route("GET", "/api/v1/users/me", Policy(VIEW_PROFILE), keys::me),
    route("GET", "/api/v1/api-keys/current", AnyKey, keys::current),
    route("DELETE", "/api/v1/api-keys/current", AnyKey, keys::revoke),
    route("GET", "/api/v1/stores", Policy(VIEW_STORE), stores::list),
    route("GET", "/api/v1/stores/{storeId}", Policy(VIEW_STORE), stores::get),
    route("GET", "/api/v1/stores/{storeId}/rates", Policy(VIEW_STORE), stores::rates),
    route("GET", "/api/v1/stores/{storeId}/payment-methods", Policy(VIEW_STORE), stores::methods),
    route("GET", "/api/v1/stores/{storeId}/users", Policy(VIEW_STORE), stores::users),
    route("GET", "/api/v1/stores/{storeId}/invoices", Policy(VIEW_INVOICES), invoices::list),
    route("POST", "/api/v1/stores/{storeId}/invoices", Policy(CREATE_INVOICE), invoices::create),
    route("GET", "/api/v1/stores/{storeId}/invoices/{invoiceId}", Policy(VIEW_INVOICES), invoices::get),
    route("PUT", "/api/v1/stores/{storeId}/invoices/{invoiceId}", Policy(MODIFY_INVOICES), invoices::update),
    route("DELETE", "/api/v1/stores/{storeId}/invoices/{invoiceId}", Policy(MODIFY_INVOICES), invoices::archive),
    route("POST", "/api/v1/stores/{storeId}/invoices/{invoiceId}/unarchive", Policy(MODIFY_INVOICES), invoices::unarchive),
    route("POST", "/api/v1/stores/{storeId}/invoices/{invoiceId}/status", Policy(MODIFY_INVOICES), invoices::mark),
    route("GET", "/api/v1/stores/{storeId}/invoices/{invoiceId}/payment-methods", Policy(VIEW_INVOICES), invoices::methods),
    route("POST", "/api/v1/stores/{storeId}/invoices/{invoiceId}/refund", Policy(REFUND), invoices::refund),
    route("GET", "/api/v1/stores/{storeId}/pull-payments", Policy(VIEW_PULL_PAYMENTS), pull_payments::list),
    route("POST", "/api/v1/stores/{storeId}/pull-payments", Policy(REFUND), pull_payments::create),
    route("DELETE", "/api/v1/stores/{storeId}/pull-payments/{pullPaymentId}", Policy(ARCHIVE_PULL_PAYMENTS), pull_payments::archive),
    route("GET", "/api/v1/pull-payments/{pullPaymentId}", Anyone, pull_payments::get),
    route("GET", "/api/v1/pull-payments/{pullPaymentId}/lnurl", Anyone, pull_payments::lnurl),
    route("POST", "/api/v1/pull-payments/{pullPaymentId}/boltcards", Anyone, pull_payments::register),
    route("GET", "/api/v1/pull-payments/{pullPaymentId}/payouts", Anyone, payouts::of_pull_payment),
    route("POST", "/api/v1/pull-payments/{pullPaymentId}/payouts", Anyone, payouts::claim),
    route("GET", "/api/v1/pull-payments/{pullPaymentId}/payouts/{payoutId}", Anyone, payouts::one_of_pull_payment),
    route("GET", "/api/v1/stores/{storeId}/payouts", Policy(VIEW_PAYOUTS), payouts::list),
    route("POST", "/api/v1/stores/{storeId}/payouts", Policy(REFUND), payouts::create),
    route("GET", "/api/v1/stores/{storeId}/payouts/{payoutId}", Policy(VIEW_PAYOUTS), payouts::get),
    route("POST", "/api/v1/stores/{storeId}/payouts/{payoutId}", Policy(MANAGE_PAYOUTS), payouts::approve),
    route("DELETE", "/api/v1/stores/{storeId}/payouts/{payoutId}", Policy(MANAGE_PAYOUTS), payouts::cancel),
    route("POST", "/api/v1/stores/{storeId}/payouts/{payoutId}/mark", Policy(MANAGE_PAYOUTS), payouts::mark),
    route("POST", "/api/v1/stores/{storeId}/payouts/{payoutId}/mark-paid", Policy(MANAGE_PAYOUTS), payouts::mark_paid),
    route("GET", "/api/v1/stores/{storeId}/webhooks", Policy(WEBHOOKS), webhooks::list),
    route("POST", "/api/v1/stores/{storeId}/webhooks", Policy(WEBHOOKS), webhooks::create),
    route("GET", "/api/v1/stores/{storeId}/webhooks/{webhookId}", Policy(WEBHOOKS), webhooks::get),
    route("PUT", "/api/v1/stores/{storeId}/webhooks/{webhookId}", Policy(WEBHOOKS), webhooks::update),
    route("DELETE", "/api/v1/stores/{storeId}/webhooks/{webhookId}", Policy(WEBHOOKS), webhooks::delete),
    route("GET", "/api/v1/stores/{storeId}/webhooks/{webhookId}/deliveries", Policy(WEBHOOKS), webhooks::deliveries),
    route("GET", "/api/v1/stores/{storeId}/webhooks/{webhookId}/deliveries/{deliveryId}", Policy(WEBHOOKS), webhooks::delivery),
    route("GET", "/api/v1/stores/{storeId}/webhooks/{webhookId}/deliveries/{deliveryId}/request", Policy(WEBHOOKS), webhooks::request),
    route("POST", "/api/v1/stores/{storeId}/webhooks/{webhookId}/deliveries/{deliveryId}/redeliver", Policy(WEBHOOKS), webhooks::redeliver),
    route("POST", "/api/v1/stores/{storeId}/lightning/BTC/invoices", Policy("btcpay.store.cancreatelightninginvoice"), lightning::draw),
    route("GET", "/api/v1/stores/{storeId}/lightning/BTC/invoices/{id}", Policy("btcpay.store.canviewlightninginvoice"), lightning::drawn),
    route("POST", "/api/v1/stores/{storeId}/lightning/BTC/invoices/pay", Policy("btcpay.store.canuselightningnode"), lightning::pay),
    route("GET", "/api/v1/stores/{storeId}/lightning/BTC/payments/{paymentHash}", Policy("btcpay.store.canuselightningnode"), lightning::payment),
];

/// The route of a path, and what stands in its holes.
pub(super) fn find(
    method: &str,
    path: &str,
) -> Option<(&'static Route, Vec<(&'static str, String)>)> {
    let own = ROUTES.iter().filter(|route| route.method == method);
    own.filter_map(|route| Some((route, holes(route.path, path)?))).next()
}

fn holes(template: &'static str, path: &str) -> Option<Vec<(&'static str, String)>> {
    let (mut left, mut right) = (template.split('/'), path.split('/'));
    let mut holes = Vec::new();
    loop {
        match (left.next(), right.next()) {
            (None, None) => return Some(holes),
            (Some(own), Some(given)) => {
                match own.strip_prefix('{').and_then(|own| own.strip_suffix('}')) {
                    Some(name) => holes.push((name, given.to_owned())),
                    None if own == given => {}
                    None => return None,
                }
            }
            _ => return None,
        }
    }
}
