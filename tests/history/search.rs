//! A search over a world, and what the world knows of it.

use std::collections::BTreeSet;
use std::pin::pin;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use futures::StreamExt;
use secdash::aws::Aws;
use secdash::demo::{Recorded, World};
use secdash::domain::context::Context;
use secdash::domain::fault::Fault;
use secdash::domain::secret::Secret;
use secdash::domain::trail::{Covered, Depth, Events, News, Reached, Scope};
use secdash::ops::history::search;

/// A world, and a way into it.
pub struct Door {
    pub world: World,
    pub aws: Aws,
    pub context: Arc<Context>,
}

/// What a search brought.
#[derive(Default)]
pub struct Found {
    pub events: Events,
    pub reached: Option<Reached>,
    pub slowed: usize,
    pub fault: Option<Fault>,
}

impl Door {
    pub async fn over(toml: &str) -> Self {
        let world = World::from_toml("history.toml", toml).unwrap();
        let aws = Aws::demo(world.sdk_config());
        let context = aws.open().await.unwrap();
        Self { world, aws, context }
    }

    pub async fn secret(&self, name: &str) -> Secret {
        self.aws.describe(&self.context, name).await.unwrap()
    }

    pub async fn scope(&self, name: &str) -> Scope {
        Scope::Secret(Box::new(self.secret(name).await))
    }

    pub fn account(&self) -> Scope {
        Scope::Account(Arc::clone(&self.context))
    }

    pub fn ago(&self, time: TimeDelta) -> DateTime<Utc> {
        self.world.now() - time
    }

    /// Searches to the end, beside what was covered before.
    pub async fn search(&self, scope: &Scope, since: DateTime<Utc>, covered: Covered) -> Found {
        let mut found = Found::default();
        let mut news = pin!(search(&self.aws, scope, Depth::Whole, since, covered));
        while let Some(one) = news.next().await {
            found.take(one, scope);
        }
        found
    }

    /// The moments of all look-ups in milliseconds of the world's time, and the error of each.
    pub fn lookups(&self) -> Vec<(i64, Option<String>)> {
        let all = self.world.journal().into_iter().filter(|entry| entry.operation == "LookupEvents");
        all.map(|entry| (entry.at.timestamp_millis(), entry.error)).collect()
    }

    /// What was recorded of a secret in this time.
    pub fn recorded(&self, secret: &str, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Recorded> {
        let is_of = |one: &Recorded| one.secret.as_deref() == Some(secret) && from <= one.at && one.at <= to;
        self.world.records().into_iter().filter(is_of).collect()
    }
}

impl Found {
    pub fn take(&mut self, news: News, scope: &Scope) {
        match news {
            News::Found { events, unplaced, reached } => {
                assert_eq!(unplaced, 0, "every event has a place");
                events.into_iter().filter(|event| scope.has(event)).for_each(|event| {
                    self.events.add(event);
                });
                self.reached = Some(reached);
            }
            News::Slowed => self.slowed += 1,
            News::Failed(fault) => self.fault = Some(fault),
        }
    }

    pub fn reached(&self) -> &Reached {
        self.reached.as_ref().unwrap()
    }

    pub fn ids(&self) -> BTreeSet<String> {
        self.events.iter().map(|event| event.id.raw().to_owned()).collect()
    }
}
