//! From the keys of a reader to the tracks that it leaves: defaults filled in, contradictions refused.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use toml::Spanned;

use super::Flaw;
use super::event::{called_as, version_of};
use super::file::CalledBy;
use super::moment::{Moment, Span};
use crate::demo::cloudtrail::PEOPLE;
use crate::demo::secret::Secret;
use crate::demo::seed::Seed;
use crate::demo::trail::Called;
use crate::demo::trail::reader::{Kind, Pace, Part, Reader, Track};

/// As far as the event history reaches (API_LookupEvents.html).
const REACH: TimeDelta = TimeDelta::days(90);

/// The account of those who come from another one.
const ELSEWHERE: &str = "111122223333";

/// Who reads secrets again and again.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReaderKeys {
    /// Names of secrets of this world; one read is one of each of them.
    secrets: Spanned<Vec<Spanned<String>>>,
    kind: Spanned<KindKeys>,
    /// Function name, instance id, session name or user name; of a service its host name. Only root needs none.
    name: Option<Spanned<String>>,
    /// Name of the role; by default `ci` for one of a CI, and the reader's name with `-role` behind it for others.
    role: Option<Spanned<String>>,
    /// Of one from another account, twelve digits.
    account: Option<Spanned<String>>,
    /// `userAgent`; by default one that is usual for the kind.
    agent: Option<String>,
    /// By default by name; from another account by ARN.
    called: Option<CalledBy>,
    /// A read comes in the first half of each.
    every: Spanned<Span>,
    /// By default 90 days before the start, or since the secret exists.
    from: Option<Spanned<Moment>>,
    /// By default it goes on as time passes.
    until: Option<Spanned<Moment>>,
    /// VersionStage; by default the request has none.
    label: Option<Spanned<String>>,
    /// VersionId: an id, or the label of the version that has it when the world begins.
    version: Option<Spanned<String>>,
    /// IAM denies it.
    #[serde(default)]
    refused: bool,
    /// BatchGetSecretValue, which leaves a record of its own.
    batch: Option<Spanned<bool>>,
    /// Whether its entries have `Resources`; by default they do.
    resources: Option<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum KindKeys {
    Lambda,
    Container,
    Instance,
    Person,
    User,
    Ci,
    Foreign,
    Service,
    Root,
}

/// What readers need to know of their world.
pub(super) struct Readers<'a> {
    pub(super) start: DateTime<Utc>,
    pub(super) account: &'a str,
    pub(super) secrets: &'a [Secret],
    pub(super) seed: &'a Seed,
}

impl Readers<'_> {
    /// The tracks of all readers, in the order of the file.
    pub(super) fn tracks(&self, list: Vec<ReaderKeys>) -> Result<Vec<Track>, Flaw> {
        let mut tracks = Vec::new();
        for (keys, nth) in list.into_iter().zip(1..) {
            keys.check()?;
            let secrets = self.secrets(&keys)?;
            let reader = Arc::new(self.reader(&keys, self.seed.fork("reader").nth(nth))?);
            tracks.extend(leaves(&keys, &reader, &secrets)?);
        }
        Ok(tracks)
    }

    fn secrets(&self, keys: &ReaderKeys) -> Result<Vec<&Secret>, Flaw> {
        let find = |name: &Spanned<String>| {
            let found = self.secrets.iter().find(|secret| secret.name == *name.get_ref());
            found.ok_or_else(|| Flaw::at(name, "no secret of this world has this name"))
        };
        let all = keys.secrets.get_ref().iter().map(find).collect::<Result<Vec<_>, _>>()?;
        if all.is_empty() {
            return Err(Flaw::at(&keys.secrets, "a reader reads one secret at least"));
        }
        Ok(all)
    }

    fn reader(&self, keys: &ReaderKeys, seed: Seed) -> Result<Reader, Flaw> {
        let kind = keys.kind.get_ref().read();
        let name = keys.name.as_ref().map(|name| name.get_ref().clone()).unwrap_or_default();
        let role = keys.role.as_ref().map(|role| role.get_ref().clone());
        let account = keys.account.as_ref().map(|account| account.get_ref().clone());
        let (elsewhere, usual) = match kind {
            Kind::Foreign => (ELSEWHERE, Called::Arn),
            _ => (self.account, Called::Name),
        };
        let batch = keys.batch.as_ref().filter(|batch| *batch.get_ref()).map(|_| keys.secrets.get_ref());
        Ok(Reader {
            role: role.unwrap_or_else(|| match kind {
                Kind::Person => PEOPLE.to_owned(),
                Kind::Ci => "ci".to_owned(),
                _ => format!("{name}-role"),
            }),
            kind,
            name,
            account: account.unwrap_or_else(|| elsewhere.to_owned()),
            agent: keys.agent.clone(),
            called: keys.called.map_or(usual, called_as),
            label: keys.label.as_ref().map(|label| label.get_ref().clone()),
            is_refused: keys.refused,
            has_resources: keys.resources.unwrap_or(true),
            batch: batch.into_iter().flatten().map(|name| name.get_ref().clone()).collect(),
            pace: self.pace(keys, seed)?,
        })
    }

    fn pace(&self, keys: &ReaderKeys, seed: Seed) -> Result<Pace, Flaw> {
        let every = keys.every.get_ref().0;
        if every.is_zero() || every.subsec_nanos() != 0 {
            return Err(Flaw::at(&keys.every, "a reader comes every so many whole seconds"));
        }
        let utc = |moment: &Spanned<Moment>| moment.get_ref().utc(self.start).timestamp();
        let from = keys.from.as_ref().map_or((self.start - REACH).timestamp(), utc);
        let until = keys.until.as_ref().map(utc);
        if let Some(until) = keys.until.as_ref().filter(|until| utc(until) < from) {
            return Err(Flaw::at(until, "this is earlier than its first read"));
        }
        Ok(Pace { from, until, every: every.as_secs().try_into().unwrap_or(i64::MAX), seed })
    }
}

/// A track for each kind of record: of a batch, of each secret, and of the customer's key of each.
fn leaves(keys: &ReaderKeys, reader: &Arc<Reader>, secrets: &[&Secret]) -> Result<Vec<Track>, Flaw> {
    // One fork after another can be swapped: only a step between them keeps the second read of the first reader from
    // having the id of the first read of the second one.
    let seed = Seed::new(reader.pace.seed.fork("id").next());
    let since = |secret: &Secret| reader.pace.from.max(secret.created.timestamp() + 1);
    let track = |part: Part, secret: Option<&Secret>, version: Option<String>, since: i64| Track {
        seed: seed.fork(&format!("{part:?} {}", secret.map_or("", |secret| secret.name.as_str()))),
        reader: Arc::clone(reader),
        part,
        secret: secret.map(|secret| secret.name.clone()),
        version,
        since,
    };
    let mut tracks = Vec::new();
    if !reader.batch.is_empty() {
        let since = secrets.iter().map(|secret| since(secret)).min().unwrap_or(reader.pace.from);
        tracks.push(track(Part::Batch, None, None, since));
    }
    for secret in secrets {
        let version = keys.version.as_ref().map(|given| version_of(secret, given)).transpose()?;
        tracks.push(track(Part::Value, Some(secret), version.clone(), since(secret)));
        if secret.kms_key.is_some() && !reader.is_refused {
            tracks.push(track(Part::Decrypt, Some(secret), version, since(secret)));
        }
    }
    Ok(tracks)
}

impl ReaderKeys {
    fn check(&self) -> Result<(), Flaw> {
        let kind = *self.kind.get_ref();
        match &self.name {
            None if kind != KindKeys::Root => return Err(Flaw::at(&self.kind, "say its `name`")),
            Some(name) if kind == KindKeys::Root => return Err(Flaw::at(name, "root has no name")),
            Some(name) if name.get_ref().is_empty() => return Err(Flaw::at(name, "this is no name")),
            _ => {}
        }
        if let Some(role) = self.role.as_ref().filter(|_| !kind.has_role()) {
            return Err(Flaw::at(role, "readers of this kind have no role of their own"));
        }
        if let Some(account) = &self.account {
            let id = account.get_ref();
            if kind != KindKeys::Foreign {
                return Err(Flaw::at(account, "only a `foreign` reader has another account"));
            }
            if id.len() != 12 || !id.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(Flaw::at(account, "an account id has twelve digits"));
            }
        }
        let is_batch = self.batch.as_ref().is_some_and(|batch| *batch.get_ref());
        let names = self.label.as_ref().or(self.version.as_ref());
        match names.filter(|_| is_batch) {
            // API_BatchGetSecretValue.html
            Some(name) => Err(Flaw::at(name, "a batch asks for AWSCURRENT and can't name a version")),
            None => Ok(()),
        }
    }
}

impl KindKeys {
    fn has_role(self) -> bool {
        matches!(self, Self::Lambda | Self::Container | Self::Instance | Self::Ci | Self::Foreign)
    }

    fn read(self) -> Kind {
        match self {
            Self::Lambda => Kind::Lambda,
            Self::Container => Kind::Container,
            Self::Instance => Kind::Instance,
            Self::Person => Kind::Person,
            Self::User => Kind::User,
            Self::Ci => Kind::Ci,
            Self::Foreign => Kind::Foreign,
            Self::Service => Kind::Service,
            Self::Root => Kind::Root,
        }
    }
}
