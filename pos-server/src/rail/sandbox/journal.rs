//! The practice node's journal: one JSON object a line, only ever added to.
//!
//! A line is there once `write` returned, so a killed process loses nothing; it is not synced, since
//! the money is not real and a power cut may cost the last moments. Those who share the file take
//! turns by its lock. A line without its end was never promised to anybody, and is cut off.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::domain::money::Msat;
use crate::domain::time::Time;

/// Why the journal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The file system says no.
    #[error("the practice node cannot use {path}: {source}")]
    File {
        /// The journal.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// A whole line makes no sense: somebody else wrote here.
    #[error("line {line} of the practice node's journal {path} cannot be read: {source}")]
    Line {
        /// The journal.
        path: PathBuf,
        /// Counted from the place where reading began.
        line: usize,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// The file is shorter than what was read of it.
    #[error("the practice node's journal {0} was cut off by somebody else")]
    Shrunk(PathBuf),
}

/// One fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Entry {
    /// An invoice was made.
    Added(Added),
    /// A payment is on its way, and will be settled when due.
    Seen(Arrival),
    /// A payment was settled.
    Paid(Arrival),
    /// An invoice can no longer be paid.
    Cancelled {
        /// Its payment hash.
        #[serde(with = "hex_hash")]
        hash: Hash,
    },
}

/// A payment hash or a preimage.
pub(super) type Hash = [u8; 32];

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Added {
    #[serde(with = "hex_hash")]
    pub(super) hash: Hash,
    #[serde(with = "hex_hash")]
    pub(super) preimage: Hash,
    pub(super) amount: Msat,
    pub(super) expires_at: Time,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Arrival {
    #[serde(with = "hex_hash")]
    pub(super) hash: Hash,
    pub(super) amount: Msat,
    /// When it is settled.
    pub(super) at: Time,
}

mod hex_hash {
    use hex::FromHex;
    use serde::de::{Deserialize, Deserializer, Error};

    pub(super) fn serialize<S: serde::Serializer>(
        hash: &super::Hash,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.serialize_str(&hex::encode(hash))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<super::Hash, D::Error> {
        super::Hash::from_hex(String::deserialize(from)?).map_err(D::Error::custom)
    }
}

/// The journal, or nothing for a node that forgets.
#[derive(Default)]
pub(super) struct Journal(Option<Open>);

struct Open {
    file: File,
    path: PathBuf,
    /// Bytes known to this process: read or written by it.
    known: u64,
}

impl Journal {
    /// Opens the journal in `folder`; reads nothing yet.
    pub(super) fn open(folder: &Path) -> Result<Self, JournalError> {
        let path = folder.join("practice-node.jsonl");
        let file = std::fs::create_dir_all(folder)
            .and_then(|()| OpenOptions::new().read(true).append(true).create(true).open(&path));
        match file {
            Ok(file) => Ok(Self(Some(Open { file, path, known: 0 }))),
            Err(source) => Err(JournalError::File { path, source }),
        }
    }

    /// Waits until nobody else uses the file.
    pub(super) fn lock(&self) -> Result<(), JournalError> {
        self.0.as_ref().map_or(Ok(()), |open| open.file.lock().map_err(|error| open.fault(error)))
    }

    /// Lets others use the file.
    pub(super) fn unlock(&self) -> Result<(), JournalError> {
        self.0.as_ref().map_or(Ok(()), |open| open.file.unlock().map_err(|error| open.fault(error)))
    }

    /// What was written since the last look. The lock must be held.
    pub(super) fn read_new(&mut self) -> Result<Vec<Entry>, JournalError> {
        let Some(open) = &mut self.0 else { return Ok(Vec::new()) };
        let text = open.rest()?;
        let entries = text
            .lines()
            .enumerate()
            .map(|(index, line)| {
                serde_json::from_str(line).map_err(|source| JournalError::Line {
                    path: open.path.clone(),
                    line: index + 1,
                    source,
                })
            })
            .collect::<Result<_, _>>()?;
        open.known += u64::try_from(text.len()).unwrap_or(0);
        Ok(entries)
    }

    /// Adds a line. The lock must be held, and all that others wrote be read.
    pub(super) fn append(&mut self, entry: &Entry) -> Result<(), JournalError> {
        let Some(open) = &mut self.0 else { return Ok(()) };
        let write = |file: &mut File| {
            let mut line = serde_json::to_vec(entry)?;
            line.push(b'\n');
            file.write_all(&line)?;
            Ok(line.len())
        };
        // What is left of a failed write is a torn line, which the next reader cuts off.
        let written = write(&mut open.file).map_err(|error| open.fault(error))?;
        open.known += u64::try_from(written).unwrap_or(0);
        Ok(())
    }
}

impl Open {
    /// The whole lines that are not known yet; cuts off a torn one.
    fn rest(&mut self) -> Result<String, JournalError> {
        let length = self.file.metadata().map_err(|error| self.fault(error))?.len();
        if length < self.known {
            return Err(JournalError::Shrunk(self.path.clone()));
        }
        if length == self.known {
            return Ok(String::new());
        }
        let read = |file: &mut File, from: u64| {
            let mut rest = Vec::new();
            file.seek(SeekFrom::Start(from))?;
            file.read_to_end(&mut rest)?;
            let whole = rest.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            if whole < rest.len() {
                file.set_len(from + u64::try_from(whole).unwrap_or(0))?;
                rest.truncate(whole);
            }
            String::from_utf8(rest).map_err(io::Error::other)
        };
        read(&mut self.file, self.known).map_err(|error| self.fault(error))
    }

    fn fault(&self, source: io::Error) -> JournalError {
        JournalError::File { path: self.path.clone(), source }
    }
}
