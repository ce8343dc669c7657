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

/// Section, path within the store, icon, words, and whether a phone shows it at once.
const NAV: [(Section, &str, &str, &str, bool); 14] = [
    (Section::Home, "", "home", "Home", true),
    (Section::Sales, "/sales", "receipt", "Sales", true),
    (Section::Items, "/items", "grid", "Items", true),
    (Section::Tills, "/tills", "keys", "Tills", true),
    (Section::Staff, "/staff", "people", "Staff", false),
    (Section::Cards, "/cards", "card", "Cards", false),
    (Section::Points, "/points", "star", "Points", false),
    (Section::Lightning, "/lightning", "bolt", "Lightning", false),
    (Section::Btcpay, "/btcpay", "coin", "BTCPay", false),
    (Section::Connections, "/connections", "wifi", "Connections", false),
    (Section::Rates, "/rates", "chart", "Rates", false),
    (Section::Settings, "/settings", "sliders", "Settings", false),
    (Section::Api, "/api", "code", "API", false),
    (Section::Account, "/account", "lock", "Account", false),
];

impl Section {
    fn path(self) -> &'static str {
        NAV.iter().find(|row| row.0 == self).map_or("", |row| row.1)
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

    pub(crate) fn nav(&self) -> Vec<NavLink> {
        NAV.iter()
            .map(|(section, path, icon, words, first)| NavLink {
                href: self.to(path),
                icon,
                words,
                here: *section == self.section,
                first: *first,
            })
            .collect()
    }

    pub(crate) fn behind_more(&self) -> bool {
        self.nav().iter().any(|link| link.here && !link.first)
    }

    pub(crate) fn switch(&self, other: &OtherStore) -> String {
        format!("/dashboard/{}{}", other.id, self.section.path())
    }
}
