//! The command `pos-server`.

use clap::Parser;
use pos_server::config::{Cli, Command};

fn main() -> anyhow::Result<()> {
    // One TLS stack for all; without a provider the first client panics.
    let provider = rustls::crypto::ring::default_provider().install_default();
    anyhow::ensure!(provider.is_ok(), "TLS was set up twice");
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| "pos_server=info,warn".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let Cli { mut settings, command } = Cli::parse();
    if let Some(path) = settings.config.clone() {
        match std::fs::read_to_string(&path) {
            Ok(text) => settings = settings.over_file(&text),
            Err(error) => settings.faults.push(format!("config: {}: {error}", path.display())),
        }
    }
    let config = settings.check()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    Ok(runtime.block_on(async {
        match command {
            None => pos_server::run::run(config).await,
            Some(Command::SignInLink { email }) => {
                pos_server::run::sign_in_link(config, &email).await
            }
        }
    })?)
}
