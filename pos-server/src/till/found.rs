//! Money that no offer of ours asked for; and money that two rails tell of, because the shop's LND is
//! the very node behind its BTCPay: it came once, whoever tells first.

use super::TillError;
use super::settle::{Settled, blank};
use crate::db::Tx;
use crate::db::ledger::PostingRow;
use crate::db::payment::Payment;
use crate::domain::id::PostingId;
use crate::domain::time::Time;
use crate::ledger::{self, MSAT, Posting};
use crate::rail::{Paid, RailName, Standing};
use crate::rails::Connected;

/// Keeps a payment as found money, unless it is kept already, by this rail or by BTCPay.
pub(super) async fn found(
    tx: &mut Tx,
    connected: &Connected,
    paid: &Paid,
    now: Time,
) -> Result<Settled, TillError> {
    if paid.standing != Standing::Settled {
        return Ok(Settled::Before);
    }
    let btcpay = RailName::Btcpay.as_str();
    let twin = tx.payment_named(&connected.merchant_id, btcpay, &paid.reference).await?;
    if twin.is_some_and(|twin| twin.gone_ms.is_none()) {
        return Ok(Settled::Before);
    }
    // A card's top-up over BTCPay goes by its hash too; the card has it already.
    let drawn = tx.lock_drawn(&connected.merchant_id, btcpay, &paid.reference).await?;
    if drawn.is_some_and(|drawn| drawn.paid_ms.is_some()) {
        return Ok(Settled::Before);
    }
    let payment = blank(connected, paid, now);
    if !tx.add_payment(&payment).await? {
        return Ok(Settled::Before);
    }
    ledger::post(tx, head(&payment, "payment.found"), arrived(&payment), now).await?;
    Ok(Settled::Found)
}

/// What BTCPay says was paid over Lightning goes by its payment hash. Where the node told of that hash
/// first, it was no found money after all. Asked each time that BTCPay tells: of two that settle at
/// the same instant neither sees the other. True if something was found and is not any more.
pub(super) async fn claimed(
    tx: &mut Tx,
    connected: &Connected,
    paid: &Paid,
    now: Time,
) -> Result<bool, TillError> {
    if connected.rail.name() != RailName::Btcpay || paid.standing != Standing::Settled {
        return Ok(false);
    }
    let Some(twin) = tx.found_payment(&connected.merchant_id, &paid.reference).await? else {
        return Ok(false);
    };
    if !tx.lose_payment(&twin.id, now).await? {
        return Ok(false);
    }
    ledger::post(tx, head(&twin, "payment.claimed"), arrived(&twin).reversed(), now).await?;
    Ok(true)
}

fn head(payment: &Payment, reason: &str) -> PostingRow {
    PostingRow {
        id: PostingId::new(),
        merchant_id: payment.merchant_id.clone(),
        store_id: payment.store_id.clone(),
        sale_id: None,
        payment_id: Some(payment.id.clone()),
        reason: reason.into(),
    }
}

fn arrived(payment: &Payment) -> Posting {
    Posting::new().debit("lightning", MSAT, payment.msat).credit("found", MSAT, payment.msat)
}
