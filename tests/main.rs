//! The behaviour of the whole, one module a subject.
#![allow(clippy::unwrap_used)]

mod rail;
mod rate;
mod sale;
mod support;
