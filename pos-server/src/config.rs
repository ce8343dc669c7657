//! Settings: a TOML file, overridden by `POS_…` variables, overridden by flags; checked whole
//! before anything starts.

use std::fmt;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use serde::Deserialize;

use crate::rate::RateSettings;

const API_RATE: NonZeroU32 = NonZeroU32::new(10).unwrap();
const API_BURST: NonZeroU32 = NonZeroU32::new(40).unwrap();

/// The command line.
#[derive(Debug, Parser)]
#[command(
    name = "pos-server",
    version,
    about = "A point of sale for bitcoin and cash: till, dashboard and receipts in one server.",
    long_about = "A point of sale for bitcoin and cash: till, dashboard and receipts in one server.\n\n\
        Try it:        pos-server --sandbox\n\
        For real:      pos-server --data-dir /var/lib/pos --public-url https://pos.example.com\n\
        Then open the address that it prints, and connect your LND on the dashboard.\n\n\
        Settings come from a TOML file (--config), then POS_… variables, then flags; the later wins.",
    after_help = "SIGTERM finishes what is in hand, then stops. Logs go to standard error; \
        RUST_LOG sets how much (for example RUST_LOG=pos_server=debug)."
)]
pub struct Cli {
    /// The settings.
    #[command(flatten)]
    pub settings: Settings,
    /// Something else to do than to serve.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What else the command can do.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Print a link that signs an owner in once, within 15 minutes: for a lost password
    SignInLink {
        /// The owner's e-mail
        email: String,
    },
}

/// What `pos-server` can be told. Each flag also has a variable and a line of the file.
#[derive(Debug, Clone, Default, Args, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Settings {
    /// A TOML file with these settings, names as the flags': listen = "127.0.0.1:8080"
    #[arg(long, env = "POS_CONFIG", value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<PathBuf>,

    /// Address and port to listen on [default: 127.0.0.1:8080]
    #[arg(long, env = "POS_LISTEN", value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,

    /// Folder for the database, the sealing key and the practice wallet [default: data]
    #[arg(long, env = "POS_DATA_DIR", value_name = "FOLDER")]
    pub data_dir: Option<PathBuf>,

    /// sqlite:FILE or postgres://USER:PASSWORD@HOST/NAME [default: sqlite:<data-dir>/pos.db]
    #[arg(long, env = "POS_DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub database_url: Option<String>,

    /// How browsers reach this server; with https the cookies are Secure [default: http://<listen>,
    /// none when it listens on every address]
    #[arg(long, env = "POS_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,

    /// File with the key (64 hex digits) that seals secrets in the database; made if missing
    /// [default: <data-dir>/seal.key]
    #[arg(long, env = "POS_SEAL_KEY_FILE", value_name = "FILE")]
    pub seal_key_file: Option<PathBuf>,

    /// Practice: a sample café and a wallet page that plays the customer; the money is not real
    #[arg(long, env = "POS_SANDBOX", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    pub sandbox: Option<bool>,

    /// Let anybody who reaches the server open a merchant account (the first needs a code)
    #[arg(long, env = "POS_OPEN_SIGN_UP", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    pub open_sign_up: Option<bool>,

    /// Addresses to ask for rates instead of the exchanges' own, as NAME=URL
    #[arg(long, env = "POS_RATE_URLS", value_delimiter = ',', value_name = "NAME=URL")]
    pub rate_urls: Option<Vec<String>>,

    /// Let a BTCPay Server be reached by plain HTTP on local and onion addresses
    #[arg(long, env = "POS_BTCPAY_LOCAL", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    pub btcpay_local: Option<bool>,

    /// Let cards of servers on this very machine pay by plain HTTP, for practice and tests
    #[arg(long, env = "POS_CARDS_LOCAL", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    pub cards_local: Option<bool>,

    /// Seconds between two looks at all recent invoices of a BTCPay Server; its webhooks are
    /// quicker [default: 30]
    #[arg(long, env = "POS_BTCPAY_ROUND_SECONDS", value_name = "SECONDS")]
    pub btcpay_round_seconds: Option<u64>,

    /// Requests a second that one token of the API may make for long [default: 10]
    #[arg(long, env = "POS_API_RATE", value_name = "NUMBER")]
    pub api_rate: Option<u32>,

    /// Requests that one token of the API may make at once, after a rest [default: 40]
    #[arg(long, env = "POS_API_BURST", value_name = "NUMBER")]
    pub api_burst: Option<u32>,

    /// What was wrong already where they came from; told with the rest.
    #[arg(skip)]
    #[serde(skip)]
    pub faults: Vec<String>,
}

/// Settings, checked.
#[derive(Clone)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The data folder.
    pub data_dir: PathBuf,
    /// The database address; may hold a password.
    pub database_url: String,
    /// How browsers reach us, without a slash at the end.
    pub public_url: String,
    /// Where the sealing key lies.
    pub seal_key_file: PathBuf,
    /// Practice shop.
    pub sandbox: bool,
    /// Further merchants may sign up.
    pub open_sign_up: bool,
    /// Where the rate sources live.
    pub rates: RateSettings,
    /// Plain HTTP to a BTCPay Server on local and onion addresses is allowed.
    pub btcpay_local: bool,
    /// Cards of servers on this very machine may pay, by plain HTTP too.
    pub cards_local: bool,
    /// How often all recent invoices of a BTCPay Server are looked at.
    pub btcpay_round: Duration,
    /// Requests a second that one token of the API may make for long.
    pub api_rate: NonZeroU32,
    /// Requests that one token of the API may make at once.
    pub api_burst: NonZeroU32,
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("listen", &self.listen)
            .field("data_dir", &self.data_dir)
            .field("database", &self.database_url.split(':').next().unwrap_or_default())
            .field("public_url", &self.public_url)
            .field("sandbox", &self.sandbox)
            .finish_non_exhaustive()
    }
}

/// Everything that is wrong with the settings, at once.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the settings cannot be used:\n  - {}", .0.join("\n  - "))]
pub struct BadSettings(pub Vec<String>);

impl Settings {
    /// Fills what is not set here from `file`, the text of a TOML file. A line that cannot be used
    /// is left out, and becomes a fault.
    #[must_use]
    pub fn over_file(mut self, file: &str) -> Self {
        let mut fault =
            |error: toml::de::Error| self.faults.push(format!("the file: {}", error.message()));
        let lines: toml::Table = toml::from_str(file).map_err(&mut fault).unwrap_or_default();
        let mut sound = toml::Table::new();
        for (name, value) in lines {
            let line = toml::Table::from_iter([(name, value)]);
            match line.clone().try_into::<Self>() {
                Ok(_) => sound.extend(line),
                Err(error) => fault(error),
            }
        }
        let from_file: Self = sound.try_into().map_err(fault).unwrap_or_default();
        Self {
            config: self.config,
            listen: self.listen.or(from_file.listen),
            data_dir: self.data_dir.or(from_file.data_dir),
            database_url: self.database_url.or(from_file.database_url),
            public_url: self.public_url.or(from_file.public_url),
            seal_key_file: self.seal_key_file.or(from_file.seal_key_file),
            sandbox: self.sandbox.or(from_file.sandbox),
            open_sign_up: self.open_sign_up.or(from_file.open_sign_up),
            rate_urls: self.rate_urls.or(from_file.rate_urls),
            btcpay_local: self.btcpay_local.or(from_file.btcpay_local),
            cards_local: self.cards_local.or(from_file.cards_local),
            btcpay_round_seconds: self.btcpay_round_seconds.or(from_file.btcpay_round_seconds),
            api_rate: self.api_rate.or(from_file.api_rate),
            api_burst: self.api_burst.or(from_file.api_burst),
            faults: self.faults,
        }
    }

    /// Checks all settings; names every fault.
    pub fn check(self) -> Result<Config, BadSettings> {
        let mut faults = self.faults;
        // What is missing may stand in a line that could not be read.
        let all_read = faults.is_empty();
        let listen = self.listen.unwrap_or_else(|| "127.0.0.1:8080".into());
        let listen = listen.parse::<SocketAddr>().unwrap_or_else(|_| {
            faults
                .push(format!("listen: “{listen}” is not an address and port, as 127.0.0.1:8080"));
            SocketAddr::from(([127, 0, 0, 1], 0))
        });
        let data_dir = self.data_dir.unwrap_or_else(|| "data".into());
        let in_data = || format!("sqlite:{}", data_dir.join("pos.db").display());
        let database_url = self.database_url.unwrap_or_else(in_data);
        if !["sqlite:", "postgres://", "postgresql://"].iter().any(|p| database_url.starts_with(p))
        {
            faults.push("database-url: must begin with sqlite: or postgres://".into());
        }
        if self.public_url.is_none() && listen.ip().is_unspecified() && all_read {
            let example = format!("http://192.168.1.5:{}", listen.port());
            faults.push(format!("public-url: say how browsers reach this server, as {example}"));
        }
        let public_url = self.public_url.unwrap_or_else(|| format!("http://{listen}"));
        let public_url = public_url.trim_end_matches('/').to_owned();
        if !public_url.starts_with("http://") && !public_url.starts_with("https://") {
            faults.push(format!("public-url: “{public_url}” must begin with http:// or https://"));
        }
        let sandbox = self.sandbox.unwrap_or(false);
        let mut rate_urls = Vec::new();
        for pair in self.rate_urls.unwrap_or_default() {
            match pair.split_once('=') {
                Some((name, url)) if url.starts_with("http") => {
                    rate_urls.push((name.to_owned(), url.trim_end_matches('/').to_owned()));
                }
                _ => faults.push(format!("rate-urls: “{pair}” is not NAME=URL")),
            }
        }
        let rates = RateSettings::with_urls(&rate_urls).unwrap_or_else(|wrong| {
            faults.extend(wrong.iter().map(|fault| format!("rate-urls: {fault}")));
            RateSettings::default()
        });
        let mut at_least_one = |name: &str, given: Option<u32>, usual: NonZeroU32| {
            let number = given.map_or(Some(usual), NonZeroU32::new);
            number.unwrap_or_else(|| {
                faults.push(format!("{name}: must be at least 1"));
                usual
            })
        };
        let api_rate = at_least_one("api-rate", self.api_rate, API_RATE);
        let api_burst = at_least_one("api-burst", self.api_burst, API_BURST);
        let round = self.btcpay_round_seconds.unwrap_or(30);
        if !(1..=3600).contains(&round) {
            faults.push("btcpay-round-seconds: must be from 1 to 3600".into());
        }
        if !faults.is_empty() {
            return Err(BadSettings(faults));
        }
        Ok(Config {
            listen,
            seal_key_file: self.seal_key_file.unwrap_or_else(|| data_dir.join("seal.key")),
            data_dir,
            database_url,
            public_url,
            sandbox,
            open_sign_up: self.open_sign_up.unwrap_or(sandbox),
            rates,
            btcpay_local: self.btcpay_local.unwrap_or(false),
            cards_local: self.cards_local.unwrap_or(false),
            btcpay_round: Duration::from_secs(round),
            api_rate,
            api_burst,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }

    #[test]
    fn every_fault_is_named_at_once() {
        let settings = Settings {
            listen: Some("here".into()),
            database_url: Some("mysql://x".into()),
            public_url: Some("ftp://x".into()),
            api_rate: Some(0),
            rate_urls: Some(vec!["mtgox=http://x".into(), "kraken=http:".into()]),
            ..Settings::default()
        };
        let file = "lissten = \"x\"\nsandbox = \"very\"\napi-burst = 0";
        let BadSettings(faults) = settings.over_file(file).check().expect_err("nine faults");
        assert_eq!(faults.len(), 9, "{faults:?}");
        let broken = Settings { api_rate: Some(0), ..Settings::default() }.over_file("listen =");
        let BadSettings(faults) = broken.check().expect_err("two faults");
        assert_eq!(faults.len(), 2, "{faults:?}");
    }

    #[test]
    fn a_server_on_every_address_must_be_told_its_own() {
        for listen in ["0.0.0.0:8080", "[::]:8080"] {
            let all = Settings { listen: Some(listen.into()), ..Settings::default() };
            let BadSettings(faults) = all.clone().check().expect_err("a fault");
            let words =
                "public-url: say how browsers reach this server, as http://192.168.1.5:8080";
            assert_eq!(faults, [words]);
            let told = all.over_file("public-url = \"http://till.lan:8080/\"").check();
            assert_eq!(told.map(|config| config.public_url), Ok("http://till.lan:8080".into()));
        }
    }

    #[test]
    fn a_flag_wins_over_the_file_and_an_unknown_line_is_a_fault() {
        let flag = Settings { listen: Some("127.0.0.1:1".into()), ..Settings::default() };
        let both = flag.clone().over_file("listen = \"127.0.0.1:2\"\nsandbox = true");
        let config = both.check().expect("good settings");
        assert_eq!((config.listen.port(), config.sandbox), (1, true));
        assert!(flag.over_file("lissten = \"x\"").check().is_err());
    }

    #[test]
    fn a_password_in_the_database_address_is_never_printed() {
        let url = Some("postgres://pos:hunter2@localhost/pos".into());
        let settings = Settings { database_url: url, ..Settings::default() };
        let config = settings.check().expect("good settings");
        assert!(!format!("{config:?}").contains("hunter2"));
    }
}
