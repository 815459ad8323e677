//! What labels versions probably had before the time of which AWS's answers tell.
//!
//! Sources: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html> (what
//! moves when in a rotation), <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html>
//! (a value put without labels becomes AWSCURRENT).

use chrono::{DateTime, Utc};

use super::{Inferred, Lane, Why, created};
use crate::domain::secret::Secret;
use crate::domain::version::{StagingLabel, VersionId};

/// A span before it is cut to what isn't known.
type Guess = (VersionId, Inferred);

/// Adds to each lane, newest first, what it probably was. Nothing is inferred past the last change: since then all labels
/// are known.
pub(super) fn infer(lanes: &mut [Lane], secret: &Secret, until: DateTime<Utc>) {
    let chronicle = Chronicle::read(lanes, secret, until);
    let (changed, mut guesses) = (chronicle.changed, chronicle.guesses());
    one_at_a_time(&mut guesses);
    for (id, guess) in guesses {
        if let Some(lane) = lanes.iter_mut().find(|lane| lane.version.id == id) {
            let until = guess.until.min(changed);
            if guess.from < until {
                lane.inferred.push(Inferred { until, ..guess });
            }
        }
    }
}

/// A label sits on one version at a time: the version that got it later took it from the one that had it.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html>
fn one_at_a_time(guesses: &mut [Guess]) {
    let mut begins: Vec<_> = guesses.iter().map(|(_, guess)| (guess.label.clone(), guess.from)).collect();
    begins.sort();
    for (_, guess) in guesses {
        let own = (guess.label.clone(), guess.from);
        let next = begins.get(begins.partition_point(|begin| *begin <= own));
        if let Some((_, taken)) = next.filter(|(label, _)| *label == guess.label) {
            guess.until = guess.until.min(*taken);
        }
    }
}

/// What the dates tell, before it becomes spans.
struct Chronicle<'a> {
    /// The lanes whose dates are known, the oldest first.
    dated: Vec<&'a Lane>,
    lanes: &'a [Lane],
    rotated: Option<DateTime<Utc>>,
    /// Up to when anything may have moved: since then the labels are known.
    changed: DateTime<Utc>,
}

impl<'a> Chronicle<'a> {
    fn read(lanes: &'a [Lane], secret: &Secret, until: DateTime<Utc>) -> Self {
        let dated = lanes.iter().rev().filter(|lane| created(&lane.version).is_some()).collect();
        let known = lanes.iter().flat_map(|lane| &lane.known).map(|known| known.from).min();
        Self { dated, lanes, rotated: secret.last_rotated, changed: known.unwrap_or(until) }
    }

    fn guesses(&self) -> Vec<Guess> {
        let mut guesses = Vec::new();
        guesses.extend(self.pending());
        let (current, previous) = (self.with(&StagingLabel::Current), self.with(&StagingLabel::Previous));
        match (current, previous) {
            (Some(current), Some(previous)) if date(current) < date(previous) => {
                self.rolled_back(current, previous, &mut guesses);
            }
            (Some(current), previous) => self.in_line(current, previous, &mut guesses),
            (None, _) => {}
        }
        guesses.extend(self.deprecated(current, previous));
        guesses
    }

    fn with(&self, label: &StagingLabel) -> Option<&'a Lane> {
        self.dated.iter().copied().find(|lane| lane.version.labels.contains(label))
    }

    /// AWSPENDING on a version that isn't AWSCURRENT: since its first sign.
    fn pending(&self) -> Option<Guess> {
        let is_it = |lane: &&Lane| {
            let labels = &lane.version.labels;
            labels.contains(&StagingLabel::Pending) && !labels.contains(&StagingLabel::Current)
        };
        let lane = self.lanes.iter().find(is_it)?;
        let put = created(&lane.version).map(|at| (at, Why::ValuePut));
        let attempt = lane.attempts.first().map(|attempt| (attempt.at, Why::Attempted));
        let (from, why) = put.into_iter().chain(attempt).min_by_key(|(at, _)| *at)?;
        Some(guess(lane, StagingLabel::Pending, from, self.changed, why))
    }

    /// AWSCURRENT is newer than AWSPREVIOUS, as rotations leave them.
    fn in_line(&self, current: &'a Lane, previous: Option<&'a Lane>, guesses: &mut Vec<Guess>) {
        let put = date(current);
        let newest_by = |moment: DateTime<Utc>| {
            self.dated
                .iter()
                .rev()
                .find(|lane| date(lane) <= moment)
                .is_some_and(|lane| lane.version.id == current.version.id)
        };
        let rotated = self.rotated.filter(|rotated| put <= *rotated && newest_by(*rotated));
        let (since, why) = rotated.map_or((put, Why::Put), |rotated| (rotated, Why::Rotated));
        let stays = current.version.labels.contains(&StagingLabel::Pending);
        let (until, pending) = if stays { (self.changed, Why::Stayed) } else { (since, Why::ValuePut) };
        guesses.push(guess(current, StagingLabel::Pending, put, until, pending));
        guesses.push(guess(current, StagingLabel::Current, since, self.changed, why));
        if let Some(previous) = previous {
            guesses.push(guess(previous, StagingLabel::Current, date(previous), since, Why::Preceded));
            guesses.push(guess(previous, StagingLabel::Previous, since, self.changed, Why::Succeeded));
        }
    }

    /// AWSPREVIOUS is newer than AWSCURRENT: it was in use in between, and nobody says until when.
    fn rolled_back(&self, current: &'a Lane, previous: &'a Lane, guesses: &mut Vec<Guess>) {
        let taken = date(previous);
        guesses.push(guess(current, StagingLabel::Current, date(current), taken, Why::RolledBack));
        guesses.push(guess(current, StagingLabel::Previous, taken, self.changed, Why::RolledBack));
        guesses.push(guess(previous, StagingLabel::Current, taken, self.changed, Why::RolledBack));
    }

    /// Versions without labels: in use one after the other before AWSPREVIOUS was, or given up after it.
    fn deprecated(&self, current: Option<&'a Lane>, previous: Option<&'a Lane>) -> Vec<Guess> {
        let (Some(current), Some(previous)) = (current, previous) else { return Vec::new() };
        let older = date(current).min(date(previous));
        let mut guesses = Vec::new();
        for (place, lane) in self.dated.iter().enumerate().filter(|(_, lane)| lane.is_deprecated()) {
            let born = date(lane);
            let next = |steps: usize| self.dated.get(place + steps).map(|next| date(next).min(self.changed));
            let last_failed = lane.attempts.last().map(|attempt| attempt.at);
            match (last_failed, next(1), next(2)) {
                (Some(failed), ..) => guesses.push(guess(lane, StagingLabel::Pending, born, failed, Why::Attempted)),
                (None, next, _) if born > older => {
                    let until = next.unwrap_or(self.changed);
                    guesses.push(guess(lane, StagingLabel::Pending, born, until, Why::GivenUp));
                }
                (None, Some(taken), gone) => {
                    let gone = gone.unwrap_or(self.changed);
                    guesses.push(guess(lane, StagingLabel::Current, born, taken, Why::Succession));
                    guesses.push(guess(lane, StagingLabel::Previous, taken, gone, Why::Succession));
                }
                (None, None, _) => {}
            }
        }
        guesses
    }
}

/// When a dated lane's value was put.
fn date(lane: &Lane) -> DateTime<Utc> {
    created(&lane.version).unwrap_or_default()
}

fn guess(lane: &Lane, label: StagingLabel, from: DateTime<Utc>, until: DateTime<Utc>, why: Why) -> Guess {
    (lane.version.id.clone(), Inferred { label, from, until, why })
}
