//! What other programs do at the server, and what they cannot.

mod bad_input;
mod description;
mod doors;
mod events;
mod limits;
mod once;
mod openapi;
mod pages;
mod program;
mod sales;
mod tokens;
