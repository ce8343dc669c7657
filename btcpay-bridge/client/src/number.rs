//! Numbers that Greenfield writes now as a string, now as a number: read from either.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serializer};

fn parse(text: &str) -> Option<Decimal> {
    let text = text.trim();
    Decimal::from_str(text).or_else(|_| Decimal::from_scientific(text)).ok()
}

struct Either;

impl Visitor<'_> for Either {
    type Value = Decimal;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, or a string of one")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Decimal, E> {
        parse(text).ok_or_else(|| E::custom("this string is not a number"))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Decimal, E> {
        Ok(number.into())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Decimal, E> {
        Ok(number.into())
    }

    // By its shortest text, which is what the server wrote.
    fn visit_f64<E: Error>(self, number: f64) -> Result<Decimal, E> {
        parse(&number.to_string()).ok_or_else(|| E::custom("this number is out of range"))
    }
}

struct Read(Decimal);

impl<'de> Deserialize<'de> for Read {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Either).map(Self)
    }
}

/// The empty string is what some servers write for nothing.
#[derive(Deserialize)]
#[serde(untagged)]
enum Maybe {
    Empty(Empty),
    Number(Read),
}

#[derive(Deserialize)]
enum Empty {
    #[serde(rename = "")]
    Empty,
}

fn maybe<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Decimal>, D::Error> {
    Ok(match Option::<Maybe>::deserialize(deserializer)? {
        Some(Maybe::Number(Read(number))) => Some(number),
        Some(Maybe::Empty(Empty::Empty)) | None => None,
    })
}

fn whole<E: Error>(number: Decimal) -> Result<i64, E> {
    let fits = number.is_integer().then(|| i64::try_from(number).ok()).flatten();
    fits.ok_or_else(|| E::custom("this is not a whole number"))
}

/// Amounts: written as strings.
pub(crate) mod decimal {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(value: &Decimal, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(value)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Decimal, D::Error> {
        Read::deserialize(from).map(|read| read.0)
    }

    pub(crate) mod option {
        use super::*;

        pub(crate) fn serialize<S: Serializer>(
            value: &Option<Decimal>,
            to: S,
        ) -> Result<S::Ok, S::Error> {
            match value {
                Some(value) => to.collect_str(value),
                None => to.serialize_none(),
            }
        }

        pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
            from: D,
        ) -> Result<Option<Decimal>, D::Error> {
            maybe(from)
        }
    }
}

/// Reads null as the empty value: servers write it for lists and objects that hold nothing.
pub(crate) fn null_is_empty<'de, D, T>(from: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Option::<T>::deserialize(from).map(Option::unwrap_or_default)
}

/// Counts, spans and moments: written as numbers.
pub(crate) mod integer {
    use super::*;

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
        whole(Read::deserialize(from)?.0)
    }

    pub(crate) mod option {
        use super::*;

        pub(crate) fn serialize<S: Serializer>(
            value: &Option<i64>,
            to: S,
        ) -> Result<S::Ok, S::Error> {
            match value {
                Some(value) => to.serialize_i64(*value),
                None => to.serialize_none(),
            }
        }

        pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
            from: D,
        ) -> Result<Option<i64>, D::Error> {
            maybe(from)?.map(whole).transpose()
        }
    }
}

/// Whole numbers that are written as strings, as Lightning amounts are.
pub(crate) mod digits {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(value: &i64, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(value)
    }

    pub(crate) mod option {
        use super::*;

        pub(crate) use crate::number::integer::option::deserialize;

        pub(crate) fn serialize<S: Serializer>(
            value: &Option<i64>,
            to: S,
        ) -> Result<S::Ok, S::Error> {
            match value {
                Some(value) => to.collect_str(value),
                None => to.serialize_none(),
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::UnixTime;

    #[derive(serde::Deserialize, serde::Serialize)]
    struct Line {
        #[serde(with = "decimal")]
        amount: Decimal,
        #[serde(default, with = "decimal::option")]
        rate: Option<Decimal>,
        #[serde(default, with = "integer::option")]
        days: Option<i64>,
        #[serde(default)]
        at: UnixTime,
        #[serde(flatten)]
        extra: crate::Extra,
    }

    fn read(json: &str) -> Line {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn amounts_are_read_from_either_form_and_written_as_strings() {
        for json in [r#"{"amount":"0.10"}"#, r#"{"amount":0.1}"#, r#"{"amount":"1E-1"}"#] {
            assert_eq!(read(json).amount, "0.1".parse().unwrap());
        }
        assert_eq!(read(r#"{"amount":1e-8}"#).amount.to_string(), "0.00000001");
        let written = serde_json::to_string(&read(r#"{"amount":5,"rate":2.5}"#)).unwrap();
        assert_eq!(written, r#"{"amount":"5","rate":"2.5","days":null,"at":0}"#);
    }

    #[test]
    fn what_is_absent_null_or_empty_is_nothing() {
        for json in [r#"{"amount":1}"#, r#"{"amount":1,"rate":null,"days":""}"#] {
            assert!(read(json).rate.is_none() && read(json).days.is_none());
        }
    }

    #[test]
    fn moments_and_spans_are_whole() {
        let line = read(r#"{"amount":1,"at":"1592312018","days":"30"}"#);
        assert_eq!((line.at.seconds(), line.days), (1_592_312_018, Some(30)));
        assert_eq!(read(r#"{"amount":1,"at":1592312018.0}"#).at.seconds(), 1_592_312_018);
        assert!(serde_json::from_str::<Line>(r#"{"amount":1,"at":1.5}"#).is_err());
        assert!(serde_json::from_str::<Line>(r#"{"amount":"one"}"#).is_err());
    }
}
