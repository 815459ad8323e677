//! What a number makes of a world: its function, its secret, how its attempts go, what of that can be seen, and what people
//! do in between.

use std::fmt::Write as _;

use super::draw::Dice;

/// How the function rotates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strategy {
    Single,
    Alternating,
    Custom,
}

/// What keeps the log from being seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Log {
    Open,
    /// It takes some seconds, or some tries, to read it.
    Slow,
    Tries,
    /// Nobody may list the groups; the lines can be read all the same.
    GroupsDenied,
    Denied,
    Missing,
    Throttled,
    /// The function is of another account.
    Elsewhere,
}

/// A version that was pending when the world began, of whose attempts the log has no line any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Inherited {
    pub(super) is_empty: bool,
    /// Somebody put another value after it.
    is_overtaken: bool,
    live: Option<&'static str>,
}

/// What somebody does by hand, so many seconds after the world began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hand {
    /// CancelRotateSecret.
    Cancel,
    /// AWSPENDING comes off, and a new rotation begins: the way into the lock-out.
    DropAndRotate,
    /// AWSCURRENT goes to the version before.
    MoveBack,
}

/// How an attempt goes: a scenario's words, and the letter that every log which tells it whole must lead to.
pub(super) type Goes = (&'static str, Option<&'static str>);

/// By the weights with which they come: those that get furthest are the ones that matter most.
const GOES: &[(u64, Goes)] = &[
    (2, ("{ fails_at = \"createSecret\" }", Some("A"))),
    (1, ("{ times_out_at = \"createSecret\", marks = \"report\" }", Some("A"))),
    (2, ("\"denied\"", Some("A"))),
    (2, ("\"cannot-import\"", Some("A"))),
    (2, ("\"throttled\"", Some("A"))),
    (1, ("\"never-invoked\"", Some("A"))),
    (5, ("{ fails_at = \"setSecret\" }", Some("C"))),
    (3, ("{ fails_at = \"setSecret\", with = \"KeyError: 'masterarn'\" }", Some("A"))),
    (3, ("{ fails_at = \"setSecret\", with = \"host key is missing from secret JSON\" }", Some("A"))),
    (3, ("{ fails_at = \"setSecret\", with = \"OperationalError: (2013, 'Lost connection')\" }", Some("D"))),
    (3, ("{ fails_at = \"setSecret\", unreachable = true }", None)),
    (4, ("{ fails_at = \"setSecret\", changed = true }", None)),
    (2, ("{ times_out_at = \"setSecret\", marks = \"task\" }", Some("D"))),
    (2, ("{ times_out_at = \"setSecret\", marks = \"report\" }", Some("D"))),
    (2, ("{ times_out_at = \"setSecret\", marks = \"both\" }", Some("D"))),
    (3, ("{ times_out_at = \"setSecret\", changed = true, marks = \"task\" }", None)),
    (3, ("{ times_out_at = \"setSecret\", changed = true, marks = \"report\" }", None)),
    (2, ("{ times_out_at = \"setSecret\", changed = true, marks = \"both\" }", None)),
    (6, ("{ fails_at = \"testSecret\" }", Some("B2"))),
    (2, ("{ fails_at = \"testSecret\", unreachable = true }", Some("B2"))),
    (2, ("{ times_out_at = \"testSecret\", marks = \"task\" }", Some("B2"))),
    (2, ("{ times_out_at = \"testSecret\", marks = \"report\" }", Some("B2"))),
    (7, ("{ fails_at = \"finishSecret\" }", Some("B1"))),
    (2, ("{ times_out_at = \"finishSecret\", marks = \"both\" }", Some("B1"))),
    (1, ("{ slow = \"40s\", at = \"testSecret\" }", None)),
    (2, ("{ slow = \"20s\", at = \"setSecret\" }", None)),
    (1, ("{ abandoned_at = \"setSecret\" }", None)),
    (1, ("\"without-tls\"", None)),
    (2, ("\"succeeds\"", None)),
];

/// A world before it is lived through.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each takes away another part of what can be seen")]
pub(super) struct Case {
    pub(super) seed: u64,
    pub(super) strategy: Strategy,
    pub(super) log: Log,
    pub(super) is_json: bool,
    pub(super) is_warn: bool,
    /// Seconds.
    timeout: u64,
    trail: &'static str,
    is_trail_denied: bool,
    pub(super) are_versions_denied: bool,
    /// Nobody may ask what the function is like: its log group is known by its usual name only.
    pub(super) is_function_denied: bool,
    /// Whether the superuser has a secret of its own, and that one works.
    superuser: Option<bool>,
    pub(super) attempts: Vec<Goes>,
    retry: (u64, u64),
    pub(super) inherited: Option<Inherited>,
    pub(super) hand: Option<(u64, Hand)>,
    /// How the rotation of a second secret on the same function goes.
    pub(super) second: Option<Goes>,
    /// So many seconds after the world began it is looked at.
    pub(super) looked: u64,
}

impl Case {
    pub(super) fn of(seed: u64) -> Self {
        let dice = &mut Dice::of(seed);
        let strategy = dice.weighed(&[(5, Strategy::Single), (3, Strategy::Alternating), (1, Strategy::Custom)]);
        let number = dice.weighed(&[(4, 1), (2, 2), (1, 3)]);
        let attempts: Vec<_> = (0..number).map(|_| dice.weighed(GOES)).collect();
        let log = dice.weighed(&[
            (24, Log::Open),
            (2, Log::Slow),
            (2, Log::Tries),
            (1, Log::GroupsDenied),
            (2, Log::Denied),
            (1, Log::Missing),
            (1, Log::Throttled),
            (2, Log::Elsewhere),
        ]);
        // In the middle of an attempt, soon after it, or long after all of them.
        let looked = match dice.below(5) {
            0 => dice.below(45),
            1 => 45 + dice.below(150),
            2 => 200 + dice.below(1_200),
            _ => 1_400 + dice.below(20_000),
        };
        let hands = [Hand::Cancel, Hand::Cancel, Hand::DropAndRotate, Hand::MoveBack];
        Self {
            seed,
            strategy,
            log,
            is_json: dice.percent(30),
            is_warn: dice.percent(10),
            timeout: dice.one(&[10, 30, 30, 30, 60, 120]),
            trail: dice.one(&["5m", "5m", "5m", "20s", "3h"]),
            is_trail_denied: dice.percent(12),
            are_versions_denied: dice.percent(6),
            is_function_denied: dice.percent(5),
            superuser: (strategy == Strategy::Alternating && dice.percent(40)).then(|| dice.percent(60)),
            attempts,
            retry: (dice.one(&[60, 120, 300, 900, 900, 3_600]), dice.one(&[0, 1, 2, 5])),
            inherited: dice.percent(10).then(|| Inherited {
                is_empty: dice.percent(25),
                is_overtaken: dice.percent(15),
                live: dice.one(&[None, Some("AWSPENDING"), Some("AWSPENDING"), Some("AWSPREVIOUS"), Some("none")]),
            }),
            hand: dice.percent(18).then(|| (dice.below(looked + 1).min(dice.one(&[8, 60, 20_000])), dice.one(&hands))),
            second: dice.percent(15).then(|| dice.weighed(GOES)),
            looked,
        }
    }

    /// The letter that it must come to, once all is quiet: only where nothing is hidden, and all attempts end alike.
    pub(super) fn letter(&self) -> Option<&'static str> {
        let is_plain =
            self.inherited.is_none() && !matches!(self.hand, Some((_, Hand::DropAndRotate | Hand::MoveBack)));
        let is_seen = matches!(self.log, Log::Open | Log::Slow | Log::Tries | Log::GroupsDenied)
            && !(self.is_warn
                || self.are_versions_denied
                || self.is_function_denied
                || self.strategy == Strategy::Custom);
        let is_alone = self.second.is_none() && self.superuser != Some(false);
        let [(_, letter)] = self.attempts.as_slice() else { return None };
        // A cancelled rotation may stop between any two steps.
        letter.filter(|_| is_plain && is_seen && is_alone && self.hand.is_none())
    }

    /// The scenario.
    pub(super) fn text(&self) -> String {
        let mut text = format!("seed = {}\n[trail]\ndelay = \"{}\"\n", self.seed, self.trail);
        self.secret(&mut text);
        if let Some((goes, _)) = self.second {
            let rotates = "rotation = { days = 30 }\nlast_rotated = \"-10d\"\nfunction = \"rotate\"";
            writeln!(text, "[[secret]]\nname = \"prod/other\"\n{rotates}\noutcome = {goes}").unwrap();
        }
        if let Some(works) = self.superuser {
            let live = if works { "" } else { "live = \"none\"" };
            writeln!(text, "[[secret]]\nname = \"prod/super\"\n{live}").unwrap();
        }
        let strategy = format!("{:?}", self.strategy).to_lowercase();
        let format = if self.is_json { "JSON" } else { "Text" };
        let level = if self.is_warn { ", level = \"WARN\", system_level = \"WARN\"" } else { "" };
        writeln!(text, "[[function]]\nname = \"rotate\"\ntimeout = \"{}s\"\nstrategy = \"{strategy}\"", self.timeout)
            .unwrap();
        writeln!(text, "log = {{ format = \"{format}\"{level} }}").unwrap();
        for (operation, kind) in self.faults() {
            writeln!(text, "[[fault]]\noperation = \"{operation}\"\n{kind}").unwrap();
        }
        text
    }

    fn secret(&self, text: &mut String) {
        let function = match self.log {
            Log::Elsewhere => "arn:aws:lambda:eu-west-1:999999999999:function:rotate",
            _ => "rotate",
        };
        writeln!(text, "[[secret]]\nname = \"prod/db\"\nfunction = \"{function}\"\nrotation = {{ days = 30 }}")
            .unwrap();
        let outcomes: Vec<_> = self.attempts.iter().map(|(goes, _)| *goes).collect();
        writeln!(text, "outcome = [{}]", outcomes.join(", ")).unwrap();
        let (after, times) = self.retry;
        match self.inherited {
            None => writeln!(text, "last_rotated = \"-10d\"\nretry = {{ after = \"{after}s\", times = {times} }}"),
            Some(inherited) => {
                // One that nobody attempts again has no `retry`.
                if times > 0 {
                    writeln!(text, "retry = {{ after = \"{after}s\", times = {times} }}").unwrap();
                }
                inherited.write(text);
                Ok(())
            }
        }
        .unwrap();
        if self.superuser.is_some() {
            text.push_str("superuser = \"prod/super\"\n");
        }
    }

    fn faults(&self) -> Vec<(&'static str, &'static str)> {
        let mut faults = match self.log {
            Log::Open | Log::Elsewhere => Vec::new(),
            Log::Slow => vec![("FilterLogEvents", "kind = \"latency\"\ndelay = \"3s\"")],
            Log::Tries => vec![("FilterLogEvents", "kind = \"throttle\"\ntimes = 1")],
            Log::GroupsDenied => vec![("DescribeLogGroups", "kind = \"deny\"")],
            Log::Denied => vec![("FilterLogEvents", "kind = \"deny\"")],
            Log::Missing => vec![("FilterLogEvents", "kind = \"not-found\"")],
            Log::Throttled => vec![("FilterLogEvents", "kind = \"throttle\"")],
        };
        faults.extend(self.is_trail_denied.then_some(("LookupEvents", "kind = \"deny\"")));
        faults.extend(self.is_function_denied.then_some(("GetFunctionConfiguration", "kind = \"deny\"")));
        faults.extend(self.are_versions_denied.then_some(("ListSecretVersionIds", "kind = \"deny\"")));
        faults
    }
}

impl Inherited {
    fn write(&self, text: &mut String) {
        let empty = if self.is_empty { ", empty = true" } else { "" };
        let current = if self.is_overtaken { "-1h" } else { "-10d" };
        writeln!(text, "last_rotated = \"-10d\"\nversions = [").unwrap();
        writeln!(text, "  {{ labels = [\"AWSPENDING\"], created = \"-3h\"{empty} }},").unwrap();
        writeln!(text, "  {{ labels = [\"AWSCURRENT\"], created = \"{current}\" }},").unwrap();
        writeln!(text, "  {{ labels = [\"AWSPREVIOUS\"], created = \"-40d\" }},\n]").unwrap();
        // What has no value is nobody's password.
        let live = self.live.filter(|live| !(self.is_empty && *live == "AWSPENDING"));
        writeln!(text, "live = \"{}\"", live.unwrap_or("AWSCURRENT")).unwrap();
    }
}
