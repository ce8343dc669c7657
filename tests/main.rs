//! The behaviour of the whole, one module a subject.
#![allow(clippy::unwrap_used)]

mod access;
mod api;
mod backing;
mod btcpay_rail;
mod card;
mod cart_vectors;
mod dashboard;
mod house;
mod points;
mod portal;
mod rail;
mod rate;
mod receipt;
mod sale;
mod support;
