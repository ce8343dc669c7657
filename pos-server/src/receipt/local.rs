//! temporary
pub fn time(_ms: i64, _tz: &str) -> String {
    String::new()
}
pub fn day_and_time(_ms: i64, _now: i64, _tz: &str) -> String {
    String::new()
}
