//! One invocation of the function: it starts, judges whether it may, works, and ends.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::behaviour::{Death, Ending, Marks, Way};
use super::environment::Place;
use super::function::Called;
use super::guard::Read;
use super::lines::{self, Lines, Said};
use super::log::{Level, Log, Status};
use super::raised::Raised;
use super::work::{self, End};
use super::{Happening, Outcome, Run, Step, millis, record};
use crate::demo::life::Queue;
use crate::demo::world::Inner;

/// An invocation that runs.
#[derive(Debug)]
pub(in crate::demo) struct Invocation {
    pub(super) run: Run,
    pub(super) called: Called,
    pub(super) way: Way,
    pub(super) lines: Lines,
    pub(super) read: Read,
    place: Place,
    request: String,
    began: DateTime<Utc>,
    /// How long the init phase took, if there was one.
    init: Option<TimeDelta>,
}

/// The service invokes the function, if Lambda lets it.
pub(super) fn invoke(world: &Inner, queue: &mut Queue, mut run: Run, at: DateTime<Utc>) {
    let known = world.vault.read().by_name(&run.secret).and_then(|secret| {
        let called = Called::of(world, secret.function.as_deref()?);
        let lines = Lines::of(world, secret, &run.version, &called.function);
        Some((called, lines, secret.behaviour().way(run.attempt, run.ever)))
    });
    let Some((called, lines, way)) = known else { return };
    let (function, dice) = (&called.function, &mut run.dice);
    let most = function.concurrency.and_then(|most| usize::try_from(most).ok());
    let is_full = most.is_some_and(|most| queue.environments.busy(function, at) >= most);
    if !function.exists || is_full || way.ending == Ending::Throttled {
        // A throttled call is repeated for a while; one of a function that isn't there is not.
        let waits = if function.exists { millis(dice, 6_000, 20_000) } else { millis(dice, 300, 1_500) };
        return queue.put(at + waits, Happening::Over(run, Outcome::Failed));
    }
    let place = queue.environments.take(function, at, dice);
    let request = dice.uuid().to_string();
    let init = place.is_new.then(|| millis(dice, 180, 420));
    let began = at + init.unwrap_or_default();
    let read = Read::default();
    let mut invocation = Box::new(Invocation { run, called, way, lines, read, place, request, began, init });
    if invocation.way.ending == Ending::CannotImport {
        return invocation.fail_to_load(world, queue, at);
    }
    let starts = invocation.start(world, queue, at);
    let is_without_route = invocation.way.ending.is_without_route();
    let happening = if is_without_route { Happening::TimeOut } else { Happening::Handle };
    let at = if is_without_route { invocation.deadline() } else { starts };
    queue.put(at, happening(invocation));
}

/// The handler has described the secret, and goes on or refuses.
pub(super) fn handle(world: &Inner, queue: &mut Queue, mut invocation: Box<Invocation>, at: DateTime<Utc>) {
    let verdict = world.vault.read().by_name(&invocation.run.secret).map(|secret| {
        invocation.read = Read::of(secret);
        invocation.judge(secret)
    });
    if verdict.is_some() {
        let (run, function) = (&invocation.run, &invocation.called.function.name);
        record::call(world, run, function, "DescribeSecret", Value::Null, at);
    }
    match verdict {
        None => queue.environments.drop(&invocation.called.function, &invocation.place.stream),
        Some(Err((message, line))) => {
            let said = (Level::Error, message.clone());
            let raised = Lines::refused(&message, line);
            invocation.end(world, queue, at, vec![said], &Err(raised));
        }
        Some(Ok(false)) => {
            let said = invocation.lines.is_current();
            invocation.end(world, queue, at, vec![said], &Ok(()));
        }
        Some(Ok(true)) => {
            record::reads(world, &invocation, at);
            work::interrupt(world, queue, &invocation, at);
            let step = invocation.run.step;
            let takes = invocation.way.ending.waits(step, invocation.logins()).or(invocation.way.takes(step));
            let takes = takes.unwrap_or_else(|| millis(&mut invocation.run.dice, 400, 2_000));
            let done = (invocation.began + takes).max(at + TimeDelta::milliseconds(5));
            let hangs = matches!(&invocation.way.ending, Ending::TimesOut { at, .. } if *at == step);
            if hangs || done >= invocation.deadline() {
                return queue.put(invocation.deadline(), Happening::TimeOut(invocation));
            }
            queue.put(done, Happening::Work(invocation));
        }
    }
}

/// The step's work is done, or has failed.
pub(super) fn work(world: &Inner, queue: &mut Queue, mut invocation: Box<Invocation>, at: DateTime<Utc>) {
    let (said, end) = work::work(world, &invocation, at);
    let result = match end {
        End::Done => Ok(()),
        End::Raised(raised) => Err(raised),
        End::Hangs => {
            invocation.say(world, queue, at, said);
            return queue.put(invocation.deadline(), Happening::TimeOut(invocation));
        }
    };
    invocation.end(world, queue, at, said, &result);
}

/// Lambda ends the invocation, and with it the environment.
pub(super) fn time_out(world: &Inner, queue: &mut Queue, mut invocation: Invocation, at: DateTime<Utc>) {
    let marks = match invocation.way.ending {
        Ending::TimesOut { marks, .. } | Ending::Dies(Death::Hangs(marks)) => marks,
        _ => Marks::default(),
    };
    let (init, timeout) = (invocation.init, invocation.timeout());
    let took = timeout + millis(&mut invocation.run.dice, 0, 80);
    let after = invocation.began + took;
    let mut log = invocation.log(world, queue, at);
    if marks == Marks::Both {
        log.timed_out(after, took);
    }
    log.report(after, timeout, init, Status::Timeout { is_told: marks != Marks::Task });
    if marks == Marks::Task {
        log.timed_out(after, took);
    }
    queue.environments.drop(&invocation.called.function, &invocation.place.stream);
    queue.put(after.max(at), Happening::Over(invocation.run, Outcome::Failed));
}

impl Invocation {
    /// START, and botocore's first line in a new environment. When the handler has described the secret.
    fn start(&mut self, world: &Inner, queue: &mut Queue, at: DateTime<Utc>) -> DateTime<Utc> {
        let (began, is_new) = (self.began, self.place.is_new);
        let (before, after) = (millis(&mut self.run.dice, 8, 40), millis(&mut self.run.dice, 60, 180));
        let mut log = self.log(world, queue, at);
        if is_new {
            log.init_start(at);
        }
        log.start(began);
        if is_new {
            let (level, message) = lines::found_credentials();
            log.said(began + before, level, "botocore.credentials", &message);
        }
        began + after
    }

    /// The module can't be loaded, neither in the init phase nor when the request has come.
    fn fail_to_load(mut self, world: &Inner, queue: &mut Queue, at: DateTime<Utc>) {
        let took = [millis(&mut self.run.dice, 150, 400), millis(&mut self.run.dice, 150, 400)];
        let raised = lines::cannot_import();
        let kind = "Runtime.ImportModuleError";
        let mut now = at;
        let mut log = self.log(world, queue, at);
        for (phase, took) in ["init", "invoke"].into_iter().zip(took) {
            log.init_start(now);
            now += took;
            log.warning(now);
            log.raised(now, &raised);
            log.init_report(now, took, phase, kind);
        }
        log.start(now);
        log.report(now, took.iter().sum(), None, Status::Error(kind));
        queue.environments.drop(&self.called.function, &self.place.stream);
        queue.put(now, Happening::Over(self.run, Outcome::Failed));
    }

    /// The last lines: what was said, an exception, END and REPORT.
    fn end(
        mut self,
        world: &Inner,
        queue: &mut Queue,
        at: DateTime<Utc>,
        said: Vec<Said>,
        result: &Result<(), Raised>,
    ) {
        let ends = at + millis(&mut self.run.dice, 2, 9);
        let (took, init) = (ends - self.began, self.init);
        self.say(world, queue, at, said);
        let mut log = self.log(world, queue, at);
        if let Err(raised) = result {
            log.raised(at, raised);
        }
        log.report(ends, took, init, if result.is_ok() { Status::Success } else { Status::Failure });
        queue.environments.free(&self.called.function, &self.place.stream, ends);
        let outcome = if result.is_ok() { Outcome::Done } else { Outcome::Failed };
        queue.put(ends, Happening::Over(self.run, outcome));
    }

    /// The lines of a step that is done.
    fn say(&mut self, world: &Inner, queue: &mut Queue, at: DateTime<Utc>, said: Vec<Said>) {
        let step = self.step_before(at, said.len());
        let mut log = self.log(world, queue, at);
        let last = i32::try_from(said.len()).unwrap_or_default() - 1;
        for ((level, message), nth) in said.into_iter().zip(0..) {
            log.said(at - step * (last - nth), level, "root", &message);
        }
    }

    /// How far apart the lines of a step are: the last is written at the end, and none before the step began.
    fn step_before(&mut self, at: DateTime<Utc>, count: usize) -> TimeDelta {
        let count = i32::try_from(count.max(1)).unwrap_or(1);
        let room = (at - self.began - TimeDelta::milliseconds(200)) / count;
        millis(&mut self.run.dice, 15, 120).min(room).max(TimeDelta::zero())
    }

    fn timeout(&self) -> TimeDelta {
        TimeDelta::seconds(self.called.function.timeout.into())
    }

    fn deadline(&self) -> DateTime<Utc> {
        self.began + self.timeout()
    }

    fn log<'a>(&'a mut self, world: &'a Inner, queue: &'a mut Queue, now: DateTime<Utc>) -> Log<'a> {
        Log {
            world,
            function: &self.called.function,
            environments: &mut queue.environments,
            stream: &self.place.stream,
            request: &self.request,
            dice: &mut self.run.dice,
            now,
            is_elsewhere: !self.called.is_ours,
        }
    }
}

/// Steps that the trial of a rotation doesn't have never come here.
pub(super) fn first(kind: super::Kind) -> Step {
    match kind {
        super::Kind::Rotation => Step::Create,
        super::Kind::Trial => Step::Test,
    }
}
