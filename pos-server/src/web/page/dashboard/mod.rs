//! The pages behind the owner's password, and the doors to them.

pub mod field;
