//! The real release binary, as a child of ours.

use std::io::ErrorKind;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use tokio::process::{Child, Command};

use super::database::Database;
use super::http::Browser;

/// It must be there within this.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running server.
pub(crate) struct Binary {
    child: Child,
    pub(crate) url: String,
    /// From the start of the process to its first answer.
    pub(crate) started_in: Duration,
}

impl Binary {
    /// Starts the sample café over `database`, and waits for the first answer.
    pub(crate) async fn start(database: &Database) -> Result<Self> {
        let free = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let url = format!("http://{free}");
        let log = std::fs::File::create(database.folder.path().join("server.log"))?;
        let begun = Instant::now();
        let child = Command::new(program()?)
            .args(["--sandbox", "--listen", &free.to_string(), "--data-dir"])
            .arg(database.folder.path().join("server"))
            .env("POS_DATABASE_URL", &database.url)
            .stdout(Stdio::null())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()?;
        let mut server = Self { child, url, started_in: Duration::ZERO };
        while !server.answers().await? {
            ensure!(begun.elapsed() < PATIENCE, "the server did not start: {}", server.url);
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        server.started_in = begun.elapsed();
        Ok(server)
    }

    async fn answers(&mut self) -> Result<bool> {
        let address = self.url.trim_start_matches("http://").to_owned();
        match tokio::net::TcpStream::connect(address).await {
            Err(error) if error.kind() == ErrorKind::ConnectionRefused => {
                ensure!(self.child.try_wait()?.is_none(), "the server ended at its start");
                Ok(false)
            }
            Err(error) => Err(error.into()),
            Ok(_) => Ok(Browser::new(&self.url, "").get("/health").await?.status.is_success()),
        }
    }

    /// A line of what the kernel knows of its memory, in MB.
    pub(crate) fn memory(&self, line: &str) -> Result<f64> {
        let pid = self.child.id().context("it ended")?;
        let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
        let line =
            status.lines().find_map(|text| text.strip_prefix(line)).context("no such line")?;
        let kb: f64 = line.trim_start_matches(':').trim().trim_end_matches(" kB").parse()?;
        Ok(kb / 1000.0)
    }

    /// How long processors worked for it so far, to a hundredth of a second.
    pub(crate) fn busy(&self) -> Result<Duration> {
        let pid = self.child.id().context("it ended")?;
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
        // After the name in brackets: user and system time are the twelfth and thirteenth word.
        let (_, words) = stat.rsplit_once(')').context("a process")?;
        let ticks = words.split_whitespace().skip(11).take(2).map(str::parse::<u64>);
        let ticks: u64 = ticks.collect::<Result<Vec<_>, _>>()?.into_iter().sum();
        Ok(Duration::from_millis(ticks * 10))
    }

    /// Ends it in good order.
    pub(crate) async fn stop(mut self) -> Result<()> {
        let pid = self.child.id().context("it ended")?;
        Command::new("kill").arg(pid.to_string()).status().await?;
        let ended = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        if !ended.context("the server did not stop")??.success() {
            bail!("the server did not stop in good order");
        }
        Ok(())
    }
}

/// The release binary beside this program.
fn program() -> Result<PathBuf> {
    let program = std::env::current_exe()?.with_file_name("pos-server");
    ensure!(program.exists(), "{} is missing: run make bench", program.display());
    Ok(program)
}
