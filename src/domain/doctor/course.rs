//! What the log tells of all attempts to bring one version in: whose code it is, and how far setSecret came.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::untouched::{is_no_login, is_untaken, is_untouched};
use crate::domain::invocation::{Attribution, Entry, Invocation, Invocations, Outcome, Run};
use crate::domain::log::Kind;
use crate::domain::progress::failing;
use crate::domain::rotation::Step;
use crate::domain::template::{Said, What};

/// How much of the attempts' log could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// All of it since the version got its value: the line that says so is there, and no line after it is missing.
    Whole,
    /// The newest lines; older ones are gone, or were too many.
    Tail,
    /// The function's log levels hide the lines of steps that go well.
    Hidden,
    /// Nothing.
    None,
}

/// Whose code rotates, as far as its lines tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// No line tells.
    Unknown,
    /// One of AWS's templates; which strategy it follows isn't said.
    Template,
    /// AWS's template for a single user.
    Single,
    /// AWS's template for users who take turns: the pending version is for the one who isn't in use.
    Alternating,
    /// It says things that no template says.
    Custom,
}

/// What the log tells of the attempts to bring one version in.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    /// Whose code it is.
    pub code: Code,
    /// How much could be read.
    pub sight: Sight,
    /// The line in which createSecret says that it stored the value.
    pub stored: Option<Arc<Entry>>,
    /// The last line in which setSecret reports success.
    pub set: Option<Arc<Entry>>,
    /// The last sign that setSecret returned without an error.
    pub returned: Option<Arc<Entry>>,
    /// The last line by which setSecret ended after the pending password was not taken.
    pub untaken: Option<Arc<Entry>>,
    /// The last line of a setSecret that may have changed the password before it ended, or may be one.
    pub unclear: Option<Arc<Entry>>,
    /// The last line by which setSecret ended before it changed anything.
    pub refused: Option<Arc<Entry>>,
    /// The last line that says that no password was taken.
    pub no_login: Option<Arc<Entry>>,
    /// The last line in which testSecret says that it was let in, or by which it failed.
    pub tested: Option<(bool, Arc<Entry>)>,
    /// The last line of finishSecret.
    pub finishing: Option<Arc<Entry>>,
    /// The last invocation that failed, or may be this rotation's and did, and the line by which it did so.
    pub failing: Option<Failing>,
    /// How many times createSecret began: attempts, as far as lines tell.
    pub attempts: usize,
    /// The last line of any of them (UTC).
    pub last_sign: Option<DateTime<Utc>>,
    /// Whether the log has the lines that end invocations, up to now.
    pub hears_ends: bool,
}

/// An invocation that failed.
#[derive(Debug, Clone, PartialEq)]
pub struct Failing {
    /// Its step, where its lines tell.
    pub step: Option<Step>,
    /// The line by which it failed.
    pub line: Arc<Entry>,
    /// Whether it is certainly this rotation's: else no line of it names a secret.
    pub is_ours: bool,
}

/// Steps that change something can't come before the version's value, but clocks differ.
const MARGIN: TimeDelta = TimeDelta::seconds(1);

impl Course {
    /// Nothing can be read.
    pub fn unseen() -> Self {
        Self {
            code: Code::Unknown,
            sight: Sight::None,
            stored: None,
            set: None,
            returned: None,
            untaken: None,
            unclear: None,
            refused: None,
            no_login: None,
            tested: None,
            finishing: None,
            failing: None,
            attempts: 0,
            last_sign: None,
            hears_ends: false,
        }
    }

    /// Reads all attempts of a run in a log that was read without a gap up to now. `put` is when the version got its value
    /// (UTC), where that is known: no setSecret of this version is older.
    pub fn read(invocations: &Invocations, run: &Run, put: Option<DateTime<Utc>>, hides: bool) -> Self {
        let mut course = Self { sight: Sight::Tail, ..Self::unseen() };
        let mut ours: Vec<_> = invocations
            .iter()
            .map(|one| (one.attribution(run), one))
            .filter(|(whose, one)| {
                let may_be = matches!(whose, Attribution::ThisRotation | Attribution::Unattributed { within: true });
                // The value is put within createSecret.
                may_be && put.is_none_or(|put| one.last() >= put - MARGIN || one.step == Some(Step::Create))
            })
            .collect();
        ours.sort_by_key(|(_, one)| one.started);
        // A log that never told of this secret's function may be the wrong one.
        course.hears_ends = !hides && !ours.is_empty();
        for (whose, invocation) in ours {
            course.take(run, invocation, whose == Attribution::ThisRotation);
        }
        let dropped = invocations.dropped().until;
        let is_whole = course.stored.as_ref().is_some_and(|line| dropped.is_none_or(|until| line.event.at > until));
        course.sight = match () {
            () if hides => Sight::Hidden,
            () if is_whole => Sight::Whole,
            () => Sight::Tail,
        };
        course
    }

    fn take(&mut self, run: &Run, invocation: &Invocation, is_ours: bool) {
        self.last_sign = self.last_sign.max(Some(invocation.last()));
        for entry in &invocation.entries {
            if is_ours {
                self.code = told(self.code, code_of(entry));
            }
            let said = entry.said.as_ref();
            let is_put = said.is_some_and(|said| said.step == Some(Step::Create) && said.what == What::Succeeded);
            if is_put && said.and_then(|said| said.version.as_ref()) == run.version.as_ref() {
                self.stored.get_or_insert_with(|| Arc::clone(entry));
            }
        }
        self.note_failure(invocation, is_ours);
        match invocation.step {
            Some(Step::Create) => self.attempts += usize::from(is_ours),
            // Only what is certainly this rotation's can prove how far it came.
            Some(Step::Test) if is_ours => {
                self.returned = last(invocation);
                self.tested = test(invocation).or(self.tested.take());
            }
            Some(Step::Finish) if is_ours => {
                self.returned = last(invocation);
                self.finishing = last(invocation);
            }
            // Some setSecret has returned before it, and nobody knows whose.
            Some(Step::Test | Step::Finish) => self.unclear = last(invocation),
            Some(Step::Set) | None => self.take_set(invocation, is_ours),
        }
    }

    /// A setSecret, or what may be one.
    fn take_set(&mut self, invocation: &Invocation, is_ours: bool) {
        let success = find(invocation, |entry| {
            let said = entry.said.as_ref();
            said.is_some_and(|said| {
                said.step == Some(Step::Set) && matches!(said.what, What::Succeeded | What::AlreadyDone)
            })
        });
        if success.is_some() && is_ours {
            self.set = success;
            self.returned = self.set.clone();
            return;
        }
        if let Some(line) = find(invocation, is_no_login).filter(|_| is_ours) {
            self.no_login = Some(line);
        }
        if let Some(line) = find(invocation, is_untaken).filter(|_| is_ours) {
            self.untaken = Some(line);
        }
        let is_refused = is_failure(invocation) && invocation.outcome != Outcome::TimedOut;
        if let Some(line) = find(invocation, is_untouched).filter(|_| is_refused) {
            // Another secret's refusal is no word about this one.
            self.refused = Some(line).filter(|_| is_ours).or(self.refused.take());
        } else if invocation.outcome == Outcome::Finished && invocation.step == Some(Step::Set) && is_ours {
            self.returned = last(invocation);
        } else {
            // Lambda's own last line says nothing of what was done.
            self.unclear = failing(invocation).or_else(|| last(invocation));
        }
    }

    fn note_failure(&mut self, invocation: &Invocation, is_ours: bool) {
        if is_failure(invocation)
            && let Some(line) = failing(invocation)
        {
            self.failing = Some(Failing { step: invocation.step, line, is_ours });
        }
    }

    /// Whether setSecret returned without an error in any attempt, or said that it did its work.
    pub fn has_set(&self) -> bool {
        self.set.is_some() || self.returned.is_some()
    }
}

fn is_failure(invocation: &Invocation) -> bool {
    matches!(invocation.outcome, Outcome::Failed(_) | Outcome::TimedOut)
}

fn find(invocation: &Invocation, is: impl Fn(&Entry) -> bool) -> Option<Arc<Entry>> {
    invocation.entries.iter().rev().find(|entry| is(entry)).cloned()
}

fn last(invocation: &Invocation) -> Option<Arc<Entry>> {
    invocation.entries.back().cloned()
}

/// Whether testSecret was let in, by its own word, or else failed.
fn test(invocation: &Invocation) -> Option<(bool, Arc<Entry>)> {
    let said = |entry: &Entry| {
        let passed = |said: &Said| said.step == Some(Step::Test) && said.what == What::Succeeded;
        entry.said.as_ref().is_some_and(passed)
    };
    if is_failure(invocation) {
        return failing(invocation).map(|line| (false, line));
    }
    find(invocation, said).map(|line| (true, line))
}

/// What a line tells of its code; `None` if nothing.
fn code_of(entry: &Entry) -> Option<Code> {
    if entry.line.kind != Kind::Logged || entry.line.message.raw().starts_with("LAMBDA_WARNING: ") {
        return None;
    }
    let Some(said) = &entry.said else { return Some(Code::Custom) };
    if !said.is_template {
        return Some(Code::Custom);
    }
    let text = entry.line.message.raw();
    let has = |words: &str| text.contains(words);
    Some(match () {
        () if has("Found credentials in environment variables") => return None,
        () if has("Successfully set password for user ") => Code::Single,
        () if has("previous, current, or pending secret of secret") => Code::Single,
        () if has("Successfully set password for ") => Code::Alternating,
        () if has("using current credentials for secret ") => Code::Alternating,
        () if has("using credentials in master secret ") || has("Unable to clone user") => Code::Alternating,
        () => Code::Template,
    })
}

/// What is known of the code after one more line. Lines of both strategies are of neither's template.
fn told(known: Code, line: Option<Code>) -> Code {
    match (known, line) {
        (known, None) => known,
        (Code::Single, Some(Code::Alternating)) | (Code::Alternating, Some(Code::Single)) => Code::Custom,
        (known, Some(line)) => known.max(line),
    }
}
