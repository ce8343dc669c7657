//! What the till's scripts know: the shelf, the tax, the currency. The server prices every cart
//! again, whatever they say.

use serde::Serialize;

use super::bar::Parked;
use crate::domain::currency::Currency;

/// The data block of the till page.
#[derive(Debug, Clone, Serialize)]
pub struct TillData {
    /// The till's identifier: the working cart is kept under it.
    pub till: String,
    /// How amounts are read and written.
    pub currency: CurrencyData,
    /// The store's own tax.
    pub tax: TaxData,
    /// No total may be above this, in minor units.
    pub cap: i64,
    /// The customer is asked for a tip before the payment.
    pub tips: bool,
    /// The session's token for forms.
    pub csrf: String,
    /// Groups of items, in the shelf's order.
    pub categories: Vec<CategoryData>,
    /// The shelf.
    pub items: Vec<ItemData>,
    /// Sales set aside.
    pub parked: Vec<Parked>,
    /// Who is on the till.
    pub cashier: String,
}

/// How amounts of a currency are read and written.
#[derive(Debug, Clone, Serialize)]
pub struct CurrencyData {
    /// `JMD`.
    pub code: String,
    /// Decimals of the minor unit.
    pub exponent: u8,
    /// `J$`, with its blank where it has one.
    pub sign: String,
    /// The sign stands before the amount.
    pub sign_first: bool,
    /// Between thousands.
    pub group: String,
    /// Before the decimals; empty where there are none.
    pub point: String,
}

/// A tax.
#[derive(Debug, Clone, Serialize)]
pub struct TaxData {
    /// Hundredths of a percent.
    pub bp: u32,
    /// Prices hold it already.
    pub inclusive: bool,
    /// `GCT`.
    pub name: String,
}

/// A group of items.
#[derive(Debug, Clone, Serialize)]
pub struct CategoryData {
    /// The identifier.
    pub id: String,
    /// `Coffee`.
    pub name: String,
    /// Its shelf tint, 1 to 4.
    pub tint: u8,
}

/// Something on the shelf.
#[derive(Debug, Clone, Serialize)]
pub struct ItemData {
    /// The identifier.
    pub id: String,
    /// `Flat white`.
    pub name: String,
    /// In minor units.
    pub price: i64,
    /// Its own tax rate, else the store's.
    pub tax_bp: Option<u32>,
    /// Whether its own rate is held in the price, else as the store does.
    pub inclusive: Option<bool>,
    /// Its group's identifier, or empty.
    pub category: String,
    /// What a scanner reads.
    pub barcode: Option<String>,
    /// On the shelf, but none left.
    pub sold_out: bool,
    /// `FW`, or empty.
    pub initials: String,
    /// Its shelf tint, 1 to 4.
    pub tint: u8,
}

impl CurrencyData {
    pub(crate) fn json(&self) -> String {
        json(self)
    }

    /// Learns how `currency` is written from what it writes.
    #[must_use]
    pub fn of(currency: &Currency) -> Self {
        let (written, plain) = (currency.write(0), currency.write_plain(0));
        let thousand = currency.write_plain(currency.scale().saturating_mul(1_000));
        Self {
            code: currency.code().into(),
            exponent: currency.exponent(),
            sign: written.replacen(&plain, "", 1),
            sign_first: written.ends_with(&plain),
            group: thousand.chars().nth(1).map(String::from).unwrap_or_default(),
            point: plain.chars().nth(1).map(String::from).unwrap_or_default(),
        }
    }
}

/// Writes `data` as JSON that can stand inside a script element.
pub fn json(data: &impl Serialize) -> String {
    serde_json::to_string(data).unwrap_or_default().replace('<', "\\u003c")
}

/// Writes an amount for a tile: whole prices lose their decimals.
#[must_use]
pub fn short(currency: &Currency, minor: i64) -> String {
    let written = currency.write(minor);
    if currency.exponent() == 0 || minor % currency.scale() != 0 {
        return written;
    }
    let zeros = "0".repeat(usize::from(currency.exponent()));
    let point = CurrencyData::of(currency).point;
    written.replacen(&format!("{point}{zeros}"), "", 1)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn of(code: &str) -> CurrencyData {
        CurrencyData::of(&code.parse().unwrap())
    }

    #[test]
    fn the_way_of_writing_is_learnt_from_what_is_written() {
        let jmd = of("JMD");
        assert_eq!((jmd.sign.as_str(), jmd.sign_first), ("J$", true));
        assert_eq!((jmd.group.as_str(), jmd.point.as_str()), (",", "."));
        let htg = of("HTG");
        assert_eq!((htg.sign.as_str(), htg.sign_first), ("\u{a0}G", false));
        assert_eq!((htg.group.as_str(), htg.point.as_str()), ("\u{a0}", ","));
        let jpy = of("JPY");
        assert_eq!((jpy.sign.as_str(), jpy.point.as_str()), ("¥", ""));
        assert_eq!(of("KWD").sign, "KWD\u{a0}");
    }

    #[test]
    fn whole_prices_lose_their_decimals_on_tiles() {
        let jmd = "JMD".parse().unwrap();
        assert_eq!(short(&jmd, 110_000), "J$1,100");
        assert_eq!(short(&jmd, 110_050), "J$1,100.50");
        assert_eq!(short(&"HTG".parse().unwrap(), 125_000), "1\u{a0}250\u{a0}G");
        assert_eq!(short(&"JPY".parse().unwrap(), 1_000), "¥1,000");
    }

    #[test]
    fn no_text_ends_the_script_element() {
        assert_eq!(json(&"</script>"), "\"\\u003c/script>\"");
    }
}
