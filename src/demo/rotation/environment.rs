//! The execution environments of the functions: one runs one invocation at a time, and has a log stream of its own
//! (lambda-runtime-environment.html).

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::demo::function::Function;
use crate::demo::seed::Seed;

/// So long Lambda keeps an environment that nobody uses; AWS gives no number.
const KEPT: TimeDelta = TimeDelta::minutes(10);

#[derive(Debug, Clone)]
pub(in crate::demo) struct Environment {
    pub(super) stream: String,
    /// When it is free again; while it runs an invocation, at the end of time.
    pub(super) free: DateTime<Utc>,
    /// Up to when readers can see what it has written: lines arrive in their order.
    pub(super) ingested: DateTime<Utc>,
    /// Megabytes.
    pub(super) memory_used: u64,
}

/// All environments, by the function's name.
#[derive(Debug, Default)]
pub(in crate::demo) struct Environments(BTreeMap<String, Vec<Environment>>);

/// Which environment an invocation runs in.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) stream: String,
    pub(super) is_new: bool,
}

impl Environments {
    /// Takes a free environment, or makes one.
    pub(super) fn take(&mut self, function: &Function, at: DateTime<Utc>, dice: &mut Seed) -> Place {
        let list = self.0.entry(function.name.clone()).or_default();
        list.retain(|environment| environment.free >= at || at - environment.free < KEPT);
        if let Some(free) = list.iter_mut().find(|environment| environment.free <= at) {
            free.free = DateTime::<Utc>::MAX_UTC;
            return Place { stream: free.stream.clone(), is_new: false };
        }
        let stream = stream(function, at, dice);
        list.push(Environment {
            stream: stream.clone(),
            free: DateTime::<Utc>::MAX_UTC,
            ingested: at,
            memory_used: 72 + dice.below(20),
        });
        Place { stream, is_new: true }
    }

    /// How many invocations of a function are running.
    pub(super) fn busy(&self, function: &Function, at: DateTime<Utc>) -> usize {
        let list = self.0.get(&function.name).map(Vec::as_slice).unwrap_or_default();
        list.iter().filter(|environment| environment.free > at).count()
    }

    pub(super) fn get(&mut self, function: &Function, stream: &str) -> Option<&mut Environment> {
        self.0.get_mut(&function.name)?.iter_mut().find(|environment| environment.stream == stream)
    }

    /// The environment is free again from `at` on.
    pub(super) fn free(&mut self, function: &Function, stream: &str, at: DateTime<Utc>) {
        if let Some(environment) = self.get(function, stream) {
            environment.free = at;
        }
    }

    /// The environment can't be used again.
    pub(super) fn drop(&mut self, function: &Function, stream: &str) {
        if let Some(list) = self.0.get_mut(&function.name) {
            list.retain(|environment| environment.stream != stream);
        }
    }
}

/// In a group of its own choice a function is named in the stream (monitoring-cloudwatchlogs-advanced.html).
fn stream(function: &Function, at: DateTime<Utc>, dice: &mut Seed) -> String {
    let (date, id) = (at.format("%Y/%m/%d"), dice.uuid().simple());
    if function.log.group == format!("/aws/lambda/{}", function.name) {
        return format!("{date}/[$LATEST]{id}");
    }
    format!("{date}/{}[$LATEST]{id}", function.name)
}
