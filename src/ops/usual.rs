//! How long the steps of a secret's rotation take usually: what its function's log says of the last one that went well.

use std::pin::pin;
use std::time::Duration;

use chrono::TimeDelta;
use futures::TryStreamExt;

use crate::aws::Aws;
use crate::domain::invocation::{Attribution, Invocations, Outcome, Run};
use crate::domain::rotation::Step;
use crate::domain::secret::Secret;
use crate::domain::tail::{LogGroup, Range};
use crate::domain::version::StagingLabel;

/// How long before AWS's date of the last rotation its first line is looked for. Four steps that time out take longer;
/// a rotation that went well seldom does.
const BEFORE: TimeDelta = TimeDelta::minutes(20);

/// How long after that date its last lines may come: the date is that of the label's move.
const AFTER: TimeDelta = TimeDelta::minutes(1);

/// How many pages are read at most: others may use the same function.
const PAGES: usize = 5;

/// Looks, and answers nothing where it can't be known: it is a comfort, and not worth a word that it is missing.
pub async fn usual(aws: &Aws, secret: &Secret, group: &LogGroup) -> Vec<(Step, Duration)> {
    let Some(rotated) = secret.last_rotated else { return Vec::new() };
    let run = Run {
        secret: secret.id.arn.clone(),
        // By now another version may be on its way; the last one that arrived has this label.
        version: secret.labels.version_with(&StagingLabel::Current).cloned(),
        from: rotated - BEFORE,
        until: Some(rotated + AFTER),
    };
    let range = Range { from: run.from, until: rotated + AFTER };
    let mut invocations = Invocations::default();
    let mut pages = pin!(aws.log_events(group, range));
    for _ in 0..PAGES {
        match pages.try_next().await {
            Ok(Some(events)) => drop(invocations.take(events)),
            Ok(None) | Err(_) => break,
        }
    }
    steps(&invocations, &run)
}

/// How long each step took that went well; of several tries the last.
fn steps(invocations: &Invocations, run: &Run) -> Vec<(Step, Duration)> {
    let ours = invocations.iter().filter(|one| one.attribution(run) == Attribution::ThisRotation);
    let mut ours: Vec<_> = ours.filter(|one| one.outcome == Outcome::Finished).collect();
    ours.sort_by_key(|one| one.started);
    let took = |step: Step| {
        let of_it = ours.iter().rev().find(|one| one.step == Some(step))?;
        Some((step, of_it.report.as_ref()?.duration?))
    };
    Step::ALL.into_iter().filter_map(took).collect()
}
