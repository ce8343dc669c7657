//! Answers as BTCPay Server 2.4.1 gives them.

use serde_json::{Value, json};

pub fn invoice() -> Value {
    json!({
        "id": "X7V8YJ3bTqG5", "storeId": "S1", "amount": "12.50", "paidAmount": "0.0",
        "currency": "USD", "type": "Standard", "checkoutLink": "https://pay.example/i/X7V8YJ3bTqG5",
        "createdTime": 1_790_000_000, "expirationTime": 1_790_000_900,
        "monitoringExpiration": 1_790_087_300, "status": "New", "additionalStatus": "None",
        "availableStatusesForManualMarking": ["Settled", "Invalid"], "archived": false,
        "metadata": {
            "orderId": "sale-7", "posData": { "tip": 0.5, "cart": [{ "id": "tea", "count": 2 }] },
            "receiptData": { "Tip": "$0.50" }, "house": { "till": 3 }
        },
        "checkout": {
            "speedPolicy": "MediumSpeed", "paymentMethods": ["BTC-LN", "BTC-CHAIN"],
            "defaultPaymentMethod": "BTC-LN", "lazyPaymentMethods": false, "expirationMinutes": 15,
            "monitoringMinutes": 1440, "paymentTolerance": 0.5, "redirectURL": null,
            "redirectAutomatically": false, "defaultLanguage": "en"
        },
        "receipt": { "enabled": true, "showQR": null, "showPayments": true }
    })
}

pub fn invoice_payment_methods() -> Value {
    json!([{
        "paymentMethodId": "BTC-LN", "currency": "BTC", "destination": "lnbcrt1…",
        "paymentLink": "lightning:lnbcrt1…", "rate": "65000.12", "paymentMethodPaid": "0.0001",
        "totalPaid": "0.0001", "due": "-0.00000001", "amount": "0.00009999",
        "paymentMethodFee": "0.0", "activated": true, "additionalData": { "providedComment": "hi" },
        "payments": [{
            "id": "5f1c…", "receivedDate": 1_790_000_100, "value": "0.0001", "fee": "0.0",
            "status": "Settled", "destination": "lnbcrt1…"
        }]
    }])
}

pub fn pull_payment() -> Value {
    json!({
        "id": "2mZrKyWsdjcFGmdDUvAFNQvbDKbc", "name": "Refund", "description": "", "currency": "BTC",
        "amount": "0.00010000", "autoApproveClaims": false, "archived": false,
        "viewLink": "https://pay.example/pull-payments/2mZrKyWsdjcFGmdDUvAFNQvbDKbc"
    })
}

pub fn payout() -> Value {
    json!({
        "id": "P1", "revision": 0, "pullPaymentId": "PP1", "destination": "me@pay.example",
        "originalCurrency": "USD", "originalAmount": "10.00", "payoutCurrency": "BTC",
        "payoutAmount": "0.00015", "payoutMethodId": "BTC-LN", "state": "AwaitingPayment",
        "paymentProof": { "proofType": "Till", "id": "ab", "link": "https://pay.example", "x": 1 },
        "metadata": { "source": "API" }
    })
}

pub fn webhook() -> Value {
    json!({
        "id": "W1", "enabled": true, "automaticRedelivery": true, "url": "https://till.example/hook",
        "authorizedEvents": { "everything": false, "specificEvents": ["InvoiceSettled"] }
    })
}

pub fn delivery() -> Value {
    json!({
        "id": "D1", "timestamp": 1_790_000_000, "deliveryTime": 1_790_000_001, "httpCode": 200,
        "status": "HttpSuccess"
    })
}

pub fn boltcard() -> Value {
    let key = "0C3B25D92B38AE443229DD59AD34B85D";
    json!({
        "LNURLW": "lnurlw://pay.example/boltcard", "Version": 1,
        "K0": key, "K1": key, "K2": key, "K3": key, "K4": key
    })
}

pub fn store() -> Value {
    json!({
        "id": "S1", "name": "Café", "website": null, "defaultCurrency": "USD",
        "additionalTrackedRates": ["EUR"], "invoiceExpiration": 900, "refundBOLT11Expiration": 30,
        "displayExpirationTimer": 300, "monitoringExpiration": 86400, "speedPolicy": "MediumSpeed",
        "paymentTolerance": 0.0, "archived": false, "anyoneCanCreateInvoice": false,
        "receipt": { "enabled": true, "showQR": true, "showPayments": true },
        "lightningAmountInSatoshi": true, "lightningPrivateRouteHints": false,
        "onChainWithLnInvoiceFallback": true, "redirectAutomatically": false,
        "showRecommendedFee": true, "recommendedFeeBlockTarget": 1, "defaultLang": "en",
        "networkFeeMode": "Never", "payJoinEnabled": false, "autoDetectLanguage": false,
        "showPayInWalletButton": true, "showStoreHeader": true, "celebratePayment": true,
        "playSoundOnPayment": false, "lazyPaymentMethods": false, "defaultPaymentMethod": "BTC-LN",
        "paymentMethodCriteria": [{
            "paymentMethodId": "BTC-LN", "currencyCode": "USD", "amount": "100", "above": false
        }]
    })
}
