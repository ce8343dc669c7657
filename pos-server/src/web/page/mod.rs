//! The pages, one struct and one template of the same name each. A page is pure data: every amount,
//! time and sentence in it is already written for a person, so that templates format nothing.

pub mod bar;
pub mod card;
pub mod card_lightning;
pub mod cards;
pub mod dashboard;
pub mod filters;
pub mod message;
pub mod pair;
pub mod part;
pub mod portal;
pub mod practice_wallet;
pub mod quick;
pub mod receipt;
pub mod receipt_print;
pub mod recent;
pub mod sale;
pub mod sale_state;
pub mod shell;
pub mod till;
pub mod till_data;
pub mod tip;
pub mod unlock;
pub mod words;

pub use bar::Bar;
pub use cards::{CardsHtml, PointsToBalanceHtml, ToppedUpHtml};
pub use message::MessageHtml;
pub use pair::PairHtml;
pub use practice_wallet::PracticeWalletHtml;
pub use receipt::ReceiptHtml;
pub use receipt_print::ReceiptPrintHtml;
pub use recent::RecentHtml;
pub use sale::{SaleHtml, SaleView};
pub use sale_state::SaleState;
pub use shell::Shell;
pub use till::TillHtml;
pub use tip::TipHtml;
pub use unlock::UnlockHtml;
