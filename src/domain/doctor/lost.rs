//! A label that was taken off behind setSecret: nothing that readers get may lead to the password that the database has.

use super::diagnosis::Diagnosis;
use super::words::uncapital;
use crate::domain::change::{Change, ChangeKind, Fix, Move};
use crate::domain::rotation::Step;
use crate::domain::trail::{Deed, Phase, TrailEvent};
use crate::domain::version::StagingLabel;
use crate::text::moment;

impl Diagnosis {
    /// The attempt that failed behind setSecret and whose version lost AWSPENDING since, where no value came after it: nothing
    /// that readers get leads to the password that it had set.
    pub(super) fn lost(&self) -> Option<&TrailEvent> {
        let current = self.secret.labels.version_with(&StagingLabel::Current);
        let value = self.versions.iter().flatten().find(|version| Some(&version.id) == current);
        let good = self.secret.last_rotated.max(value.and_then(|version| version.created));
        let is_it = |event: &&TrailEvent| match &event.deed {
            Deed::Rotation { phase: Phase::Failed, step: Some(Step::Test | Step::Finish), version } => {
                version.is_none() || version.as_ref() != current
            }
            _ => false,
        };
        self.attempts.iter().rev().filter(is_it).find(|event| good.is_none_or(|good| event.at > good))
    }

    /// That it may have left AWSCURRENT without a password that works.
    pub(super) fn lost_so(&self, event: &TrailEvent) -> String {
        let Deed::Rotation { step, version, .. } = &event.deed else { return String::new() };
        let step = step.map_or_else(String::new, |step| format!(" at {}", step.word()));
        let version = version.as_ref().map_or_else(String::new, |version| format!(" {}", version.short()));
        format!(
            "AWSCURRENT's password may not work any more: an attempt failed{step} {}, by CloudTrail, so setSecret had returned \
             before, and AWSPENDING was taken off its version{version} since. {}",
            moment(event.at),
            self.idle()
        )
    }

    /// What to do about it: a version without a label can still be given one, while AWS keeps it.
    /// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html>
    pub(super) fn find_lost(&self, event: &TrailEvent) -> String {
        let back = match &event.deed {
            Deed::Rotation { version: Some(version), .. } => {
                let movement = Move { fix: Fix::PutBack, to: Some(version.clone()), from: None };
                let form = Change::of(&self.secret, ChangeKind::Move(movement)).aws_form();
                format!(
                    "put AWSPENDING on {} again while that version exists (`{form}`), log in with its password and promote it; if \
                     no login works, ",
                    version.short()
                )
            }
            _ => String::new(),
        };
        format!(
            "log in with AWSCURRENT's password; if it doesn't work, {back}reset the password at the database or service and \
             store it with PutSecretValue; rotate only then"
        )
    }

    /// That nobody could ask whether an attempt that failed has left a password behind, as one more sentence.
    pub(super) fn unasked_for_lost(&self) -> String {
        self.begun_gap().map_or_else(String::new, |gap| {
            let why = uncapital(&gap.why);
            format!(
                " Whether AWSPENDING was taken off behind a setSecret that had changed the password isn't known: {why}"
            )
        })
    }

    /// What to do about it.
    pub(super) fn ask_for_lost(&self) -> Option<String> {
        let gap = self.begun_gap()?;
        let ask = gap.missing.map_or_else(|| "ask again".to_owned(), |action| format!("get {action} and ask again"));
        Some(format!("{ask}, or log in with AWSCURRENT's password"))
    }
}
