//! Worlds of any size, made up from the seed: believable names, and states in sane proportion.

use chrono::{DateTime, TimeDelta, Utc};

use super::build::{caller, default_start};
use super::function::Around;
use super::history::history;
use crate::demo::bus::Bus;
use crate::demo::clock::Clock;
use crate::demo::life::Life;
use crate::demo::logs::Logs;
use crate::demo::secret::{Mark, Rotation, Secret, Text, Version};
use crate::demo::seed::Seed;
use crate::demo::trail::{Manner, Trail};
use crate::demo::trails::Trails;
use crate::demo::vault::Vault;
use crate::demo::wire::fault::Faults;
use crate::demo::wire::journal::Journal;
use crate::demo::world::{Inner, World};

const REGION: &str = "eu-west-1";
const ACCOUNT: &str = "000000000000";
const SEED: u64 = 20_261_120;

const ENVIRONMENTS: [&str; 4] = ["prod", "staging", "test", "dev"];
const TEAMS: [&str; 16] = [
    "payments", "orders", "search", "ledger", "identity", "catalog", "shipping", "billing", "fraud", "mail", "mobile",
    "partners", "pricing", "reports", "stock", "users",
];
const SYSTEMS: [&str; 16] = [
    "api",
    "worker",
    "importer",
    "exporter",
    "gateway",
    "scheduler",
    "console",
    "archive",
    "events",
    "feed",
    "portal",
    "ranking",
    "sync",
    "webhooks",
    "cache",
    "batch",
];
/// So long after the start its schedules are planned: with many secrets that takes a moment, and a start may not.
const PLANNED: TimeDelta = TimeDelta::minutes(1);

/// End of the name, description, function.
type Kind = (&'static str, &'static str, &'static str);
const KINDS: [Kind; 8] = [
    ("db", "PostgreSQL login", "rotate-postgres"),
    ("db-admin", "PostgreSQL superuser", "rotate-postgres"),
    ("mysql", "MySQL login", "rotate-mysql"),
    ("redis", "Redis AUTH token", "rotate-redis"),
    ("api-key", "API key of a partner", "rotate-api-key"),
    ("smtp", "SMTP credentials", "rotate-smtp"),
    ("oauth", "OAuth client secret", "rotate-oauth"),
    ("ssh", "SSH key pair", "rotate-ssh"),
];
const DAYS: [u16; 6] = [30, 30, 30, 60, 90, 365];

/// All different names there are before they get a number.
const NAMES: usize = ENVIRONMENTS.len() * TEAMS.len() * SYSTEMS.len() * KINDS.len();

/// What became of a secret; the shares are per mille.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Fate {
    Healthy,
    /// AWSPENDING with a value, from an attempt that never finished.
    Stuck,
    /// The same without a value.
    StuckEmpty,
    Overdue,
    /// Off, with the function still set and AWSPENDING left behind.
    Cancelled,
    Deleted,
    Managed,
    Off,
    NeverConfigured,
}

pub(super) fn world(count: usize) -> World {
    let start = default_start();
    let seed = Seed::new(SEED);
    let mut dice = seed.fork("secrets");
    let mut events = Vec::new();
    let made = (0..count).map(|at| {
        let (fate, secret) = secret(at, count, start, &mut dice);
        let mut dice = seed.fork("trail").fork(&secret.name);
        events.extend(history(&secret, fate, start, &mut dice));
        secret
    });
    let secrets = made.collect();
    World::new(Inner {
        name: format!("secrets:{count}"),
        region: REGION.to_owned(),
        account: ACCOUNT.to_owned(),
        caller: caller(ACCOUNT),
        page_limit: None,
        clock: Clock::start_at(start, 1.0),
        vault: Vault::new(REGION, ACCOUNT, secrets),
        trail: Trail::new(events, Vec::new(), Manner::default()),
        trails: Trails::default(),
        bus: Bus::default(),
        functions: Around { start, region: REGION, account: ACCOUNT }.plain_ones(KINDS.map(|(_, _, name)| name)),
        logs: Logs::default(),
        faults: Faults::default(),
        policy: None,
        journal: Journal::default(),
        dice: seed.fork("wire").into(),
        life: Life::from(start + PLANNED),
        seed: seed.clone(),
    })
}

fn fate(dice: &mut Seed) -> Fate {
    match dice.below(1000) {
        0 => Fate::Stuck,
        1 => Fate::StuckEmpty,
        2..7 => Fate::Overdue,
        7 => Fate::Cancelled,
        8..12 => Fate::Deleted,
        12..40 => Fate::Managed,
        40..80 => Fate::Off,
        80..250 => Fate::NeverConfigured,
        _ => Fate::Healthy,
    }
}

/// Secrets come in the order they were created, over five years, so nothing needs sorting.
fn secret(at: usize, count: usize, start: DateTime<Utc>, dice: &mut Seed) -> (Fate, Secret) {
    let fate = fate(dice);
    let naming = naming(at);
    let (_, description, function) = naming.kind;
    let step = TimeDelta::days(5 * 365).num_seconds() / i64::try_from(count.max(1)).unwrap_or(1);
    let age = step * i64::try_from(count - at).unwrap_or(1);
    let created = start - TimeDelta::seconds(age + 60);
    let managed = fate == Fate::Managed;
    let name = if managed { format!("rds!db-{}", dice.uuid()) } else { naming.name };
    let mut secret = Secret {
        name,
        suffix: dice.suffix(),
        description: (!managed).then_some(Text::Borrowed(description)),
        tags: vec![
            (Text::Borrowed("env"), Text::Borrowed(naming.environment)),
            (Text::Borrowed("team"), Text::Borrowed(naming.team)),
        ],
        kms_key: None,
        function: (!managed && fate != Fate::NeverConfigured).then_some(Text::Borrowed(function)),
        rotation: None,
        created,
        last_changed: Some(created),
        last_accessed: Some((start - TimeDelta::days(days(dice, 3))).date_naive()),
        last_rotated: None,
        next_rotation: None,
        deleted: None,
        marks: Vec::new(),
        gone: None,
        owning_service: managed.then_some(Text::Borrowed("rds")),
        primary_region: None,
        replicas: Vec::new(),
        external: None,
        versions: Vec::new(),
        moves: Vec::new(),
        behaviour: None,
        database: None,
    };
    rotate(&mut secret, fate, start, dice);
    (fate, secret)
}

/// What a secret is called, and what follows from it.
struct Naming {
    name: String,
    kind: Kind,
    team: &'static str,
    environment: &'static str,
}

/// The name number `at`. A stride that has no factor in common with [`NAMES`] mixes the teams;
/// numbers keep the names apart once all have been used.
fn naming(at: usize) -> Naming {
    let mixed = (at % NAMES) * 4_099 % NAMES;
    let pick = |list: &[&'static str; 16], at: usize| list.get(at % 16).copied();
    let kind = KINDS.get(mixed % KINDS.len()).copied().unwrap_or_default();
    let rest = mixed / KINDS.len();
    let system = pick(&SYSTEMS, rest).unwrap_or_default();
    let team = pick(&TEAMS, rest / 16).unwrap_or_default();
    let environment = ENVIRONMENTS.get(rest / 256).copied().unwrap_or_default();
    let mut name = String::with_capacity(40);
    for part in [environment, "/", team, "/", system, "-", kind.0] {
        name.push_str(part);
    }
    if at >= NAMES {
        name.push('-');
        name.push_str(&(at / NAMES + 1).to_string());
    }
    Naming { name, kind, team, environment }
}

fn days(dice: &mut Seed, limit: u64) -> i64 {
    i64::try_from(dice.below(limit)).unwrap_or_default()
}

/// Gives the secret its schedule, dates and versions.
fn rotate(secret: &mut Secret, fate: Fate, start: DateTime<Utc>, dice: &mut Seed) {
    let at = usize::try_from(dice.below(6)).unwrap_or_default();
    let every = DAYS.get(at).copied().unwrap_or(30);
    let since = match fate {
        Fate::Stuck | Fate::StuckEmpty | Fate::Overdue => i64::from(every) + 1 + days(dice, 9),
        _ => days(dice, u64::from(every)),
    };
    // A secret younger than that holds its first value still.
    let last = start - TimeDelta::days(since) - TimeDelta::minutes(days(dice, 540));
    let last = last.max(secret.created);
    secret.last_changed = Some(last);
    if !matches!(fate, Fate::NeverConfigured) {
        let enabled = !matches!(fate, Fate::Off | Fate::Cancelled);
        secret.rotation = Some(Rotation { enabled, days: Some(every), expression: None, duration: None });
        secret.last_rotated = Some(last);
        secret.next_rotation = end_of_day(last + TimeDelta::days(i64::from(every)));
    }
    if fate == Fate::Deleted {
        secret.deleted = Some(start + TimeDelta::days(1 + days(dice, 29)));
        secret.marks.push(Mark { from: last, to: None });
    }
    secret.versions.push(version(dice, "AWSCURRENT", last));
    if last > secret.created && fate != Fate::NeverConfigured {
        let before = (last - TimeDelta::days(i64::from(every))).max(secret.created);
        secret.versions.push(version(dice, "AWSPREVIOUS", before));
    }
    if matches!(fate, Fate::Stuck | Fate::StuckEmpty | Fate::Cancelled) {
        let since = start - TimeDelta::hours(1 + days(dice, 72));
        let mut pending = version(dice, "AWSPENDING", since.max(last));
        pending.has_value = fate != Fate::StuckEmpty;
        secret.last_changed = Some(pending.created);
        if fate == Fate::Cancelled {
            // Turned off after the first attempt had failed.
            secret.last_changed = Some((pending.created + TimeDelta::minutes(10)).min(start));
        }
        secret.versions.push(pending);
    }
}

/// The last second of the window of a schedule in days.
fn end_of_day(at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    Some(at.date_naive().and_hms_opt(23, 59, 59)?.and_utc())
}

fn version(dice: &mut Seed, label: &'static str, created: DateTime<Utc>) -> Version {
    Version {
        id: dice.uuid().to_string(),
        labels: vec![Text::Borrowed(label)],
        created,
        accessed: None,
        has_value: true,
        kms_keys: Vec::new(),
    }
}
