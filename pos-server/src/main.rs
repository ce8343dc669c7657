//! The command `pos-server`.

fn main() {}
