//! What it comes to when a plan that is half done is taken back: one rule for whoever does it, and for whoever says so
//! before.

use super::{Half, Plan, PlanEnd, PlanStep, Stop, Under};
use crate::domain::change::{Fix, Move, Outcome};
use crate::domain::doctor::Diagnosis;
use crate::domain::undo::back;
use crate::domain::version::{LabelMap, Pending, VersionId};

/// What taking a plan back comes to.
///
/// AWS doesn't turn rotation on while AWSPENDING is on another version than AWSCURRENT:
/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html>.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undoing {
    /// A label goes back.
    Label {
        /// Its way.
        movement: Move,
        /// Whether rotation stays off that the plan turned off.
        stays_off: bool,
    },
    /// A label has moved and can't go back: why.
    Closed(String),
    /// No label goes back, and rotation is turned on again.
    TurnsOn,
    /// Rotation can't be turned on while AWSPENDING is on this version, and the plan is kept to be finished.
    Kept(VersionId),
    /// The same, but the plan would only be in the way of the right one: it is forgotten.
    StaysOff(VersionId),
    /// There is nothing to take back: the plan is forgotten.
    Forgets,
}

impl Half {
    /// What taking it back comes to, by what is known now.
    pub fn undoing(&self, diagnosis: &Diagnosis) -> Undoing {
        let (plan, secret) = (&self.plan, &diagnosis.secret);
        let is_off = secret.rotation_enabled != Some(true);
        if self.is_moved(secret) {
            return match back(plan.movement(), secret, diagnosis.versions.as_deref()) {
                Ok(movement) => Undoing::Label { movement, stays_off: plan.turns_off && is_off },
                Err(why) => Undoing::Closed(why),
            };
        }
        plan.unmoved(&secret.labels, is_off, self.goes_on(secret).is_ok() && self.is_allowed(diagnosis))
    }

    /// Whether what it rests on is so still: else it stops before any label moves.
    pub fn is_allowed(&self, diagnosis: &Diagnosis) -> bool {
        diagnosis.allows(self.plan.fix(), self.plan.tested()).is_ok()
    }
}

impl Plan {
    /// What taking it back comes to where no label has moved.
    fn unmoved(&self, labels: &LabelMap, is_off: bool, can_go_on: bool) -> Undoing {
        if !(self.turns_off && is_off) {
            return Undoing::Forgets;
        }
        match labels.pending() {
            // What a person said that they tested may be so no longer; another way out may be the right one by now.
            Pending::Other(version) if can_go_on && self.tested().is_none() => Undoing::Kept(version),
            Pending::Other(version) => Undoing::StaysOff(version),
            Pending::None | Pending::Same => Undoing::TurnsOn,
        }
    }
}

impl PlanEnd {
    /// What taking back the plan that ended so comes to; `None` where that isn't known before somebody looks again.
    pub fn undoing(&self, plan: &Plan) -> Option<Undoing> {
        let Self::Stopped { why, is_off, is_moved, .. } = self else { return None };
        let [before, ..] = plan.labels();
        match why {
            Stop::Elsewhere(labels) => Some(plan.unmoved(labels, *is_off, false)),
            Stop::Call(changed) if matches!(changed.outcome, Outcome::Moved(_) | Outcome::Unknown(_)) => None,
            // AWSCURRENT comes back to a version that has a label; one that AWSPENDING was taken off may be gone.
            _ if *is_moved => (plan.fix() != Fix::Drop && !plan.tidies).then(|| {
                let Move { fix, to, from } = plan.movement();
                let fix = if fix == Fix::Promote { Fix::RollBack } else { Fix::Promote };
                Undoing::Label { movement: Move { fix, to: from, from: to }, stays_off: *is_off }
            }),
            _ => Some(plan.unmoved(&before, *is_off, !matches!(why, Stop::NotAllowed(_)))),
        }
    }
}

impl Undoing {
    /// What it does, in words that stand behind the name of the command.
    pub fn words(&self) -> String {
        let only = |version: &VersionId| {
            format!("AWS turns rotation on only once AWSPENDING is off {}, or promoted", version.short())
        };
        match self {
            Self::Label { stays_off: false, .. } => "takes the label back".to_owned(),
            Self::Label { stays_off: true, .. } => "takes the label back, and rotation stays off".to_owned(),
            Self::Closed(_) => "can't take the label back".to_owned(),
            Self::TurnsOn => "turns rotation on again, and the plan is forgotten".to_owned(),
            Self::Kept(version) => format!("can't take it back: {}", only(version)),
            Self::StaysOff(version) => format!("forgets it, and rotation stays off: {}", only(version)),
            Self::Forgets => "forgets it".to_owned(),
        }
    }
}

impl Half {
    /// What can be done about it on the command line.
    pub fn ways(&self, diagnosis: &Diagnosis) -> String {
        let (name, undo) = (&diagnosis.secret.name, self.undoing(diagnosis).words());
        let resume = match self.goes_on(&diagnosis.secret) {
            Err(_) => return format!("`secdash fix {name} --undo` {undo}"),
            Ok(PlanStep::TurnOn | PlanStep::Verify) => "finishes it",
            Ok(_) if self.is_allowed(diagnosis) => "finishes it",
            Ok(_) => "looks again, and stops where the verdict still doesn't allow it",
        };
        let other = if self.gives_way(&diagnosis.secret) { "; another way out takes its place" } else { "" };
        format!("`secdash fix {name} --resume` {resume}{other}; `--undo` {undo}")
    }
}

impl Under {
    /// What can be done about it on the command line.
    pub fn ways(&self, diagnosis: &Diagnosis) -> String {
        let name = &diagnosis.secret.name;
        match self {
            Self::Way(_) => format!("wait until it is done; `secdash why {name}` shows where it stands"),
            Self::Half(half) => half.ways(diagnosis),
            Self::Unread { .. } => {
                format!("see with `secdash show {name}` whether rotation is off, then remove the file")
            }
        }
    }
}
