//! What the log tells of all attempts to bring one version in: whose code it is, and how far setSecret came.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::code::{Code, code_of, told};
use super::untouched::{is_no_login, is_untaken, is_untouched};
use crate::domain::invocation::{Attribution, Entry, Invocation, Invocations, Outcome, Run};
use crate::domain::log::{Kind, Platform};
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

/// What the log tells of the attempts to bring one version in.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    /// Whose code it is.
    pub code: Code,
    /// How much could be read.
    pub sight: Sight,
    /// The line in which createSecret says that it stored the value.
    pub stored: Option<Arc<Entry>>,
    /// The last line in which setSecret reports success: it set the password, or found it set by logging in with it.
    pub set: Option<Arc<Entry>>,
    /// The last line in which setSecret says that it set the password itself.
    pub changed: Option<Arc<Entry>>,
    /// The last sign that setSecret returned without an error.
    pub returned: Option<Arc<Entry>>,
    /// The last line by which setSecret ended after the pending password was not taken.
    pub untaken: Option<Arc<Entry>>,
    /// The last line of a setSecret that may have changed the password before it ended, or of what may be one.
    pub unclear: Option<Unclear>,
    /// The last line by which setSecret ended before it changed anything.
    pub refused: Option<Arc<Entry>>,
    /// The last line that says that no password was taken.
    pub no_login: Option<Arc<Entry>>,
    /// The last line in which testSecret says that it was let in, or by which it failed.
    pub tested: Option<(bool, Arc<Entry>)>,
    /// How many times testSecret has failed.
    pub refusals: usize,
    /// The last line of finishSecret.
    pub finishing: Option<Arc<Entry>>,
    /// The last invocation that failed, or may be this rotation's and did, and the line by which it did so.
    pub failing: Option<Failing>,
    /// Every createSecret of it, and all that may be its setSecret, the earliest first.
    pub ran: Vec<Ran>,
    /// Whether the log tells of another secret's rotation too.
    pub is_shared: bool,
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
    /// What its code logged last before that: in words of no template, or, where its time was up, in any.
    pub before: Option<Arc<Entry>>,
    /// Whether it is certainly this rotation's: else no line of it names a secret.
    pub is_ours: bool,
}

/// An invocation that may have changed the password, and doesn't say so.
#[derive(Debug, Clone, PartialEq)]
pub struct Unclear {
    /// Its step, where its lines tell.
    pub step: Option<Step>,
    /// Its line that tells most.
    pub line: Arc<Entry>,
    /// Whether a line says that it ended.
    pub has_ended: bool,
    /// Whether it is certainly this rotation's: else no line of it names this secret.
    pub is_ours: bool,
}

/// An invocation of createSecret, or what may be one of setSecret. Times are UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ran {
    /// `Create` or `Set`.
    pub step: Step,
    /// When it began.
    pub first: DateTime<Utc>,
    /// Its last line.
    pub last: DateTime<Utc>,
    /// Whether it is certainly this rotation's: else no line of it names a secret.
    pub is_ours: bool,
    /// Whether it failed.
    pub has_failed: bool,
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
            changed: None,
            returned: None,
            untaken: None,
            unclear: None,
            refused: None,
            no_login: None,
            tested: None,
            refusals: 0,
            finishing: None,
            failing: None,
            ran: Vec::new(),
            is_shared: false,
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
        // So may be one whose level hides Lambda's own lines, of a function that can't be asked about it: one that begins
        // nowhere ends nowhere.
        let begins = |entry: &Arc<Entry>| entry.line.kind == Kind::Platform(Platform::Start);
        course.hears_ends = !hides && ours.iter().any(|(_, one)| one.entries.iter().any(begins));
        course.is_shared = invocations.iter().any(|one| one.attribution(run) == Attribution::OtherSecret);
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
        self.ran.extend(ran(invocation, is_ours));
        match invocation.step {
            Some(Step::Create) => self.attempts += usize::from(is_ours),
            // Only what is certainly this rotation's can prove how far it came.
            Some(Step::Test) if is_ours => {
                self.returned = last(invocation);
                let test = test(invocation);
                self.refusals += usize::from(test.as_ref().is_some_and(|(passed, _)| !passed));
                self.tested = test.or(self.tested.take());
            }
            Some(Step::Finish) if is_ours => {
                self.returned = last(invocation);
                self.finishing = last(invocation);
            }
            // Some setSecret has returned before it, and nobody knows whose.
            Some(Step::Test | Step::Finish) => self.unclear = unclear(invocation, is_ours, last(invocation)),
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
            let is_change = |entry: &Entry| entry.said.as_ref().is_some_and(|said| said.what == What::Succeeded);
            self.changed = success.clone().filter(|line| is_change(line)).or(self.changed.take());
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
            self.unclear = unclear(invocation, is_ours, failing(invocation).or_else(|| last(invocation)));
        }
    }

    fn note_failure(&mut self, invocation: &Invocation, is_ours: bool) {
        // In a log of several secrets a failure that names none is no better known than one that names this one.
        let is_known = self.failing.as_ref().is_some_and(|known| known.is_ours);
        if is_failure(invocation)
            && (is_ours || !self.is_shared || !is_known)
            && let Some(line) = failing(invocation)
        {
            let before = said_before(invocation, &line);
            self.failing = Some(Failing { step: invocation.step, line, before, is_ours });
        }
    }

    /// Whether a login with the pending password worked in setSecret, which then found it set.
    pub fn was_let_in(&self) -> bool {
        let is_login = |line: &Arc<Entry>| line.said.as_ref().is_some_and(|said| said.what == What::AlreadyDone);
        self.set.as_ref().is_some_and(is_login)
    }

    /// Whether setSecret returned without an error in any attempt, or said that it did its work.
    pub fn has_set(&self) -> bool {
        self.set.is_some() || self.returned.is_some()
    }
}

fn ran(invocation: &Invocation, is_ours: bool) -> Option<Ran> {
    let step = match invocation.step {
        Some(Step::Create) => Some(Step::Create).filter(|_| is_ours),
        Some(Step::Set) | None => Some(Step::Set),
        Some(Step::Test | Step::Finish) => None,
    }?;
    let has_failed = is_failure(invocation);
    Some(Ran { step, first: invocation.started, last: invocation.last(), is_ours, has_failed })
}

fn is_failure(invocation: &Invocation) -> bool {
    matches!(invocation.outcome, Outcome::Failed(_) | Outcome::TimedOut)
}

fn unclear(invocation: &Invocation, is_ours: bool, line: Option<Arc<Entry>>) -> Option<Unclear> {
    line.map(|line| Unclear { step: invocation.step, line, has_ended: invocation.outcome != Outcome::Running, is_ours })
}

/// What the code logged last before the line by which it failed, where no template has those words: what it was about to do.
fn said_before(invocation: &Invocation, line: &Entry) -> Option<Arc<Entry>> {
    let is_late = invocation.outcome == Outcome::TimedOut;
    let is_own =
        |entry: &Entry| if is_late { entry.line.kind == Kind::Logged } else { code_of(entry) == Some(Code::Custom) };
    let earlier = |entry: &Entry| entry.place() < line.place() && is_own(entry);
    find(invocation, earlier)
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
