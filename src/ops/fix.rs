//! A confirmed plan carried out, step by step, each written down before it begins.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures::{Stream, stream};

use super::diagnose::{Wish, diagnosis};
use super::plans::Kept;
use crate::aws::Aws;
use crate::domain::catalogue::Catalogue;
use crate::domain::change::{Changed, Fix, Outcome, Seen, Tested, Word};
use crate::domain::doctor::{Diagnosis, Quiet};
use crate::domain::fault::Fault;
use crate::domain::plan::{Half, Plan, PlanEnd, PlanStep, Stop, Told};
use crate::domain::secret::Secret;
use crate::domain::version::{LabelMap, Pending};

/// How long it is waited at most until every attempt has ended.
const WAIT: TimeDelta = TimeDelta::hours(1);

/// How often it is looked whether the labels are where they belong: the trial by which rotation is turned on has an
/// AWSPENDING of its own for a while.
const LOOK: Duration = Duration::from_secs(2);

/// How long that may take beyond the time that one invocation may.
const TRIAL: TimeDelta = TimeDelta::seconds(60);

struct Run {
    aws: Aws,
    plan: Plan,
    secret: Secret,
    word: Word,
    kept: Option<Kept>,
    next: Option<PlanStep>,
    /// Whether the step that comes next has been told.
    is_told: bool,
    off_since: Option<DateTime<Utc>>,
    waits_since: DateTime<Utc>,
    /// When the person confirmed it, and with it what they tested (UTC).
    said_at: DateTime<Utc>,
    /// Since when rotation has been off at least, where it was off before.
    off_from: DateTime<Utc>,
    /// Since when nothing can have begun, where rotation was off before and nothing tells since when.
    quiet_from: Option<DateTime<Utc>>,
    /// Before when it can't be quiet, so that looking is for nothing: events are rationed.
    look_at: Option<DateTime<Utc>>,
    is_moved: bool,
    /// What came of turning rotation on, where it couldn't be.
    still_off: Option<Box<Changed>>,
    verify_since: Option<DateTime<Utc>>,
}

/// Carries a plan out that was confirmed with this word. Stop reading to stop it between two steps: it is half done then,
/// and written down as such.
pub fn carry_out(aws: &Aws, plan: Plan, secret: &Secret, word: Word) -> impl Stream<Item = Told> + Send + 'static {
    let kept = if aws.guard().read_only { None } else { Some(Kept::begin(aws, &plan)) };
    let first = plan.steps().first().copied().unwrap_or(PlanStep::Verify);
    run(Run::new(aws, plan, secret, word, first), kept)
}

/// Goes on with what another program has left half done, by the secret as it is now.
pub fn finish(aws: &Aws, half: Half, secret: &Secret, word: Word) -> impl Stream<Item = Told> + Send + 'static {
    let kept = if aws.guard().read_only { None } else { Some(Kept::take_up(aws, &half.plan)) };
    let next = half.goes_on(secret);
    let is_off = secret.rotation_enabled != Some(true);
    // A call that was begun may have been made much later.
    let off_since = half.done(PlanStep::TurnOff).unwrap_or_else(|| aws.now());
    // AWS doesn't turn rotation on while a version is stuck: where it was off when the plan began, it has been since.
    let off_from = (is_off && !half.plan.turns_off).then_some(half.plan.begun);
    let turns_off = half.plan.turns_off;
    let mut run = Run::new(aws, half.plan, secret, word, next.clone().unwrap_or(PlanStep::Verify));
    run.off_since = (turns_off && is_off).then_some(off_since);
    run.off_from = off_from.unwrap_or(run.off_from);
    run.is_moved = matches!(next, Ok(PlanStep::TurnOn | PlanStep::Verify));
    self::run(run, kept)
}

fn run(mut run: Run, kept: Option<std::io::Result<Kept>>) -> impl Stream<Item = Told> + Send + 'static {
    let refused = match kept {
        Some(Ok(kept)) => {
            run.kept = Some(kept);
            None
        }
        Some(Err(e)) => Some(Stop::NotKept(e.to_string())),
        // The first call says so itself, and stands in the record.
        None => None,
    };
    stream::unfold((Some(run), refused), |(run, refused)| async move {
        let mut run = run?;
        let told = match refused {
            Some(why) => Told::Ended(run.stopped(run.next.unwrap_or(PlanStep::Verify), why)),
            None => run.next().await,
        };
        let is_over = matches!(told, Told::Ended(_));
        if is_over {
            run.close(&told);
        }
        Some((told, ((!is_over).then_some(run), None)))
    })
}

impl Run {
    fn new(aws: &Aws, plan: Plan, secret: &Secret, word: Word, first: PlanStep) -> Self {
        Self {
            aws: aws.clone(),
            plan,
            secret: secret.clone(),
            word,
            kept: None,
            next: Some(first),
            is_told: false,
            off_since: None,
            waits_since: aws.now(),
            said_at: aws.now(),
            off_from: aws.now(),
            quiet_from: None,
            look_at: None,
            is_moved: false,
            still_off: None,
            verify_since: None,
        }
    }

    /// A plan that came to its end, or that never changed anything, leaves nothing behind.
    fn close(&mut self, told: &Told) {
        let is_left = matches!(told, Told::Ended(end) if end.is_left());
        let kept = self.kept.take();
        if let Some(kept) = kept.filter(|_| !is_left) {
            // What can't be removed is told as half done the next time, and found to be done then.
            drop(kept.end());
        }
    }

    /// What is so is told, not what was done: somebody else may have turned rotation on again.
    async fn stops(&mut self, step: PlanStep, why: Stop) -> Told {
        if self.off_since.is_some() && self.is_on().await {
            self.off_since = None;
        }
        Told::Ended(self.stopped(step, why))
    }

    fn stopped(&self, step: PlanStep, why: Stop) -> PlanEnd {
        PlanEnd::Stopped { step, why, is_off: self.off_since.is_some(), is_moved: self.is_moved }
    }

    async fn next(&mut self) -> Told {
        let step = self.next.unwrap_or(PlanStep::Verify);
        if !self.is_told {
            self.is_told = true;
            if let Err(why) = self.keep(step, false) {
                return self.stops(step, why).await;
            }
            return Told::Begins(step);
        }
        let done = match step {
            PlanStep::TurnOff => self.turn_off().await,
            PlanStep::Wait => self.wait().await,
            PlanStep::Look => self.look().await,
            PlanStep::Tidy => self.tidy().await,
            PlanStep::Move => self.move_label().await,
            PlanStep::TurnOn => self.turn_on().await,
            PlanStep::Verify => self.verify().await,
        };
        match done {
            Ok(Some(told)) => told,
            Ok(None) => {
                if let Err(why) = self.keep(step, true) {
                    return self.stops(step, why).await;
                }
                self.turn_to(after(&self.plan, step));
                Told::Done(step)
            }
            Err(why) => self.stops(step, why).await,
        }
    }

    fn turn_to(&mut self, step: Option<PlanStep>) {
        (self.next, self.is_told) = (step, false);
    }

    fn keep(&mut self, step: PlanStep, done: bool) -> Result<(), Stop> {
        let at = self.aws.now();
        match &mut self.kept {
            Some(kept) => kept.step(step, at, done).map_err(|e| Stop::NotKept(e.to_string())),
            None => Ok(()),
        }
    }

    async fn call(&self, step: PlanStep) -> Result<Changed, Stop> {
        let change = self.plan.change(&self.secret, step, self.aws.token(), &self.word).map_err(Stop::Word)?;
        Ok(self.aws.carry_out(&change).await)
    }

    /// Not between two steps of an attempt that is seen to run: cancelled behind setSecret, its password would be live and
    /// not in use.
    async fn turn_off(&mut self) -> Result<Option<Told>, Stop> {
        if let Some(until) = self.runs_until().await? {
            self.look_at = Some(until);
            return self.sleep_until(until).await;
        }
        let changed = self.call(PlanStep::TurnOff).await?;
        if !changed.is_accepted() {
            return Err(self.doubtful(changed).await);
        }
        let now = self.aws.now();
        (self.off_since, self.waits_since) = (Some(now), now);
        Ok(None)
    }

    /// When what is seen to run can't any more; nothing where nothing is.
    async fn runs_until(&self) -> Result<Option<DateTime<Utc>>, Stop> {
        if let Some(until) = self.look_at.filter(|until| self.aws.now() < *until) {
            return Ok(Some(until));
        }
        let seen = diagnosis(&self.aws, &self.secret, None, &Catalogue::builtin(), Wish::Verdict)
            .await
            .map_err(Stop::Fault)?;
        if let Some((_, Quiet::No { until })) = seen.stuck.as_ref().map(|(id, case)| (id, case.quiet)) {
            return Ok(Some(until));
        }
        // What has ended may have changed the verdict: then rotation is better left on.
        seen.allows(self.plan.fix(), self.plan.tested()).map_err(Stop::NotAllowed)?;
        Ok(None)
    }

    /// A call without an answer may have been made: the secret tells.
    async fn doubtful(&mut self, changed: Changed) -> Stop {
        if matches!(changed.outcome, Outcome::Unknown(_))
            && let Ok(secret) = self.describe().await
            && secret.rotation_enabled != Some(true)
            && self.plan.turns_off
        {
            self.off_since = Some(self.aws.now());
        }
        Stop::Call(Box::new(changed))
    }

    /// Until what runs when rotation was turned off has ended; where it stays on, the look tells how long.
    async fn wait(&mut self) -> Result<Option<Told>, Stop> {
        let Some(off) = self.off_since.or(self.plan.turns_off.then_some(self.waits_since)) else { return Ok(None) };
        let (until, now) = (off + self.plan.patience(), self.aws.now());
        if now >= until {
            return Ok(None);
        }
        self.sleep_until(until).await
    }

    /// Tells that it waits, and waits when it is asked again.
    async fn sleep_until(&mut self, until: DateTime<Utc>) -> Result<Option<Told>, Stop> {
        let now = self.aws.now();
        if now - self.waits_since > WAIT {
            return Err(Stop::NeverQuiet);
        }
        // In pieces, so that whoever reads sees that it goes on.
        let piece = (until - now).min(TimeDelta::seconds(5)).max(TimeDelta::milliseconds(100));
        self.aws.sleep(piece.to_std().unwrap_or_default()).await;
        Ok(Some(Told::Waits(until)))
    }

    /// The verdict once more, with everything that has been written by now.
    async fn look(&mut self) -> Result<Option<Told>, Stop> {
        if let Some(until) = self.look_at.filter(|until| self.aws.now() < *until) {
            return self.sleep_until(until).await;
        }
        let off_since = self.off_since.or(self.quiet_from);
        let diagnosis = diagnosis(&self.aws, &self.secret, off_since, &Catalogue::builtin(), Wish::Verdict)
            .await
            .map_err(Stop::Fault)?;
        if let Some(until) = self.not_before(&diagnosis)? {
            self.look_at = Some(until);
            return self.sleep_until(until).await;
        }
        self.holds(&diagnosis)?;
        self.keep(PlanStep::Look, true)?;
        self.turn_to(after(&self.plan, PlanStep::Look));
        Ok(Some(Told::Looked(Box::new(diagnosis))))
    }

    /// Before when it can't be quiet; nothing where it is.
    fn not_before(&mut self, diagnosis: &Diagnosis) -> Result<Option<DateTime<Utc>>, Stop> {
        let is_off = self.plan.turns_off || diagnosis.secret.rotation_enabled != Some(true);
        match diagnosis.stuck.as_ref().map(|(_, case)| case.quiet) {
            Some(Quiet::No { until }) => Ok(Some(until)),
            Some(Quiet::Unknown) if is_off => {
                let from = *self.quiet_from.get_or_insert(self.off_since.unwrap_or(self.off_from));
                Ok(Some(from + self.plan.patience()))
            }
            Some(Quiet::Unknown) => {
                let why = "Whether an attempt runs can't be seen any more, and rotation is on.";
                Err(Stop::NotAllowed(why.to_owned()))
            }
            Some(Quiet::Yes { .. }) | None => Ok(None),
        }
    }

    /// Whether what the plan rests on is so still.
    fn holds(&self, diagnosis: &Diagnosis) -> Result<(), Stop> {
        diagnosis.allows(self.plan.fix(), self.plan.tested()).map_err(Stop::NotAllowed)?;
        let [before, tidied, _] = self.plan.labels();
        if [before, tidied].iter().all(|labels| !same(&diagnosis.secret.labels, labels)) {
            return Err(Stop::Elsewhere(diagnosis.secret.labels.clone()));
        }
        // An attempt may have set the pending password after somebody logged in with the current one.
        let rests_on_current = self.plan.fix() == Fix::Drop && self.plan.tested() == Some(Tested::Current);
        let still_since = diagnosis.stuck.as_ref().and_then(|(_, case)| case.still_since);
        if rests_on_current && still_since.is_none_or(|since| since > self.said_at) {
            return Err(Stop::OldWord);
        }
        Ok(())
    }

    /// Where an earlier run of this plan has done it, nothing is left to be done.
    async fn tidy(&mut self) -> Result<Option<Told>, Stop> {
        let [_, tidied, _] = self.plan.labels();
        if self.has_labels(&tidied).await {
            return Ok(None);
        }
        let changed = self.call(PlanStep::Tidy).await?;
        self.is_moved = changed.is_accepted() || self.has_labels(&tidied).await;
        if self.is_moved { Ok(None) } else { Err(Stop::Call(Box::new(changed))) }
    }

    async fn move_label(&mut self) -> Result<Option<Told>, Stop> {
        let changed = self.call(PlanStep::Move).await?;
        let [_, _, after] = self.plan.labels();
        // It may have been made all the same: without an answer, or by somebody else.
        let is_there = changed.is_accepted() || self.has_labels(&after).await;
        self.is_moved |= is_there;
        if is_there { Ok(None) } else { Err(Stop::Call(Box::new(changed))) }
    }

    /// That rotation can't be turned on again makes no fix undone.
    async fn turn_on(&mut self) -> Result<Option<Told>, Stop> {
        let changed = self.call(PlanStep::TurnOn).await?;
        // It may be on all the same: without an answer, or by somebody else.
        if changed.is_accepted() || self.is_on().await {
            self.off_since = None;
        } else {
            self.still_off = Some(Box::new(changed.clone()));
            self.turn_to(after(&self.plan, PlanStep::TurnOn));
            return Ok(Some(Told::Refused(PlanStep::TurnOn, Box::new(changed))));
        }
        Ok(None)
    }

    /// Until the labels are where they belong: the trial by which rotation was turned on takes its AWSPENDING off again.
    async fn verify(&mut self) -> Result<Option<Told>, Stop> {
        let now = self.aws.now();
        let since = *self.verify_since.get_or_insert(now);
        let secret = self.describe().await.map_err(Stop::Fault)?;
        let [_, _, after] = self.plan.labels();
        let is_trial = self.plan.turns_off && self.still_off.is_none();
        let is_there = same(&secret.labels, &after) || (is_trial && self.is_as_good(&secret.labels));
        let is_on = !self.plan.turns_off || self.still_off.is_some() || secret.rotation_enabled == Some(true);
        if is_there && is_on {
            let still_off = self.still_off.take();
            return Ok(Some(Told::Ended(PlanEnd::Healed { labels: secret.labels, still_off, at: self.aws.now() })));
        }
        if now - since > self.plan.patience() + TRIAL {
            return Err(Stop::Elsewhere(secret.labels));
        }
        self.aws.sleep(LOOK).await;
        Ok(Some(Told::Looks(since + self.plan.patience() + TRIAL)))
    }

    /// Whether no label but AWSPENDING differs, and that is on no version that is being rotated in.
    fn is_as_good(&self, labels: &LabelMap) -> bool {
        self.plan.has_landed(labels) && !matches!(labels.pending(), Pending::Other(_))
    }

    async fn has_labels(&self, labels: &LabelMap) -> bool {
        self.describe().await.is_ok_and(|secret| same(&secret.labels, labels))
    }

    async fn is_on(&self) -> bool {
        self.describe().await.is_ok_and(|secret| secret.rotation_enabled == Some(true))
    }

    async fn describe(&self) -> Result<Secret, Fault> {
        self.aws.describe(&self.secret.id.context, self.secret.id.arn.raw()).await
    }
}

/// The step after another.
fn after(plan: &Plan, step: PlanStep) -> Option<PlanStep> {
    let steps = plan.steps();
    let at = steps.iter().position(|one| *one == step)?;
    steps.get(at + 1).copied()
}

fn same(one: &LabelMap, other: &LabelMap) -> bool {
    let seen = |labels: &LabelMap| Seen { labels: labels.clone(), rotation_enabled: None, deleted: None };
    seen(one).is_as(&seen(other))
}
