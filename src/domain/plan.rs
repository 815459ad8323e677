//! A fix as a plan of several calls: turn rotation off, wait until nothing runs, look again, move the label, turn rotation
//! on again, see that all is well. What of it is done is kept, so that whoever starts next knows.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::action::State;
use super::change::{
    Change, ChangeKind, Changed, Confirmed, Fix, Ground, Move, NotConfirmed, Outcome, Seen, Tested, Users, Word,
};
use super::doctor::{Diagnosis, Offer};
use super::fault::Fault;
use super::secret::Secret;
use super::version::{LabelMap, Pending, StagingLabel, VersionId};

mod half;
mod undoing;
mod words;

pub use half::{Half, Under};
pub use undoing::Undoing;

/// A step of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlanStep {
    /// CancelRotateSecret: from then on Secrets Manager begins no attempt.
    TurnOff,
    /// Nothing is done until everything that may run has ended.
    Wait,
    /// The verdict is made anew.
    Look,
    /// UpdateSecretVersionStage: AWSPENDING comes off the version that AWSCURRENT leaves, where it stayed after success.
    Tidy,
    /// UpdateSecretVersionStage.
    Move,
    /// RotateSecret with RotateImmediately=false.
    TurnOn,
    /// The labels are where they belong, and rotation is as it was.
    Verify,
}

/// What a person has confirmed. All of it is written down before the first call. Times are UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// When it was confirmed.
    pub begun: DateTime<Utc>,
    /// Whether it is on an AWS that lives in memory.
    pub demo: bool,
    /// The Region.
    pub region: String,
    /// The profile.
    pub profile: Option<String>,
    /// The endpoint in place of AWS's own.
    pub endpoint: Option<String>,
    /// The secret's ARN.
    pub secret: String,
    /// Its name.
    pub name: String,
    /// The fix, by its word.
    fix: String,
    /// The verdict, by its word.
    pub verdict: String,
    /// Whose password the person said that they logged in with, by its word.
    tested: Option<String>,
    /// The version that the label goes to.
    to: Option<String>,
    /// The version that it comes from.
    from: Option<String>,
    /// Whether rotation is turned off first, and on again after.
    pub turns_off: bool,
    /// Whether AWSPENDING comes off the version that AWSCURRENT leaves: it would count as a rotation that isn't done.
    tidies: bool,
    /// How many seconds nothing must have been heard until nothing can run any more.
    patience: i64,
    /// What the person saw.
    seen: State,
}

/// What there is to tell of a plan that is carried out.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    /// A step begins.
    Begins(PlanStep),
    /// It is waited until then (UTC), so that nothing runs.
    Waits(DateTime<Utc>),
    /// It is looked again and again until then at most (UTC), for the labels to be where they belong.
    Looks(DateTime<Utc>),
    /// A step is done.
    Done(PlanStep),
    /// A step was refused, and the plan goes on without it.
    Refused(PlanStep, Box<Changed>),
    /// The verdict was made anew.
    Looked(Box<Diagnosis>),
    /// It is over.
    Ended(PlanEnd),
}

/// How a plan ended.
#[derive(Debug, Clone, PartialEq)]
pub enum PlanEnd {
    /// The labels are where they belong, and rotation is as it was: seen then (UTC).
    Healed {
        /// The labels.
        labels: LabelMap,
        /// Why rotation couldn't be turned on again, where that is so.
        still_off: Option<Box<Changed>>,
        /// When.
        at: DateTime<Utc>,
    },
    /// It stopped before its end.
    Stopped {
        /// In which step.
        step: PlanStep,
        /// Why.
        why: Stop,
        /// Whether rotation is off by this plan.
        is_off: bool,
        /// Whether the label was moved.
        is_moved: bool,
    },
}

/// Why a plan stopped.
#[derive(Debug, Clone, PartialEq)]
pub enum Stop {
    /// The evidence doesn't allow it any more.
    NotAllowed(String),
    /// A call didn't do what it should.
    Call(Box<Changed>),
    /// Something can't be learned that must be known.
    Fault(Fault),
    /// The labels are neither as they were nor as they should be.
    Elsewhere(LabelMap),
    /// It is still not quiet.
    NeverQuiet,
    /// It can't be written down.
    NotKept(String),
    /// An attempt may have run since the person tested what it rests on; nothing runs any more.
    OldWord,
    /// The person's word doesn't confirm it.
    Word(NotConfirmed),
}

impl Plan {
    /// The plan of a fix that a diagnosis allows; `None` where nothing can be moved.
    ///
    /// Dropping and rolling back are safe only while no attempt begins, so rotation is turned off first where it is on: a
    /// password that an attempt sets meanwhile would be left without a label. Promoting is safe beside an attempt, which
    /// brings in the same version; but whether one runs must be seen, else it is turned off too.
    pub fn of(diagnosis: &Diagnosis, fix: Fix, tested: Option<Tested>) -> Option<Self> {
        let change = diagnosis.change(fix, tested)?;
        let movement = change.movement()?.clone();
        let is_on = diagnosis.secret.rotation_enabled == Some(true);
        let can_see =
            diagnosis.stuck.as_ref().is_none_or(|(_, case)| !matches!(case.quiet, super::doctor::Quiet::Unknown));
        let context = &change.on.context;
        let id = |id: Option<VersionId>| id.map(|id| id.0.raw().to_owned());
        Some(Self {
            begun: diagnosis.at,
            demo: context.is_demo(),
            region: context.region.clone(),
            profile: context.profile.clone(),
            endpoint: context.endpoint.clone(),
            secret: change.on.arn.raw().to_owned(),
            name: change.name.raw().to_owned(),
            fix: fix.word().to_owned(),
            verdict: change.ground.map_or("", |ground| ground.verdict).to_owned(),
            tested: tested.map(|tested| tested.word().to_owned()),
            turns_off: is_on && (fix != Fix::Promote || !can_see),
            tidies: fix == Fix::RollBack && diagnosis.secret.labels.pending() == Pending::Same,
            to: id(movement.to),
            from: id(movement.from),
            patience: diagnosis.patience.num_seconds(),
            seen: State::of(&change.seen),
        })
    }

    /// The plan of an offer.
    pub fn of_offer(diagnosis: &Diagnosis, offer: Offer) -> Option<Self> {
        Self::of(diagnosis, offer.fix, offer.tested)
    }

    /// What it is to come to.
    pub fn fix(&self) -> Fix {
        Fix::from_word(&self.fix).unwrap_or(Fix::Drop)
    }

    /// What the person said that they tested.
    pub fn tested(&self) -> Option<Tested> {
        self.tested.as_deref().and_then(Tested::from_word)
    }

    /// How long nothing must have been heard.
    pub fn patience(&self) -> TimeDelta {
        TimeDelta::seconds(self.patience.clamp(0, 86_400))
    }

    /// The steps, in order.
    pub fn steps(&self) -> Vec<PlanStep> {
        let quiet = [PlanStep::Wait, PlanStep::Look];
        let tidies = self.tidies.then_some(PlanStep::Tidy);
        let off = self.turns_off.then_some(PlanStep::TurnOff);
        let on = self.turns_off.then_some(PlanStep::TurnOn);
        off.into_iter().chain(quiet).chain(tidies).chain([PlanStep::Move]).chain(on).chain([PlanStep::Verify]).collect()
    }

    /// The labels when it was confirmed, right before the move, and when it is done.
    pub fn labels(&self) -> [LabelMap; 3] {
        let labels =
            |labels: &Vec<String>| labels.iter().map(|label| StagingLabel::from_aws(label)).collect::<Box<[_]>>();
        let each = self.seen.labels.iter().map(|(id, on)| (VersionId(id.as_str().into()), labels(on)));
        let before = LabelMap(each.collect());
        let tidied = if self.tidies { self.tidying().after(&before) } else { before.clone() };
        let after = self.movement().after(&tidied);
        [before, tidied, after]
    }

    /// Whether rotation was on when it was confirmed.
    pub fn was_on(&self) -> Option<bool> {
        self.seen.rotation_enabled
    }

    /// The label's move.
    pub fn movement(&self) -> Move {
        let id = |id: &Option<String>| id.as_deref().map(|id| VersionId(id.into()));
        Move { fix: self.fix(), to: id(&self.to), from: id(&self.from) }
    }

    /// AWSPENDING's way off the version that AWSCURRENT leaves.
    fn tidying(&self) -> Move {
        Move { fix: Fix::Drop, to: None, from: self.movement().from }
    }

    /// The call that moves a label before the one that the plan is about, where it is among the steps that are left.
    pub fn first(&self, change: &Change, left: &[PlanStep]) -> Option<Change> {
        let tidies = self.tidies && left.contains(&PlanStep::Tidy);
        tidies.then(|| Change { kind: ChangeKind::Move(self.tidying()), ..change.clone() })
    }

    /// Whether AWSCURRENT and AWSPREVIOUS are where they are when it is done, wherever AWSPENDING is.
    pub fn has_landed(&self, labels: &LabelMap) -> bool {
        let [_, _, after] = self.labels();
        let is_same = |label| labels.version_with(label) == after.version_with(label);
        is_same(&StagingLabel::Current) && is_same(&StagingLabel::Previous)
    }

    /// Whether it is on this secret, seen through the same context.
    pub fn is_on(&self, secret: &Secret) -> bool {
        let context = &secret.id.context;
        self.secret == secret.id.arn.raw() && self.demo == context.is_demo() && self.endpoint == context.endpoint
    }

    /// The change of a step, which must find the secret as the step before left it. It is confirmed by the word that
    /// confirms the plan: what it does is among what was shown.
    pub fn change(
        &self,
        secret: &Secret,
        step: PlanStep,
        token: VersionId,
        word: &Word,
    ) -> Result<Confirmed<Change>, NotConfirmed> {
        let [before, tidied, after] = self.labels();
        let off = if self.turns_off { Some(false) } else { self.was_on() };
        let (kind, labels, rotation_enabled) = match step {
            PlanStep::TurnOff => (ChangeKind::TurnOff, before, self.was_on()),
            PlanStep::TurnOn => (ChangeKind::TurnOn { token }, after, off),
            PlanStep::Tidy => (ChangeKind::Move(self.tidying()), before, off),
            PlanStep::Move | PlanStep::Wait | PlanStep::Look | PlanStep::Verify => {
                (ChangeKind::Move(self.movement()), tidied, off)
            }
        };
        let seen = Seen { labels, rotation_enabled, deleted: None };
        let ground = Ground {
            verdict: super::doctor::Verdict::word_of(&self.verdict),
            tested: self.tested(),
            is_empty: false,
            users: Users::Unknown,
        };
        let change = Change { on: secret.id.clone(), name: secret.name.clone(), seen, kind, ground: Some(ground) };
        change.confirmed(word.clone())
    }
}

impl PlanEnd {
    /// Whether the label has moved.
    pub fn is_moved(&self) -> bool {
        !matches!(self, Self::Stopped { is_moved: false, .. })
    }

    /// Whether something of it is left that another run can do: then what is known of it is kept.
    pub fn is_left(&self) -> bool {
        match self {
            Self::Healed { .. } => false,
            // Rotation is as it was and the label has moved: where others put the labels since is not this plan's business.
            Self::Stopped { step: PlanStep::Verify, why: Stop::Elsewhere(_), is_off, .. } => *is_off,
            Self::Stopped { why, is_off, is_moved, .. } => {
                *is_off || *is_moved || *why == Stop::OldWord || why.is_in_doubt()
            }
        }
    }
}

impl Stop {
    /// Whether something may have been changed although nothing tells.
    pub fn is_in_doubt(&self) -> bool {
        matches!(self, Self::Call(changed) if matches!(changed.outcome, Outcome::Unknown(_)))
    }
}
