//! The behaviour of the whole, one module a subject.
#![allow(clippy::unwrap_used)]

mod access;
mod house;
mod cart_vectors;
mod rail;
mod rate;
mod support;
