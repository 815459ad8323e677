//! From a scenario file to a world: defaults filled in, contradictions refused.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use toml::Spanned;

use super::Flaw;
use super::file::{FaultKeys, File, ReplicaKeys, RotationKeys, SecretKeys, VersionKeys};
use super::moment::Moment;
use crate::demo::clock::Clock;
use crate::demo::secret::{External, Replica, Rotation, Secret, Text, Version};
use crate::demo::seed::Seed;
use crate::demo::vault::Vault;
use crate::demo::wire::OPERATIONS;
use crate::demo::wire::fault::{Faults, Kind, Rule};
use crate::demo::wire::journal::Journal;
use crate::demo::world::{Inner, World};

/// 2026-11-20T09:14:00Z, in seconds since 1970.
const START: i64 = 1_795_166_040;

/// What a secret needs to know of its world.
struct Place<'a> {
    start: DateTime<Utc>,
    region: &'a str,
    account: &'a str,
    seed: &'a Seed,
}

pub(super) fn world(name: &str, file: File) -> Result<World, Flaw> {
    let start = start(&file)?;
    let seed = Seed::new(file.seed);
    let place = Place {
        start,
        region: &file.region,
        account: &file.account,
        seed: &seed,
    };
    let mut names = BTreeSet::new();
    let mut secrets = Vec::with_capacity(file.secret.len());
    for keys in file.secret {
        if !names.insert(keys.name.get_ref().clone()) {
            return Err(flaw(&keys.name, "another secret has this name"));
        }
        secrets.push(place.secret(keys)?);
    }
    let rules = file.fault.into_iter().map(|keys| rule(keys, &names));
    let rules: Vec<Rule> = rules.collect::<Result<_, _>>()?;
    let page_limit = match file.page_limit {
        Some(limit) if *limit.get_ref() == 0 => return Err(flaw(&limit, "must be 1 or more")),
        limit => limit.map(Spanned::into_inner),
    };
    let caller = file.caller.unwrap_or_else(|| caller(&file.account));
    Ok(World::new(Inner {
        name: file.name.unwrap_or_else(|| name.to_owned()),
        caller,
        page_limit,
        clock: Clock::start_at(start, file.clock.speed.unwrap_or(1.0)),
        vault: Vault::new(&file.region, &file.account, secrets),
        faults: Faults::new(rules),
        journal: Journal::default(),
        dice: seed.fork("wire").into(),
        region: file.region,
        account: file.account,
    }))
}

/// The start of every world that does not set one.
pub(super) fn default_start() -> DateTime<Utc> {
    DateTime::from_timestamp(START, 0).unwrap_or_default()
}

/// Who calls in every world that does not say so.
pub(super) fn caller(account: &str) -> String {
    format!("arn:aws:sts::{account}:assumed-role/on-call/demo")
}

fn start(file: &File) -> Result<DateTime<Utc>, Flaw> {
    match &file.clock.start {
        None => Ok(default_start()),
        Some(start) => match start.get_ref() {
            Moment::At(at) => Ok(*at),
            Moment::FromStart(_) => Err(flaw(start, "the clock must start at a date")),
        },
    }
}

fn flaw<T>(at: &Spanned<T>, message: impl Into<String>) -> Flaw {
    Flaw {
        span: at.span(),
        message: message.into(),
    }
}

impl Place<'_> {
    fn secret(&self, keys: SecretKeys) -> Result<Secret, Flaw> {
        let utc = |moment: Option<Moment>| moment.map(|moment| moment.utc(self.start));
        let day = |moment: Option<Moment>| utc(moment).map(|at| at.date_naive());
        let created = utc(keys.created).unwrap_or(self.start - TimeDelta::days(400));
        let last_rotated = utc(keys.last_rotated);
        let mut dice = self.seed.fork(keys.name.get_ref());
        let suffix = dice.suffix();
        let changed = last_rotated.map(|at| at - TimeDelta::milliseconds(50));
        let filled = utc(keys.last_changed).or(changed).unwrap_or(created);
        let versions = match &keys.versions {
            None => vec![current(&mut dice, filled)],
            Some(list) => self.versions(list, filled, &mut dice)?,
        };
        let newest = versions.iter().map(|version| version.created).max();
        let next = utc(keys.next_rotation);
        let (rotation, next_rotation) = match &keys.rotation {
            None => (None, next),
            Some(keys) => rotation(keys, last_rotated.unwrap_or(created), next)?,
        };
        let replicas: Vec<_> = keys
            .replicas
            .into_iter()
            .map(|keys| self.replica(keys))
            .collect();
        let home = (!replicas.is_empty()).then(|| self.region.to_owned());
        Ok(Secret {
            suffix,
            description: keys.description.map(Text::from),
            tags: pairs(keys.tags),
            kms_key: keys.kms_key.map(Text::from),
            function: keys.function.map(|name| self.function_arn(&name).into()),
            rotation,
            created,
            last_changed: utc(keys.last_changed).or(newest.max(Some(filled))),
            last_accessed: day(keys.last_accessed),
            last_rotated,
            next_rotation,
            deleted: utc(keys.deleted),
            owning_service: keys.owning_service.map(Text::from),
            primary_region: keys.primary_region.or(home).map(Text::from),
            replicas,
            external: keys.r#type.map(|kind| {
                let rotation = keys.external_rotation.unwrap_or_default();
                External {
                    kind: kind.into(),
                    metadata: pairs(rotation.metadata),
                    role: rotation.role.map(Text::from),
                }
            }),
            versions,
            name: keys.name.into_inner(),
        })
    }

    fn function_arn(&self, name: &str) -> String {
        let (region, account) = (self.region, self.account);
        format!("arn:aws:lambda:{region}:{account}:function:{name}")
    }

    fn replica(&self, keys: ReplicaKeys) -> Replica {
        let accessed = keys.last_accessed.map(|at| at.utc(self.start).date_naive());
        Replica {
            region: keys.region,
            kms_key: keys.kms_key,
            status: format!("{:?}", keys.status),
            message: keys.message,
            last_accessed: accessed,
        }
    }

    /// A label sits on at most one version at a time (API_PutSecretValue.html), and an id is a
    /// token of 32 to 64 characters.
    fn versions(
        &self,
        list: &[VersionKeys],
        filled: DateTime<Utc>,
        dice: &mut Seed,
    ) -> Result<Vec<Version>, Flaw> {
        let (mut ids, mut labels) = (BTreeSet::new(), BTreeSet::new());
        for keys in list {
            for label in &keys.labels {
                if !labels.insert(label.get_ref()) {
                    return Err(flaw(label, "another version has this label"));
                }
            }
            if let Some(id) = &keys.id {
                if !(32..=64).contains(&id.get_ref().chars().count()) {
                    return Err(flaw(id, "a version id has 32 to 64 characters"));
                }
                if !ids.insert(id.get_ref()) {
                    return Err(flaw(id, "another version has this id"));
                }
            }
        }
        Ok(list
            .iter()
            .map(|keys| self.version(keys, filled, dice))
            .collect())
    }

    fn version(&self, keys: &VersionKeys, filled: DateTime<Utc>, dice: &mut Seed) -> Version {
        let fresh = dice.uuid();
        let id = keys.id.as_ref().map(|id| id.get_ref().clone());
        Version {
            id: id.unwrap_or_else(|| fresh.to_string()),
            labels: keys
                .labels
                .iter()
                .map(|label| label.get_ref().clone().into())
                .collect(),
            created: keys.created.map_or(filled, |at| at.utc(self.start)),
            accessed: keys.accessed.map(|at| at.utc(self.start).date_naive()),
            has_value: !keys.empty,
            kms_keys: keys.kms_keys.iter().cloned().map(Text::from).collect(),
        }
    }
}

/// The one version of a secret whose versions the file leaves out.
fn current(dice: &mut Seed, created: DateTime<Utc>) -> Version {
    Version {
        id: dice.uuid().to_string(),
        labels: vec!["AWSCURRENT".into()],
        created,
        accessed: None,
        has_value: true,
        kms_keys: Vec::new(),
    }
}

fn pairs(map: std::collections::BTreeMap<String, String>) -> Vec<(Text, Text)> {
    map.into_iter()
        .map(|(key, value)| (key.into(), value.into()))
        .collect()
}

/// The rules, and the date of the next rotation where a schedule in days gives it.
fn rotation(
    keys: &Spanned<RotationKeys>,
    last: DateTime<Utc>,
    next: Option<DateTime<Utc>>,
) -> Result<(Option<Rotation>, Option<DateTime<Utc>>), Flaw> {
    let rules = keys.get_ref();
    if let (Some(rate), Some(_)) = (&rules.rate, &rules.cron) {
        return Err(flaw(
            rate,
            "a schedule is either a rate or a cron expression",
        ));
    }
    let expression = rules.rate.as_ref().or(rules.cron.as_ref());
    let rate_days = rules
        .rate
        .as_ref()
        .and_then(|rate| days_of_rate(rate.get_ref()));
    let duration = match &rules.duration {
        Some(duration) => Some(hours(duration.get_ref()).ok_or_else(|| {
            flaw(
                duration,
                "a duration is a number of hours from 1 to 24, such as \"3h\"",
            )
        })?),
        None => None,
    };
    let days = rules.days.or(rate_days);
    let counted = days.filter(|_| rules.cron.is_none());
    let next = next.or(counted.and_then(|days| end_of_window(last, days, duration)));
    if rules.enabled && next.is_none() && expression.is_some() {
        return Err(flaw(
            keys,
            "this schedule needs a `next_rotation`; only one in days is worked out",
        ));
    }
    let rotation = Rotation {
        enabled: rules.enabled,
        days,
        expression: expression.map(|text| text.get_ref().clone().into()),
        duration: rules
            .duration
            .as_ref()
            .map(|text| text.get_ref().clone().into()),
    };
    Ok((Some(rotation), next))
}

fn days_of_rate(rate: &str) -> Option<u16> {
    let inner = rate.strip_prefix("rate(")?.strip_suffix(')')?;
    match inner.split_once(' ')? {
        (number, "day" | "days") => number.parse().ok(),
        _ => None,
    }
}

fn hours(duration: &str) -> Option<i64> {
    let hours = duration.strip_suffix('h')?.parse().ok()?;
    (1..=24).contains(&hours).then_some(hours)
}

/// The window's last second: the window opens at 00:00Z, so many days after the UTC date of the
/// last rotation, and lasts to the end of the day if no duration is set
/// (observed, <https://github.com/cloud-custodian/cloud-custodian/issues/9254>).
fn end_of_window(last: DateTime<Utc>, days: u16, hours: Option<i64>) -> Option<DateTime<Utc>> {
    let date = last.date_naive() + TimeDelta::days(i64::from(days));
    let opens = date.and_hms_opt(0, 0, 0)?.and_utc();
    Some(opens + TimeDelta::hours(hours.unwrap_or(24)) - TimeDelta::seconds(1))
}

fn rule(keys: FaultKeys, secrets: &BTreeSet<String>) -> Result<Rule, Flaw> {
    let operation = keys.operation.get_ref().as_str();
    if operation != "*" && !OPERATIONS.contains(&operation) {
        let known = OPERATIONS.join(", ");
        return Err(flaw(
            &keys.operation,
            format!("must be \"*\" or one of {known}"),
        ));
    }
    if let Some(secret) = keys
        .secret
        .as_ref()
        .filter(|name| !secrets.contains(name.get_ref()))
    {
        return Err(flaw(secret, "no secret of this world has this name"));
    }
    if *keys.kind.get_ref() == Kind::Latency && keys.delay.is_none() {
        return Err(flaw(&keys.kind, "latency needs a `delay`"));
    }
    Ok(Rule {
        operation: Some(operation.to_owned()).filter(|operation| operation != "*"),
        secret: keys.secret.map(Spanned::into_inner),
        kind: keys.kind.into_inner(),
        after: keys.after,
        times: keys.times,
        from: keys.from.map_or(Duration::ZERO, |span| span.0),
        until: keys.until.map(|span| span.0),
        delay: keys.delay.map_or(Duration::ZERO, |span| span.0),
        message: keys.message,
        seen: 0,
    })
}
