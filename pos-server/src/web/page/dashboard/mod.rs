//! The pages behind the owner's password, and the doors to them.

pub mod account;
pub mod api;
pub mod backed;
pub mod btcpay;
pub mod card_network;
pub mod cards;
pub mod chart;
pub mod choices;
pub mod connections;
pub mod desk;
pub mod doors;
pub mod field;
pub mod form;
pub mod home;
pub mod items;
pub mod lightning;
pub mod log;
pub mod points;
pub mod rates;
pub mod sale;
pub mod sales;
pub mod staff;
pub mod start;
pub mod tills;
