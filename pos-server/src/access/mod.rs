//! Who may come in: secrets and their hashes, tries and locks, first start, sign-in, pairing.
//! Knows no web; `web` turns what happens here into cookies and pages.

pub mod password;
pub mod token;
pub mod tries;
