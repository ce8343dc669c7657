//! Decimals from the wire: JSON numbers and texts, read from their characters, never by a float.

use std::str::FromStr;

use rust_decimal::Decimal;
use serde_json::value::RawValue;

use super::error::SourceError;

/// Reads a JSON number, or a JSON string that holds one. `field` is its name for people.
pub(super) fn decimal(raw: Option<&RawValue>, field: &str) -> Result<Decimal, SourceError> {
    let text = raw.map_or("null", RawValue::get);
    if text == "null" {
        return Err(SourceError::Missing(field.into()));
    }
    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    parse(inner).ok_or_else(|| SourceError::NotANumber(field.into()))
}

/// Reads decimal text, with or without exponent. No signs of grouping, no blanks inside.
pub(super) fn parse(text: &str) -> Option<Decimal> {
    let allowed = |b: u8| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E');
    if text.is_empty() || text.len() > 40 || !text.bytes().all(allowed) {
        return None;
    }
    if text.contains(['e', 'E']) {
        Decimal::from_scientific(text).ok()
    } else {
        Decimal::from_str(text).ok()
    }
}

/// Reads whole seconds or milliseconds of an epoch.
pub(super) fn whole(raw: Option<&RawValue>, field: &str) -> Result<i64, SourceError> {
    let number = decimal(raw, field)?;
    let whole = if number.is_integer() { i64::try_from(number).ok() } else { None };
    whole.ok_or_else(|| SourceError::NotANumber(field.into()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(json: &str) -> Result<Decimal, SourceError> {
        let raw: Box<RawValue> = serde_json::from_str(json).unwrap();
        decimal(Some(&raw), "bid")
    }

    #[test]
    fn numbers_and_texts_give_the_same_decimal() {
        let exact = Decimal::new(7_697_550, 2);
        assert_eq!(read("76975.50"), Ok(exact));
        assert_eq!(read("\"76975.50\""), Ok(exact));
        assert_eq!(read("7.69755e4"), Ok(exact));
        // A float would make 0.1 + 0.2 of this.
        assert_eq!(read("0.30000000000000004").unwrap().to_string(), "0.30000000000000004");
    }

    #[test]
    fn null_is_missing_and_words_are_no_number() {
        assert_eq!(read("null"), Err(SourceError::Missing("bid".into())));
        for junk in
            ["\"n/a\"", "\"\"", "true", "[1]", "{}", "\"1,5\"", "\"1_0\"", "\"NaN\"", "1e99"]
        {
            assert_eq!(read(junk), Err(SourceError::NotANumber("bid".into())), "{junk}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in ".{0,60}") {
            let _ = parse(&text);
        }

        #[test]
        fn what_is_written_is_read(minor in any::<i64>(), scale in 0u32..12) {
            let number = Decimal::new(minor, scale);
            prop_assert_eq!(parse(&number.to_string()), Some(number));
        }
    }
}
