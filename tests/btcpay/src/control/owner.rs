//! What the owner of the BTCPay does, from Rust.

use rust_decimal::Decimal;
use serde_json::Value;

use super::Control;
use crate::options::{Lightning, Options};
use crate::world::invoice_json;
use crate::world::store::Store;
use crate::world::{key, names};

impl Control {
    /// The first store.
    #[must_use]
    pub fn store_id(&self) -> String {
        self.shared.with(|world| world.stores[0].id.clone())
    }

    /// Makes a key with these permissions, as `policy` or `policy:storeId`.
    #[must_use]
    pub fn api_key(&self, permissions: &[&str]) -> String {
        let permissions = permissions.iter().map(|name| (*name).to_owned()).collect();
        self.shared.with(|world| world.add_key("By hand", permissions, None))
    }

    /// Makes a key that may do everything.
    #[must_use]
    pub fn owner_key(&self) -> String {
        self.api_key(&[key::UNRESTRICTED])
    }

    /// Takes a key back.
    pub fn revoke(&self, api_key: &str) {
        self.shared.with(|world| world.keys.retain(|key| key.key != api_key));
    }

    /// Takes all keys back.
    pub fn revoke_all(&self) {
        self.shared.with(|world| world.keys.clear());
    }

    /// Opens one more store, set up as these options say. Gives its id.
    pub fn add_store(&self, name: &str, options: &Options) -> String {
        let store = Store::new(names::store(), name, options);
        let id = store.id.clone();
        self.shared.with(|world| world.stores.push(store));
        id
    }

    /// Removes a store, or brings it back with all it had.
    pub fn store_gone(&self, store: &str, gone: bool) -> Result<(), String> {
        self.shared.with(|world| world.store_mut(store).map(|store| store.gone = gone))
    }

    /// What one bitcoin costs from now on; nothing for no rate.
    pub fn set_rate(
        &self,
        store: &str,
        currency: &str,
        rate: Option<Decimal>,
    ) -> Result<(), String> {
        self.shared.with(|world| {
            let rates = &mut world.store_mut(store)?.rates;
            match rate {
                Some(rate) => rates.insert(currency.to_owned(), rate),
                None => rates.remove(currency),
            };
            Ok(())
        })
    }

    /// Connects a store's Lightning node, or makes it fail.
    pub fn set_lightning(&self, store: &str, lightning: Lightning) -> Result<(), String> {
        self.shared.with(|world| world.store_mut(store).map(|store| store.lightning = lightning))
    }

    /// Gives a store an on-chain wallet, or takes it away.
    pub fn set_chain(&self, store: &str, chain: bool) -> Result<(), String> {
        self.shared.with(|world| world.store_mut(store).map(|store| store.chain = chain))
    }

    /// Whether the server has caught up with the chain.
    pub fn set_synced(&self, synced: bool) {
        self.shared.with(|world| world.synced = synced);
    }

    /// An invoice as the API shows it, without asking the API.
    #[must_use]
    pub fn invoice(&self, id: &str) -> Option<Value> {
        self.shared.with(|world| {
            world.tick();
            let id = world.find_invoice(id).ok()?;
            world.invoice(&id).map(|invoice| invoice_json(world, invoice))
        })
    }

    /// All invoices, oldest first.
    #[must_use]
    pub fn invoices(&self) -> Vec<Value> {
        self.shared.with(|world| {
            world.tick();
            world.invoices.iter().map(|invoice| invoice_json(world, invoice)).collect()
        })
    }

    /// An invoice's payment methods as the API shows them, payments taken back and all.
    #[must_use]
    pub fn payment_methods(&self, id: &str) -> Option<Value> {
        self.shared.with(|world| {
            let id = world.find_invoice(id).ok()?;
            world.invoice(&id).map(|invoice| invoice.methods_json(false))
        })
    }

    /// The refunds of a store, oldest first, as the API shows them.
    #[must_use]
    pub fn refunds(&self, store: &str) -> Vec<Value> {
        self.shared.with(|world| {
            let own = world.pull_payments.iter().filter(|pull| pull.store == store);
            own.map(|pull| world.pull_payment_json(pull)).collect()
        })
    }
}
