//! A plan that somebody began: how far it has come, where it can go on, and what there is to say of it.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::{Plan, PlanStep};
use crate::domain::change::{Fix, Seen};
use crate::domain::secret::Secret;
use crate::domain::version::{LabelMap, Pending, StagingLabel};
use crate::text::{moment, safe};

/// How far a plan has come, by what was written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Half {
    /// The plan.
    pub plan: Plan,
    /// The steps that began, with whether they are done (UTC).
    pub steps: Vec<(PlanStep, DateTime<Utc>, bool)>,
}

/// What is known of a secret's plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Under {
    /// Another program carries it out just now.
    Way(Half),
    /// Whoever carried it out is gone.
    Half(Half),
    /// There is a file in its place, and what it says isn't known.
    Unread {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
    },
}

impl Under {
    /// What is known of it, as a sentence about the secret as it is now.
    pub fn sentence(&self, secret: &Secret) -> String {
        match self {
            Self::Way(half) => {
                format!("A plan begun {} is being carried out just now.", moment(half.plan.begun))
            }
            Self::Half(half) => half.sentence(secret),
            Self::Unread { path, why } => cannot_be_read(path, why),
        }
    }

    /// That its file can't be read, as a sentence.
    pub fn unread(&self) -> Option<String> {
        match self {
            Self::Unread { path, why } => Some(cannot_be_read(path, why)),
            Self::Way(_) | Self::Half(_) => None,
        }
    }

    /// What is half done and can be gone on with.
    pub fn half(&self) -> Option<&Half> {
        match self {
            Self::Half(half) => Some(half),
            Self::Way(_) | Self::Unread { .. } => None,
        }
    }
}

fn cannot_be_read(path: &Path, why: &str) -> String {
    let path = safe(&path.to_string_lossy());
    format!("There may be a plan that is half done: its file {path} can't be read: {}.", safe(why))
}

impl Half {
    /// When a step was done (UTC).
    pub fn done(&self, step: PlanStep) -> Option<DateTime<Utc>> {
        self.steps.iter().rev().find(|(of, _, done)| *of == step && *done).map(|(_, at, _)| *at)
    }

    /// Whether the trial that turns rotation on may be running: its version has AWSPENDING for a while.
    fn is_trial(&self, secret: &Secret) -> bool {
        let began = self.steps.iter().any(|(of, ..)| *of == PlanStep::TurnOn);
        let holder = secret.labels.version_with(&StagingLabel::Pending);
        let is_on = secret.rotation_enabled == Some(true);
        began && is_on && self.plan.has_landed(&secret.labels) && holder != self.plan.movement().from.as_ref()
    }

    /// Another plan in this one's place, where no label has moved: what AWS did meanwhile, or what somebody tested, may
    /// speak for another way out. It turns rotation on again where this one turned it off. `None` where it is no other
    /// one, or where this one must be finished first.
    pub fn instead(&self, plan: Plan, secret: &Secret) -> Option<Self> {
        let is_other = (plan.fix(), plan.tested()) != (self.plan.fix(), self.plan.tested());
        let is_off = self.plan.turns_off && secret.rotation_enabled != Some(true);
        (is_other && self.can_move(secret)).then(|| {
            let mut half = self.clone();
            half.take(Plan { turns_off: plan.turns_off || is_off, ..plan });
            half
        })
    }

    /// Whether no label has moved, so that another plan can.
    fn can_move(&self, secret: &Secret) -> bool {
        matches!(self.goes_on(secret), Ok(PlanStep::TurnOff | PlanStep::Wait)) && !self.plan.tidies
    }

    /// Whether another way out of what is stuck could take its place.
    pub fn gives_way(&self, secret: &Secret) -> bool {
        self.can_move(secret) && matches!(secret.labels.pending(), Pending::Other(_))
    }

    /// Puts a plan in this one's place; of what was done, only that rotation was turned off stays true.
    pub fn take(&mut self, plan: Plan) {
        self.plan = plan;
        self.steps.retain(|(step, ..)| *step == PlanStep::TurnOff);
    }

    /// Whether the label has moved, by the secret as it is now.
    pub fn is_moved(&self, secret: &Secret) -> bool {
        matches!(self.goes_on(secret), Ok(PlanStep::TurnOn | PlanStep::Verify))
    }

    /// The steps that are left, by the secret as it is now; all where it can't be finished.
    pub fn left(&self, secret: &Secret) -> Vec<PlanStep> {
        let next = self.goes_on(secret).ok();
        self.plan.steps().into_iter().skip_while(|one| next.is_some_and(|next| *one != next)).collect()
    }

    /// Where to go on, by the secret as it is now; the labels where they are neither as they were nor as they should be.
    pub fn goes_on(&self, secret: &Secret) -> Result<PlanStep, LabelMap> {
        let [before, tidied, after] = self.plan.labels();
        let is = |labels: &LabelMap| {
            let seen = |labels: &LabelMap| Seen { labels: labels.clone(), rotation_enabled: None, deleted: None };
            seen(&Seen::of(secret).labels).is_as(&seen(labels))
        };
        let is_off = secret.rotation_enabled != Some(true);
        if self.is_trial(secret) {
            return Ok(PlanStep::Verify);
        }
        if is(&after) {
            return Ok(if self.plan.turns_off && is_off { PlanStep::TurnOn } else { PlanStep::Verify });
        }
        if !is(&before) && !is(&tidied) {
            return Err(secret.labels.clone());
        }
        Ok(if self.plan.turns_off && !is_off { PlanStep::TurnOff } else { PlanStep::Wait })
    }
}

impl Half {
    /// What is half done, as a sentence about the secret as it is now.
    pub fn sentence(&self, secret: &Secret) -> String {
        let plan = &self.plan;
        let what = match plan.fix() {
            Fix::Drop => "drop AWSPENDING",
            Fix::Promote => "promote the pending version",
            Fix::RollBack => "roll AWSCURRENT back",
            Fix::PutBack => "put AWSPENDING back",
        };
        let moved = match self.goes_on(secret) {
            Ok(PlanStep::TurnOn | PlanStep::Verify) => "the label has moved",
            Ok(_) => "the label has not moved",
            Err(_) => "the labels are where it never put them",
        };
        let rotation = match (plan.turns_off, secret.rotation_enabled != Some(true)) {
            (true, true) => ", and rotation is still off",
            (true, false) => ", and rotation is on",
            (false, _) => "",
        };
        format!("A plan to {what}, begun {}, is half done: {moved}{rotation}.", moment(plan.begun))
    }
}
