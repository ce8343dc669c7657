//! What a receipt says, and its forms.

pub mod qr;
