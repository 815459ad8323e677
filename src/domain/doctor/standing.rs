//! How rotation stands where none is pending: what keeps the next one from running, and what to do about it.

use super::diagnosis::Diagnosis;
use super::words::{on, uncapital};
use crate::domain::pending::Signs;
use crate::domain::preflight::{Check, Grade, Rule};
use crate::domain::rotation::is_overdue;
use crate::domain::secret::Kind;
use crate::domain::trail::TrailEvent;
use crate::domain::undo::LeftOpen;
use crate::domain::version::{Pending, StagingLabel};
use crate::domain::words;
use crate::text::{AwsText, moment};

/// How rotation stands where none is pending, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Standing<'a> {
    /// It is marked for deletion: nothing rotates it, and nobody can read its value.
    Deleting,
    /// secdash's last fix has left something open.
    Open(&'a LeftOpen),
    /// An attempt failed behind setSecret, and its version has no label any more.
    Lost(&'a TrailEvent),
    /// Rotation is on, and the next one can't run: why.
    Blocked(&'a Check),
    /// Rotation is on, AWS's date has passed, and nothing that was looked at keeps it from running.
    Overdue,
    /// Rotation is off, though a function is set.
    Off,
    /// Nothing is the matter.
    Well,
}

impl Diagnosis {
    /// How rotation stands; `None` where one is pending.
    pub fn standing(&self) -> Option<Standing<'_>> {
        let secret = &self.secret;
        let is_on = secret.rotation_enabled == Some(true);
        let (blocked, lost) = (self.blocked(), self.lost());
        Some(match &self.left_open {
            _ if self.stuck.is_some() => return None,
            _ if secret.deleted.is_some() => Standing::Deleting,
            Some(open) => Standing::Open(open),
            // Its function and its dates are its primary's.
            None if self.replica_of().is_some() => Standing::Well,
            None if lost.is_some() => lost.map_or(Standing::Well, Standing::Lost),
            None if is_on && blocked.is_some() => blocked.map_or(Standing::Well, Standing::Blocked),
            None if is_overdue(secret, self.at) && !self.is_late_but_done() => Standing::Overdue,
            None if !is_on && secret.rotation_function.is_some() => Standing::Off,
            None => Standing::Well,
        })
    }

    /// Whether there is nothing to do.
    pub fn is_well(&self) -> bool {
        self.standing() == Some(Standing::Well)
    }

    /// What keeps any rotation from running.
    pub(super) fn blocked(&self) -> Option<&Check> {
        self.function.iter().find(|check| check.grade == Grade::Stops)
    }

    /// That for which AWS may refuse to turn rotation on: all that keeps one from running, but for a concurrency of 0, with
    /// which it takes the call.
    /// Source: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot_rotation.html>
    pub(super) fn refuses(&self) -> Option<&Check> {
        let mut stops = self.function.iter().filter(|check| check.grade == Grade::Stops);
        stops.find(|check| check.rule != Rule::Concurrency)
    }

    /// Whether the rotation that AWS's date was about is done: the version that is AWSPENDING and AWSCURRENT came after it.
    fn is_late_but_done(&self) -> bool {
        let secret = &self.secret;
        if secret.labels.pending() != Pending::Same {
            return false;
        }
        let current = secret.labels.version_with(&StagingLabel::Current);
        let listed = self.versions.as_ref().and_then(|all| all.iter().find(|one| Some(&one.id) == current));
        let created = listed.and_then(|version| version.created);
        created.zip(secret.next_rotation).is_none_or(|(created, next)| created > next)
    }

    /// What is the case where no rotation is pending, as a sentence.
    pub(super) fn nothing_pending(&self) -> String {
        match self.standing() {
            Some(Standing::Deleting) => self.deletion().unwrap_or_default(),
            Some(Standing::Open(LeftOpen::GivenUp { at })) => format!(
                "AWSPENDING was dropped {}: no rotation is pending, and the one that was has not been done.",
                moment(*at)
            ),
            Some(Standing::Open(LeftOpen::Demoted { at, from })) => format!(
                "The promotion of {from} was undone {at}, and AWSCURRENT is on {} again: its password likely doesn't work \
                 where setSecret had set that of {from}.",
                on(self, &StagingLabel::Current),
                from = from.short(),
                at = moment(*at)
            ),
            Some(Standing::Lost(event)) => self.lost_so(event),
            Some(Standing::Blocked(check)) => {
                let late = self.late().map_or_else(String::new, |late| format!(" {late}"));
                format!("No rotation can run: {}{late} {}", uncapital(&check.sentence), self.idle())
            }
            Some(Standing::Overdue) => {
                let late = self.late().unwrap_or_default();
                format!("{late} {}{} {}", self.whether_begun(), self.idle(), self.nothing_says_why())
            }
            Some(Standing::Off) => {
                let off = self.off().unwrap_or_default();
                let blocked = self.blocked().map_or_else(String::new, |check| {
                    format!(" It can't be turned on as it is: {}", uncapital(&check.sentence))
                });
                format!(
                    "{off}, though a function is still set: no schedule rotates the secret.{blocked} {}",
                    self.idle()
                )
            }
            Some(Standing::Well) | None => {
                let home = self.replica_of().map_or_else(String::new, |home| {
                    format!(" It is a replica: it gets its values from its primary in {home}, which is what rotates.")
                });
                format!("{}{home}{}", self.idle(), self.unasked_for_lost())
            }
        }
    }

    /// What to do where no rotation is pending, as an imperative; nothing where all is well.
    pub(super) fn advice_at_rest(&self) -> Option<String> {
        let name = &self.secret.name;
        Some(match self.standing()? {
            Standing::Deleting => format!(
                "`secdash restore {name}` if anybody still needs it; `secdash history {name}` shows who still asks for it \
                 (with cloudtrail:LookupEvents)"
            ),
            Standing::Open(LeftOpen::GivenUp { .. }) => "mend its cause, then rotate again".to_owned(),
            Standing::Open(LeftOpen::Demoted { .. }) => format!(
                "log in with the password of AWSCURRENT; if it doesn't work, `secdash fix {name} --undo` moves AWSCURRENT \
                 to the promoted version again"
            ),
            Standing::Lost(event) => self.find_lost(event),
            Standing::Blocked(check) => {
                let step = check.next_step.clone().unwrap_or_else(|| "mend that".to_owned());
                format!("{step}; then `secdash rotate {name}` rotates it")
            }
            Standing::Overdue => self.look_for_attempts(),
            Standing::Off => {
                let on = format!("`secdash rotation on {name}` turns it on, unless it is off on purpose");
                let first = self.blocked().and_then(|check| check.next_step.as_ref());
                first.map_or_else(|| on.clone(), |step| format!("{step}; then {on}"))
            }
            Standing::Well => return self.ask_for_lost(),
        })
    }

    /// Since when rotation is off and by whom, as the begin of a sentence; nothing where it is on.
    pub(super) fn off(&self) -> Option<String> {
        if self.secret.rotation_enabled == Some(true) {
            return None;
        }
        let one = self.cancelled.as_ref();
        let since = one.map_or_else(String::new, |one| format!(" since {}", moment(one.at)));
        let by = one.and_then(|one| one.by.as_ref()).map_or_else(String::new, |by| format!(" (turned off by {by})"));
        Some(format!("Rotation is off{since}{by}"))
    }

    /// That it is marked for deletion, as a sentence.
    pub(super) fn deletion(&self) -> Option<String> {
        self.secret.deleted?;
        Some(words::verdict(&self.secret, &Signs::UNKNOWN, self.at))
    }

    /// Why none of its labels can be moved from here, as a sentence.
    ///
    /// Sources: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/monitoring_cloudwatch_deleted-secrets.html>,
    /// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html>,
    /// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_managed.html>
    pub fn immovable(&self) -> Option<String> {
        let secret = &self.secret;
        match (&secret.owning_service, self.replica_of()) {
            _ if secret.deleted.is_some() => Some("It is marked for deletion, and must be restored first.".to_owned()),
            (_, Some(home)) => {
                Some(format!("It is a replica: AWS takes changes of it in {home} only, where its primary is."))
            }
            (Some(service), None) => Some(format!("{service} manages it, and only its schedule may be changed.")),
            (None, None) => None,
        }
    }

    /// The Region of its primary, where it is a replica.
    pub(super) fn replica_of(&self) -> Option<&AwsText> {
        let is_one = self.secret.kinds().contains(&Kind::Replica);
        self.secret.primary_region.as_ref().filter(|_| is_one)
    }

    /// That no label is where it must not stay.
    pub(super) fn idle(&self) -> String {
        if self.secret.labels.pending() == Pending::Same {
            return "AWSPENDING is on the version that is AWSCURRENT too: the rotation is done.".to_owned();
        }
        "AWSPENDING is on no version: no rotation is pending.".to_owned()
    }
}
