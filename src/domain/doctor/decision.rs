//! The verdict on a stuck AWSPENDING: which password is in use, and which label may move without locking anybody out.

use chrono::{DateTime, Utc};

use super::code::Code;
use super::course::{Course, Sight};
use super::quiet::Quiet;
use super::unlogged::Unlogged;
use crate::domain::change::{Fix, Tested};
use crate::domain::rotation::Step;
use crate::domain::version::Value;

/// What the verdict rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Whether the pending version has a value, by ListSecretVersionIds.
    pub value: Value,
    /// Whether a line proves that it has one although nobody may list the versions: its password was set, or let
    /// somebody in.
    pub is_used: bool,
    /// What the log tells of the attempts.
    pub course: Course,
    /// The furthest step in which CloudTrail says that an attempt with this version failed.
    pub failed_at: Option<Step>,
    /// A setSecret of which the log has no line.
    pub unlogged: Option<Unlogged>,
    /// Whether another version got its value after the pending one did: put by hand, or rotated in meanwhile.
    pub is_overtaken: bool,
    /// Whether anything may run.
    pub quiet: Quiet,
    /// Since when nothing can have run (UTC), where that is known: what a person tested before that may be so no longer.
    pub still_since: Option<DateTime<Utc>>,
}

/// Which password is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// setSecret was not reached, or ended before it changed anything: AWSCURRENT's.
    Current,
    /// testSecret was let in with the pending one: that.
    Pending,
    /// setSecret reported success: likely the pending one; of users who take turns, that of the one who isn't in use.
    LikelyPending,
    /// No password was taken, or the database can't be reached.
    Neither,
    /// Not known.
    Unknown,
}

/// A fix that may be offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Offer {
    /// What.
    pub fix: Fix,
    /// What the person must say that they tested; `None`: the evidence is enough.
    pub tested: Option<Tested>,
    /// Whether it must be waited first until every attempt has ended, and the verdict be made anew then.
    pub waits: bool,
}

impl Case {
    /// Which password is in use, as far as that was seen.
    pub fn verdict(&self) -> Verdict {
        let course = &self.course;
        let is_template = !matches!(course.code, Code::Custom | Code::Unknown);
        match self.value {
            Value::Empty if course.has_set() => return Verdict::Unknown,
            Value::Empty => return Verdict::Current,
            Value::Unknown if !self.is_used => return Verdict::Unknown,
            Value::Unknown | Value::Put(_) => {}
        }
        if !is_template || self.is_overtaken {
            return Verdict::Unknown;
        }
        match &course.set {
            Some(set) if course.no_login.as_ref().is_some_and(|line| line.event.at > set.event.at) => Verdict::Neither,
            // A later attempt tried the pending password first, and went on to what it has no use for then.
            Some(set) if course.untaken.as_ref().is_some_and(|line| line.event.at > set.event.at) => Verdict::Unknown,
            Some(_) => self.after_set(),
            None if course.has_set() => match course.tested {
                Some((false, _)) => Verdict::LikelyPending,
                _ => Verdict::Unknown,
            },
            // An attempt that left no line may have come further than those that did.
            None if self.failed_at > Some(Step::Set) => Verdict::Unknown,
            None => self.before_set(),
        }
    }

    /// setSecret reported success.
    fn after_set(&self) -> Verdict {
        match &self.course.tested {
            Some((true, _)) => Verdict::Pending,
            _ => Verdict::LikelyPending,
        }
    }

    /// No line says that setSecret did anything; that counts only where every line is there.
    fn before_set(&self) -> Verdict {
        let course = &self.course;
        match course.sight {
            Sight::Whole if course.unclear.is_some() || self.unlogged.is_some_and(Unlogged::is_open) => {
                Verdict::Unknown
            }
            Sight::Whole if course.no_login.is_some() => Verdict::Neither,
            Sight::Whole => Verdict::Current,
            Sight::Tail | Sight::Hidden | Sight::None => Verdict::Unknown,
        }
    }

    /// Whether the pending version is known to have a value: it is listed, or lines of the log say so.
    pub fn has_value(&self) -> bool {
        match self.value {
            Value::Put(_) => true,
            Value::Unknown => self.is_used || self.course.stored.is_some(),
            Value::Empty => false,
        }
    }

    /// Whether a step behind setSecret was reached by an invocation that names no secret, in a log that tells of no other.
    fn may_be_behind_set(&self) -> bool {
        let unclear = self.course.unclear.as_ref().and_then(|unclear| unclear.step);
        unclear > Some(Step::Set) && !self.course.is_shared
    }

    /// Whether finishSecret was reached.
    pub(super) fn is_at_finish(&self) -> bool {
        self.course.finishing.is_some() || self.failed_at == Some(Step::Finish)
    }

    /// What may be offered. AWSPENDING is never dropped where any sign says that setSecret returned: the password may be
    /// the pending one, and nothing but that version has it. Where the versions can't be listed it isn't dropped at all, and
    /// promoted on a person's word alone: whoever has logged in with its password knows that it has one.
    pub fn offers(&self) -> Vec<Offer> {
        let has_set = self.course.has_set() || self.failed_at > Some(Step::Set) || self.may_be_behind_set();
        let (is_listed, may_have) = (matches!(self.value, Value::Put(_)), self.value != Value::Empty);
        let of = |fix, tested| Offer { fix, tested, waits: !self.quiet.is_quiet() };
        match self.verdict() {
            Verdict::Current => vec![of(Fix::Drop, None)],
            Verdict::Pending => vec![of(Fix::Promote, (!is_listed).then_some(Tested::Pending))],
            Verdict::LikelyPending | Verdict::Neither | Verdict::Unknown => {
                let promote = may_have.then(|| of(Fix::Promote, Some(Tested::Pending)));
                let drop = (!has_set && is_listed).then(|| of(Fix::Drop, Some(Tested::Current)));
                // Where setSecret let nobody in, and never said that it set anything, the pending password is no likely one.
                let is_unlikely = self.verdict() == Verdict::Neither && !has_set;
                let (first, then) = if is_unlikely { (drop, promote) } else { (promote, drop) };
                first.into_iter().chain(then).collect()
            }
        }
    }
}

impl Verdict {
    /// The letter that it has in the table of verdicts.
    pub fn letter(self) -> &'static str {
        match self {
            Self::Current => "A",
            Self::Pending => "B1",
            Self::LikelyPending => "B2",
            Self::Neither => "C",
            Self::Unknown => "D",
        }
    }

    /// The word for it in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Pending => "pending",
            Self::LikelyPending => "likely-pending",
            Self::Neither => "neither",
            Self::Unknown => "unknown",
        }
    }

    /// The word of a verdict that was written down; `done` where nothing was pending.
    pub fn word_of(word: &str) -> &'static str {
        let all = [Self::Current, Self::Pending, Self::LikelyPending, Self::Neither, Self::Unknown];
        all.into_iter().map(Self::word).find(|known| *known == word).unwrap_or("done")
    }
}
