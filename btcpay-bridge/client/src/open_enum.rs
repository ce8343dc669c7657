//! Enumerations that a newer server may extend: a value unknown to us is kept as it came.

macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $( $(#[$variant_meta:meta])* $variant:ident, )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$variant_meta])* $variant, )*
            /// A value that this crate does not know, as the server wrote it.
            Other(String),
        }

        impl $name {
            /// The value as it goes over the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => stringify!($variant), )*
                    Self::Other(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $( stringify!($variant) => Self::$variant, )*
                    other => Self::Other(other.to_owned()),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                <String as serde::Deserialize>::deserialize(from).map(|text| text.as_str().into())
            }
        }
    };
}

pub(crate) use open_enum;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::invoice::InvoiceStatus;

    #[test]
    fn a_value_of_a_newer_server_goes_back_as_it_came() {
        for (json, known) in [("\"Settled\"", true), ("\"Melted\"", false)] {
            let status: InvoiceStatus = serde_json::from_str(json).unwrap();
            assert_eq!(!matches!(status, InvoiceStatus::Other(_)), known);
            assert_eq!(serde_json::to_string(&status).unwrap(), json);
        }
    }
}
