//! From a scenario file to a world: defaults filled in, contradictions refused.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use toml::Spanned;

use super::Flaw;
use super::alert;
use super::database::DatabaseKeys;
use super::event::{Around, event};
use super::file::{FaultKeys, File, SecretKeys, TrailKeys};
use super::moment::{Moment, Span};
use super::reader::Readers;
use super::secret::Place;
use super::{function, log};
use crate::demo::clock::Clock;
use crate::demo::life::Life;
use crate::demo::secret::{Mark, Secret};
use crate::demo::seed::Seed;
use crate::demo::trail::{Act, Event, Manner, Trail};
use crate::demo::vault::Vault;
use crate::demo::wire::OPERATIONS;
use crate::demo::wire::fault::{Faults, Kind, Rule, When};
use crate::demo::wire::journal::Journal;
use crate::demo::wire::policy::Policy;
use crate::demo::world::{Inner, World};

/// 2026-11-20T09:14:00Z, in seconds since 1970.
const START: i64 = 1_795_166_040;

pub(super) fn world(name: &str, file: File) -> Result<World, Flaw> {
    let start = start(&file)?;
    let seed = Seed::new(file.seed);
    let caller = file.caller.unwrap_or_else(|| caller(&file.account));
    let session = caller.rsplit_once('/').map_or(caller.as_str(), |(_, session)| session);
    let place = Place { start, region: &file.region, seed: &seed, caller: session };
    let names = names(&file.secret)?;
    let mut list = file.secret;
    let databases: Vec<_> = list.iter_mut().map(DatabaseKeys::take).collect();
    let (mut secrets, events) = secrets(&place, list)?;
    let prefix = format!("arn:aws:secretsmanager:{}:{}:secret:", file.region, file.account);
    let logs = log::Around { start, prefix, secrets: &secrets, seed: &seed }.logs(file.log_group)?;
    let ids = secrets.iter().filter_map(|secret| secret.function.as_deref());
    let around = function::Around { start, region: &file.region, account: &file.account };
    let functions = around.functions(file.function, ids)?;
    for (secret, keys) in secrets.iter_mut().zip(databases) {
        keys.build(secret, &functions, &names)?;
    }
    let rules = file.fault.into_iter().map(|keys| rule(keys, &names));
    let rules: Vec<Rule> = rules.collect::<Result<_, _>>()?;
    let page_limit = match file.page_limit {
        Some(limit) if *limit.get_ref() == 0 => return Err(Flaw::at(&limit, "must be 1 or more")),
        limit => limit.map(Spanned::into_inner),
    };
    let policy = file.policy.map(|text| Policy::parse(text.get_ref()).map_err(|wrong| Flaw::at(&text, wrong)));
    let tracks = Readers { start, account: &file.account, secrets: &secrets, seed: &seed }.tracks(file.reader)?;
    let (trails, bus) =
        (alert::trails(file.cloud_trail, &file.region, &file.account)?, alert::bus(file.rule, &file.region)?);
    Ok(World::new(Inner {
        name: file.name.unwrap_or_else(|| name.to_owned()),
        caller,
        page_limit,
        clock: Clock::start_at(start, file.clock.speed.unwrap_or(1.0)),
        vault: Vault::new(&file.region, &file.account, secrets),
        trail: Trail::new(events, tracks, manner(&file.trail)),
        trails,
        bus,
        functions,
        logs,
        faults: Faults::new(rules),
        policy: policy.transpose()?,
        journal: Journal::default(),
        dice: seed.fork("wire").into(),
        life: Life::from(start),
        seed: seed.clone(),
        region: file.region,
        account: file.account,
    }))
}

/// How the trail tells what happened.
fn manner(keys: &TrailKeys) -> Manner {
    let usual = Manner::default();
    let span = |span: Option<Span>, or| span.and_then(|span| TimeDelta::from_std(span.0).ok()).unwrap_or(or);
    Manner {
        delay: span(keys.delay, usual.delay),
        jitter: span(keys.jitter, usual.jitter),
        has_resources: keys.resources.unwrap_or(usual.has_resources),
    }
}

fn names(list: &[SecretKeys]) -> Result<BTreeSet<String>, Flaw> {
    let mut names = BTreeSet::new();
    for keys in list {
        if !names.insert(keys.name.get_ref().clone()) {
            return Err(Flaw::at(&keys.name, "another secret has this name"));
        }
    }
    Ok(names)
}

/// The secrets of a file, and what CloudTrail recorded of them.
fn secrets(place: &Place<'_>, list: Vec<SecretKeys>) -> Result<(Vec<Secret>, Vec<Event>), Flaw> {
    let (mut secrets, mut events) = (Vec::with_capacity(list.len()), Vec::new());
    for mut keys in list {
        let recorded = std::mem::take(&mut keys.events);
        let (mut secret, acts) = place.secret(keys)?;
        let around = Around { start: place.start, caller: place.caller, secret: &secret };
        let mut dice = place.seed.fork("trail").fork(&secret.name);
        let mut told = Vec::new();
        for keys in recorded {
            told.extend(around.events(keys, &mut dice)?);
        }
        told.extend(acts.into_iter().map(|(at, act)| event(&secret, at, act, None, &mut dice)));
        secret.marks = marks(&secret, &told);
        events.extend(told);
        secrets.push(secret);
    }
    Ok((secrets, events))
}

/// When a secret was marked as deleted, as its events tell; what they leave out is as the secret's own dates have it.
fn marks(secret: &Secret, told: &[Event]) -> Vec<Mark> {
    let is_done = |event: &&Event| matches!(&event.act, Act::Call(request) if request.error.is_none());
    let mut calls: Vec<_> = told.iter().filter(is_done).map(|event| (event.at, event.name())).collect();
    calls.sort_unstable();
    let mut marks: Vec<Mark> = Vec::new();
    for (at, name) in calls {
        let is_open = marks.last().is_some_and(|mark| mark.to.is_none());
        match (name, marks.last_mut().filter(|_| is_open)) {
            ("DeleteSecret", None) => marks.push(Mark { from: at, to: None }),
            ("RestoreSecret", Some(mark)) => mark.to = Some(at),
            _ => {}
        }
    }
    let is_open = marks.last().is_some_and(|mark| mark.to.is_none());
    match (secret.deleted.is_some(), is_open) {
        (true, false) => marks.extend(secret.marks.iter().cloned()),
        (false, true) => drop(marks.pop()),
        _ => {}
    }
    marks
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
            Moment::FromStart(_) => Err(Flaw::at(start, "the clock must start at a date")),
        },
    }
}

fn rule(keys: FaultKeys, secrets: &BTreeSet<String>) -> Result<Rule, Flaw> {
    let operation = keys.operation.get_ref().as_str();
    if operation != "*" && !OPERATIONS.contains(&operation) {
        let known = OPERATIONS.join(", ");
        return Err(Flaw::at(&keys.operation, format!("must be \"*\" or one of {known}")));
    }
    if let Some(secret) = keys.secret.as_ref().filter(|name| !secrets.contains(name.get_ref())) {
        return Err(Flaw::at(secret, "no secret of this world has this name"));
    }
    if *keys.kind.get_ref() == Kind::Latency && keys.delay.is_none() {
        return Err(Flaw::at(&keys.kind, "latency needs a `delay`"));
    }
    let when = when(&keys)?;
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
        when,
        seen: 0,
    })
}

/// When a session ends, where the fault is one that ends sessions.
fn when(keys: &FaultKeys) -> Result<Option<When>, Flaw> {
    let ends = keys.kind.get_ref().end().is_some();
    if ends && keys.operation.get_ref() != "StartLiveTail" {
        return Err(Flaw::at(&keys.operation, "only \"StartLiveTail\" has sessions that can end"));
    }
    match (&keys.after_session, &keys.at) {
        (None, None) if ends => Err(Flaw::at(&keys.kind, "say when: `after_session` or `at`")),
        (None, None) => Ok(None),
        (Some(span), None) if ends => Ok(Some(When::After(span.0))),
        (None, Some(span)) if ends => Ok(Some(When::At(span.0))),
        (Some(_), Some(_)) => Err(Flaw::at(&keys.kind, "it ends either `after_session` or `at`")),
        _ => Err(Flaw::at(&keys.kind, "this kind ends no session")),
    }
}
