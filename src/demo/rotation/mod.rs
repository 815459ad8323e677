//! Rotations that really run: four invocations of a function, their log lines, the labels that move and what CloudTrail
//! records (rotate-secrets_lambda-functions.html).
//!
//! ```text
//! RotateSecret ─┐
//! the schedule ─┼─ begin ── invoke ── handle ── work ──┬─ the next step
//! a re-attempt ─┘           START     guards    END    ├─ succeeded
//!                                                      └─ failed ── a re-attempt
//! ```

mod attempt;
pub(in crate::demo) mod behaviour;
mod environment;
mod fault;
pub(in crate::demo) mod function;
mod guard;
mod invocation;
mod lines;
mod log;
mod own;
mod raised;
pub(in crate::demo) mod record;
pub(in crate::demo) mod schedule;
mod set;
pub(in crate::demo) mod start;
mod step;
mod work;

use chrono::{DateTime, TimeDelta, Utc};

pub(in crate::demo) use environment::Environments;
pub(in crate::demo) use invocation::Invocation;
pub(in crate::demo) use step::Step;

use crate::demo::life::Queue;
use crate::demo::seed::Seed;
use crate::demo::world::Inner;

/// What happens in a rotation, each at a moment of its own.
#[derive(Debug)]
pub(in crate::demo) enum Happening {
    /// The windows of all schedules are planned.
    Plan,
    /// The schedule fires; `next` is the NextRotationDate that it was planned by.
    Fire { secret: String, next: DateTime<Utc> },
    /// A rotation that failed is attempted again.
    Attempt { secret: String, version: String },
    /// The service invokes the function.
    Invoke(Run),
    /// The function's code has described the secret, and judges what it may do.
    Handle(Box<Invocation>),
    /// The step's work is done, or has failed.
    Work(Box<Invocation>),
    /// Lambda ends the invocation.
    TimeOut(Box<Invocation>),
    /// The invocation is over.
    Over(Run, Outcome),
    /// A rotation without a function is done.
    Managed(Run),
    /// The recovery window of a secret that was to be `deleted` at this date has passed.
    Gone { secret: String, deleted: DateTime<Utc> },
}

/// One attempt to rotate a secret, or to test whether that could be done.
#[derive(Debug, Clone)]
pub(in crate::demo) struct Run {
    pub(in crate::demo) secret: String,
    pub(in crate::demo) version: String,
    pub(in crate::demo) kind: Kind,
    /// Of this rotation, from 1.
    pub(in crate::demo) attempt: u32,
    /// Of this secret since the world began, from 1.
    pub(in crate::demo) ever: u32,
    pub(in crate::demo) step: Step,
    pub(in crate::demo) dice: Seed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::demo) enum Kind {
    Rotation,
    /// RotateImmediately=false: testSecret alone.
    Trial,
}

/// How an invocation ended, as the service sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::demo) enum Outcome {
    Done,
    Failed,
}

/// The attempts of a secret's last rotation.
#[derive(Debug, Clone)]
pub(in crate::demo) struct Course {
    pub(in crate::demo) version: String,
    pub(in crate::demo) attempts: u32,
    /// The same of all rotations of the secret since the world began.
    pub(in crate::demo) ever: u32,
    /// How many of them the service has made since the window opened, after the first one.
    pub(in crate::demo) repeated: u32,
    /// An attempt is running.
    pub(in crate::demo) is_running: bool,
    /// The service has given the rotation up: a value was set by hand, or it was cancelled.
    pub(in crate::demo) is_given_up: bool,
}

impl Happening {
    /// Whether a rotation of this secret goes on with it.
    pub(in crate::demo) fn is_next_of(&self, secret: &str) -> bool {
        match self {
            Self::Attempt { secret: found, .. } => found == secret,
            Self::Invoke(run) | Self::Managed(run) => run.secret == secret,
            _ => false,
        }
    }
}

/// Lets a happening happen.
pub(in crate::demo) fn happen(world: &Inner, queue: &mut Queue, happening: Happening, at: DateTime<Utc>) {
    match happening {
        Happening::Plan => start::plan_all(world, queue, at),
        Happening::Fire { secret, next } => start::fire(world, queue, &secret, next, at),
        Happening::Attempt { secret, version } => start::again(world, queue, &secret, &version, at),
        Happening::Invoke(run) => invocation::invoke(world, queue, run, at),
        Happening::Handle(invocation) => invocation::handle(world, queue, invocation, at),
        Happening::Work(invocation) => invocation::work(world, queue, invocation, at),
        Happening::TimeOut(invocation) => invocation::time_out(world, queue, *invocation, at),
        Happening::Over(run, outcome) => attempt::over(world, queue, run, outcome, at),
        Happening::Managed(run) => attempt::managed(world, queue, run, at),
        Happening::Gone { secret, deleted } => start::gone(world, &secret, deleted, at),
    }
}

/// A span between two numbers of milliseconds.
fn millis(dice: &mut Seed, from: u64, to: u64) -> TimeDelta {
    let millis = from + dice.below(to.saturating_sub(from).max(1));
    TimeDelta::milliseconds(i64::try_from(millis).unwrap_or_default())
}
