//! DeleteSecret (API_DeleteSecret.html): the secret is marked, and is gone when its recovery window has passed.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::check::Check;
use super::shape::moment;
use super::state::to_change;
use crate::demo::life::Queue;
use crate::demo::rotation::Happening;
use crate::demo::rotation::record::record;
use crate::demo::secret::Mark;
use crate::demo::trail::Service;
use crate::demo::wire::answer::Refusal;
use crate::demo::wire::call::Call;
use crate::demo::world::Inner;

/// Days of a recovery window, and how many it has where nobody says it.
const LEAST: i64 = 7;
const MOST: i64 = 30;

/// What is deleted without recovery is deleted in the background, soon.
const SOON: TimeDelta = TimeDelta::seconds(5);

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Input {
    secret_id: Option<String>,
    recovery_window_in_days: Option<i64>,
    force_delete_without_recovery: Option<bool>,
}

pub(super) fn answer(world: &Inner, call: &Call, input: &Input) -> Result<Value, Refusal> {
    input.check()?;
    let is_forced = input.force_delete_without_recovery == Some(true);
    world.act(|queue, at| {
        let id = input.secret_id.as_deref().unwrap_or_default();
        if is_forced && call.secret.is_none() {
            // It is not told that there was none; what the answer has then is \[unverified\].
            return Ok(json!({ "Name": id, "DeletionDate": moment(at) }));
        }
        let (name, arn) = to_change(world, call, Some(id))?;
        replicated(world, &name, id)?;
        let days = input.recovery_window_in_days.unwrap_or(MOST);
        let (date, gone) =
            if is_forced { (at, at + SOON) } else { (at + TimeDelta::days(days), at + TimeDelta::days(days)) };
        mark(world, queue, &name, (date, gone), at);
        Ok(json!({ "ARN": arn, "Name": name, "DeletionDate": moment(date) }))
    })
}

/// Nothing is rotated any more; what runs goes on to its end.
fn mark(world: &Inner, queue: &mut Queue, name: &str, (date, gone): (DateTime<Utc>, DateTime<Utc>), at: DateTime<Utc>) {
    world.vault.change(name, |secret| {
        secret.deleted = Some(date);
        secret.last_changed = Some(at);
        secret.marks.push(Mark { from: at, to: None });
    });
    queue.forget(name);
    queue.put(gone, Happening::Gone { secret: name.to_owned(), deleted: date });
    record(world, Some(name), Service::StartDelete.act(None, None), at);
}

/// A primary that has replicas can't be deleted (replicate-secrets.html; text observed,
/// <https://github.com/getmoto/moto>).
fn replicated(world: &Inner, name: &str, id: &str) -> Result<(), Refusal> {
    let shelf = world.vault.read();
    let replicas = shelf.by_name(name).into_iter().flat_map(|secret| &secret.replicas);
    let regions: Vec<_> = replicas.map(|replica| replica.region.as_str()).collect();
    if regions.is_empty() {
        return Ok(());
    }
    let regions = regions.join(",");
    let text = format!("You can't delete secret {id} that still has replica regions [{regions}]");
    Err(Refusal::of_model("InvalidParameterException", &text))
}

impl Input {
    /// The texts are observed (<https://github.com/getmoto/moto>).
    fn check(&self) -> Result<(), Refusal> {
        let mut check = Check::default();
        check.secret_id(self.secret_id.as_deref());
        check.finish()?;
        let invalid = |text: &str| Err(Refusal::of_model("InvalidParameterException", text));
        match (self.recovery_window_in_days, self.force_delete_without_recovery) {
            (Some(_), Some(true)) => {
                invalid("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.")
            }
            (Some(days), _) if !(LEAST..=MOST).contains(&days) => {
                invalid("RecoveryWindowInDays value must be between 7 and 30 days (inclusive).")
            }
            _ => Ok(()),
        }
    }
}
