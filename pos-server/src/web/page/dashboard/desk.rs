//! What stands around every page of the dashboard: the way to the others, and between stores.

/// Where one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// The overview.
    Home,
    /// Sales and their trails.
    Sales,
    /// Items and categories.
    Items,
    /// Tills and tablets.
    Tills,
    /// Staff.
    Staff,
    /// Flash Cards.
    Cards,
    /// Points.
    Points,
    /// The Lightning connection.
    Lightning,
    /// The BTCPay Server.
    Btcpay,
    /// Every connection at a glance.
    Connections,
    /// Rates.
    Rates,
    /// The store's settings.
    Settings,
    /// Tokens for other programs.
    Api,
    /// The owner's account, stores and log.
    Account,
}

/// Where the way to a section stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// At the side; a phone shows it at once.
    First,
    /// At the side; a phone shows it in a list.
    Side,
    /// Among the pages of another section.
    Within(Section),
}

use Place::{First, Side, Within};

/// Section, path within the store, icon, words, place.
const NAV: [(Section, &str, &str, &str, Place); 14] = [
    (Section::Home, "", "home", "Home", First),
    (Section::Sales, "/sales", "receipt", "Sales", First),
    (Section::Items, "/items", "grid", "Items", First),
    (Section::Tills, "/tills", "keys", "Tills", First),
    (Section::Staff, "/staff", "people", "Staff", Side),
    (Section::Cards, "/cards", "card", "Cards", Side),
    (Section::Points, "/points", "star", "Points", Within(Section::Cards)),
    (Section::Connections, "/connections", "wifi", "Connections", Side),
    (Section::Lightning, "/lightning", "bolt", "Lightning", Within(Section::Connections)),
    (Section::Btcpay, "/btcpay", "coin", "BTCPay", Within(Section::Connections)),
    (Section::Rates, "/rates", "chart", "Rates", Within(Section::Connections)),
    (Section::Settings, "/settings", "sliders", "Settings", Side),
    (Section::Api, "/api", "code", "API", Within(Section::Settings)),
    (Section::Account, "/account", "lock", "Account", Within(Section::Settings)),
];

impl Section {
    fn path(self) -> &'static str {
        NAV.iter().find(|row| row.0 == self).map_or("", |row| row.1)
    }

    /// The section at the side that it belongs to: itself, or the one it is within.
    fn group(self) -> Self {
        let place = NAV.iter().find(|row| row.0 == self).map(|row| row.4);
        if let Some(Within(group)) = place { group } else { self }
    }
}

/// A way to another page.
#[derive(Debug, Clone)]
pub struct NavLink {
    /// Where to.
    pub href: String,
    /// The icon's name.
    pub icon: &'static str,
    /// The words.
    pub words: &'static str,
    /// One is there.
    pub here: bool,
    /// A phone shows it without opening a list.
    pub first: bool,
}

/// A store to change to.
#[derive(Debug, Clone)]
pub struct OtherStore {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// What every page of the dashboard needs to know.
#[derive(Debug, Clone)]
pub struct Desk {
    /// The token for forms.
    pub csrf: String,
    /// The store's id.
    pub store: String,
    /// The store's name.
    pub store_name: String,
    /// Where one is.
    pub section: Section,
    /// The headline.
    pub title: String,
    /// A line below it.
    pub under: Option<String>,
    /// The merchant's other stores.
    pub others: Vec<OtherStore>,
    /// What was just done, in words.
    pub done: Option<&'static str>,
}

impl Desk {
    /// The address of a page of this store.
    #[must_use]
    pub fn to(&self, path: &str) -> String {
        format!("/dashboard/{}{path}", self.store)
    }

    /// The ways that stand at the side.
    pub(crate) fn nav(&self) -> Vec<NavLink> {
        let here = self.section.group();
        let rows = NAV.iter().filter(|row| !matches!(row.4, Within(_)));
        rows.map(|row| self.link(row, row.0 == here)).collect()
    }

    /// The pages of the section that one is in, if there are several.
    pub(crate) fn near(&self) -> Vec<NavLink> {
        let group = self.section.group();
        let rows = NAV.iter().filter(|row| row.0.group() == group);
        let links: Vec<_> = rows.map(|row| self.link(row, row.0 == self.section)).collect();
        if links.len() > 1 { links } else { Vec::new() }
    }

    fn link(
        &self,
        row: &(Section, &str, &'static str, &'static str, Place),
        here: bool,
    ) -> NavLink {
        let (_, path, icon, words, place) = *row;
        NavLink { href: self.to(path), icon, words, here, first: place == First }
    }

    pub(crate) fn behind_more(&self) -> bool {
        self.nav().iter().any(|link| link.here && !link.first)
    }

    pub(crate) fn switch(&self, other: &OtherStore) -> String {
        format!("/dashboard/{}{}", other.id, self.section.path())
    }
}
