//! What a receipt says, and its forms.

pub mod local;
pub mod qr;
pub fn number(p: &str, n: i64) -> String {
    format!("{p}-{n:05}")
}
