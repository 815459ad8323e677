//! Why a secret's rotation isn't done: everything that can be learned about it, asked side by side, and told as it comes.
//!
//! Bounded in calls: some for the secret and its function, and so many pages of the log and of each kind of event.

use std::pin::pin;

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use futures::stream::{self, FuturesUnordered};
use futures::{FutureExt, Stream, StreamExt, TryStreamExt};

use super::history::search;
use super::inspect::inspect;
use super::log_group::log_group;
use super::preflight::about_function;
use crate::aws::Aws;
use crate::domain::action::Action;
use crate::domain::catalogue::Catalogue;
use crate::domain::doctor::{
    BEGUN, BY_HAND, Diagnosis, FAILURES, Facts, Gap, LOG, failures_since, first, looked_since,
};
use crate::domain::fault::{Cause, Fault};
use crate::domain::function::{Function, FunctionFacts};
use crate::domain::inspection::Inspection;
use crate::domain::invocation::Invocations;
use crate::domain::permission::Operation;
use crate::domain::secret::Secret;
use crate::domain::tail::{LogGroup, Range};
use crate::domain::trail::{Cancellation, Covered, Depth, News, RotationFailure, Scope, TrailEvent};
use crate::domain::version::{Pending, Version, VersionId};
use crate::text::safe;

/// How many pages of the log are read at most. Of what was written since the value was put none may be missing, so a log
/// that has more than that tells nothing.
const LOG_PAGES: usize = 60;

/// How many pages of events are read at most: LookupEvents is rationed, and tells of all secrets of the account.
const TRAIL_PAGES: usize = 20;

/// An answer.
enum Part {
    Secret(Box<Inspection>),
    Function(Option<Box<FunctionFacts>>),
    Log(Option<Invocations>, Vec<Gap>),
    Failures(Vec<RotationFailure>, Option<Gap>),
    Cancelled(Vec<Cancellation>, Option<Gap>),
    Told(&'static str, Vec<TrailEvent>, Option<Gap>),
}

/// What is to be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// What a verdict rests on.
    Verdict,
    /// That, and what people did meanwhile: some look-ups more, a second each.
    Story,
}

struct Asking {
    aws: Aws,
    wish: Wish,
    secret: Secret,
    /// Since when rotation is off because secdash turned it off (UTC).
    off_since: Option<DateTime<Utc>>,
    catalogue: Catalogue,
    open: FuturesUnordered<BoxFuture<'static, Part>>,
    awaited: Vec<&'static str>,
    versions: Option<Vec<Version>>,
    function: Option<Box<FunctionFacts>>,
    log: Option<Invocations>,
    failures: Vec<RotationFailure>,
    cancelled: Vec<Cancellation>,
    changes: Vec<TrailEvent>,
    gaps: Vec<Gap>,
    /// What secdash itself did.
    actions: Vec<Action>,
}

const SECRET: &str = "the secret";
const FUNCTION: &str = "its function";
const GROUP: &str = "whether the function's log group is there";
const CANCELLED: &str = "who turned rotation off";
const CHANGES: &str = "what people did to values and labels";

/// Asks, and tells what is known after each answer; the last one is all that can be known. A secret that can't be
/// described ends it with why.
pub fn diagnose(
    aws: &Aws,
    secret: &Secret,
    off_since: Option<DateTime<Utc>>,
    catalogue: &Catalogue,
    wish: Wish,
) -> impl Stream<Item = Result<Diagnosis, Fault>> + Send + 'static {
    let mut asking = Asking {
        aws: aws.clone(),
        wish,
        secret: secret.clone(),
        off_since,
        catalogue: catalogue.clone(),
        open: FuturesUnordered::new(),
        awaited: Vec::new(),
        versions: None,
        function: None,
        log: None,
        failures: Vec::new(),
        cancelled: Vec::new(),
        changes: Vec::new(),
        gaps: Vec::new(),
        actions: Vec::new(),
    };
    let (aws, id) = (aws.clone(), secret.id.clone());
    asking.ask(SECRET, async move { Part::Secret(Box::new(inspect(&aws, &id).await)) }.boxed());
    stream::unfold(Some(asking), |asking| async move {
        let mut asking = asking?;
        match asking.next().await? {
            Ok(diagnosis) => Some((Ok(diagnosis), Some(asking))),
            Err(fault) => Some((Err(fault), None)),
        }
    })
}

/// All that can be known.
pub async fn diagnosis(
    aws: &Aws,
    secret: &Secret,
    off_since: Option<DateTime<Utc>>,
    catalogue: &Catalogue,
    wish: Wish,
) -> Result<Diagnosis, Fault> {
    let mut told = pin!(diagnose(aws, secret, off_since, catalogue, wish));
    let mut last = None;
    while let Some(diagnosis) = told.try_next().await? {
        last = Some(diagnosis);
    }
    last.ok_or_else(|| Fault::new(Operation::DescribeSecret, Cause::Malformed { detail: "no answer".into() }))
}

impl Asking {
    fn ask(&mut self, what: &'static str, question: BoxFuture<'static, Part>) {
        self.awaited.push(what);
        self.open.push(question);
    }

    async fn next(&mut self) -> Option<Result<Diagnosis, Fault>> {
        let part = self.open.next().await?;
        match part {
            Part::Secret(inspection) => {
                self.answered(SECRET);
                match inspection.secret {
                    Ok(secret) => self.secret = secret,
                    Err(fault) => return Some(Err(fault)),
                }
                self.gap("the versions: whether the pending one has a value", inspection.versions.as_ref().err());
                self.versions = inspection.versions.ok();
                self.ask_further();
            }
            Part::Function(function) => {
                self.answered(FUNCTION);
                self.function = function;
                let configuration = self.function.as_ref().map(|function| function.configuration.clone());
                self.ask_log(configuration);
            }
            Part::Log(log, gaps) => {
                self.answered(LOG);
                self.log = log;
                self.gaps.extend(gaps);
            }
            Part::Failures(failures, gap) => {
                self.answered(FAILURES);
                self.failures = failures;
                self.gaps.extend(gap);
            }
            Part::Cancelled(cancelled, gap) => {
                self.answered(CANCELLED);
                self.cancelled = cancelled;
                self.gaps.extend(gap);
            }
            Part::Told(what, events, gap) => {
                self.answered(what);
                self.changes.extend(events);
                self.gaps.extend(gap);
            }
        }
        Some(Ok(self.told()))
    }

    fn answered(&mut self, what: &str) {
        self.awaited.retain(|awaited| *awaited != what);
    }

    fn gap(&mut self, what: &'static str, fault: Option<&Fault>) {
        self.gaps.extend(fault.map(|fault| Gap::of(what, fault)));
    }

    fn pending(&self) -> Option<VersionId> {
        match self.secret.labels.pending() {
            Pending::Other(pending) => Some(pending),
            Pending::None | Pending::Same => None,
        }
    }

    /// What depends on the secret as it is now.
    fn ask_further(&mut self) {
        let (aws, secret) = (self.aws.clone(), self.secret.clone());
        self.ask(FUNCTION, async move { Part::Function(about_function(&aws, &secret).await.map(Box::new)) }.boxed());
        let from = self.first();
        self.read_record();
        if self.pending().is_some() {
            let (aws, secret) = (self.aws.clone(), self.secret.clone());
            let since = failures_since(&self.secret, self.versions.as_deref(), self.aws.now());
            self.ask(FAILURES, async move { failures(&aws, &secret, since).await }.boxed());
        }
        if self.pending().is_some() || self.secret.rotation_enabled == Some(false) {
            let (aws, secret) = (self.aws.clone(), self.secret.clone());
            self.ask(CANCELLED, async move { cancelled(&aws, &secret, from).await }.boxed());
        }
        if self.pending().is_some() && self.wish == Wish::Story {
            let (aws, secret) = (self.aws.clone(), self.secret.clone());
            self.ask(CHANGES, async move { events(&aws, &secret, &BY_HAND, CHANGES, from).await }.boxed());
        }
        let since = looked_since(&self.secret, self.aws.now()).filter(|_| self.wish == Wish::Story);
        if let Some((since, names)) = since {
            let (aws, secret) = (self.aws.clone(), self.secret.clone());
            self.ask(BEGUN, async move { events(&aws, &secret, names, BEGUN, since).await }.boxed());
        }
    }

    /// What secdash itself did. A record that can't be read is told as such.
    fn read_record(&mut self) {
        match self.aws.guard().record.read() {
            Ok(recorded) => {
                self.actions = recorded.actions.into_iter().filter(|action| action.is_of(&self.secret)).collect();
            }
            Err(e) => self.gaps.push(Gap {
                what: "what secdash itself did",
                why: format!("Its record can't be read: {}.", safe(&e.to_string())),
                next_step: None,
                missing: None,
                is_absent: false,
            }),
        }
    }

    /// The first moment that matters (UTC).
    fn first(&self) -> DateTime<Utc> {
        first(&self.secret, self.versions.as_deref(), self.aws.now())
    }

    fn ask_log(&mut self, configuration: Option<Result<Function, Fault>>) {
        if self.pending().is_none() {
            return;
        }
        let (aws, secret, from) = (self.aws.clone(), self.secret.clone(), self.first());
        self.ask(LOG, async move { log(&aws, &secret, configuration.as_ref(), from).await }.boxed());
    }

    fn told(&self) -> Diagnosis {
        let facts = Facts {
            secret: &self.secret,
            versions: self.versions.as_deref(),
            function: self.function.as_deref(),
            log: self.log.as_ref(),
            failures: &self.failures,
            cancelled: &self.cancelled,
            changes: &self.changes,
            actions: &self.actions,
            off_since: self.off_since,
            now: self.aws.now(),
        };
        Diagnosis::of(&facts, &self.catalogue, self.gaps.clone(), self.awaited.clone())
    }
}

/// The log since then, up to now and without a gap.
async fn log(aws: &Aws, secret: &Secret, configuration: Option<&Result<Function, Fault>>, from: DateTime<Utc>) -> Part {
    let found = match log_group(aws, secret, configuration).await {
        Ok(found) => found,
        Err(none) => return Part::Log(None, vec![Gap::of_log(&none)]),
    };
    // Its lines may be read all the same.
    let unlisted = found.unlisted.as_ref().map(|fault| Gap::of(GROUP, fault));
    match lines(aws, &found.group, from).await {
        Ok(invocations) => Part::Log(Some(invocations), unlisted.into_iter().collect()),
        Err(gap) => Part::Log(None, unlisted.into_iter().chain([gap]).collect()),
    }
}

async fn lines(aws: &Aws, group: &LogGroup, from: DateTime<Utc>) -> Result<Invocations, Gap> {
    let mut invocations = Invocations::default();
    let mut pages = pin!(aws.log_events(group, Range { from, until: aws.now() }));
    for _ in 0..LOG_PAGES {
        match pages.try_next().await {
            Ok(Some(events)) => drop(invocations.take(events)),
            Ok(None) => return Ok(invocations),
            Err(fault) => return Err(Gap::of(LOG, &fault)),
        }
    }
    let why = format!("{LOG_PAGES} pages of the log were read, and there are more.");
    Err(Gap { what: LOG, why, next_step: None, missing: None, is_absent: false })
}

async fn failures(aws: &Aws, secret: &Secret, from: DateTime<Utc>) -> Part {
    let mut all = Vec::new();
    let mut pages = pin!(aws.rotation_failures(&secret.id.context, from));
    for _ in 0..TRAIL_PAGES {
        match pages.try_next().await {
            Ok(Some(page)) => all.extend(page.records.into_iter().filter(|failure| failure.names(secret))),
            Ok(None) => return Part::Failures(all, None),
            Err(fault) => return Part::Failures(all, Some(Gap::of(FAILURES, &fault))),
        }
    }
    Part::Failures(all, Some(more(FAILURES)))
}

async fn cancelled(aws: &Aws, secret: &Secret, from: DateTime<Utc>) -> Part {
    let mut all = Vec::new();
    let mut pages = pin!(aws.cancellations(&secret.id.context, from));
    for _ in 0..TRAIL_PAGES {
        match pages.try_next().await {
            Ok(Some(page)) => all.extend(page.records.into_iter().filter(|one| one.secret.names(secret))),
            Ok(None) => return Part::Cancelled(all, None),
            Err(fault) => return Part::Cancelled(all, Some(Gap::of(CANCELLED, &fault))),
        }
    }
    Part::Cancelled(all, Some(more(CANCELLED)))
}

/// The events of these names since then.
async fn events(
    aws: &Aws,
    secret: &Secret,
    names: &'static [&'static str],
    what: &'static str,
    from: DateTime<Utc>,
) -> Part {
    let (scope, depth) = (Scope::Secret(Box::new(secret.clone())), Depth::Named(names.to_vec()));
    let mut all = Vec::new();
    let mut news = pin!(search(aws, &scope, depth, from, Covered::default()));
    while let Some(one) = news.next().await {
        match one {
            News::Found { events, reached, .. } => {
                all.extend(events.into_iter().filter(|event| event.names(secret)));
                if reached.pages >= TRAIL_PAGES && !reached.done {
                    return Part::Told(what, all, Some(more(what)));
                }
            }
            News::Slowed => {}
            News::Failed(fault) => return Part::Told(what, all, Some(Gap::of(what, &fault))),
        }
    }
    Part::Told(what, all, None)
}

/// More events than are asked for.
fn more(what: &'static str) -> Gap {
    let why = format!("{TRAIL_PAGES} pages of events were read, the newest first, and there are more.");
    Gap { what, why, next_step: None, missing: None, is_absent: false }
}
