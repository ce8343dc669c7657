//! What stands around every page.

/// What the shell of a page needs to know.
#[derive(Debug, Clone)]
pub struct Shell {
    /// What this page is, before the shop's name in the window's title.
    pub title: String,
    /// The shop's name.
    pub shop: String,
    /// The money is not real, and every page says so.
    pub practice: bool,
}
