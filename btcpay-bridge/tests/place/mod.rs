//! Where the suite runs: at the stand-in, or at a real server in a store of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use bitcoin::bip32::{Xpriv, Xpub};
use bitcoin::key::Secp256k1;
use btcpay_bridge::{Client, Desk, Secret};
use btcpay_client::PaymentMethodId;
use btcpay_client::payment_method::UpdatePaymentMethod;
use btcpay_client::store::StoreSettings;
use btcpay_stand_in::{Btcpay, Options};
use rust_decimal::Decimal;

/// A BTCPay with a store to sell in.
#[derive(Clone)]
pub(crate) struct Place {
    desk: Desk,
    stand_in: Option<Arc<Btcpay>>,
    count: Arc<AtomicU32>,
}

fn client(url: &str, key: &str) -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder(url).api_key(key.to_owned()).allow_local_http(true).build().unwrap()
}

impl Place {
    pub(crate) async fn stand_in() -> Self {
        let btcpay = Btcpay::start(Options::default()).await.unwrap();
        let desk = Desk::new(client(&btcpay.url(), &btcpay.owner_key()), btcpay.store_id());
        Self { desk, stand_in: Some(Arc::new(btcpay)), count: Arc::default() }
    }

    /// A store of our own at the server of `BTCPAY_URL`, by a key that may make and change stores
    /// (`BTCPAY_TOKEN`): Lightning by the server's own node if it lets us, and a wallet whose keys
    /// nobody keeps.
    pub(crate) async fn real() -> Self {
        let variable = |name| std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set"));
        let client = client(&variable("BTCPAY_URL"), &variable("BTCPAY_TOKEN"));
        let settings = StoreSettings {
            name: Some("pos-server suite".into()),
            default_currency: Some("USD".into()),
            ..StoreSettings::default()
        };
        let store = client.create_store(&settings).await.unwrap();
        let (lightning, chain) = (PaymentMethodId::btc_ln(), PaymentMethodId::btc_chain());
        let node = UpdatePaymentMethod::lightning("Internal Node");
        if let Err(error) = client.update_store_payment_method(&store.id, &lightning, &node).await {
            eprintln!("without Lightning: {error}");
        }
        let wallet = UpdatePaymentMethod { enabled: Some(true), config: Some(tpub().into()) };
        let wallet = client.update_store_payment_method(&store.id, &chain, &wallet).await;
        wallet.expect("a wallet for the chain");
        Self { desk: Desk::new(client, store.id), stand_in: None, count: Arc::default() }
    }

    /// Takes the store away.
    pub(crate) async fn leave(&self) {
        self.desk.client().delete_store(self.desk.store()).await.unwrap();
    }

    pub(crate) fn desk(&self) -> &Desk {
        &self.desk
    }

    /// The same store by a key that nobody gave.
    pub(crate) fn stranger(&self) -> Desk {
        let nobody = Secret::new("0123456789abcdef0123456789abcdef01234567");
        Desk::new(self.desk.client().with_api_key(&nobody).unwrap(), self.desk.store())
    }

    /// What the stand-in found wrong with our requests and its answers.
    pub(crate) fn faults(&self) -> Vec<String> {
        self.stand_in.as_ref().map(|btcpay| btcpay.faults()).unwrap_or_default()
    }

    /// A real server on a machine without the internet has no price but this one.
    pub(crate) fn currency(&self) -> &'static str {
        if self.stand_in.is_some() { "JMD" } else { "BTC" }
    }

    pub(crate) fn amount(&self) -> Decimal {
        if self.stand_in.is_some() { Decimal::new(125_000, 2) } else { Decimal::new(10_142, 8) }
    }

    pub(crate) fn unique(&self) -> String {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        format!("{}-{}", now.as_millis(), self.count.fetch_add(1, Ordering::SeqCst))
    }
}

fn tpub() -> String {
    let seed: [u8; 32] = std::array::from_fn(|at| u8::try_from(at).unwrap());
    let key = Xpriv::new_master(bitcoin::NetworkKind::Test, &seed).unwrap();
    Xpub::from_priv(&Secp256k1::new(), &key).to_string()
}
