//! Who is on the till?

use askama::Template;

use super::filters;
use super::part::Person;
use super::shell::Shell;

/// Faces of the staff and a PIN pad.
#[derive(Template)]
#[template(path = "unlock.html")]
pub struct UnlockHtml {
    /// The shell.
    pub shell: Shell,
    /// The token for the form.
    pub csrf: String,
    /// The till's name: `Counter 1`.
    pub till: String,
    /// Everyone who may.
    pub staff: Vec<Person>,
    /// The one who was chosen, by identifier.
    pub chosen: Option<String>,
    /// `That PIN is not right. 2 tries left.` or `Too many wrong PINs on this till. Wait five
    /// minutes.`
    pub error: Option<String>,
    /// `Signed out. The sale is kept.`, when the session ended by itself.
    pub notice: Option<String>,
    /// Where it goes on then, a path of ours: the sale that waits, or `/till`.
    pub next: String,
}

impl UnlockHtml {
    fn is_chosen(&self, person: &Person) -> bool {
        match &self.chosen {
            Some(id) => *id == person.id,
            None => self.staff.len() == 1,
        }
    }
}
