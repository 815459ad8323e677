//! Secrets, faults and answers made of numbers: each fact of a secret carries a mark that tells whose it is.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use secdash::domain::calls::Call;
use secdash::domain::context::{Context, Origin};
use secdash::domain::fault::{Cause, Fault};
use secdash::domain::few::Few;
use secdash::domain::inspection::Inspection;
use secdash::domain::permission::Operation;
use secdash::domain::rotation::Step;
use secdash::domain::secret::{ExternalRotation, RotationRules, Secret, SecretId};
use secdash::domain::trail::{Cancellation, Named, RotationFailure};
use secdash::domain::version::{LabelMap, Pending, StagingLabel, Version, VersionId};

/// Numbers out of one number: what is made of it is the same each time.
pub struct Dice(pub u64);

impl Dice {
    /// A number below another.
    pub fn below(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides.max(1)
    }

    /// True once in so many times.
    pub fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    pub fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.once_in(2).then(|| make(self))
    }

    fn moment(&mut self, now: DateTime<Utc>) -> DateTime<Utc> {
        let days = [0, 1, 1, 40, 4_000][usize::try_from(self.below(5)).unwrap()];
        let seconds = i64::try_from(self.below(86_400 * 2)).unwrap() - 86_400;
        now + TimeDelta::days(if self.once_in(2) { days } else { -days }) + TimeDelta::seconds(seconds)
    }
}

/// Whose a fact is: the number of a Context, and of an account behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Home {
    pub context: u64,
    pub account: u64,
}

/// One of three Contexts; the first two differ in nothing but the profile.
pub fn context(number: u64) -> Arc<Context> {
    let region = if number == 2 { "us-east-1" } else { "eu-west-1" };
    let profile = Some(format!("profile-{number}"));
    Arc::new(Context { origin: Origin::Account, profile, region: region.to_owned(), endpoint: None })
}

/// The number of a Context.
pub fn number(context: &Context) -> u64 {
    let digits = context.profile.as_ref().and_then(|profile| profile.strip_prefix("profile-"));
    digits.unwrap().parse().unwrap()
}

/// What is in every fact of a secret, and in no fact of another.
pub fn mark(home: Home, number: u64) -> String {
    format!("c{}a{}s{number:02}", home.context, home.account)
}

/// The marks in a text, as Context, account and the whole.
pub fn marks(text: &str) -> Vec<(Home, String)> {
    let digit = |byte: u8| byte.is_ascii_digit().then(|| u64::from(byte - b'0'));
    let all = text.as_bytes().windows(7).filter_map(|word| match *word {
        [b'c', c, b'a', a, b's', n, m] if n.is_ascii_digit() && m.is_ascii_digit() => {
            let home = Home { context: digit(c)?, account: digit(a)? };
            Some((home, String::from_utf8_lossy(word).into_owned()))
        }
        _ => None,
    });
    all.collect()
}

/// The mark in an id.
pub fn mark_of(id: &SecretId) -> String {
    marks(id.arn.raw()).remove(0).1
}

/// How a secret's name may begin: what people, and what other servers, may do to a list.
const NAMES: [&str; 12] = [
    "prod/",
    "a\u{1b}[31mbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb/",
    "\u{202e}evil\u{202c}/",
    "秘密/",
    "👩\u{200d}👩\u{200d}👧 ",
    "e\u{301}\u{301}/",
    "PROD/Big/",
    "İstanbul\u{212a}/",
    "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb/",
    "\t\r\n\0",
    "",
    "same",
];

fn name(home: Home, number: u64) -> String {
    let front = NAMES[usize::try_from(number).unwrap() % NAMES.len()];
    // Some names are the same in every account and Region, so that only the ARN tells them apart.
    if front == "same" { "same/name".to_owned() } else { format!("{front}{}", mark(home, number)) }
}

/// The id of a secret.
pub fn id(home: Home, number: u64) -> SecretId {
    let context = context(home.context);
    let arn = format!("arn:aws:secretsmanager:{}:{}:secret:{}", context.region, home.account, mark(home, number));
    SecretId { context, arn: arn.into() }
}

/// A secret; its name and ARN come from its number, all else from the dice.
pub fn secret(id: &SecretId, now: DateTime<Utc>, dice: &mut Dice) -> Secret {
    let mark = mark_of(id);
    let (home, number) = (marks(&mark)[0].0, mark[5..].parse().unwrap());
    let text = |what: &str| format!("{what}-{mark}").into();
    Secret {
        id: id.clone(),
        name: name(home, number).into(),
        description: Some(format!("told\u{7} of {mark}").into()),
        rotation_enabled: [None, Some(true), Some(true), Some(false)][usize::try_from(dice.below(4)).unwrap()],
        rotation_function: dice.maybe(|_| text("arn:aws:lambda:function")),
        rotation_rules: dice.maybe(rules),
        external_rotation: dice.once_in(9).then(ExternalRotation::default),
        created: dice.maybe(|dice| dice.moment(now)),
        last_changed: dice.maybe(|dice| dice.moment(now)),
        last_accessed: dice.maybe(|dice| dice.moment(now)),
        last_rotated: dice.maybe(|dice| dice.moment(now)),
        next_rotation: dice.maybe(|dice| dice.moment(now)),
        deleted: dice.once_in(8).then(|| dice.moment(now)),
        labels: labels(&mark, dice),
        tags: Few::from_iter([("owner".into(), text("team"))]),
        kms_key: dice.maybe(|_| text("key")),
        owning_service: dice.once_in(8).then(|| "rds".into()),
        primary_region: dice.once_in(8).then(|| "us-west-2".into()),
        external_type: None,
        replicas: Vec::new(),
    }
}

fn rules(dice: &mut Dice) -> RotationRules {
    let days = i64::try_from(dice.below(400)).unwrap() - 20;
    RotationRules { automatically_after_days: Some(days), duration: None, schedule_expression: None }
}

fn labels(mark: &str, dice: &mut Dice) -> LabelMap {
    let version = |number: u64| VersionId(format!("version-{number}-of-{mark}").into());
    let current = (version(0), Box::from([StagingLabel::Current]));
    let pending = dice.once_in(2).then(|| (version(1 + dice.below(2)), Box::from([StagingLabel::Pending])));
    LabelMap([current].into_iter().chain(pending).collect())
}

/// What is learned of one secret, with or without faults.
pub fn inspection(id: &SecretId, now: DateTime<Utc>, dice: &mut Dice) -> Inspection {
    let secret = if dice.once_in(5) { Err(fault(dice, &mark_of(id))) } else { Ok(secret(id, now, dice)) };
    let versions = if dice.once_in(5) { Err(fault(dice, &mark_of(id))) } else { Ok(versions(&secret, now, dice)) };
    Inspection { secret, raw: vec![format!("{{ \"{}\"", mark_of(id)).into(), "\u{1b}}".into()], versions }
}

fn versions(secret: &Result<Secret, Fault>, now: DateTime<Utc>, dice: &mut Dice) -> Vec<Version> {
    let labels = secret.iter().flat_map(|secret| secret.labels.0.iter());
    let listed = labels.filter(|_| !dice.once_in(4)).map(|(id, labels)| (id.clone(), labels.to_vec()));
    let listed: Vec<_> = listed.collect();
    let version = |(id, labels)| {
        let created = dice.maybe(|dice| dice.moment(now));
        Version { id, labels, created, last_accessed: None, kms_keys: Vec::new() }
    };
    listed.into_iter().map(version).collect()
}

/// A failed attempt on what may be the pending version.
pub fn failure(id: &SecretId, now: DateTime<Utc>, dice: &mut Dice) -> RotationFailure {
    let version = format!("version-{}-of-{}", 1 + dice.below(2), mark_of(id));
    RotationFailure {
        secret: id.arn.clone(),
        version: dice.maybe(|_| VersionId(version.into())),
        at: now - TimeDelta::minutes(i64::try_from(dice.below(200)).unwrap()),
        step: dice.maybe(|_| Step::Set),
        message: mark_of(id).into(),
        event_id: dice.below(1_000).to_string().into(),
    }
}

/// Somebody turned rotation off, and gave the secret's name only: other accounts may have one of the same name.
pub fn cancellation(secret: &Secret, now: DateTime<Utc>, dice: &mut Dice) -> Cancellation {
    let event_id = format!("{} {}", mark_of(&secret.id), dice.below(3)).into();
    let given = secret.name.clone();
    Cancellation { secret: Named { given, arn: None }, at: now, by: Some(mark_of(&secret.id).into()), event_id }
}

/// A call.
pub fn call(now: DateTime<Utc>, dice: &mut Dice) -> Call {
    let throttles = u32::try_from(dice.below(3)).unwrap();
    Call {
        at: now,
        service: "Secrets Manager".into(),
        operation: "ListSecrets\u{1b}".into(),
        took: Duration::from_millis(dice.below(90_000)),
        attempts: throttles + 1,
        throttles,
        request_id: dice.maybe(|_| "id".into()),
        error: dice.maybe(|_| "AccessDenied\u{202e}".into()),
    }
}

/// A fault of any cause; where AWS's words belong, they carry a mark.
pub fn fault(dice: &mut Dice, mark: &str) -> Fault {
    let all = causes(mark);
    let at = usize::try_from(dice.below(all.len() as u64)).unwrap();
    let operations = [Operation::ListSecrets, Operation::DescribeSecret, Operation::LookupEvents, Operation::SignIn];
    let operation = operations[usize::try_from(dice.below(4)).unwrap()];
    Fault { operation, cause: all[at].clone(), request_id: dice.maybe(|_| "request\u{1b}".into()) }
}

fn causes(mark: &str) -> [Cause; 25] {
    let (profile, some) = ("p\u{1b}".to_owned(), Some("p".to_owned()));
    let words = || format!("words of {mark}\u{1b}[2J");
    [
        Cause::NoSuchProfile { profile: profile.clone(), known: vec!["a\n".to_owned()] },
        Cause::UnreadableProfiles { detail: words().into() },
        Cause::NoRegion { profile: None },
        Cause::BadRegion { region: words() },
        Cause::BadEndpoint { url: words() },
        Cause::NoCredentials,
        Cause::SsoExpired { profile: some.clone() },
        Cause::MfaSerial { profile },
        Cause::SignInFailed { detail: words().into() },
        Cause::SignInTimedOut { seconds: 60 },
        Cause::Expired { profile: some.clone() },
        Cause::Expired { profile: None },
        Cause::BadCredentials { code: "c".into(), message: words().into() },
        Cause::Denied { message: words().into() },
        Cause::NotFound { what: words().into() },
        Cause::Throttled,
        Cause::Refused { endpoint: some },
        Cause::NoAddress { endpoint: None, region: "r".to_owned() },
        Cause::TimedOut,
        Cause::Cut,
        Cause::Unreachable { detail: words().into() },
        Cause::Malformed { detail: words().into() },
        Cause::EndlessPages { pages: 1_000 },
        Cause::Service { code: "HTTP 500".into(), message: words().into() },
        Cause::NotOpen((*context(0)).clone()),
    ]
}

/// Whether a secret's pending version sits elsewhere than the current one.
pub fn is_pending(secret: &Secret) -> bool {
    secret.deleted.is_none() && matches!(secret.labels.pending(), Pending::Other(_))
}
