//! Rotations that were begun from here, or that are watched: how far each has come, and its log.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::log::{Log, News};
use crate::domain::change::{Changed, Outcome};
use crate::domain::fault::Fault;
use crate::domain::inspection::Inspection;
use crate::domain::pending::{Failure, Signs};
use crate::domain::preflight::Purpose;
use crate::domain::progress::{End, Followed, Progress, StepProgress, StepState, Update};
use crate::domain::rotation::Step;
use crate::domain::secret::{Secret, SecretId};
use crate::domain::version::{LabelMap, Pending};
use crate::text::AwsText;

/// How many are remembered; those that have ended make room.
const KEPT: usize = 32;

/// How many lines are kept of the log of one that has ended, when the next one begins.
const ENDED_LINES: usize = 5_000;

/// How many moves of labels are remembered of one.
const MOVES: usize = 200;

/// Where it stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Stage {
    /// The call is on its way; nobody knows yet whether AWS takes it.
    Calling,
    /// AWS is asked which rotation runs.
    Looking,
    /// No rotation runs that could be followed.
    NotRunning,
    /// Nothing has begun, or it isn't known: what came of the call.
    Answered(Box<Changed>),
    /// It is followed.
    Following,
    /// It has ended.
    Ended(End),
}

/// A rotation.
#[derive(Debug)]
pub struct Rotation {
    /// Its number, by which it is found.
    pub number: u32,
    /// The secret.
    pub id: SecretId,
    /// Its name.
    pub name: AwsText,
    /// What was asked of AWS; `None` where it ran already.
    pub purpose: Option<Purpose>,
    /// Where it stands.
    pub stage: Stage,
    /// Whether somebody has signed in to another account since: it is shown nowhere any more.
    pub is_foreign: bool,
    /// When it was asked for (UTC).
    pub asked: DateTime<Utc>,
    /// When it was seen to have ended (UTC).
    pub ended: Option<DateTime<Utc>>,
    /// When the version's value was put (UTC), as far as AWS tells.
    pub put: Option<DateTime<Utc>>,
    /// Whether no answer came to the call, so that it may not have begun at all.
    pub in_doubt: Option<Fault>,
    /// Why the change stands in no record, where that is so.
    pub unrecorded: Option<String>,
    /// What is followed.
    pub followed: Option<Followed>,
    /// How far it has come.
    pub progress: Option<Progress>,
    /// The labels each time that they were seen to have moved, the earliest first, with when that was seen (UTC).
    pub labels: Vec<(DateTime<Utc>, LabelMap)>,
    /// How long its steps take usually.
    pub usual: Vec<(Step, Duration)>,
    /// What can't be learned at the moment.
    pub troubles: Vec<Fault>,
    /// Its function's log.
    pub log: Log,
}

impl Rotation {
    /// Whether it goes on, as far as is known.
    pub fn is_live(&self) -> bool {
        matches!(self.stage, Stage::Calling | Stage::Looking | Stage::Following)
    }

    /// Whether the call is on its way.
    pub fn is_calling(&self) -> bool {
        self.stage == Stage::Calling
    }

    /// Whether it is one that has steps: turning rotation off has none.
    pub fn has_steps(&self) -> bool {
        self.purpose.is_none_or(Purpose::begins)
    }

    /// Whether only testSecret is run.
    pub fn is_trial(&self) -> bool {
        matches!(self.purpose, Some(Purpose::TestOnly | Purpose::TurnOn))
    }

    /// The step that is under way, or that ended it.
    pub fn step(&self) -> Option<&StepProgress> {
        self.progress.as_ref()?.next()
    }

    /// How long a step takes usually.
    pub fn usual(&self, step: Step) -> Option<Duration> {
        self.usual.iter().find(|(of, _)| *of == step).map(|(_, took)| *took)
    }

    /// Takes in how the secret was seen.
    pub fn looked(&mut self, inspection: &Inspection) {
        let Some(followed) = &self.followed else { return };
        let is_there = inspection.secret.as_ref().is_ok_and(|secret| secret.labels.0.get(&followed.version).is_some());
        if is_there {
            // Nobody but this call could have made the version.
            self.in_doubt = None;
            self.put = inspection.signs().since.or(self.put);
        }
    }

    /// Takes in what came of the call.
    pub fn answered(&mut self, changed: Changed) {
        self.unrecorded.clone_from(&changed.unrecorded);
        match changed.outcome {
            Outcome::Accepted { .. } if self.has_steps() => self.stage = Stage::Following,
            // It may have begun: what can be seen of it is followed.
            Outcome::Unknown(fault) if self.has_steps() => {
                (self.in_doubt, self.stage) = (Some(fault), Stage::Following);
            }
            _ => self.stage = Stage::Answered(Box::new(changed)),
        }
    }

    /// Takes in what is told of it; of its log what is different now.
    pub fn told(&mut self, update: Update, now: DateTime<Utc>, looked_at: &[super::log::Place]) -> News {
        match update {
            // What was seen of the secret is known for the secret.
            Update::Looked(_) => {}
            Update::Labels(labels) => {
                self.labels.push((now, labels));
                if self.labels.len() > MOVES {
                    self.labels.remove(1);
                }
            }
            Update::Log(update) => self.log.told(update, now),
            Update::News(dealt, progress) => {
                self.came_to(progress);
                return self.log.take(dealt, looked_at);
            }
            Update::Usual(usual) => self.usual = usual,
            Update::Trouble(fault) => self.troubles.push(fault),
            Update::Recovered(operation) => self.troubles.retain(|fault| fault.operation != operation),
            Update::Ended(end, progress) => {
                self.came_to(progress);
                (self.stage, self.ended) = (Stage::Ended(end), Some(now));
                self.log.close(now);
                self.troubles.clear();
            }
        }
        News::default()
    }

    /// What the steps of an earlier attempt took says what is usual, where nothing better does.
    fn came_to(&mut self, progress: Progress) {
        if let Some(before) = self.progress.as_ref().filter(|before| before.attempt < progress.attempt) {
            let done = before.steps.iter().filter(|step| step.state == StepState::Done);
            for (step, took) in done.filter_map(|step| Some((step.step, step.took?))) {
                if self.usual.iter().all(|(of, _)| *of != step) {
                    self.usual.push((step, took));
                }
            }
        }
        self.progress = Some(progress);
    }
}

/// The rotations, by number.
#[derive(Debug, Default)]
pub struct Rotations {
    known: Vec<Rotation>,
    next: u32,
}

impl Rotations {
    /// Takes note of one that is asked for, and answers its number. The one that is shown keeps what it has.
    pub fn begin(&mut self, secret: &Secret, purpose: Option<Purpose>, shown: Option<u32>, now: DateTime<Utc>) -> u32 {
        let is_over = |rotation: &Rotation| !rotation.is_live() && Some(rotation.number) != shown;
        for ended in self.known.iter_mut().filter(|rotation| is_over(rotation)) {
            ended.log.keep(ENDED_LINES);
        }
        if self.known.len() >= KEPT
            && let Some(at) = self.known.iter().position(is_over)
        {
            self.known.remove(at);
        }
        self.next += 1;
        self.known.push(Rotation {
            number: self.next,
            id: secret.id.clone(),
            name: secret.name.clone(),
            purpose,
            is_foreign: false,
            stage: if purpose.is_some() { Stage::Calling } else { Stage::Looking },
            asked: now,
            ended: None,
            put: None,
            in_doubt: None,
            unrecorded: None,
            followed: None,
            progress: None,
            labels: vec![(now, secret.labels.clone())],
            usual: Vec::new(),
            troubles: Vec::new(),
            log: Log::default(),
        });
        self.next
    }

    /// A rotation by its number.
    pub fn get(&self, number: u32) -> Option<&Rotation> {
        self.known.iter().find(|rotation| rotation.number == number)
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, number: u32) -> Option<&mut Rotation> {
        self.known.iter_mut().find(|rotation| rotation.number == number)
    }

    /// Every one, the earliest first.
    pub fn iter(&self) -> impl Iterator<Item = &Rotation> {
        self.known.iter()
    }

    /// The latest of a secret that has steps.
    pub fn latest(&self, id: &SecretId) -> Option<&Rotation> {
        let of_it = |rotation: &&Rotation| rotation.id == *id && rotation.has_steps() && !rotation.is_foreign;
        self.known.iter().rev().find(of_it)
    }

    /// The one of a secret that goes on, or may go on where no answer came to its call.
    pub fn live(&self, id: &SecretId) -> Option<&Rotation> {
        let of_it = |rotation: &&Rotation| rotation.id == *id && rotation.has_steps() && !rotation.is_foreign;
        self.known.iter().rev().filter(of_it).find(|rotation| rotation.is_live())
    }

    /// The signs of a secret's pending version together with when its rotation began, where that was watched from here.
    pub fn signs(&self, secret: &Secret, signs: Signs) -> Signs {
        let Pending::Other(pending) = secret.labels.pending() else { return signs };
        let Some(rotation) = self.latest(&secret.id) else { return signs };
        let Some(followed) = rotation.followed.as_ref().filter(|followed| followed.version == pending) else {
            return signs;
        };
        let since = signs.since.into_iter().chain([followed.since]).min();
        let failed = match &rotation.stage {
            Stage::Ended(end @ (End::Failed { .. } | End::TimedOut { .. })) => {
                let step = end.step().map(|step| step.word().into());
                rotation.progress.as_ref().and_then(|progress| progress.last_sign).map(|at| Failure { at, step })
            }
            _ => None,
        };
        // What the history told may be of a later attempt.
        let failure = signs.failure.into_iter().chain(failed).max_by_key(|failure| failure.at);
        Signs { failure, since, ..signs }
    }

    /// Forgets one.
    pub fn remove(&mut self, number: u32) {
        self.known.retain(|rotation| rotation.number != number);
    }

    /// Forgets all but those whose call is on its way, and answers the numbers of those that were followed.
    pub fn forget(&mut self) -> Vec<u32> {
        let (kept, gone): (Vec<_>, Vec<_>) = self.known.drain(..).partition(Rotation::is_calling);
        self.known = kept;
        self.known.iter_mut().for_each(|rotation| rotation.is_foreign = true);
        gone.iter().filter(|rotation| rotation.is_live()).map(|rotation| rotation.number).collect()
    }
}
