//! What is known of why one secret's rotation isn't done, with what it rests on and what could not be seen.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::by_hand::by_hand;
use super::causes::cause;
use super::code::Code;
use super::decision::{Case, Verdict};
use super::facts::Facts;
use super::failed::Whose;
use super::findings::{about_function, first_sign};
use super::overdue::attempts;
use super::quiet::patience;
use super::unknown::LOG;
use crate::domain::action::Action;
use crate::domain::catalogue::Catalogue;
use crate::domain::change::{Change, ChangeKind, Fix, Ground, Move, Tested, Users};
use crate::domain::fault::{Cause as FaultCause, Fault};
use crate::domain::invocation::Entry;
use crate::domain::plan::Plan;
use crate::domain::preflight::Check;
use crate::domain::secret::Secret;
use crate::domain::tail::NoLog;
use crate::domain::trail::{Cancellation, RotationFailure, TrailEvent};
use crate::domain::undo::{LeftOpen, left_open};
use crate::domain::version::{Pending, Value, Version, VersionId};
use crate::text::AwsText;

/// What is known of why one secret's rotation isn't done. Times are UTC.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnosis {
    /// The secret, as it was described.
    pub secret: Secret,
    /// Its versions, by ListSecretVersionIds; `None` where they could not be listed.
    pub versions: Option<Vec<Version>>,
    /// The version with AWSPENDING that isn't AWSCURRENT, and the case that it makes; `None` where there is none.
    pub stuck: Option<(VersionId, Case)>,
    /// Why the last attempt failed, as far as a signature tells.
    pub cause: Option<Cause>,
    /// Attempts with this version that CloudTrail says have failed, the earliest first.
    pub failures: Vec<RotationFailure>,
    /// When rotation was turned off last, and by whom.
    pub cancelled: Option<Cancellation>,
    /// What somebody else than the function did to values and labels, by CloudTrail.
    pub by_hand: Vec<Clue>,
    /// Where none is pending: attempts since the last good rotation by CloudTrail, the earliest first.
    pub attempts: Vec<TrailEvent>,
    /// What secdash itself did to the secret since then, by its own record, the earliest first.
    pub actions: Vec<Action>,
    /// What secdash's last fix has left open, where no label has moved since.
    pub left_open: Option<LeftOpen>,
    /// What speaks against its function, or should be known of it.
    pub function: Vec<Check>,
    /// What could not be seen.
    pub gaps: Vec<Gap>,
    /// What has not answered yet.
    pub awaited: Vec<&'static str>,
    /// How long nothing must have been heard until nothing can run any more.
    pub patience: TimeDelta,
    /// When the last answer came.
    pub at: DateTime<Utc>,
}

/// Why the last attempt failed, by a signature, or by CloudTrail's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// The signature's id, or that of the words.
    pub id: String,
    /// Why.
    pub cause: AwsText,
    /// What to do.
    pub remedy: AwsText,
    /// Whence that is known.
    pub source: Option<String>,
}

/// Something that could not be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// What.
    pub what: &'static str,
    /// Why, as a sentence.
    pub why: String,
    /// What to do about it, as an imperative.
    pub next_step: Option<String>,
    /// The IAM action that is missing, where that is why.
    pub missing: Option<&'static str>,
    /// Whether it isn't there, so that nobody could see it.
    pub is_absent: bool,
}

/// Something that was seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Clue {
    /// When it was the case.
    pub at: Option<DateTime<Utc>>,
    /// What, as a sentence.
    pub sentence: String,
    /// Who says so.
    pub origin: Origin,
}

/// Who says what was seen.
#[derive(Debug, Clone, PartialEq)]
pub enum Origin {
    /// A line of the function's log.
    Line(Arc<Entry>),
    /// CloudTrail.
    Trail,
    /// DescribeSecret.
    Secret,
    /// ListSecretVersionIds.
    Versions,
    /// secdash's own record of actions.
    Record,
    /// What secdash makes of it.
    Inference,
}

impl Gap {
    /// What a fault keeps from being seen.
    pub fn of(what: &'static str, fault: &Fault) -> Self {
        let is_absent = matches!(fault.cause, FaultCause::NoLogGroup { .. });
        let (why, missing) = (fault.sentence(), fault.permission());
        Self { what, why, next_step: Some(fault.next_step()), missing, is_absent }
    }

    /// The log that there isn't.
    pub fn of_log(none: &NoLog) -> Self {
        Self { what: LOG, why: none.to_string(), next_step: None, missing: None, is_absent: false }
    }
}

impl Origin {
    /// The word for it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Line(_) => "log",
            Self::Trail => "CloudTrail",
            Self::Secret => "DescribeSecret",
            Self::Versions => "ListSecretVersionIds",
            Self::Record => "secdash's record",
            Self::Inference => "secdash",
        }
    }
}

impl Diagnosis {
    /// Puts together what was learned.
    pub fn of(facts: &Facts<'_>, catalogue: &Catalogue, gaps: Vec<Gap>, awaited: Vec<&'static str>) -> Self {
        let stuck = match facts.secret.labels.pending() {
            Pending::Other(pending) => Some((pending.clone(), facts.case(&pending))),
            Pending::None | Pending::Same => None,
        };
        let failures = stuck.as_ref().map(|(pending, _)| facts.failures_of(pending).cloned().collect());
        let mut failures: Vec<RotationFailure> = failures.unwrap_or_default();
        failures.sort_by_key(|failure| failure.at);
        let cause = stuck.as_ref().and_then(|(_, case)| cause(facts, case, &failures, catalogue));
        let first = stuck.as_ref().and_then(|(_, case)| first_sign(case, &failures));
        let by_hand = stuck.as_ref().map(|(pending, _)| by_hand(facts, pending)).unwrap_or_default();
        let of_it = facts.cancelled.iter().filter(|one| one.secret.names(facts.secret));
        let mut known = Self {
            secret: facts.secret.clone(),
            versions: facts.versions.map(<[Version]>::to_vec),
            stuck,
            cause,
            failures,
            cancelled: of_it.max_by_key(|one| one.at).cloned(),
            by_hand,
            attempts: attempts(facts),
            actions: facts.recent_actions().cloned().collect(),
            left_open: left_open(facts.actions, facts.secret),
            function: about_function(facts, first),
            gaps,
            awaited,
            patience: patience(facts.function.and_then(|function| function.configuration.as_ref().ok())),
            at: facts.now,
        };
        // Why another secret's rotation failed is no word about this one.
        let is_other = known.whose() == Some(Whose::Other);
        known.cause = known.cause.filter(|_| !is_other);
        known
    }

    /// The verdict, where there is something to judge.
    pub fn verdict(&self) -> Option<Verdict> {
        self.stuck.as_ref().map(|(_, case)| case.verdict())
    }

    /// The change that a fix makes of the labels as they were seen, on the ground of the verdict; `None` where nothing
    /// can be moved.
    pub fn change(&self, fix: Fix, tested: Option<Tested>) -> Option<Change> {
        let movement = Move::of(fix, &self.secret.labels)?;
        Some(Change::of(&self.secret, ChangeKind::Move(movement)).on_ground(self.ground(tested)))
    }

    /// On what a change rests that is made now.
    pub(super) fn ground(&self, tested: Option<Tested>) -> Ground {
        let is_empty = self.stuck.as_ref().is_some_and(|(_, case)| case.value == Value::Empty);
        let users = match self.stuck.as_ref().map(|(_, case)| case.course.code) {
            Some(Code::Single) => Users::One,
            Some(Code::Alternating) => Users::Two,
            _ => Users::Unknown,
        };
        Ground { verdict: self.verdict().map_or("done", Verdict::word), tested, is_empty, users }
    }

    /// The call that moves a label before that of a fix.
    pub fn first(&self, change: &Change) -> Option<Change> {
        let plan = self.plan(change)?;
        plan.first(change, &plan.steps())
    }

    /// What becomes of rotation itself by a fix, in few words; nothing where it stays on, or where a plan of secdash's own,
    /// which may be half done, has turned it off.
    pub fn rotation(&self, change: &Change) -> Option<&'static str> {
        let is_own = |action: &Action| action.change == ChangeKind::TurnOff.word();
        let plan = self.plan(change).filter(|_| !self.actions.iter().any(is_own))?;
        if plan.turns_off && self.refuses().is_some() {
            return Some("turned off before it; as its function is, AWS may refuse to turn it on again");
        }
        plan.rotation()
    }

    /// What to know of a plan before it is confirmed, as sentences.
    pub fn warnings(&self, plan: &Plan) -> Vec<String> {
        let blocked = self.refuses().filter(|_| plan.turns_off);
        let stays = blocked.map(|check| format!("Rotation may stay off then. {}", check.sentence));
        plan.warning().into_iter().chain(stays).collect()
    }

    /// The plan that carries a fix out.
    pub fn plan(&self, change: &Change) -> Option<Plan> {
        Plan::of(self, change.movement()?.fix, change.ground.and_then(|ground| ground.tested))
    }

    /// Whether the evidence, and what a person says that they tested, allow a fix now; else why not.
    pub fn allows(&self, fix: Fix, tested: Option<Tested>) -> Result<(), String> {
        if self.change(fix, tested).is_none() {
            return Err(self.nothing_to_move(fix));
        }
        if let Some(why) = self.immovable() {
            return Err(why);
        }
        if fix == Fix::RollBack {
            return self.allows_roll_back(tested);
        }
        let Some((_, case)) = &self.stuck else { return Err(self.nothing_to_move(fix)) };
        let offers = case.offers();
        let mut of_it = offers.iter().filter(|offer| offer.fix == fix);
        if of_it.any(|offer| offer.tested.is_none() || offer.tested == tested) {
            return Ok(());
        }
        Err(self.lacks(fix).map_or_else(|| self.speaks_against(fix), |needed| self.needs(needed)))
    }

    /// What a person would have to say that they tested, for a fix to be allowed.
    pub(super) fn lacks(&self, fix: Fix) -> Option<Tested> {
        match &self.stuck {
            Some((_, case)) => case.offers().into_iter().find(|offer| offer.fix == fix)?.tested,
            None => (fix == Fix::RollBack && self.change(fix, None).is_some()).then_some(Tested::Previous),
        }
    }

    /// What was rotated in can be given up for what was there before, by whoever knows that this works.
    fn allows_roll_back(&self, tested: Option<Tested>) -> Result<(), String> {
        if self.stuck.is_some() {
            return Err("AWSPENDING is on another version: that comes first.".to_owned());
        }
        if tested == Some(Tested::Previous) { Ok(()) } else { Err(self.needs(Tested::Previous)) }
    }
}
