//! The world: its place (Region, account), its clock, its secrets, its faults and its journal.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_async::time::SharedTimeSource;
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_types::SdkConfig;
use aws_types::region::Region;
use chrono::{DateTime, Utc};

use crate::demo::bus::Bus;
use crate::demo::clock::Clock;
use crate::demo::cloudtrail;
use crate::demo::function::Functions;
use crate::demo::labels::Move;
use crate::demo::life::Life;
use crate::demo::logs::{Group, LogLine, Logs};
use crate::demo::scenario::{self, ScenarioError};
use crate::demo::secret::Secret;
use crate::demo::seed::Seed;
use crate::demo::trail::{Recorded, Trail};
use crate::demo::trails::Trails;
use crate::demo::vault::Vault;
use crate::demo::wire::fault::Faults;
use crate::demo::wire::journal::{Entry, Journal};
use crate::demo::wire::listener::Listener;
use crate::demo::wire::policy::Policy;
use crate::demo::wire::seam;

/// A small AWS in memory: one account, one home Region, a clock of its own.
///
/// Cheap to clone; all clones are the same world.
#[derive(Clone)]
pub struct World {
    inner: Arc<Inner>,
}

/// What a scenario makes a world of.
pub(in crate::demo) struct Inner {
    pub(in crate::demo) name: String,
    pub(in crate::demo) region: String,
    pub(in crate::demo) account: String,
    /// ARN of whoever calls; the same for every access key.
    pub(in crate::demo) caller: String,
    /// At most so many entries on a page, whatever MaxResults says: AWS may answer with fewer.
    pub(in crate::demo) page_limit: Option<usize>,
    pub(in crate::demo) clock: Clock,
    pub(in crate::demo) vault: Vault,
    pub(in crate::demo) trail: Trail,
    pub(in crate::demo) trails: Trails,
    pub(in crate::demo) bus: Bus,
    pub(in crate::demo) functions: Functions,
    pub(in crate::demo) logs: Logs,
    pub(in crate::demo) faults: Faults,
    /// What whoever calls may do; `None`: everything.
    pub(in crate::demo) policy: Option<Policy>,
    pub(in crate::demo) journal: Journal,
    /// Of what rotates: the same at any number of requests.
    pub(in crate::demo) seed: Seed,
    /// Of what answers: request ids, page tokens.
    pub(in crate::demo) dice: Mutex<Seed>,
    pub(in crate::demo) life: Life,
}

impl World {
    /// Opens a world: `""` or `"default"` is the embedded one, `"secrets:N"` a generated one of N
    /// secrets (up to 500,000, AWS's quota), anything else the path of a scenario file.
    pub fn load(which: &str) -> Result<Self, ScenarioError> {
        scenario::load(which)
    }

    /// Reads a scenario from TOML; `name` stands for the file in messages.
    pub fn from_toml(name: &str, text: &str) -> Result<Self, ScenarioError> {
        scenario::from_toml(name, text)
    }

    /// The world's name, for a title.
    pub fn name(&self) -> &str {
        &self.inner.name
    }

    /// The home Region. In all others ListSecrets is empty and no secret is found.
    pub fn region(&self) -> &str {
        &self.inner.region
    }

    /// The account id, twelve digits.
    pub fn account(&self) -> &str {
        &self.inner.account
    }

    /// A number out of the world's seed, for what a client of it would leave to chance.
    pub fn client_seed(&self) -> u64 {
        self.inner.seed.fork("client").next()
    }

    /// The time by the world's clock, in UTC.
    pub fn now(&self) -> DateTime<Utc> {
        self.inner.clock.utc()
    }

    /// A configuration for any SDK client: requests are signed and addressed as ever, but end in
    /// this world; the client's clock is the world's.
    pub fn sdk_config(&self) -> SdkConfig {
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(self.inner.region.clone()))
            .credentials_provider(seam::credentials())
            .sleep_impl(TokioSleep::new())
            .time_source(SharedTimeSource::new(self.inner.clock.clone()))
            .http_client(seam::http_client(self.clone()))
            .build()
    }

    /// Every request that arrived so far, in order of arrival, over the SDK and over listeners.
    pub fn journal(&self) -> Vec<Entry> {
        self.inner.journal.entries()
    }

    /// How the labels of this secret came where they are, in order of time: as its scenario's `history` tells, and since
    /// the world began. Empty where there is no such secret.
    pub fn moves(&self, secret_name: &str) -> Vec<Move> {
        self.inner.live();
        self.inner.vault.read().by_name(secret_name).map(|secret| secret.moves.clone()).unwrap_or_default()
    }

    /// Every record that CloudTrail has of what happened up to now, whether a look-up finds it yet or not, in order of time:
    /// also what is older than the 90 days of the event history, where a scenario tells of it.
    pub fn records(&self) -> Vec<Recorded> {
        self.inner.live();
        cloudtrail::records(&self.inner)
    }

    /// Whether the database behind a secret takes the password of this version now: what is true, whatever labels and log
    /// lines say, and also of a version that has no label any more. False where there is no such secret.
    pub fn accepts(&self, secret_name: &str, version_id: &str) -> bool {
        self.inner.live();
        self.inner.vault.read().by_name(secret_name).is_some_and(|secret| secret.accepts(version_id))
    }

    /// Whether whoever reads AWSCURRENT can sign in now: [`World::accepts`] of the version that has this label.
    pub fn works(&self, secret_name: &str) -> bool {
        self.inner.live();
        self.inner.vault.read().by_name(secret_name).is_some_and(Secret::works)
    }

    /// All events of a log group that happened up to now, in order of time, whether or not readers can see them yet.
    pub fn log_events(&self, group: &str) -> Vec<LogLine> {
        let now = self.now();
        self.inner.live();
        self.inner.logs.advance(now);
        self.inner.logs.read(group, now, |group: &Group| group.lines(now)).unwrap_or_default()
    }

    /// Opens a port in front of the same handlers and faults, for other AWS clients.
    pub async fn listen(&self, at: SocketAddr) -> io::Result<Listener> {
        Listener::bind(self.clone(), at).await
    }

    pub(in crate::demo) fn new(inner: Inner) -> Self {
        let inner = Arc::new(inner);
        Self { inner }
    }

    pub(in crate::demo) fn inner(&self) -> &Arc<Inner> {
        &self.inner
    }
}

impl Inner {
    /// Entries on a page: MaxResults, by default 100, and never more than the world's limit.
    pub(in crate::demo) fn page_size(&self, max_results: Option<i64>) -> usize {
        let asked = max_results.and_then(|count| usize::try_from(count).ok());
        asked.unwrap_or(100).min(self.page_limit.unwrap_or(usize::MAX))
    }

    /// ARN of a function of this account and Region; an ARN stays what it is.
    pub(in crate::demo) fn function_arn(&self, name: &str) -> String {
        if name.starts_with("arn:") {
            return name.to_owned();
        }
        let (region, account) = (&self.region, &self.account);
        format!("arn:aws:lambda:{region}:{account}:function:{name}")
    }

    /// The next number of the dice of what answers.
    pub(in crate::demo) fn roll<T>(&self, throw: impl FnOnce(&mut Seed) -> T) -> T {
        throw(&mut self.dice.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World")
            .field("name", &self.inner.name)
            .field("region", &self.inner.region)
            .field("account", &self.inner.account)
            .finish_non_exhaustive()
    }
}
