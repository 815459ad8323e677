//! Plans that are under way, kept in files beside the record of actions: whoever is killed in the middle leaves one behind.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::aws::Aws;
use crate::domain::plan::{Half, Plan, PlanStep, Under};
use crate::domain::secret::Secret;
use crate::private::private;
use crate::text::safe;

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

/// How often it is tried to lock a file, and how long is waited between: whoever reads a plan holds it for a moment.
const TRIES: u32 = 20;
const BETWEEN: Duration = Duration::from_millis(5);

/// How the names of the files begin whose plans are on an AWS that lives in memory.
const DEMO: &str = "demo-";

/// The folder: beside the record of actions.
fn folder(aws: &Aws) -> Option<PathBuf> {
    Some(aws.guard().record.file()?.parent()?.join("plans"))
}

/// A file's name for a secret, seen through an endpoint: names of secrets may be longer than names of files.
fn file_name(secret: &str, endpoint: Option<&str>, is_demo: bool) -> String {
    // FNV-1a, <https://www.rfc-editor.org/rfc/rfc9923>: the same on every machine; the plan itself tells whose it is.
    let endpoint = endpoint.into_iter().flat_map(|endpoint| std::iter::once(0).chain(endpoint.bytes()));
    let hash = secret
        .bytes()
        .chain(endpoint)
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let demo = if is_demo { DEMO } else { "" };
    format!("{demo}{hash:016x}.jsonl")
}

impl Kept {
    /// Writes a plan down before its first call. A plan of this secret that is there already is refused.
    pub(super) fn begin(aws: &Aws, plan: &Plan) -> io::Result<Self> {
        let folder = folder(aws).ok_or_else(|| io::Error::other("there is no folder for it"))?;
        fs::create_dir_all(&folder)?;
        let mut kept = Self::open(folder.join(name_of(plan)), true)?;
        let mut text = Vec::new();
        kept.file.read_to_end(&mut text)?;
        if text.contains(&b'\n') {
            return Err(io::Error::other(format!("another plan is in {}", kept.path.display())));
        }
        // Whoever was stopped before the plan stood there whole has done nothing of it.
        kept.file.set_len(0)?;
        kept.line(plan)?;
        Ok(kept)
    }

    /// Opens a plan's file, and keeps every other program out of it.
    fn open(path: PathBuf, is_new: bool) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        let file = private(options.append(true).read(true).create(is_new)).open(&path)?;
        if !(0..TRIES).any(|_| file.try_lock().is_ok() || pause()) {
            return Err(io::Error::other("another program carries out a plan of this secret"));
        }
        if is_there(&file, &path) {
            return Ok(Self { file, path });
        }
        Err(io::Error::other("another program has just come to the end of a plan of this secret"))
    }

    /// Takes up what another program has left, or puts this plan in its place.
    pub(super) fn take_up(aws: &Aws, plan: &Plan) -> io::Result<Self> {
        let folder = folder(aws).ok_or_else(|| io::Error::other("there is no folder for it"))?;
        let mut kept = Self::open(folder.join(name_of(plan)), false)?;
        let mut text = Vec::new();
        kept.file.read_to_end(&mut text)?;
        // A line that was cut off in the middle must not spoil the next one.
        kept.file.write_all(b"\n")?;
        if half(&text).is_none_or(|half| half.is_ok_and(|half| half.plan != *plan)) {
            kept.line(plan)?;
        }
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
    let context = &secret.id.context;
    let path = folder(aws)?.join(file_name(secret.id.arn.raw(), context.endpoint.as_deref(), context.is_demo()));
    let under = read(&path)?;
    match &under {
        Under::Way(half) | Under::Half(half) if !half.plan.is_on(secret) => {
            let why = format!("it is the plan of another secret, {}", safe(&half.plan.name));
            Some(Under::Unread { path, why })
        }
        _ => Some(under),
    }
}

/// Every plan that whoever carried it out has left half done, and every file of one that can't be read.
pub fn left(aws: &Aws) -> Vec<Under> {
    let Some(entries) = folder(aws).and_then(|folder| fs::read_dir(folder).ok()) else { return Vec::new() };
    let all = entries.flatten().filter_map(|entry| read(&entry.path()));
    let is_ours = |under: &Under| match under {
        Under::Half(half) => half.plan.demo == aws.is_demo(),
        Under::Unread { path, .. } => {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with(DEMO) == aws.is_demo()
        }
        Under::Way(_) => false,
    };
    all.filter(is_ours).collect()
}

/// What a file says; nothing where there is none, or where whoever began it has done nothing yet.
fn read(path: &Path) -> Option<Under> {
    let unread = |why: String| Some(Under::Unread { path: path.to_owned(), why });
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => return None,
        Err(e) => return unread(e.to_string()),
    };
    let is_free = file.try_lock_shared().is_ok();
    let mut text = Vec::new();
    if let Err(e) = file.read_to_end(&mut text) {
        return unread(e.to_string());
    }
    match half(&text) {
        Some(Ok(half)) => Some(if is_free { Under::Half(half) } else { Under::Way(half) }),
        Some(Err(e)) => unread(format!("it doesn't begin with a plan: {e}")),
        None if is_free => None,
        None => unread("another program is just writing it".to_owned()),
    }
}

/// What a file's text says; nothing where no plan stands in it whole.
fn half(text: &[u8]) -> Option<serde_json::Result<Half>> {
    let mut lines = text.split_inclusive(|byte| *byte == b'\n');
    let first = lines.next().filter(|first| first.ends_with(b"\n"))?;
    let plan = match serde_json::from_slice(first) {
        Ok(plan) => plan,
        Err(e) => return Some(Err(e)),
    };
    let mut half = Half { plan, steps: Vec::new() };
    for line in lines {
        // A step whose line was cut off was not begun; where it is done, the secret tells.
        if let Ok(line) = serde_json::from_slice::<Line>(line) {
            half.steps.push((line.step, line.at, line.done));
        } else if let Ok(plan) = serde_json::from_slice(line) {
            half.take(plan);
        }
    }
    Some(Ok(half))
}

fn name_of(plan: &Plan) -> String {
    file_name(&plan.secret, plan.endpoint.as_deref(), plan.demo)
}

/// Waits a moment; never the end of it.
fn pause() -> bool {
    std::thread::sleep(BETWEEN);
    false
}

/// Whether the file that was locked is still the one of that name: whoever had it may have come to the end of its plan.
#[cfg(unix)]
fn is_there(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let id = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
    let (ours, theirs) = (file.metadata().map(id), fs::metadata(path).map(id));
    matches!((ours, theirs), (Ok(ours), Ok(theirs)) if ours == theirs)
}

/// Elsewhere a file that is open keeps its name.
#[cfg(not(unix))]
fn is_there(_: &File, path: &Path) -> bool {
    path.exists()
}

/// Forgets a plan that nobody carries out any more.
pub fn forget(aws: &Aws, plan: &Plan) -> io::Result<()> {
    Kept::take_up(aws, plan)?.end()
}
