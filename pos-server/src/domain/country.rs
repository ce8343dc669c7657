//! What is customary where: currency, time zone and sales tax of the places we know, to fill in a
//! new shop's form. The owner has the last word.

/// A place a shop can stand in.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Country {
    /// ISO 3166 code.
    pub code: &'static str,
    /// Its name in English.
    pub name: &'static str,
    /// ISO 4217 code.
    pub currency: &'static str,
    /// IANA name.
    pub time_zone: &'static str,
    /// What its sales tax is called.
    pub tax_name: &'static str,
    /// The usual rate in hundredths of a percent; 0 where it is for the owner to say.
    pub tax_bp: i64,
    /// True where menus hold the tax.
    pub tax_inclusive: bool,
}

const fn country(
    code: &'static str,
    name: &'static str,
    currency: &'static str,
    time_zone: &'static str,
    (tax_name, tax_bp, tax_inclusive): (&'static str, i64, bool),
) -> Country {
    Country { code, name, currency, time_zone, tax_name, tax_bp, tax_inclusive }
}

/// The places we know. Rates as of 2026 from the notes on retail; to be checked by the owner.
pub const COUNTRIES: &[Country] = &[
    country("AG", "Antigua and Barbuda", "XCD", "America/Antigua", ("ABST", 1700, true)),
    country("BS", "Bahamas", "BSD", "America/Nassau", ("VAT", 1000, true)),
    country("BB", "Barbados", "BBD", "America/Barbados", ("VAT", 1750, true)),
    country("BZ", "Belize", "BZD", "America/Belize", ("GST", 1250, true)),
    country("CA", "Canada", "CAD", "America/Toronto", ("Sales tax", 0, false)),
    country("KY", "Cayman Islands", "KYD", "America/Cayman", ("Tax", 0, true)),
    country("CO", "Colombia", "COP", "America/Bogota", ("IVA", 1900, true)),
    country("CR", "Costa Rica", "CRC", "America/Costa_Rica", ("IVA", 1300, true)),
    country("DO", "Dominican Republic", "DOP", "America/Santo_Domingo", ("ITBIS", 1800, true)),
    country("SV", "El Salvador", "USD", "America/El_Salvador", ("IVA", 1300, true)),
    country("GY", "Guyana", "GYD", "America/Guyana", ("VAT", 1400, true)),
    country("HT", "Haiti", "HTG", "America/Port-au-Prince", ("TCA", 1000, true)),
    country("JM", "Jamaica", "JMD", "America/Jamaica", ("GCT", 1500, true)),
    country("KE", "Kenya", "KES", "Africa/Nairobi", ("VAT", 1600, true)),
    country("MX", "Mexico", "MXN", "America/Mexico_City", ("IVA", 1600, true)),
    country("NG", "Nigeria", "NGN", "Africa/Lagos", ("VAT", 750, true)),
    country("LC", "Saint Lucia", "XCD", "America/St_Lucia", ("VAT", 1250, true)),
    country("ZA", "South Africa", "ZAR", "Africa/Johannesburg", ("VAT", 1500, true)),
    country("TT", "Trinidad and Tobago", "TTD", "America/Port_of_Spain", ("VAT", 1250, true)),
    country("GB", "United Kingdom", "GBP", "Europe/London", ("VAT", 2000, true)),
    country("US", "United States", "USD", "America/New_York", ("Sales tax", 0, false)),
];

/// A place by its code.
#[must_use]
pub fn by_code(code: &str) -> Option<&'static Country> {
    COUNTRIES.iter().find(|country| country.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::currency::Currency;

    #[test]
    fn every_place_has_a_currency_and_a_time_zone_that_exist() {
        for country in COUNTRIES {
            assert!(country.currency.parse::<Currency>().is_ok(), "{}", country.name);
            assert!(jiff::tz::TimeZone::get(country.time_zone).is_ok(), "{}", country.name);
            assert!((0..=10_000).contains(&country.tax_bp));
        }
        assert_eq!(by_code("JM").map(|country| country.currency), Some("JMD"));
    }
}
