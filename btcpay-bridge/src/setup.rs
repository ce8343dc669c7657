//! Looking at a store before it is used, and setting up its webhook.

use btcpay_client::webhook::{AuthorizedEvents, WebhookSettings};
use btcpay_client::{PaymentMethodId, Secret};

use crate::desk::{Desk, Trouble};
use crate::pay::PAY_RIGHT;
use crate::rights::{CARD_RIGHTS, RIGHTS};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// As it should be.
    Good,
    /// Sales work, something does not.
    Warning,
    /// Nothing can be sold.
    Fault,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// A sentence.
    pub words: String,
}

/// What a look at a store brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// Its name there.
    pub name: Option<String>,
    /// Its currency there.
    pub currency: Option<String>,
    /// Sentences, in the order in which one would go about it.
    pub findings: Vec<Finding>,
}

impl Inspection {
    /// Something can be sold.
    #[must_use]
    pub fn sound(&self) -> bool {
        !self.findings.iter().any(|finding| finding.severity == Severity::Fault)
    }

    fn say(&mut self, severity: Severity, words: impl Into<String>) {
        self.findings.push(Finding { severity, words: words.into() });
    }
}

impl Desk {
    /// Looks at everything that a sale needs. Changes nothing.
    pub async fn inspect(&self) -> Inspection {
        let mut seen = Inspection { name: None, currency: None, findings: Vec::new() };
        let looks = self.look(&mut seen).await;
        if let Err(trouble) = looks {
            let words = match trouble {
                Trouble::Away(why) => format!("BTCPay does not answer: {why}."),
                Trouble::NotFound => "The store is not there, or not this key’s.".into(),
                // What it may not do is said already.
                Trouble::Denied(_) if !seen.sound() => return seen,
                Trouble::Denied(_) => "BTCPay does not accept this key.".into(),
                Trouble::Refused(words) => words,
            };
            seen.say(Severity::Fault, words);
        }
        seen
    }

    async fn look(&self, seen: &mut Inspection) -> Result<(), Trouble> {
        let key = self.client.current_api_key().await?;
        for right in RIGHTS.iter().filter(|right| !key.allows(right.policy, &self.store)) {
            let severity = if right.needed { Severity::Fault } else { Severity::Warning };
            seen.say(severity, format!("The key may not: {}.", lower(right.why)));
        }
        let may = |right: &&crate::rights::Right| key.allows(right.policy, &self.store);
        if CARD_RIGHTS.iter().all(|right| may(&right)) {
            seen.say(Severity::Good, "The key is good for cards whose balance is at BTCPay.");
        }
        if may(&&PAY_RIGHT) {
            seen.say(Severity::Good, "The key is good for cards that pay at other tills.");
        }
        let store = self.client.store(&self.store).await?;
        seen.name = store.settings.name.clone().filter(|name| !name.is_empty());
        seen.currency = store.settings.default_currency.clone();
        let name = seen.name.clone().unwrap_or_else(|| self.store.clone());
        seen.say(Severity::Good, format!("The store is {name}."));
        let info = self.client.server_info().await?;
        if info.fully_synched {
            seen.say(Severity::Good, format!("BTCPay {} is in step with the chain.", info.version));
        } else {
            let words = "BTCPay is not in step with the chain yet: payments on it are not seen.";
            seen.say(Severity::Warning, words);
        }
        let methods = self.client.store_payment_methods(&self.store, Some(true), false).await?;
        let on = |wanted: &PaymentMethodId| {
            methods.iter().any(|method| method.enabled && method.payment_method_id == *wanted)
        };
        let lightning = on(&PaymentMethodId::btc_ln());
        let chain = on(&PaymentMethodId::btc_chain());
        match (lightning, chain) {
            (false, false) => seen.say(
                Severity::Fault,
                "The store has no wallet: connect a Lightning node or a bitcoin wallet in BTCPay.",
            ),
            (false, true) => seen.say(
                Severity::Warning,
                "Lightning is not connected in BTCPay: payments take a confirmation, ten minutes or more.",
            ),
            (true, false) => {
                seen.say(Severity::Good, "Lightning is connected. There is no wallet for the chain.");
            }
            (true, true) => seen.say(Severity::Good, "Lightning and a wallet for the chain are there."),
        }
        Ok(())
    }

    /// What one bitcoin costs by the store's own rules, major units; none if its source is silent.
    pub async fn rate(&self, currency: &str) -> Result<Option<rust_decimal::Decimal>, Trouble> {
        let pair = format!("BTC_{currency}");
        let rates = self.client.store_rates(&self.store, &[&pair]).await?;
        let mine =
            rates.into_iter().find(|rate| rate.currency_pair == pair && rate.errors.is_empty());
        Ok(mine.and_then(|rate| rate.rate).filter(|rate| *rate > rust_decimal::Decimal::ZERO))
    }

    /// Has every event of the store's invoices sent to `address`, signed by `secret`; answers the
    /// webhook's number. One that went to the same address before is replaced.
    pub async fn install_webhook(&self, address: &str, secret: &Secret) -> Result<String, Trouble> {
        let settings =
            WebhookSettings::new(address, AuthorizedEvents::everything(), secret.clone());
        let there = self.client.webhooks(&self.store).await?;
        let same = there.into_iter().find(|webhook| webhook.url == address);
        let webhook = match same {
            Some(old) => self.client.update_webhook(&self.store, &old.id, &settings).await?,
            None => self.client.create_webhook(&self.store, &settings).await?,
        };
        Ok(webhook.id)
    }

    /// Takes the webhook away; one that is gone already is fine.
    pub async fn remove_webhook(&self, id: &str) -> Result<(), Trouble> {
        match self.client.delete_webhook(&self.store, id).await.map_err(Trouble::from) {
            Err(Trouble::NotFound) => Ok(()),
            done => done,
        }
    }
}

fn lower(sentence: &str) -> String {
    let mut signs = sentence.chars();
    let first = signs.next().map(|sign| sign.to_lowercase().to_string()).unwrap_or_default();
    format!("{first}{}", signs.as_str())
}
