//! What happens in a schedule.

use std::time::Duration;

use btcpay_stand_in::{Chain, Fault, Pay, Signature, Switches};
use futures_util::future::join_all;
use pos_server::worker;

use super::world::World;
use crate::sale::schedules::request::Verb;

const A_MOMENT: Duration = Duration::from_millis(12);
const PATHS: &[&str] = &[
    "POST */invoices",
    "GET */invoices",
    "GET */payment-methods",
    "POST */status",
    "*/invoices/*",
];

impl World {
    pub(super) async fn turn(&mut self) {
        match self.dice.weighed(&[5, 5, 12, 5, 4, 3, 4, 7, 5, 9, 3, 3]) {
            0 => self.charge().await,
            1 => self.cashier().await,
            2 => self.pay().await,
            3 => self.chain_moves(),
            4 => self.mark().await,
            5 => self.hooks(),
            6 => self.fail(),
            7 => self.workers().await,
            8 => self.time(),
            9 => self.together().await,
            10 => {
                let life = self.dice.below(2);
                self.crash(life).await;
            }
            _ => self.again().await,
        }
        self.moment().await;
        if self.dice.chance(50) {
            let heard = self.listen(A_MOMENT).await;
            self.tell(format!("  the listener hears {heard}"));
        }
    }

    /// A cashier's verb on some sale.
    async fn cashier(&mut self) {
        let Some(sale) = self.dice.pick(&self.sales).cloned() else { return };
        let due = self.shop(0).sale(&sale).await.due().max(1);
        let payments = self.shop(0).payments(&sale).await;
        let payment = self.dice.pick(&payments).map_or("none".into(), |one| one.id.to_string());
        let verb = match self.dice.weighed(&[4, 4, 2, 3, 3, 2]) {
            0 => Verb::Cash { received: self.dice.between(1, 2 * due) },
            1 => Verb::Renew { part: None },
            2 => Verb::Renew { part: Some(self.dice.between(1, due)) },
            3 => Verb::Void,
            4 => Verb::Add { payment },
            _ => Verb::GiveBack { payment },
        };
        let request = self.request(Some(sale), verb);
        self.send(request).await;
    }

    /// A customer pays an invoice, by whichever code of it.
    async fn pay(&mut self) {
        let Some(offer) = self.offer().await else { return };
        let Some(invoice) = self.invoice(&offer) else { return };
        let btcpay = self.bar.btcpay.clone();
        let done = match self.dice.weighed(&[6, 3, 2, 6]) {
            0 => btcpay.pay_lightning(&invoice, Pay::Exact).map(drop),
            1 => {
                let percent = Pay::Percent(self.dice.between(1, 180).unsigned_abs());
                btcpay.pay_lightning(&invoice, percent).map(drop)
            }
            2 => {
                let msat = Pay::Msat(self.dice.between(1, 20_000_000).unsigned_abs());
                btcpay.pay_lightning(&invoice, msat).map(drop)
            }
            _ => {
                let few = self.dice.chance(30);
                let sats = few.then(|| self.dice.between(600, 20_000).unsigned_abs());
                let confirmations = u32::from(self.dice.chance(20));
                let how = Chain { sats, confirmations, replaceable: self.dice.chance(30) };
                let sent = btcpay.pay_chain_with(&invoice, how);
                sent.map(|payment| self.chain.push(payment))
            }
        };
        self.tell(format!("a customer pays {invoice}: {done:?}"));
    }

    fn chain_moves(&mut self) {
        let Some(payment) = self.dice.pick(&self.chain).cloned() else { return };
        let done = if self.dice.chance(50) {
            ("confirmed", self.bar.btcpay.confirm(&payment, 1))
        } else {
            ("double-spent", self.bar.btcpay.double_spend(&payment))
        };
        self.tell(format!("{payment} is {done:?}"));
    }

    /// The merchant has a word to say at BTCPay.
    async fn mark(&mut self) {
        let Some(offer) = self.offer().await else { return };
        let Some(invoice) = self.invoice(&offer) else { return };
        let settled = self.dice.chance(50);
        let done = self.bar.btcpay.mark(&invoice, settled);
        self.tell(format!("{invoice} is marked settled={settled}: {done:?}"));
    }

    fn hooks(&mut self) {
        let signature = match self.dice.weighed(&[8, 1, 1, 1]) {
            0 => Signature::Right,
            1 => Signature::Wrong,
            2 => Signature::Truncated,
            _ => Signature::Missing,
        };
        let odd = self.dice.chance(10);
        let switches = Switches {
            hold: self.dice.chance(40),
            duplicate: self.dice.chance(40),
            signature,
            event_type: odd.then(|| "InvoiceTurnedBlue".to_owned()),
            store_id: self.dice.chance(5).then(|| "elsewhere".to_owned()),
        };
        self.tell(format!("webhooks: {switches:?}"));
        self.bar.btcpay.webhooks(switches);
        match self.dice.below(6) {
            0 => self.bar.btcpay.drop_deliveries(),
            1 => self.bar.btcpay.release(true),
            _ => {}
        }
    }

    /// Something will go wrong, or BTCPay is away, or all is well again.
    fn fail(&mut self) {
        let fault = match self.dice.weighed(&[4, 2, 3, 2, 2, 1, 1]) {
            0 => Fault::Status(500),
            1 => Fault::TooMany(60),
            2 => Fault::Lost,
            3 => Fault::Garbage,
            4 => Fault::Half,
            5 => Fault::Redirect("http://127.0.0.1:9/".into()),
            _ => Fault::Slow(3),
        };
        if self.dice.chance(20) {
            self.tell("all is well again");
            return self.bar.btcpay.heal();
        }
        let path = self.dice.pick(PATHS).copied().unwrap_or_default();
        let times = u32::try_from(self.dice.between(1, 3)).unwrap();
        self.tell(format!("{path} fails by {fault:?} {times} times"));
        self.bar.btcpay.fail(path, fault, Some(times));
    }

    async fn workers(&mut self) {
        let life = self.dice.below(2);
        let work = self.dice.weighed(&[3, 3, 3]);
        let done = match (life, work) {
            (0, 2) => self.listen(A_MOMENT).await,
            _ => work_of(&self.bar, &self.lives[life].app, work).await,
        };
        self.tell(format!("worker {work} of server {life}: {done}"));
    }

    fn time(&mut self) {
        let seconds = match self.dice.weighed(&[6, 2, 1, 1]) {
            0 => self.dice.between(1, 15),
            1 => self.dice.between(300, 700),
            // The clocks go apart.
            2 => {
                let off = self.dice.between(-600, 600);
                self.tell(format!("our clock goes {off} seconds off"));
                return self.bar.shop.later(off);
            }
            _ => self.dice.between(3_600, 30 * 3_600),
        };
        self.tell(format!("{seconds} seconds later"));
        self.bar.later(seconds);
    }

    /// Both servers work, and in the midst of it something happens at BTCPay.
    async fn together(&mut self) {
        let looks: Vec<(usize, usize)> =
            (0..3).map(|_| (self.dice.below(2), self.dice.below(3))).collect();
        let Some(offer) = self.offer().await else { return };
        let Some(invoice) = self.invoice(&offer) else { return };
        let what = self.dice.weighed(&[4, 2, 2, 2, 2]);
        let soon = Duration::from_micros(self.dice.between(0, 6_000).unsigned_abs());
        let payment = self.dice.pick(&self.chain).cloned().unwrap_or_default();
        let btcpay = self.bar.btcpay.clone();
        let meanwhile = async {
            tokio::time::sleep(soon).await;
            match what {
                0 => btcpay.pay_lightning(&invoice, Pay::Exact).map(drop),
                1 => btcpay.mark(&invoice, true),
                2 => btcpay.mark(&invoice, false),
                3 => btcpay.double_spend(&payment),
                _ => btcpay.confirm(&payment, 1),
            }
        };
        let at_once = looks.iter().map(|(life, work)| {
            let app = self.lives[*life].app.clone();
            let bar = &self.bar;
            async move { work_of(bar, &app, *work).await }
        });
        let (done, happened) = tokio::join!(join_all(at_once), meanwhile);
        self.tell(format!("at once {looks:?}: {done:?}; {what} of {invoice}: {happened:?}"));
    }

    /// A tablet asks again what was not answered.
    async fn again(&mut self) {
        let Some(at) = self.requests.iter().position(|one| one.answer.is_none()) else { return };
        let request = self.requests.swap_remove(at);
        self.send(request).await;
    }
}

/// What a worker does once.
pub(super) async fn work_of(
    bar: &super::super::bar::Bar,
    app: &pos_server::app::App,
    work: usize,
) -> String {
    match work {
        0 => format!("{:?}", worker::round(app).await),
        1 => format!("{:?}", worker::read_deliveries(app).await),
        _ => format!("{:?}", bar.round_at(app).await),
    }
}
