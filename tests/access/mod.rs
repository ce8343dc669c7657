//! Who is let in, and who is not.

mod crowd;
mod first_start;
mod forms;
mod pairing;
mod password;
mod pin;
