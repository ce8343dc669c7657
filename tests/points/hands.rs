//! What an owner, a cashier and a customer do with points, each as one call, and what must be true of
//! them at any moment.

use pos_server::db::points::{Budget, Earning, PointsCard, PointsEvent, PointsMove, Programme};
use pos_server::domain::id::SaleId;
use pos_server::domain::points::{Rules, Worth};
use pos_server::points;
use pos_server::till::once::Once;
use pos_server::till::{TillError, card};
use sqlx::{FromRow, query};

use crate::card::chip::Chip;
use crate::card::hands::HIGH;
use crate::sale::acts::key;
use crate::sale::books::look_in;
use crate::sale::shop::Shop;

/// Ten percent, and a point worth one dollar: 1,000 dollars earn 100 points.
pub(crate) fn tenth() -> Rules {
    Rules { rate_bp: 1_000, worth: Worth::Minor(100), ..Rules::default() }
}

impl Shop {
    /// The owner starts a programme here, or changes it; answers its id.
    pub(crate) async fn programme(&self, rules: Rules, budget: Option<i64>) -> String {
        let (app, store) = (self.app(), &self.store);
        let mut rules = rules;
        rules.stores.insert(store.id.to_string());
        rules.check().unwrap();
        let programme = Programme {
            id: key(),
            merchant_id: store.merchant_id.clone(),
            money: store.money.clone(),
            currency: store.currency.clone(),
            rules: serde_json::to_string(&rules).unwrap(),
            running: 1,
            changed_ms: app.now().0,
        };
        let mut tx = app.db.begin().await.unwrap();
        tx.save_programme(&programme).await.unwrap();
        let kept = tx.programme(&store.merchant_id, &store.money).await.unwrap().unwrap();
        let (merchant, now) = (&store.merchant_id, app.now());
        let fits = points::set_limit(&mut tx, &kept.id, merchant, &store.id, budget, now).await;
        assert!(fits.unwrap(), "the budget fits");
        tx.commit().await.unwrap();
        kept.id
    }

    /// The owner starts an event of a day from now on, at `rate_bp`; answers its id.
    pub(crate) async fn event(
        &self,
        rate_bp: i64,
        budget: i64,
        change: impl FnOnce(&mut PointsEvent),
    ) -> String {
        let (app, store) = (self.app(), &self.store);
        let now = app.now();
        let mut tx = app.db.begin().await.unwrap();
        let programme = tx.programme(&store.merchant_id, &store.money).await.unwrap().unwrap();
        let mut event = PointsEvent {
            id: key(),
            programme_id: programme.id,
            merchant_id: store.merchant_id.clone(),
            money: store.money.clone(),
            name: "Harvest".into(),
            rate_bp,
            minimum: 0,
            from_ms: now.0,
            to_ms: now.0 + 86_400_000,
            stores: "[]".into(),
            most_cards: None,
            most_per_card: None,
            stopped_ms: None,
            created_ms: now.0,
        };
        change(&mut event);
        assert!(tx.save_event(&event).await.unwrap());
        let merchant = &store.merchant_id;
        let most = Some(budget);
        assert!(
            points::set_limit(&mut tx, &event.id, merchant, &store.id, most, now).await.unwrap()
        );
        tx.commit().await.unwrap();
        event.id
    }

    /// A new card with nothing on it.
    pub(crate) async fn chip(&self) -> Chip {
        self.limited(HIGH, HIGH).await
    }

    /// The id of the card that was issued last.
    pub(crate) async fn last_card(&self) -> String {
        let cards = self.app().db.cards(&self.store.merchant_id, &self.store.money).await.unwrap();
        cards.into_iter().max_by_key(|card| (card.created_ms, card.counter)).unwrap().id
    }

    /// The card is held to the tablet to collect.
    pub(crate) async fn collects(&self, sale: &SaleId, link: &str) -> Result<(), TillError> {
        let once = Once::new("tap", &key(), &[link]).unwrap();
        card::collect(self.app(), &self.at(0), sale, link, &once).await
    }

    /// Why a card collects nothing, in the till's words.
    pub(crate) async fn collects_not(&self, sale: &SaleId, link: &str) -> String {
        self.collects(sale, link).await.expect_err("a refusal").to_string()
    }

    /// The card is held to the tablet to pay with its points.
    pub(crate) async fn by_points(&self, sale: &SaleId, link: &str) -> Result<(), TillError> {
        let once = Once::new("tap", &key(), &[link]).unwrap();
        card::pay_by_points(self.app(), &self.at(0), sale, link, &once).await
    }

    /// A sale that is paid in cash, with a card that collects; its points.
    pub(crate) async fn buys(&self, chip: &mut Chip, minor: i64) -> SaleId {
        let sale = self.charge(minor).await;
        self.collects(&sale, &chip.tap()).await.unwrap();
        self.cash(&sale, minor).await.unwrap();
        sale
    }

    pub(crate) async fn earning(&self, sale: &SaleId) -> Earning {
        self.app().db.earning(sale).await.unwrap().expect("a row")
    }

    /// The points of the merchant's only card that has some.
    pub(crate) async fn points(&self) -> PointsCard {
        let db = &self.app().db;
        let all = db.points_cards(&self.store.merchant_id, &self.store.money, 100).await.unwrap();
        let [one] = <[PointsCard; 1]>::try_from(all).expect("one card");
        one
    }

    /// What it holds and owes.
    pub(crate) async fn held(&self) -> (i64, i64) {
        let points = self.points().await;
        (points.held, points.owed)
    }

    pub(crate) async fn points_moves(&self) -> Vec<PointsMove> {
        let mut moves =
            self.app().db.points_moves(&self.points().await.card_id, 1_000).await.unwrap();
        moves.reverse();
        moves
    }

    pub(crate) async fn budget(&self, id: &str) -> Budget {
        self.app().db.budget(&self.store.merchant_id, id).await.unwrap()
    }

    /// What a budget promises and has spent.
    pub(crate) async fn used(&self, id: &str) -> (i64, i64) {
        let budget = self.budget(id).await;
        (budget.promised, budget.spent)
    }

    /// The books balance in points too, and say what cards and budgets say.
    pub(crate) async fn points_are_right(&self) {
        let (books, db) = (self.books().await, &self.app().db);
        let faults = books.faults();
        assert!(faults.is_empty(), "{}", faults.join("\n"));
        let (merchant, money) = (&self.store.merchant_id, &self.store.money);
        let cards = db.points_cards(merchant, money, 10_000).await.unwrap();
        let mut connection = look_in(&self.house.fresh.url).await;
        let budgets = query("SELECT * FROM points_budget WHERE merchant_id = $1");
        let budgets = budgets.bind(merchant.to_string()).fetch_all(&mut connection).await.unwrap();
        let budgets: Vec<Budget> =
            budgets.iter().map(|row| Budget::from_row(row).unwrap()).collect();
        let sum = |of: &dyn Fn(&PointsCard) -> i64| {
            cards.iter().map(|one| i128::from(of(one))).sum::<i128>()
        };
        let account = |name: &str| books.balance(name, "points");
        assert_eq!(account("points-held"), -sum(&|card| card.held), "held");
        assert_eq!(account("points-owed"), sum(&|card| card.owed), "owed");
        let promised: i128 = budgets.iter().map(|one| i128::from(one.promised)).sum();
        assert_eq!(account("points-promised"), -promised, "promised");
        let left: i128 = budgets.iter().map(|one| i128::from(one.left().unwrap_or(0))).sum();
        assert_eq!(account("points-budget"), -left, "left");
        let names = ["held", "owed", "promised", "budget", "issued", "spent", "expired"];
        let all: i128 = names.iter().map(|name| account(&format!("points-{name}"))).sum();
        assert_eq!(all, 0, "all accounts of points together");
        for card in &cards {
            let lots = db.points_lots(&card.card_id).await.unwrap();
            let lots: i64 = lots.iter().map(|lot| lot.left_over).sum();
            assert_eq!(lots, card.held, "lots of {card:?}");
            let moves = db.points_moves(&card.card_id, 10_000).await.unwrap();
            let signed = |one: &PointsMove| match one.kind.as_str() {
                "earned" | "tap" | "returned" | "moved_in" => one.points,
                _ => -one.points,
            };
            if moves.iter().all(|one| !one.kind.starts_with("moved")) {
                let moved: i64 = moves.iter().map(signed).sum();
                assert_eq!(moved, card.held - card.owed, "what moved of {card:?}");
            }
        }
    }
}
