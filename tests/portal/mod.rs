//! A card's own page: who gets in, what is shown, what may be changed, and that nothing spends.

mod change;
mod door;
mod export;
mod hands;
mod show;
mod spends_nothing;
