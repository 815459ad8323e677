//! Plans that are under way, kept in files beside the record of actions: whoever is killed in the middle leaves one behind.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::aws::Aws;
use crate::domain::plan::{Half, Plan, PlanStep};
use crate::domain::secret::Secret;
use crate::private::private;

/// A line of the file after the first, which is the plan.
#[derive(Debug, Serialize, Deserialize)]
struct Line {
    step: PlanStep,
    at: DateTime<Utc>,
    done: bool,
}

/// The file of a plan that this program carries out. No other program can open it so until this one is gone.
#[derive(Debug)]
pub(super) struct Kept {
    file: File,
    path: PathBuf,
}

/// What is known of a secret's plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Under {
    /// Another program carries it out just now.
    Way(Half),
    /// Whoever carried it out is gone.
    Half(Half),
}

/// The folder: beside the record of actions.
fn folder(aws: &Aws) -> Option<PathBuf> {
    Some(aws.guard().record.file()?.parent()?.join("plans"))
}

/// A file's name for a secret: names of secrets may be longer than names of files.
fn file_name(secret: &str, is_demo: bool) -> String {
    // FNV-1a, <https://www.rfc-editor.org/rfc/rfc9923>: the same on every machine; the plan itself tells whose it is.
    let hash = secret
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let demo = if is_demo { "demo-" } else { "" };
    format!("{demo}{hash:016x}.jsonl")
}

impl Kept {
    /// Writes a plan down before its first call. A plan of this secret that is there already is refused.
    pub(super) fn begin(aws: &Aws, plan: &Plan) -> io::Result<Self> {
        let folder = folder(aws).ok_or_else(|| io::Error::other("there is no folder for it"))?;
        fs::create_dir_all(&folder)?;
        let path = folder.join(file_name(&plan.secret, plan.demo));
        let mut options = OpenOptions::new();
        let file = private(options.append(true).read(true).create_new(true)).open(&path)?;
        file.try_lock().map_err(|e| io::Error::other(e.to_string()))?;
        let mut kept = Self { file, path };
        kept.line(plan)?;
        Ok(kept)
    }

    /// Takes up what another program has left.
    pub(super) fn take_up(aws: &Aws, plan: &Plan) -> io::Result<Self> {
        let folder = folder(aws).ok_or_else(|| io::Error::other("there is no folder for it"))?;
        let path = folder.join(file_name(&plan.secret, plan.demo));
        let file = OpenOptions::new().append(true).read(true).open(&path)?;
        file.try_lock().map_err(|e| io::Error::other(e.to_string()))?;
        let mut kept = Self { file, path };
        // A line that was cut off in the middle must not spoil the next one.
        kept.file.write_all(b"\n")?;
        Ok(kept)
    }

    /// Writes down that a step begins, or is done.
    pub(super) fn step(&mut self, step: PlanStep, at: DateTime<Utc>, done: bool) -> io::Result<()> {
        self.line(&Line { step, at, done })
    }

    /// In one write, and on the disk before it returns.
    fn line(&mut self, line: &impl Serialize) -> io::Result<()> {
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        self.file.write_all(&text)?;
        self.file.sync_data()
    }

    /// Nothing is left to be done.
    pub(super) fn end(self) -> io::Result<()> {
        fs::remove_file(&self.path)
    }
}

/// The plan of a secret that is under way or half done.
pub fn under_way(aws: &Aws, secret: &Secret) -> Option<Under> {
    let path = folder(aws)?.join(file_name(secret.id.arn.raw(), secret.id.context.is_demo()));
    let under = read(&path)?;
    let (Under::Way(half) | Under::Half(half)) = &under;
    half.plan.is_on(secret).then_some(under)
}

/// Every plan that whoever carried it out has left half done.
pub fn left(aws: &Aws) -> Vec<Half> {
    let Some(entries) = folder(aws).and_then(|folder| fs::read_dir(folder).ok()) else { return Vec::new() };
    let all = entries.flatten().filter_map(|entry| read(&entry.path()));
    let halves = all.filter_map(|under| match under {
        Under::Half(half) => Some(half),
        Under::Way(_) => None,
    });
    halves.filter(|half| half.plan.demo == aws.is_demo()).collect()
}

fn read(path: &Path) -> Option<Under> {
    let file = File::open(path).ok()?;
    let is_free = file.try_lock_shared().is_ok();
    let mut lines = BufReader::new(&file).split(b'\n').map_while(Result::ok);
    let plan: Plan = serde_json::from_slice(&lines.next()?).ok()?;
    let steps = lines.filter_map(|line| serde_json::from_slice::<Line>(&line).ok());
    let steps = steps.map(|line| (line.step, line.at, line.done)).collect();
    let half = Half { plan, steps };
    Some(if is_free { Under::Half(half) } else { Under::Way(half) })
}

/// Forgets a plan that nobody carries out any more.
pub fn forget(aws: &Aws, plan: &Plan) -> io::Result<()> {
    Kept::take_up(aws, plan)?.end()
}
