//! A rotation followed to its end: labels, CloudTrail's events and log lines as they come, put together to its progress.
//!
//! Nothing of it is kept by secdash: a rotation that somebody else began is followed by the same means.

use std::pin::Pin;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures::future::{BoxFuture, OptionFuture};
use futures::stream::{self, BoxStream, Fuse};
use futures::{FutureExt, Stream, StreamExt, TryStreamExt};

use crate::aws::Aws;
use crate::domain::fault::Fault;
use crate::domain::inspection::Inspection;
use crate::domain::invocation::{Attribution, Dealt, Lines, Run, Shown};
use crate::domain::permission::Operation;
use crate::domain::progress::{End, Evidence, Followed, GRACE, LONGEST, LogUpdate, Progress, Sight, Update};
use crate::domain::rotation::Step;
use crate::domain::secret::SecretId;
use crate::domain::tail::{NoEvents, NotLive, Source, TailUpdate};
use crate::domain::trail::RotationFailure;
use crate::ops::inspect::inspect;

/// How often the secret is looked at: its labels are what tells success.
const LOOK: Duration = Duration::from_secs(3);

/// How often CloudTrail is asked; its events come minutes late.
const TRAIL: Duration = Duration::from_secs(30);

/// How long the log is waited for after the labels have told the end: its last lines are on their way.
const LAST_LINES: Duration = Duration::from_secs(3);

/// Events and looks are dated by several clocks.
const MARGIN: TimeDelta = TimeDelta::seconds(5);

/// What is followed, and what is known of it already.
pub struct Start {
    /// The secret.
    pub id: SecretId,
    /// The rotation.
    pub followed: Followed,
    /// The tail of the function's log, where it has one that can be read.
    pub tail: BoxStream<'static, TailUpdate>,
    /// Whether the log group's name is only guessed: then its silence says nothing.
    pub is_guessed: bool,
    /// How long its steps take usually, where somebody wants to know: it costs a look at the log of the last rotation.
    pub usual: Option<BoxFuture<'static, Vec<(Step, Duration)>>>,
}

/// Why the log's silence may say nothing.
struct Hearing {
    /// Lines may be missing that can't be read.
    has_gap: bool,
    /// The log group isn't there.
    is_missing: bool,
    /// Its name is only guessed.
    is_guessed: bool,
}

impl Hearing {
    fn is_in_doubt(&self) -> bool {
        self.has_gap || self.is_missing || self.is_guessed
    }
}

struct Watch {
    aws: Aws,
    id: SecretId,
    followed: Followed,
    evidence: Evidence,
    lines: Lines,
    tail: Fuse<BoxStream<'static, TailUpdate>>,
    look: BoxFuture<'static, Inspection>,
    trail: Option<BoxFuture<'static, Result<Vec<RotationFailure>, Fault>>>,
    usual: Option<BoxFuture<'static, Vec<(Step, Duration)>>>,
    told: Option<Progress>,
    hearing: Hearing,
    /// Lines that are to be given out with the progress that they make.
    fresh: Dealt,
    troubles: Vec<Fault>,
    /// What is still to be given out.
    out: std::collections::VecDeque<Update>,
    /// When to stop waiting for the last lines, after the end was told by labels.
    closing: Option<BoxFuture<'static, ()>>,
    /// Whether the last lines were waited for.
    is_closed: bool,
    is_over: bool,
}

/// Follows a rotation until it has ended. Stop reading to stop following; the rotation goes on in AWS.
pub fn follow(aws: &Aws, start: Start) -> impl Stream<Item = Update> + Send + 'static {
    stream::unfold(Watch::new(aws.clone(), start), |mut watch| async move { Some((watch.next().await?, watch)) })
}

impl Watch {
    fn new(aws: Aws, start: Start) -> Self {
        let Start { id, followed, tail, is_guessed, usual } = start;
        let run = Run {
            secret: followed.secret.clone(),
            version: Some(followed.version.clone()),
            from: followed.since - MARGIN,
            until: None,
        };
        let look = look(&aws, &id, Duration::ZERO);
        let trail = Some(failures(&aws, &id, followed.since, TRAIL));
        Self {
            aws,
            id,
            followed,
            evidence: Evidence::default(),
            lines: Lines::new(run),
            tail: tail.fuse(),
            look,
            trail,
            usual,
            told: None,
            hearing: Hearing { has_gap: false, is_missing: false, is_guessed },
            fresh: Dealt::default(),
            troubles: Vec::new(),
            out: std::collections::VecDeque::new(),
            closing: None,
            is_closed: false,
            is_over: false,
        }
    }

    async fn next(&mut self) -> Option<Update> {
        loop {
            if let Some(update) = self.out.pop_front() {
                return Some(update);
            }
            if self.is_over {
                return None;
            }
            self.learn().await;
            self.judge();
        }
    }

    /// Waits for the next thing that becomes known.
    async fn learn(&mut self) {
        let trail: OptionFuture<_> = self.trail.as_mut().into();
        let closing: OptionFuture<_> = self.closing.as_mut().into();
        let usual: OptionFuture<_> = self.usual.as_mut().into();
        tokio::select! {
            // The log comes last: a flood of it must not keep what tells the truth from being heard.
            biased;
            inspection = &mut self.look => {
                self.look = look(&self.aws, &self.id, LOOK);
                self.see(inspection);
            }
            Some(found) = trail => {
                self.trail = Some(failures(&self.aws, &self.id, self.followed.since, TRAIL));
                match found {
                    Ok(found) => {
                        self.recovered(Operation::LookupEvents);
                        self.evidence.told(&self.followed, found);
                    }
                    Err(fault) => self.trouble(fault),
                }
            }
            Some(usual) = usual => {
                self.usual = None;
                if !usual.is_empty() {
                    self.out.push_back(Update::Usual(usual));
                }
            }
            Some(()) = closing => {
                self.closing = None;
                self.is_closed = true;
            }
            Some(update) = self.tail.next() => self.take(update),
        }
    }

    fn take(&mut self, update: TailUpdate) {
        match update {
            TailUpdate::Source(source) => {
                if let Source::None(NoEvents::InfrequentAccess | NoEvents::Fault(_)) = source {
                    self.evidence.log = Sight::Blind;
                } else if self.evidence.log == Sight::Blind && !self.hearing.has_gap {
                    self.evidence.log = Sight::Reading;
                }
                self.hearing.is_missing = matches!(source, Source::Polling { because: NotLive::NoGroup, .. });
                self.out.push_back(Update::Log(LogUpdate::Source(source)));
            }
            TailUpdate::Events(events) => {
                let dealt = self.lines.take_all(events);
                self.fresh.extend(dealt);
            }
            TailUpdate::Sampled(range) => self.out.push_back(Update::Log(LogUpdate::Sampled(range))),
            TailUpdate::Filled(range) => self.out.push_back(Update::Log(LogUpdate::Filled(range))),
            TailUpdate::Unread { range, because } => {
                self.hearing.has_gap = true;
                self.evidence.log = Sight::Blind;
                self.out.push_back(Update::Log(LogUpdate::Unread(range, because)));
            }
            // What is read later doesn't fill a gap; and a group that isn't there may be one that the function's role may
            // not make, or one whose name is only guessed.
            TailUpdate::Complete(_) if self.hearing.is_in_doubt() => {}
            TailUpdate::Complete(until) => {
                let is_kept = self.lines.invocations().dropped().until.is_none_or(|until| until < self.followed.since);
                if is_kept {
                    self.evidence.log = Sight::Complete(until);
                }
            }
        }
    }

    fn see(&mut self, inspection: Inspection) {
        let at = self.aws.now();
        let timeout = self.followed.timeout.unwrap_or(LONGEST);
        let held = TimeDelta::from_std(timeout).map_or(TimeDelta::MAX, |timeout| timeout + GRACE);
        let overdue = at.checked_sub_signed(held).map(|before| self.lines.overdue(before));
        self.fresh.shown.extend(overdue.unwrap_or_default());
        if let Ok(secret) = &inspection.secret {
            let versions = inspection.versions.as_deref().ok();
            if self.evidence.labels.as_ref().is_none_or(|(_, before)| *before != secret.labels) {
                self.out.push_back(Update::Labels(secret.labels.clone()));
            }
            self.evidence.saw(&self.followed, at, &secret.labels, secret.rotation_enabled, versions);
        }
        if inspection.secret.is_ok() {
            self.recovered(Operation::DescribeSecret);
        }
        if inspection.versions.is_ok() {
            self.recovered(Operation::ListSecretVersionIds);
        }
        for fault in inspection.faults() {
            self.trouble(fault.clone());
        }
        self.out.push_back(Update::Looked(Box::new(inspection)));
    }

    /// Takes a trouble back.
    fn recovered(&mut self, operation: Operation) {
        let before = self.troubles.len();
        self.troubles.retain(|fault| fault.operation != operation);
        if self.troubles.len() < before {
            self.out.push_back(Update::Recovered(operation));
        }
    }

    /// Tells of a fault, once for each operation.
    fn trouble(&mut self, fault: Fault) {
        if self.troubles.iter().all(|told| told.operation != fault.operation) {
            self.troubles.push(fault.clone());
            self.out.push_back(Update::Trouble(fault));
        }
    }

    fn progress(&self) -> Progress {
        let run = self.lines.run();
        // What was over before it began is none of it, and needn't be searched.
        let recent = self.lines.invocations().iter().filter(|one| one.last() >= run.from);
        let dealt: Vec<_> = recent.map(|one| (one.attribution(run), one)).collect();
        let of = |wanted| dealt.iter().filter(move |(whose, _)| *whose == wanted).map(|(_, one)| *one);
        let (ours, nameless) = (of(Attribution::ThisRotation), of(Attribution::Unattributed { within: true }));
        Progress::of(&self.followed, &self.evidence, ours, nameless, self.aws.now())
    }

    /// What is still held. After a success nothing is left to be explained by lines that name nobody.
    fn rest(&mut self, end: &End) -> Vec<Shown> {
        let mut rest = self.lines.rest();
        if matches!(end, End::Succeeded { .. }) {
            for shown in &mut rest {
                if let Attribution::Unattributed { within } = &mut shown.attribution {
                    *within = false;
                }
            }
        }
        rest
    }

    /// Tells how far it has come, where that is further than was told.
    fn judge(&mut self) {
        let mut progress = self.progress();
        let is_done = |progress: &Progress| progress.next().is_none();
        if self.evidence.current.is_none() && is_done(&progress) && !self.told.as_ref().is_some_and(is_done) {
            // The log says that all is done. The labels must say it too; they are asked at once.
            self.look = look(&self.aws, &self.id, Duration::ZERO);
        }
        let is_new = self.told.as_ref().is_none_or(|told| {
            (&told.steps, told.attempt, told.begun) != (&progress.steps, progress.attempt, progress.begun)
        });
        match progress.end.clone() {
            Some(End::Succeeded { .. }) if !self.is_closed && self.evidence.log != Sight::Blind => self.close(),
            Some(end) => {
                let rest = self.rest(&end);
                self.fresh.shown.extend(rest);
                let progress = self.progress();
                let fresh = std::mem::take(&mut self.fresh);
                self.out.push_back(Update::News(fresh, progress.clone()));
                self.out.push_back(Update::Ended(end, progress));
                self.is_over = true;
                return;
            }
            None => (self.closing, self.is_closed) = (None, false),
        }
        // While its last lines are waited for it hasn't ended for anybody who reads.
        progress.end = None;
        if is_new || !self.fresh.is_empty() {
            self.out.push_back(Update::News(std::mem::take(&mut self.fresh), progress.clone()));
        }
        self.told = Some(progress);
    }
}

impl Watch {
    /// Waits for the last lines from here on.
    fn close(&mut self) {
        let aws = self.aws.clone();
        self.closing.get_or_insert_with(|| async move { aws.sleep(LAST_LINES).await }.boxed());
    }
}

/// Looks at the secret after a while.
fn look(aws: &Aws, id: &SecretId, after: Duration) -> BoxFuture<'static, Inspection> {
    let (aws, id) = (aws.clone(), id.clone());
    async move {
        aws.sleep(after).await;
        inspect(&aws, &id).await
    }
    .boxed()
}

/// Asks CloudTrail for failed attempts after a while.
fn failures(
    aws: &Aws,
    id: &SecretId,
    since: DateTime<Utc>,
    after: Duration,
) -> BoxFuture<'static, Result<Vec<RotationFailure>, Fault>> {
    let (aws, context) = (aws.clone(), id.context.clone());
    async move {
        aws.sleep(after).await;
        let pages: Vec<_> = aws.rotation_failures(&context, since - MARGIN).try_collect().await?;
        Ok(pages.into_iter().flat_map(|page| page.records).collect())
    }
    .boxed()
}

/// A tail that tells nothing: of a secret without a function, or whose log nobody may read.
pub fn no_tail() -> Pin<Box<dyn Stream<Item = TailUpdate> + Send>> {
    stream::pending().boxed()
}
