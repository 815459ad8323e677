//! The only folder that names the AWS SDK: its types come in, the program's own words go out.

mod alerts;
mod calls;
mod changes;
mod config;
mod copy;
mod error;
mod functions;
mod identity;
mod intern;
mod listing;
mod logs;
mod pace;
mod reading;
mod record;
mod secrets;
mod token;
mod trail;
mod unread;

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use aws_sdk_cloudtrail as cloudtrail;
use aws_sdk_cloudwatchlogs as cloudwatchlogs;
use aws_sdk_eventbridge as eventbridge;
use aws_sdk_lambda as lambda;
use aws_sdk_secretsmanager as secretsmanager;
use aws_sdk_sts as sts;
use aws_smithy_async::time::{SharedTimeSource, SystemTimeSource};
use aws_types::SdkConfig;
use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::broadcast;

pub use self::changes::Guard;
use self::config::LiveTail;
pub use self::config::Options;
pub use self::listing::Page;
pub use self::record::{Record, Recorded};
pub use self::trail::TrailPage;
use crate::domain::calls::Call;
use crate::domain::context::{Context, Origin};
use crate::domain::fault::{Cause, Fault};
use crate::domain::permission::Operation;

/// How often the clock of a demo world is looked at while it is waited for.
const MOMENT: Duration = Duration::from_millis(10);

/// How long it isn't looked at at most, once it has told how fast it runs.
const SPELL: Duration = Duration::from_secs(1);

/// The handle to AWS: a door that opens nothing until it is asked, then one set of clients per [`Context`].
#[derive(Debug, Clone)]
pub struct Aws(Arc<Shared>, Arc<Guard>);

#[derive(Debug)]
struct Shared {
    way: Way,
    clock: SharedTimeSource,
    calls: calls::Notebook,
    tokens: token::Tokens,
    open: RwLock<Vec<Arc<Clients>>>,
}

/// How the door is opened.
#[derive(Debug)]
enum Way {
    /// As the AWS CLI would: environment, profiles, and the flags.
    Account(Options),
    /// With a configuration that is ready: the demo world's.
    Demo(Box<SdkConfig>),
}

/// The clients of one context.
#[derive(Debug)]
struct Clients {
    context: Arc<Context>,
    secretsmanager: secretsmanager::Client,
    cloudtrail: cloudtrail::Client,
    cloudwatchlogs: cloudwatchlogs::Client,
    /// For StartLiveTail, whose answers have an address of their own and no end.
    live_tail: cloudwatchlogs::Client,
    eventbridge: eventbridge::Client,
    lambda: lambda::Client,
    sts: sts::Client,
    rations: pace::Rations,
}

impl Aws {
    /// The door to an account, found as the AWS CLI finds it. Opens nothing yet.
    pub fn account(options: Options) -> Self {
        Self::new(Way::Account(options), SharedTimeSource::new(SystemTimeSource::new()), token::Tokens::Random)
    }

    /// The door to a demo world. Opens nothing yet. The program's clock is the world's from here on.
    pub fn demo(config: SdkConfig) -> Self {
        Self::demo_with(config, token::Tokens::Random)
    }

    /// The same, where tokens come from a number, so that a world can be lived through twice in the same way.
    pub fn demo_seeded(config: SdkConfig, seed: u64) -> Self {
        Self::demo_with(config, token::Tokens::seeded(seed))
    }

    fn demo_with(config: SdkConfig, tokens: token::Tokens) -> Self {
        let clock = config.time_source().unwrap_or_else(|| SharedTimeSource::new(SystemTimeSource::new()));
        Self::new(Way::Demo(Box::new(config)), clock, tokens)
    }

    fn new(way: Way, clock: SharedTimeSource, tokens: token::Tokens) -> Self {
        let calls = calls::Notebook::new(clock.clone());
        Self(Arc::new(Shared { way, clock, calls, tokens, open: RwLock::default() }), Arc::default())
    }

    fn tokens(&self) -> &token::Tokens {
        &self.0.tokens
    }

    /// The same door with another guard before its changes. Without one nothing can be changed.
    #[must_use]
    pub fn guarded(self, guard: Guard) -> Self {
        Self(self.0, Arc::new(guard))
    }

    /// What stands before its changes.
    pub fn guard(&self) -> &Guard {
        &self.1
    }

    /// The time by the program's one clock, UTC.
    pub fn now(&self) -> DateTime<Utc> {
        self.0.clock.now().into()
    }

    /// Waits for a while by the program's one clock: a demo world's may run faster than the machine's.
    pub async fn sleep(&self, time: Duration) {
        if !self.is_demo() {
            return tokio::time::sleep(time).await;
        }
        let Ok(time) = TimeDelta::from_std(time) else { return };
        let (from, began) = (self.now(), tokio::time::Instant::now());
        let (until, mut wait) = (from + time, MOMENT);
        // How fast it runs isn't said anywhere: what has passed tells.
        while self.now() < until {
            tokio::time::sleep(wait).await;
            let (passed, left) = ((self.now() - from).to_std(), (until - self.now()).to_std());
            if let (Ok(passed), Ok(left)) = (passed, left) {
                let rate = left.as_secs_f64() / passed.as_secs_f64().max(0.001);
                wait = Duration::try_from_secs_f64(began.elapsed().as_secs_f64() * rate).unwrap_or(MOMENT);
                wait = wait.clamp(Duration::from_millis(1), SPELL);
            }
        }
    }

    /// Whether the AWS behind the door lives in memory.
    pub fn is_demo(&self) -> bool {
        matches!(self.0.way, Way::Demo(_))
    }

    /// The profile and Region that were asked for with flags: all that can be said before the door is open.
    pub fn asked(&self) -> (Option<&str>, Option<&str>) {
        match &self.0.way {
            Way::Account(options) => (options.profile.as_deref(), options.region.as_deref()),
            Way::Demo(config) => (None, config.region().map(AsRef::as_ref)),
        }
    }

    /// The calls of AWS from now on, as they end.
    pub fn calls(&self) -> broadcast::Receiver<Call> {
        self.0.calls.read()
    }

    /// Opens the door, or opens it again with credentials read anew: after a sign-in in another window.
    pub async fn open(&self) -> Result<Arc<Context>, Fault> {
        let (context, config, live_tail) = match &self.0.way {
            Way::Account(options) => identity::sign_in(options).await?,
            Way::Demo(config) => {
                let region = config.region().map_or_else(String::new, ToString::to_string);
                let context = Context { origin: Origin::Demo, profile: None, region, endpoint: None };
                (context, (**config).clone(), LiveTail::default())
            }
        };
        Ok(self.admit(context, &config, &live_tail))
    }

    /// Makes the clients of a context, in place of those it had.
    fn admit(&self, context: Context, config: &SdkConfig, live_tail: &LiveTail) -> Arc<Context> {
        let context = Arc::new(context);
        let mut open = self.0.open.write().unwrap_or_else(PoisonError::into_inner);
        let before = open.iter().find(|clients| clients.context == context);
        let rations = before.map_or_else(|| pace::Rations::of(&context.region), |clients| clients.rations.clone());
        let clients = config::clients(Arc::clone(&context), config, live_tail, &self.0.calls, rations);
        open.retain(|other| other.context != context);
        open.push(Arc::new(clients));
        context
    }

    /// The clients through which a question of this context goes.
    fn clients(&self, context: &Context, operation: Operation) -> Result<Arc<Clients>, Fault> {
        let open = self.0.open.read().unwrap_or_else(PoisonError::into_inner);
        open.iter()
            .find(|clients| *clients.context == *context)
            .cloned()
            .ok_or_else(|| Fault::new(operation, Cause::NotOpen(context.clone())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(aws: &Aws, region: &str) -> Arc<pace::Pace> {
        let context = Context { origin: Origin::Demo, profile: None, region: region.to_owned(), endpoint: None };
        let config = SdkConfig::builder().behavior_version(aws_config::BehaviorVersion::latest()).build();
        let context = aws.admit(context, &config, &LiveTail::default());
        Arc::clone(&aws.clients(&context, Operation::LookupEvents).unwrap().rations.lookups)
    }

    #[tokio::test]
    async fn each_context_has_a_ration_of_lookups_that_outlives_a_sign_in() {
        let aws = Aws::account(Options::default());
        let first = pace(&aws, "eu-west-1");
        assert!(!Arc::ptr_eq(&first, &pace(&aws, "us-east-1")));
        assert!(Arc::ptr_eq(&first, &pace(&aws.clone(), "eu-west-1")));
    }
}
