//! From the keys of a secret to the secret: defaults filled in, contradictions refused.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::Flaw;
use super::file::{ExternalKeys, ReplicaKeys, SecretKeys, VersionKeys};
use super::life::{Life, Recorded};
use super::moment::Moment;
use super::outcome::behaviour;
use super::schedule::rotation;
use crate::demo::secret::{External, Mark, Replica, Rotation, Secret, Text, Version};
use crate::demo::seed::Seed;

/// What a secret needs to know of its world.
pub(super) struct Place<'a> {
    pub(super) start: DateTime<Utc>,
    pub(super) region: &'a str,
    pub(super) seed: &'a Seed,
    /// Session name of whoever calls, unless a scenario says otherwise.
    pub(super) caller: &'a str,
}

impl Place<'_> {
    /// The secret, and what CloudTrail recorded of its history.
    pub(super) fn secret(&self, mut keys: SecretKeys) -> Result<(Secret, Vec<Recorded>), Flaw> {
        let mut dice = self.seed.fork(keys.name.get_ref());
        let suffix = dice.suffix();
        let default = self.start - TimeDelta::days(400);
        let life = self.history(&mut keys)?;
        let created = self.utc(keys.created).or(life.as_ref().and_then(|life| life.created)).unwrap_or(default);
        let last_rotated = life.as_ref().map_or(self.utc(keys.last_rotated), |life| life.rotated);
        let counted = life.as_ref().and_then(|life| life.counted).or(last_rotated).unwrap_or(created);
        let given = self.utc(keys.next_rotation);
        let (rotation, next_rotation) = match &keys.rotation {
            None => (None, given),
            Some(keys) => rotation(keys, counted, given)?,
        };
        let life = match (life, &keys.versions) {
            (Some(life), _) => life,
            (None, None) => Life::of(succession(created, last_rotated, rotation.as_ref(), &mut dice)),
            (None, Some(list)) => Life::of(self.versions(list, counted, &mut dice)?),
        };
        let newest = life.versions.iter().map(|version| version.created).max();
        let replicas = keys.replicas.into_iter().map(|keys| self.replica(keys));
        let replicas: Vec<Replica> = replicas.collect();
        // A primary names its own Region, once there are replicas.
        let home = (!replicas.is_empty()).then(|| self.region.to_owned());
        let changed = self.utc(keys.last_changed).or(life.changed).or(newest.max(Some(created)));
        let deleted = self.utc(keys.deleted);
        // Deleting it was the last that changed it.
        let mark = deleted.map(|_| Mark { from: changed.unwrap_or(created), to: None });
        let secret = Secret {
            suffix,
            description: keys.description.map(Text::from),
            tags: pairs(keys.tags),
            kms_key: keys.kms_key.map(Text::from),
            function: keys.function.map(Text::from),
            rotation,
            created,
            last_changed: changed,
            last_accessed: self.utc(keys.last_accessed).map(|at| at.date_naive()),
            last_rotated,
            next_rotation,
            deleted,
            marks: mark.into_iter().collect(),
            gone: None,
            owning_service: keys.owning_service.map(Text::from),
            primary_region: keys.primary_region.or(home).map(Text::from),
            replicas,
            external: keys.r#type.map(|kind| external(kind, keys.external_rotation)),
            versions: life.versions,
            moves: life.moves,
            behaviour: behaviour(keys.outcome, keys.retry)?,
            database: None,
            name: keys.name.into_inner(),
        };
        Ok((secret, life.acts))
    }

    /// The history of a secret that has one. It tells what else the keys would, and whether rotation is on.
    fn history(&self, keys: &mut SecretKeys) -> Result<Option<Life>, Flaw> {
        let Some(history) = keys.history.take() else { return Ok(None) };
        let told = [keys.last_changed.is_some(), keys.last_rotated.is_some(), keys.versions.is_some()];
        let names = ["last_changed", "last_rotated", "versions"];
        if let Some((name, _)) = names.into_iter().zip(told).find(|(_, given)| *given) {
            return Err(Flaw::at(&history, format!("a history tells `{name}` by itself; leave one of them out")));
        }
        let life = self.live(keys, history.get_ref())?;
        if let (Some(rules), Some(is_on)) = (&mut keys.rotation, life.is_on) {
            if !rules.get_ref().enabled {
                return Err(Flaw::at(rules, "with a history, rotation is turned off by `cancel`"));
            }
            rules.get_mut().enabled = is_on;
        }
        Ok(Some(life))
    }

    fn utc(&self, moment: Option<Moment>) -> Option<DateTime<Utc>> {
        moment.map(|moment| moment.utc(self.start))
    }

    fn replica(&self, keys: ReplicaKeys) -> Replica {
        Replica {
            region: keys.region,
            kms_key: keys.kms_key,
            status: format!("{:?}", keys.status),
            message: keys.message,
            last_accessed: self.utc(keys.last_accessed).map(|at| at.date_naive()),
        }
    }

    /// A label sits on at most one version at a time (API_PutSecretValue.html), and an id is a
    /// token of 32 to 64 characters.
    fn versions(&self, list: &[VersionKeys], filled: DateTime<Utc>, dice: &mut Seed) -> Result<Vec<Version>, Flaw> {
        let (mut ids, mut labels) = (BTreeSet::new(), BTreeSet::new());
        for keys in list {
            for label in &keys.labels {
                if !labels.insert(label.get_ref()) {
                    return Err(Flaw::at(label, "another version has this label"));
                }
            }
            if let Some(id) = &keys.id {
                if !(32..=64).contains(&id.get_ref().chars().count()) {
                    return Err(Flaw::at(id, "a version id has 32 to 64 characters"));
                }
                if !ids.insert(id.get_ref()) {
                    return Err(Flaw::at(id, "another version has this id"));
                }
            }
        }
        let versions = list.iter().map(|keys| self.version(keys, filled, dice));
        Ok(versions.collect())
    }

    fn version(&self, keys: &VersionKeys, filled: DateTime<Utc>, dice: &mut Seed) -> Version {
        let fresh = dice.uuid();
        let id = keys.id.as_ref().map(|id| id.get_ref().clone());
        let labels = keys.labels.iter();
        Version {
            id: id.unwrap_or_else(|| fresh.to_string()),
            labels: labels.map(|label| label.get_ref().clone().into()).collect(),
            created: self.utc(keys.created).unwrap_or(filled),
            accessed: self.utc(keys.accessed).map(|at| at.date_naive()),
            has_value: !keys.empty,
            kms_keys: keys.kms_keys.iter().cloned().map(Text::from).collect(),
        }
    }
}

/// The versions of a secret whose file leaves them out: the current one, and the one before it if
/// there was a rotation. A version is there shortly before its rotation counts as done.
fn succession(
    created: DateTime<Utc>,
    last_rotated: Option<DateTime<Utc>>,
    rotation: Option<&Rotation>,
    dice: &mut Seed,
) -> Vec<Version> {
    let mut version = |label: &'static str, created| Version {
        id: dice.uuid().to_string(),
        labels: vec![label.into()],
        created,
        accessed: None,
        has_value: true,
        kms_keys: Vec::new(),
    };
    let Some(rotated) = last_rotated else {
        return vec![version("AWSCURRENT", created)];
    };
    let current = (rotated - TimeDelta::milliseconds(50)).max(created);
    let every = rotation.and_then(|rules| rules.days).unwrap_or(30);
    let previous = (current - TimeDelta::days(every.into())).max(created);
    vec![version("AWSCURRENT", current), version("AWSPREVIOUS", previous)]
}

fn external(kind: String, keys: Option<ExternalKeys>) -> External {
    let keys = keys.unwrap_or_default();
    External { kind: kind.into(), metadata: pairs(keys.metadata), role: keys.role.map(Text::from) }
}

fn pairs(map: BTreeMap<String, String>) -> Vec<(Text, Text)> {
    let pairs = map.into_iter();
    pairs.map(|(key, value)| (key.into(), value.into())).collect()
}
