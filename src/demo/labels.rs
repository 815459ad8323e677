//! How staging labels move between the versions of a secret: AWS's rules, without a clock and without a wire.
//!
//! Sources: rotate-secrets_lambda-functions.html (the steps of a rotation), API_PutSecretValue.html,
//! API_RotateSecret.html, API_UpdateSecretVersionStage.html, cloudtrail_log_entries.html (RotationAbandoned).

use chrono::{DateTime, TimeDelta, Utc};

use crate::demo::secret::Version;

pub(in crate::demo) const CURRENT: &str = "AWSCURRENT";
pub(in crate::demo) const PENDING: &str = "AWSPENDING";
pub(in crate::demo) const PREVIOUS: &str = "AWSPREVIOUS";

/// Most staging labels over all versions of a secret (reference_limits.html).
const MOST_LABELS: usize = 20;

/// So many versions AWS keeps, and none goes that is younger than this (reference_limits.html).
const KEPT: usize = 100;
const KEPT_FOR: TimeDelta = TimeDelta::hours(24);

/// A staging label that was put on a version, moved to another one, or taken off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// When (UTC), to the millisecond.
    pub at: DateTime<Utc>,
    /// The label.
    pub label: String,
    /// The id of the version that it sat on; `None`: on no version.
    pub from: Option<String>,
    /// The id of the version that it sits on since then; `None`: on no version.
    pub to: Option<String>,
}

/// Why a label may not move; AWS's words where they are known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(in crate::demo) enum Refused {
    /// AWSPENDING sits on another version than AWSCURRENT (API_RotateSecret.html).
    #[error("A previous rotation isn't complete. That rotation will be reattempted.")]
    Incomplete,
    /// Observed, <https://github.com/getmoto/moto> (tests that run against AWS too).
    #[error(
        "The parameter RemoveFromVersionId can't be empty. Staging label {label} is currently attached to version \
         {version}, so you must explicitly reference that version in RemoveFromVersionId."
    )]
    Attached { label: String, version: String },
    /// Observed, <https://github.com/hashicorp/terraform-provider-aws>.
    #[error(
        "You can only move staging label AWSCURRENT to a different secret version. It can\u{2019}t be completely removed."
    )]
    CurrentStays,
    /// ResourceExistsException; AWS's own words name the secret too.
    #[error("the id {0} is already in use for a version of this secret")]
    InUse(String),
    /// AWS's words are not known, as those of the next two.
    #[error("there is no version {0}")]
    NoVersion(String),
    #[error("the staging label {0} is on no version")]
    Nowhere(String),
    /// LimitExceededException (API_UpdateSecretVersionStage.html).
    #[error("a secret has at most 20 staging labels")]
    Limit,
}

/// The version that a label sits on.
pub(in crate::demo) fn holder<'a>(versions: &'a [Version], label: &str) -> Option<&'a Version> {
    versions.iter().find(|version| version.labels.iter().any(|found| found == label))
}

/// The version that is being rotated in, or was when that failed: AWSPENDING sits on it, and AWSCURRENT doesn't.
pub(in crate::demo) fn incomplete(versions: &[Version]) -> Option<&Version> {
    holder(versions, PENDING).filter(|version| version.labels.iter().all(|label| label != CURRENT))
}

/// PutSecretValue without labels, or CreateSecret: the new version becomes AWSCURRENT at once. During a rotation
/// Secrets Manager gives that up and takes AWSPENDING off.
pub(in crate::demo) fn put(versions: &mut Vec<Version>, id: &str, at: DateTime<Utc>) -> Result<Vec<Move>, Refused> {
    let is_abandoned = incomplete(versions).is_some();
    add(versions, id, at, true)?;
    let mut moves = make_current(versions, id, at);
    if is_abandoned {
        moves.extend(place(versions, PENDING, None, at));
    }
    Ok(moves)
}

/// A rotation begins, by RotateSecret or by the schedule: AWSPENDING goes to a new version, which has no value yet.
pub(in crate::demo) fn rotate(versions: &mut Vec<Version>, id: &str, at: DateTime<Utc>) -> Result<Vec<Move>, Refused> {
    if incomplete(versions).is_some() {
        return Err(Refused::Incomplete);
    }
    add(versions, id, at, false)?;
    Ok(place(versions, PENDING, Some(id), at).into_iter().collect())
}

/// createSecret's PutSecretValue: the version gets its value, and the label is there already.
pub(in crate::demo) fn fill(versions: &mut [Version], id: &str, at: DateTime<Utc>) -> Result<(), Refused> {
    let found = versions.iter_mut().find(|version| version.id == id);
    let version = found.ok_or_else(|| Refused::NoVersion(id.to_owned()))?;
    if version.has_value {
        return Err(Refused::InUse(id.to_owned()));
    }
    version.has_value = true;
    version.created = at;
    Ok(())
}

/// UpdateSecretVersionStage with MoveToVersionId and RemoveFromVersionId. A label that sits somewhere must be taken
/// from there by name; AWSPREVIOUS follows AWSCURRENT by itself.
pub(in crate::demo) fn update(
    versions: &mut [Version],
    label: &str,
    to: Option<&str>,
    from: Option<&str>,
    at: DateTime<Utc>,
) -> Result<Vec<Move>, Refused> {
    let sits = holder(versions, label).map(|version| version.id.clone());
    match &sits {
        Some(on) if from != Some(on) && to != Some(on) => {
            return Err(Refused::Attached { label: label.to_owned(), version: on.clone() });
        }
        None if from.is_some() => return Err(Refused::Nowhere(label.to_owned())),
        _ => {}
    }
    match to {
        None if label == CURRENT => return Err(Refused::CurrentStays),
        Some(to) if versions.iter().all(|version| version.id != to) => return Err(Refused::NoVersion(to.to_owned())),
        Some(_) if sits.is_none() && count(versions) >= MOST_LABELS => return Err(Refused::Limit),
        Some(to) if label == CURRENT => return Ok(make_current(versions, to, at)),
        _ => {}
    }
    Ok(place(versions, label, to, at).into_iter().collect())
}

/// Deletes what AWS deletes in the background: versions without a label, older than a day and beyond the hundred
/// newest.
pub(in crate::demo) fn prune(versions: &mut Vec<Version>, now: DateTime<Utc>) {
    let mut dates: Vec<_> = versions.iter().map(|version| version.created).collect();
    dates.sort_unstable_by(|a, b| b.cmp(a));
    let Some(oldest) = dates.get(KEPT - 1) else { return };
    versions
        .retain(|version| !version.labels.is_empty() || version.created >= *oldest || now - version.created < KEPT_FOR);
}

fn count(versions: &[Version]) -> usize {
    versions.iter().map(|version| version.labels.len()).sum()
}

fn add(versions: &mut Vec<Version>, id: &str, at: DateTime<Utc>, has_value: bool) -> Result<(), Refused> {
    if versions.iter().any(|version| version.id == id) {
        return Err(Refused::InUse(id.to_owned()));
    }
    let (id, labels, kms_keys) = (id.to_owned(), Vec::new(), Vec::new());
    versions.push(Version { id, labels, created: at, accessed: None, has_value, kms_keys });
    Ok(())
}

/// AWSCURRENT goes to the version, and AWSPREVIOUS to the one that had it.
fn make_current(versions: &mut [Version], id: &str, at: DateTime<Utc>) -> Vec<Move> {
    let current = place(versions, CURRENT, Some(id), at);
    let before = current.as_ref().and_then(|current| current.from.clone());
    let previous = before.and_then(|before| place(versions, PREVIOUS, Some(&before), at));
    current.into_iter().chain(previous).collect()
}

/// Takes a label off where it sits and puts it where it belongs. No label moves but by this, so none sits on two
/// versions. `None` where it is there already.
fn place(versions: &mut [Version], label: &str, to: Option<&str>, at: DateTime<Utc>) -> Option<Move> {
    let from = holder(versions, label).map(|version| version.id.clone());
    if from.as_deref() == to {
        return None;
    }
    for version in versions {
        version.labels.retain(|found| found != label);
        if to == Some(&version.id) {
            version.labels.push(label.to_owned().into());
            version.labels.sort();
        }
    }
    Some(Move { at, label: label.to_owned(), from, to: to.map(str::to_owned) })
}
