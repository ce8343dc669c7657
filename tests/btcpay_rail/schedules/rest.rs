//! The end of a schedule: everything is well again, and goes on until nothing happens any more.

use std::time::Duration;

use btcpay_stand_in::Switches;
use pos_server::worker;

use super::world::World;

impl World {
    pub(super) async fn come_to_rest(&mut self) {
        self.bar.btcpay.heal();
        // In every other one BTCPay forgets its messages: what it knows is found by asking.
        let silent = self.dice.chance(50);
        self.bar.btcpay.webhooks(Switches { hold: silent, ..Switches::default() });
        match silent {
            true => self.bar.btcpay.drop_deliveries(),
            false => self.bar.btcpay.release(self.dice.chance(50)),
        }
        self.tell(format!("coming to rest, webhooks silent: {silent}"));
        // Tablets ask until they are answered.
        for _ in 0..20 {
            let Some(at) = self.requests.iter().position(|one| one.answer.is_none()) else { break };
            let request = self.requests.swap_remove(at);
            let sent = request.clone().send(self.shop(0)).await;
            self.answered(request, sent).await;
        }
        for payment in std::mem::take(&mut self.chain) {
            let _ = self.bar.btcpay.confirm(&payment, 6);
        }
        if self.dice.chance(30) {
            self.crash(1).await;
        }
        tokio::time::sleep(Duration::from_millis(3)).await;
        let app = self.lives[1].app.clone();
        // A listener that goes on knows what it told; one that begins anew asks for everything.
        let anew = self.dice.chance(30);
        for turn in 0..8 {
            self.bar.later(701);
            let looked = worker::round(&app).await;
            let read = worker::read_deliveries(&app).await;
            let round = match anew {
                true => format!("{:?}", self.bar.round_at(&app).await),
                // The clock went on, so that the round says when it is over.
                false => self.listen(Duration::from_secs(10)).await,
            };
            self.tell(format!("at rest: {looked:?} looked at, {read:?} read, {round}"));
            let live = app.db.live_attempts(&self.bar.connection).await.unwrap();
            if live.is_empty() && turn > 0 {
                break;
            }
        }
    }
}
