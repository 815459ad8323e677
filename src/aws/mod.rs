//! The only folder that names the AWS SDK: its types come in, the program's own words go out.

mod calls;
mod config;
mod copy;
mod error;
mod identity;
mod reading;
mod secrets;

use std::sync::{Arc, PoisonError, RwLock};

use aws_sdk_secretsmanager as secretsmanager;
use aws_sdk_sts as sts;
use aws_smithy_async::time::{SharedTimeSource, SystemTimeSource};
use aws_types::SdkConfig;
use chrono::{DateTime, Utc};
use tokio::sync::broadcast;

pub use self::config::Options;
pub use self::secrets::Page;
use crate::domain::calls::Call;
use crate::domain::context::{Context, Origin};
use crate::domain::fault::{Cause, Fault};
use crate::domain::permission::Operation;

/// The handle to AWS: a door that opens nothing until it is asked, then one set of clients per [`Context`].
#[derive(Debug, Clone)]
pub struct Aws(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    way: Way,
    clock: SharedTimeSource,
    calls: calls::Notebook,
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
    sts: sts::Client,
}

impl Aws {
    /// The door to an account, found as the AWS CLI finds it. Opens nothing yet.
    pub fn account(options: Options) -> Self {
        Self::new(Way::Account(options), SharedTimeSource::new(SystemTimeSource::new()))
    }

    /// The door to a demo world. Opens nothing yet. The program's clock is the world's from here on.
    pub fn demo(config: SdkConfig) -> Self {
        let clock = config.time_source().unwrap_or_else(|| SharedTimeSource::new(SystemTimeSource::new()));
        Self::new(Way::Demo(Box::new(config)), clock)
    }

    fn new(way: Way, clock: SharedTimeSource) -> Self {
        let calls = calls::Notebook::new(clock.clone());
        Self(Arc::new(Shared { way, clock, calls, open: RwLock::default() }))
    }

    /// The time by the program's one clock, UTC.
    pub fn now(&self) -> DateTime<Utc> {
        self.0.clock.now().into()
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
        let (context, config) = match &self.0.way {
            Way::Account(options) => identity::sign_in(options).await?,
            Way::Demo(config) => {
                let region = config.region().map_or_else(String::new, ToString::to_string);
                (Context { origin: Origin::Demo, profile: None, region, endpoint: None }, (**config).clone())
            }
        };
        let clients = Arc::new(config::clients(Arc::new(context), &config, &self.0.calls));
        let context = Arc::clone(&clients.context);
        let mut open = self.0.open.write().unwrap_or_else(PoisonError::into_inner);
        open.retain(|other| other.context != context);
        open.push(clients);
        Ok(context)
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
