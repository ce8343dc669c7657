//! Who is let in, and who is not.

mod first_start;
mod forms;
mod pairing;
mod password;
mod pin;
