//! The customer's side: payments that come, confirm, and are taken back.

use rust_decimal::Decimal;

use super::invoice::{Invoice, Method, Payment, PaymentStatus};
use super::machine::Event;
use super::{World, names, node};

const MSAT: i64 = 100_000_000_000;
const SATS: i64 = 100_000_000;

/// A transaction to an invoice's address.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Transaction {
    /// Nothing to pay exactly what is due.
    pub(crate) sats: Option<u64>,
    pub(crate) confirmations: u32,
    pub(crate) replaceable: bool,
}

impl World {
    /// The invoice meant by its own id, a BOLT11 of it, its address, or a link with either.
    pub(crate) fn find_invoice(&self, word: &str) -> Result<String, String> {
        if self.invoice(word).is_some() {
            return Ok(word.to_owned());
        }
        let word = word.strip_prefix("bitcoin:").unwrap_or(word).to_lowercase();
        let address = word.split('?').next().unwrap_or_default();
        let word = word.split_once("lightning=").map_or(address, |(_, bolt11)| bolt11);
        let hash = node::hash_of(word);
        let meant = |invoice: &&Invoice| {
            invoice.prompts.iter().any(|prompt| {
                prompt.destination == word
                    || prompt.bolt11s.iter().any(|bolt11| Some(&bolt11.hash) == hash.as_ref())
            })
        };
        let found = self.invoices.iter().find(meant).map(|invoice| invoice.id.clone());
        found.ok_or_else(|| format!("there is no invoice {word}"))
    }

    /// Pays an invoice's newest BOLT11, or the one that is named: so many millisatoshi, or what it
    /// asks. Gives the payment's id, which is its hash, and the preimage.
    pub(crate) fn pay_lightning(
        &mut self,
        word: &str,
        msat: impl FnOnce(u64) -> u64,
    ) -> Result<(String, String), String> {
        let id = self.find_invoice(word)?;
        let at = self.place(&id)?;
        let invoice = &self.invoices[at];
        let prompt = invoice.prompt(Method::Lightning).ok_or("it cannot be paid by Lightning")?;
        let hash = node::hash_of(word);
        let named = prompt.bolt11s.iter().find(|bolt11| Some(&bolt11.hash) == hash.as_ref());
        let bolt11 = named.or(prompt.bolt11s.last()).ok_or("it has no BOLT11")?.clone();
        if invoice.payments.iter().any(|payment| payment.id == bolt11.hash) {
            return Err("this BOLT11 is paid already".to_owned());
        }
        let msat = msat(bolt11.msat.unwrap_or(0));
        if msat == 0 {
            return Err("nothing cannot be paid".to_owned());
        }
        let payment = Payment {
            id: bolt11.hash.clone(),
            method: Method::Lightning,
            value: Decimal::from(msat) / Decimal::from(MSAT),
            received: self.now(),
            status: PaymentStatus::Settled,
            destination: bolt11.text,
            confirmations: 0,
            replaceable: false,
        };
        self.receive(at, payment)?;
        self.top_up(&id);
        Ok((bolt11.hash, bolt11.preimage))
    }

    /// A transaction is seen. Gives the payment's id.
    pub(crate) fn pay_chain(&mut self, word: &str, how: Transaction) -> Result<String, String> {
        let id = self.find_invoice(word)?;
        let at = self.place(&id)?;
        let invoice = &self.invoices[at];
        let prompt = invoice.prompt(Method::Chain).ok_or("it cannot be paid on chain")?;
        let due = super::invoice::round_up(invoice.total(Method::Chain) - invoice.paid(), 8);
        let value = how.sats.map_or(due, |sats| Decimal::from(sats) / Decimal::from(SATS));
        if value <= Decimal::ZERO {
            return Err("nothing cannot be paid".to_owned());
        }
        let payment = Payment {
            id: format!("{}-0", names::transaction()),
            method: Method::Chain,
            value,
            received: self.now(),
            status: PaymentStatus::Processing,
            destination: prompt.destination.clone(),
            confirmations: how.confirmations,
            replaceable: how.replaceable,
        };
        let id = payment.id.clone();
        self.receive(at, payment)?;
        Ok(id)
    }

    fn receive(&mut self, at: usize, payment: Payment) -> Result<(), String> {
        let invoice = &mut self.invoices[at];
        if invoice.price.is_none() {
            // The first payment of a top-up is its price.
            invoice.price = Some((payment.value * invoice.rate).round_dp(2));
        }
        let mut events = vec![Event::of_payment("InvoiceReceivedPayment", invoice, &payment)];
        if payment.status == PaymentStatus::Settled {
            events.push(Event::of_payment("InvoicePaymentSettled", invoice, &payment));
        }
        invoice.payments.push(payment);
        self.tell(at, events);
        self.update(at);
        self.renew(at)
    }

    /// The transaction is so many blocks deeper.
    pub(crate) fn confirm(&mut self, payment: &str, blocks: u32) -> Result<(), String> {
        self.change(payment, |payment| match payment.status {
            PaymentStatus::Invalid => Err("it was double-spent".to_owned()),
            _ => {
                payment.confirmations = payment.confirmations.saturating_add(blocks);
                Ok(())
            }
        })
    }

    /// The transaction's money went elsewhere.
    pub(crate) fn double_spend(&mut self, payment: &str) -> Result<(), String> {
        self.change(payment, |payment| match payment {
            Payment { method: Method::Lightning, .. } => {
                Err("a Lightning payment is final".to_owned())
            }
            Payment { confirmations: 1.., .. } => Err("it is in a block".to_owned()),
            _ => {
                payment.status = PaymentStatus::Invalid;
                Ok(())
            }
        })
    }

    fn change(
        &mut self,
        id: &str,
        change: impl FnOnce(&mut Payment) -> Result<(), String>,
    ) -> Result<(), String> {
        let invoices = self.invoices.iter_mut().enumerate();
        let payments = invoices.flat_map(|(at, invoice)| {
            invoice.payments.iter_mut().map(move |payment| (at, payment))
        });
        let mut found = payments.into_iter().filter(|(_, payment)| payment.id == id);
        let (at, payment) = found.next().ok_or_else(|| format!("there is no payment {id}"))?;
        change(payment)?;
        drop(found);
        self.update(at);
        Ok(())
    }
}
