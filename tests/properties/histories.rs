//! Histories of a secret's labels that may have happened: rotations that succeed, fail, are dropped or promoted, values
//! put by hand, labels moved back, labels of one's own, rotation turned off. Each is valid by the way it is made.

use std::collections::BTreeMap;
use std::fmt::Write;

use chrono::{DateTime, SecondsFormat, SubsecRound, TimeDelta, Utc};
use proptest::prelude::*;
use secdash::domain::rotation::Step;

/// When the clock of every world here starts.
pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_166_040, 0).unwrap()
}

/// A history as a scenario writes it, and what is known of it besides where the labels went.
#[derive(Debug, Clone, Default)]
pub struct History {
    pub toml: String,
    /// When the secret was last modified in any way.
    pub changed: Option<DateTime<Utc>>,
    /// LastRotatedDate, as long as rotation is on.
    pub rotated: Option<DateTime<Utc>>,
    /// Attempts that failed, to the second: the version, when, in which step.
    pub failed: Vec<(String, DateTime<Utc>, Step)>,
    /// When rotation was turned off, to the second.
    pub cancelled: Vec<DateTime<Utc>>,
}

/// Some time between two moves and a number by chance, for each move; and how long ago the last of them was.
pub fn history() -> impl Strategy<Value = History> {
    const HOUR: i64 = 3_600_000;
    let gap = || {
        prop_oneof![
            3 => Just(0),
            3 => 1_i64..1000,
            4 => 1000_i64..60_000,
            2 => 60_000_i64..HOUR,
            3 => HOUR..72 * HOUR,
            2 => 72 * HOUR..90 * 24 * HOUR
        ]
    };
    // A minus: AWS's clock is ahead of the one that asks.
    let rest = prop_oneof![4 => gap(), 1 => -180_000_i64..0];
    (prop::collection::vec((gap(), any::<u32>()), 1..40), rest).prop_map(|(chances, rest)| {
        let mut at = now() - TimeDelta::milliseconds(rest + chances.iter().map(|(gap, _)| gap).sum::<i64>());
        let mut teller = Teller::default();
        for (gap, chance) in chances {
            at += TimeDelta::milliseconds(gap);
            teller.tell(at, chance);
        }
        teller.history
    })
}

/// What may be done next, and what of it is as good as anything else of it.
#[derive(Debug, Clone, Copy)]
enum Act {
    Put,
    Rotate,
    Fill,
    Finish,
    Fail,
    Drop,
    Promote,
    MoveCurrent,
    Label,
    Unlabel,
    Cancel,
}

/// Labels of one's own.
const OWN: [&str; 3] = ["blue", "green", "known-good"];

/// The labels as far as one has to know them to do nothing that AWS would refuse.
#[derive(Debug, Default)]
struct Teller {
    history: History,
    /// Whether each version has a value.
    filled: Vec<bool>,
    current: usize,
    pending: Option<usize>,
    own: BTreeMap<&'static str, usize>,
    is_off: bool,
}

fn id(version: usize) -> String {
    format!("version-{version:024}")
}

impl Teller {
    /// What may be done, with its weight.
    fn acts(&self) -> Vec<(u32, Act)> {
        if self.filled.is_empty() {
            return vec![(1, Act::Put)];
        }
        let running = self.pending.filter(|pending| *pending != self.current);
        let (is_running, has_value) = (running.is_some(), running.is_some_and(|version| self.filled[version]));
        let others = (0..self.filled.len()).filter(|version| self.filled[*version] && *version != self.current).count();
        let all = [
            (2, Act::Put, self.pending.is_none() || is_running && !self.is_off),
            (9, Act::Rotate, !is_running),
            (9, Act::Fill, is_running && !has_value && !self.is_off),
            (9, Act::Finish, has_value && !self.is_off),
            (5, Act::Fail, is_running && !self.is_off),
            (1, Act::Drop, self.pending.is_some()),
            (1, Act::Promote, has_value),
            (1, Act::MoveCurrent, others > 0),
            (2, Act::Label, true),
            (1, Act::Unlabel, !self.own.is_empty()),
            (1, Act::Cancel, !self.is_off),
        ];
        all.into_iter().filter(|(_, _, may)| *may).map(|(weight, act, _)| (weight, act)).collect()
    }

    fn tell(&mut self, at: DateTime<Utc>, chance: u32) {
        let acts = self.acts();
        let mut place = chance % acts.iter().map(|(weight, _)| weight).sum::<u32>();
        let found = acts.iter().find(|(weight, _)| {
            let is_it = place < *weight;
            place = place.saturating_sub(*weight);
            is_it
        });
        let words = self.act(found.unwrap().1, at, usize::try_from(chance / 1000).unwrap());
        let at = at.to_rfc3339_opts(SecondsFormat::Millis, true);
        writeln!(self.history.toml, "  {{ at = \"{at}\", {words} }},").unwrap();
    }

    /// Does it and says how a scenario writes it.
    fn act(&mut self, act: Act, at: DateTime<Utc>, chance: usize) -> String {
        let pending = self.pending.unwrap_or_default();
        if !matches!(act, Act::Fail) {
            self.history.changed = Some(at);
        }
        match act {
            Act::Put => {
                self.filled.push(true);
                self.current = self.filled.len() - 1;
                self.pending = None;
                format!("put = \"{}\"", id(self.current))
            }
            Act::Rotate => {
                self.pending = Some(self.filled.len());
                self.filled.push(false);
                self.is_off = false;
                format!("rotate = \"{}\"", id(self.filled.len() - 1))
            }
            Act::Fill => {
                self.filled[pending] = true;
                format!("fill = \"{}\"", id(pending))
            }
            Act::Finish => {
                let stays = chance.is_multiple_of(2);
                self.current = pending;
                self.pending = Some(pending).filter(|_| stays);
                self.history.rotated = Some(at + TimeDelta::milliseconds(50));
                format!("finish = \"{}\", pending = \"{}\"", id(pending), if stays { "stays" } else { "goes" })
            }
            Act::Fail => {
                let step = [Step::Create, Step::Set, Step::Test, Step::Finish][chance % 4];
                self.history.failed.push((id(pending), at.trunc_subsecs(0), step));
                format!("fail = \"{}\", step = \"{}\"", id(pending), step.word())
            }
            Act::Drop => {
                self.pending = None;
                format!("move = \"AWSPENDING\", from = \"{}\"", id(pending))
            }
            Act::Promote => self.make_current(pending),
            Act::MoveCurrent => {
                let others = (0..self.filled.len()).filter(|one| self.filled[*one] && *one != self.current);
                let others: Vec<_> = others.collect();
                self.make_current(others[chance % others.len()])
            }
            Act::Label => self.label(chance),
            Act::Unlabel => {
                let (label, version) = self.own.pop_first().unwrap();
                format!("move = \"{label}\", from = \"{}\"", id(version))
            }
            Act::Cancel => {
                self.is_off = true;
                self.history.rotated = None;
                self.history.cancelled.push(at.trunc_subsecs(0));
                "cancel = true".to_owned()
            }
        }
    }

    fn make_current(&mut self, to: usize) -> String {
        let from = std::mem::replace(&mut self.current, to);
        format!("move = \"AWSCURRENT\", to = \"{}\", from = \"{}\"", id(to), id(from))
    }

    /// Puts one of the own labels on a version with a value where it isn't yet; AWSCURRENT's has it then, or another.
    fn label(&mut self, chance: usize) -> String {
        let label = OWN[chance % 3];
        let filled: Vec<_> = (0..self.filled.len()).filter(|version| self.filled[*version]).collect();
        let to = filled[chance / 3 % filled.len()];
        match self.own.insert(label, to) {
            None => format!("move = \"{label}\", to = \"{}\"", id(to)),
            Some(from) if from == to => {
                self.own.remove(label);
                format!("move = \"{label}\", from = \"{}\"", id(from))
            }
            Some(from) => format!("move = \"{label}\", to = \"{}\", from = \"{}\"", id(to), id(from)),
        }
    }
}
