//! Whether an LND will do for a till, in words.

use std::time::Duration;

use tonic_lnd::invoicesrpc::CancelInvoiceMsg;
use tonic_lnd::lnrpc;
use tonic_lnd::routerrpc::SendPaymentRequest;
use tonic_lnd::staterpc::{GetStateRequest, WalletState};

use super::Lnd;
use super::fault::Fault;
use crate::domain::money::Msat;
use crate::rail::RailError;
use crate::rail::bolt11::Invoice;
use crate::rail::purse::Purse;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// As it should be.
    Good,
    /// Not looked at, since the macaroon does not let us.
    Skipped,
    /// Sales work, but some will not.
    Warning,
    /// No sale will work.
    Fault,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// A sentence for the merchant.
    pub words: String,
}

/// How long a subscription may take to tell of the test invoice.
const STREAM_PATIENCE: Duration = Duration::from_secs(3);

fn finding(severity: Severity, words: impl Into<String>) -> Finding {
    Finding { severity, words: words.into() }
}

impl Lnd {
    /// Looks at all that a till needs, in order: reached, rights (by adding and cancelling an
    /// invoice over one satoshi), synced, and whether a sale of `usual` can come in. Stops early
    /// where the rest could only fail. Connected well if no finding is a [`Severity::Fault`].
    pub async fn check(&self, usual: Option<Msat>) -> Vec<Finding> {
        let mut findings = Vec::new();
        if let Err(fault) = self.check_reached().await {
            return vec![finding(Severity::Fault, format!("{}: {fault}.", self.address()))];
        }
        findings.push(finding(Severity::Good, format!("LND answers at {}.", self.address())));
        findings.extend(self.check_rights().await);
        let no_rights = findings.iter().any(|finding| finding.severity == Severity::Fault);
        if !no_rights {
            findings.push(self.check_synced().await);
            findings.push(self.check_inbound(usual).await);
            findings.push(self.check_pays().await);
        }
        findings
    }

    /// The node's public key in hex, as in its invoices; needs no right but to make them. Offers and
    /// a [cursor](crate::rail::Cursor) belong to one node: another knows neither.
    pub async fn node_id(&self) -> Result<String, RailError> {
        let bolt11 = self.try_invoice().await.map_err(|(_, fault)| RailError::from(fault))?;
        let invoice = Invoice::read(&bolt11);
        invoice.map(|invoice| invoice.payee).map_err(|error| RailError::Refused(error.to_string()))
    }

    /// `GetState` needs no macaroon, and is answered even while the wallet is locked.
    async fn check_reached(&self) -> Result<(), Fault> {
        match self.call(self.state.clone().get_state(GetStateRequest {})).await {
            Ok(answer) => match answer.state() {
                WalletState::Locked | WalletState::NonExisting => Err(Fault::Locked),
                WalletState::Unlocked | WalletState::WaitingToStart => Err(Fault::Starting),
                WalletState::RpcActive | WalletState::ServerActive => Ok(()),
            },
            // Older than LND 0.13, or in front of it something that lets only `lnrpc` through.
            Err(Fault::Unimplemented | Fault::NoRight | Fault::ForeignMacaroon(_)) => Ok(()),
            Err(fault) => Err(fault),
        }
    }

    async fn check_rights(&self) -> Vec<Finding> {
        let (told, tried) = tokio::join!(self.first_told(), async {
            // Gives the subscription time to be there first.
            tokio::time::sleep(Duration::from_millis(100)).await;
            self.try_invoice().await
        });
        let mut findings = vec![match tried {
            Ok(_) => finding(Severity::Good, "It makes, finds and cancels invoices for us."),
            Err((what, fault)) => finding(Severity::Fault, format!("We may not {what}: {fault}.")),
        }];
        findings.push(match told {
            Ok(true) => finding(Severity::Good, "It tells us of payments as they come."),
            // Nothing to tell of, so its silence means nothing.
            Ok(false) if findings[0].severity == Severity::Fault => return findings,
            Ok(false) => finding(
                Severity::Warning,
                "It was slow to tell us of the test invoice; payments may show late.",
            ),
            Err(fault) => finding(
                Severity::Fault,
                format!("We may not hear of payments (invoices:read): {fault}."),
            ),
        });
        findings
    }

    /// Whether a subscription tells of anything while an invoice is made.
    async fn first_told(&self) -> Result<bool, Fault> {
        let request = lnrpc::InvoiceSubscription::default();
        let mut client = self.lightning.clone();
        match tokio::time::timeout(STREAM_PATIENCE, client.subscribe_invoices(request)).await {
            Ok(Ok(_)) => Ok(true),
            Ok(Err(status)) => Err(Fault::from(status)),
            Err(_) => Ok(false),
        }
    }

    /// Makes, finds and cancels an invoice over one satoshi, and gives it as LND wrote it.
    async fn try_invoice(&self) -> Result<String, (&'static str, Fault)> {
        let invoice = lnrpc::Invoice {
            memo: "Connection test of the point of sale".into(),
            value: 1,
            expiry: 60,
            ..Default::default()
        };
        let added = self
            .call(self.lightning.clone().add_invoice(invoice))
            .await
            .map_err(|fault| ("make invoices (invoices:write)", fault))?;
        let request = lnrpc::PaymentHash { r_hash: added.r_hash.clone(), ..Default::default() };
        let found = self.call(self.lightning.clone().lookup_invoice(request)).await;
        let request = CancelInvoiceMsg { payment_hash: added.r_hash };
        let cancelled = self.call(self.invoices.clone().cancel_invoice(request)).await;
        found.map_err(|fault| ("look invoices up (invoices:read)", fault))?;
        cancelled.map_err(|fault| ("cancel invoices (invoices:write)", fault))?;
        Ok(added.payment_request)
    }

    async fn check_synced(&self) -> Finding {
        match self.call(self.lightning.clone().get_info(lnrpc::GetInfoRequest {})).await {
            Ok(info) if info.synced_to_chain => finding(
                Severity::Good,
                format!(
                    "“{}” is in step with the chain at block {}.",
                    info.alias, info.block_height
                ),
            ),
            Ok(info) => finding(
                Severity::Fault,
                format!(
                    "“{}” is not in step with the chain (block {}); payments fail until it is.",
                    info.alias, info.block_height
                ),
            ),
            Err(Fault::NoRight) => finding(
                Severity::Skipped,
                "Whether it is in step with the chain was not looked at: the macaroon has no \
                 info:read.",
            ),
            Err(fault) => {
                finding(Severity::Warning, format!("It did not say if it is in step: {fault}."))
            }
        }
    }

    /// Whether cards can pay at other tills: asks about a payment that never was, and orders one that no
    /// node takes.
    async fn check_pays(&self) -> Finding {
        let looks = self.fate(&"00".repeat(32)).await;
        let order = SendPaymentRequest { payment_request: "none".into(), ..Default::default() };
        let sends = self.call(self.router.clone().send_payment_v2(order)).await;
        match (looks, sends) {
            (Ok(_), Err(Fault::Refused(_))) => finding(
                Severity::Good,
                "Flash Cards can pay at other tills: the macaroon lets us send (offchain:write).",
            ),
            _ => finding(
                Severity::Skipped,
                "Flash Cards pay at this shop alone: the macaroon has no offchain:write, which nothing \
                 else needs.",
            ),
        }
    }

    async fn check_inbound(&self, usual: Option<Msat>) -> Finding {
        let request = lnrpc::ListChannelsRequest { active_only: true, ..Default::default() };
        match self.call(self.lightning.clone().list_channels(request)).await {
            Ok(answer) => inbound(&answer.channels, usual),
            Err(Fault::NoRight) => finding(
                Severity::Skipped,
                "How much can be received was not looked at: the macaroon has no offchain:read.",
            ),
            Err(fault) => {
                finding(Severity::Warning, format!("It did not list its channels: {fault}."))
            }
        }
    }
}

/// What the other sides of the channels can send, less what each must keep.
fn inbound(channels: &[lnrpc::Channel], usual: Option<Msat>) -> Finding {
    if channels.is_empty() {
        let words = "It has no active channel, so nobody can pay it. Open one, or start the peer.";
        return finding(Severity::Fault, words);
    }
    let receivable = channels.iter().map(|channel| {
        let kept = channel.remote_constraints.as_ref().map_or(0, |kept| kept.chan_reserve_sat);
        u64::try_from(channel.remote_balance).unwrap_or(0).saturating_sub(kept)
    });
    let total = Msat::from_sat(receivable.sum()).unwrap_or(Msat::MAX);
    if total == Msat::ZERO {
        let words = "Nothing can be received: all channels hold only your own money (no inbound \
                     liquidity). Spend or loop some out, or have a channel opened to you.";
        return finding(Severity::Fault, words);
    }
    match usual {
        Some(usual) if total < usual => finding(
            Severity::Warning,
            format!(
                "At most {total} can be received; a usual sale is {usual} (inbound liquidity)."
            ),
        ),
        _ => finding(Severity::Good, format!("Up to {total} can be received.")),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn channel(remote_balance: i64, chan_reserve_sat: u64) -> lnrpc::Channel {
        let kept = lnrpc::ChannelConstraints { chan_reserve_sat, ..Default::default() };
        lnrpc::Channel { remote_balance, remote_constraints: Some(kept), ..Default::default() }
    }

    #[test]
    fn inbound_liquidity_is_said_in_sats() {
        let usual = Some(Msat::from_sat(20_000).unwrap());
        let said = |channels: &[_]| inbound(channels, usual);
        assert_eq!(said(&[]).severity, Severity::Fault);
        assert_eq!(said(&[channel(900, 1_000)]).severity, Severity::Fault);
        let little = said(&[channel(11_000, 1_000), channel(3_000, 1_000)]);
        assert_eq!(little.severity, Severity::Warning);
        assert!(little.words.contains("12,000 sats") && little.words.contains("20,000 sats"));
        assert_eq!(said(&[channel(90_000, 1_000)]).severity, Severity::Good);
    }
}
