//! What is yet to happen in a world, by the time at which it will.
//!
//! There is no task in the background: whoever looks at the world lives through all that is due first. So what happens
//! carries its own time, not that of whoever brought it out, and a world with the same seed always lives the same life.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, SubsecRound, Utc};

use crate::demo::rotation::{self, Course, Environments, Happening};
use crate::demo::world::Inner;

/// What is due, and what is remembered between two happenings.
#[derive(Debug, Default)]
pub(in crate::demo) struct Queue {
    due: BTreeMap<(DateTime<Utc>, u64), Happening>,
    /// What is put in for the same moment happens in the order in which it was put in.
    count: u64,
    /// By the secret's name.
    pub(in crate::demo) courses: BTreeMap<String, Course>,
    pub(in crate::demo) environments: Environments,
}

/// Taken before any other lock of the world.
#[derive(Debug, Default)]
pub(in crate::demo) struct Life(Mutex<Queue>);

impl Queue {
    pub(in crate::demo) fn put(&mut self, at: DateTime<Utc>, happening: Happening) {
        self.count += 1;
        self.due.insert((at, self.count), happening);
    }

    /// What a rotation of this secret would do next is not done any more. An invocation that runs goes on to its end.
    pub(in crate::demo) fn cancel(&mut self, secret: &str) {
        self.due.retain(|_, happening| !happening.is_next_of(secret));
        if let Some(course) = self.courses.get_mut(secret) {
            (course.is_running, course.is_given_up) = (false, true);
        }
    }

    /// The same, and its schedule is not planned any more.
    pub(in crate::demo) fn forget(&mut self, secret: &str) {
        self.cancel(secret);
        self.due.retain(|_, happening| !matches!(happening, Happening::Fire { secret: found, .. } if found == secret));
    }

    /// The first happening that is due at `now`, and when it was.
    fn pop(&mut self, now: DateTime<Utc>) -> Option<(DateTime<Utc>, Happening)> {
        let first = self.due.first_entry().filter(|entry| entry.key().0 <= now)?;
        let ((at, _), happening) = first.remove_entry();
        Some((at, happening))
    }
}

impl Life {
    /// A life in which the schedules are planned at `at`.
    pub(in crate::demo) fn from(at: DateTime<Utc>) -> Self {
        let mut queue = Queue::default();
        queue.put(at, Happening::Plan);
        Self(Mutex::new(queue))
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Lives through everything that is due by now.
    pub(in crate::demo) fn live(&self) {
        self.act(|_, _| ());
    }

    /// When something will happen next.
    #[cfg(test)]
    pub(in crate::demo) fn next_due(&self) -> Option<DateTime<Utc>> {
        self.life.lock().due.first_key_value().map(|((at, _), _)| *at)
    }

    /// Does something between two happenings: what is due by now has happened, and nothing else happens meanwhile.
    pub(in crate::demo) fn act<T>(&self, act: impl FnOnce(&mut Queue, DateTime<Utc>) -> T) -> T {
        let mut queue = self.life.lock();
        let now = self.clock.utc().trunc_subsecs(3);
        while let Some((at, happening)) = queue.pop(now) {
            rotation::happen(self, &mut queue, happening, at);
        }
        act(&mut queue, now)
    }
}
