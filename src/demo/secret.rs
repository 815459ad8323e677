//! A secret as the world keeps it: everything AWS tells about it, and never its value.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, Utc};

use crate::demo::database::{Database, Live};
use crate::demo::function::Strategy;
use crate::demo::labels::{self, CURRENT, Move};
use crate::demo::rotation::behaviour::Behaviour;

/// Text that is static in generated worlds and owned in written ones.
pub(in crate::demo) type Text = Cow<'static, str>;

#[derive(Debug, Clone)]
pub(in crate::demo) struct Secret {
    pub(in crate::demo) name: String,
    /// The six random characters at the end of the ARN.
    pub(in crate::demo) suffix: [u8; 6],
    pub(in crate::demo) description: Option<Text>,
    pub(in crate::demo) tags: Vec<(Text, Text)>,
    pub(in crate::demo) kms_key: Option<Text>,
    /// Name of the rotation function, or the whole ARN of one in another account.
    pub(in crate::demo) function: Option<Text>,
    /// `None`: never configured, which is not the same as switched off.
    pub(in crate::demo) rotation: Option<Rotation>,
    pub(in crate::demo) created: DateTime<Utc>,
    pub(in crate::demo) last_changed: Option<DateTime<Utc>>,
    pub(in crate::demo) last_accessed: Option<NaiveDate>,
    pub(in crate::demo) last_rotated: Option<DateTime<Utc>>,
    pub(in crate::demo) next_rotation: Option<DateTime<Utc>>,
    /// The moment the recovery window ends.
    pub(in crate::demo) deleted: Option<DateTime<Utc>>,
    /// Each time at which it was marked as deleted, as far as that is known, in order.
    pub(in crate::demo) marks: Vec<Mark>,
    /// When it was deleted for good.
    pub(in crate::demo) gone: Option<DateTime<Utc>>,
    pub(in crate::demo) owning_service: Option<Text>,
    pub(in crate::demo) primary_region: Option<Text>,
    pub(in crate::demo) replicas: Vec<Replica>,
    pub(in crate::demo) external: Option<External>,
    pub(in crate::demo) versions: Vec<Version>,
    /// How their labels came where they are: as far as the scenario tells, and since the world began.
    pub(in crate::demo) moves: Vec<Move>,
    /// How its rotations go; `None`: well.
    pub(in crate::demo) behaviour: Option<Box<Behaviour>>,
    /// `None`: nothing has changed yet, and it takes AWSCURRENT's password of its only user.
    pub(in crate::demo) database: Option<Box<Database>>,
}

/// From DeleteSecret to RestoreSecret; `None`: nobody has restored it.
#[derive(Debug, Clone)]
pub(in crate::demo) struct Mark {
    pub(in crate::demo) from: DateTime<Utc>,
    pub(in crate::demo) to: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone)]
pub(in crate::demo) struct Rotation {
    pub(in crate::demo) enabled: bool,
    pub(in crate::demo) days: Option<u16>,
    pub(in crate::demo) expression: Option<Text>,
    pub(in crate::demo) duration: Option<Text>,
}

#[derive(Debug, Clone)]
pub(in crate::demo) struct Replica {
    pub(in crate::demo) region: String,
    pub(in crate::demo) kms_key: Option<String>,
    /// `InSync`, `Failed` or `InProgress` (API_ReplicationStatusType.html).
    pub(in crate::demo) status: String,
    pub(in crate::demo) message: Option<String>,
    pub(in crate::demo) last_accessed: Option<NaiveDate>,
}

/// What makes a secret a managed external one (mes-partners.html).
#[derive(Debug, Clone)]
pub(in crate::demo) struct External {
    pub(in crate::demo) kind: Text,
    pub(in crate::demo) metadata: Vec<(Text, Text)>,
    /// ARN of the role that Secrets Manager assumes to rotate at the partner's.
    pub(in crate::demo) role: Option<Text>,
}

#[derive(Debug, Clone)]
pub(in crate::demo) struct Version {
    /// A UUID, or whatever token the caller chose.
    pub(in crate::demo) id: String,
    pub(in crate::demo) labels: Vec<Text>,
    pub(in crate::demo) created: DateTime<Utc>,
    pub(in crate::demo) accessed: Option<NaiveDate>,
    /// False between RotateSecret and the first PutSecretValue: the label is there, no value is.
    pub(in crate::demo) has_value: bool,
    pub(in crate::demo) kms_keys: Vec<Text>,
}

impl Secret {
    /// The part of the ARN after `secret:`.
    pub(in crate::demo) fn resource(&self) -> String {
        let suffix = std::str::from_utf8(&self.suffix).unwrap_or_default();
        format!("{}-{suffix}", self.name)
    }

    /// Whether it is a copy of a secret of another Region.
    pub(in crate::demo) fn is_replica(&self, region: &str) -> bool {
        self.primary_region.as_deref().is_some_and(|primary| primary != region)
    }

    /// Whether it was marked as deleted at this time.
    pub(in crate::demo) fn was_marked(&self, at: DateTime<Utc>) -> bool {
        self.marks.iter().any(|mark| mark.from <= at && mark.to.is_none_or(|to| at < to))
    }

    /// The id of the version that had a label at this time, as far as the moves tell; before them, what the dates of the
    /// versions speak for.
    pub(in crate::demo) fn holder_at(&self, label: &str, at: DateTime<Utc>) -> Option<&str> {
        let mut moves = self.moves.iter().filter(|moved| moved.label == label);
        if let Some(last) = moves.clone().rfind(|moved| moved.at <= at) {
            return last.to.as_deref();
        }
        let known = match moves.next() {
            Some(first) => first.from.as_deref(),
            None => labels::holder(&self.versions, label).map(|version| version.id.as_str()),
        };
        let mut filled: Vec<_> = self.versions.iter().filter(|version| version.has_value).collect();
        filled.sort_by_key(|version| version.created);
        if label != CURRENT || filled.iter().any(|version| Some(version.id.as_str()) == known && version.created <= at)
        {
            return known;
        }
        let before = filled.iter().rfind(|version| version.created <= at).or(filled.first());
        before.map(|version| version.id.as_str()).or(known)
    }

    /// The database behind it, to be changed. Whoever changes labels asks for it first: where nothing is said of it,
    /// they tell what it takes.
    pub(in crate::demo) fn database(&mut self) -> &mut Database {
        let versions = &self.versions;
        self.database.get_or_insert_with(|| Box::new(Database::of(versions, Strategy::Single, Live::Current)))
    }

    /// Whether the database takes the password of this version.
    pub(in crate::demo) fn accepts(&self, version: &str) -> bool {
        match &self.database {
            Some(database) => database.accepts(version),
            None => labels::holder(&self.versions, CURRENT).is_some_and(|current| current.id == version),
        }
    }

    /// Whether clients that read AWSCURRENT can sign in.
    pub(in crate::demo) fn works(&self) -> bool {
        labels::holder(&self.versions, CURRENT).is_some_and(|current| self.accepts(&current.id))
    }

    pub(in crate::demo) fn behaviour(&self) -> Behaviour {
        self.behaviour.as_deref().cloned().unwrap_or_default()
    }
}
