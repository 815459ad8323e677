//! The events of the trail for people: rows, groups by reader, what is complete.

mod about;
pub mod json;
pub mod markdown;
mod refusal;
mod strip;

use chrono::{DateTime, Utc};

pub use self::about::About;
use self::refusal::reason;
pub use self::strip::strip;
use super::toned::{Line, Tone};
use crate::domain::trail::{Covered, Follower, HORIZON, Kind, KnownReads, Outcome, Standing, Tally, TrailEvent};
use crate::text::{AwsText, ago, count, moment, span, time_of_day};

/// How a kind is to be read.
pub fn tone(kind: Kind) -> Tone {
    match kind {
        Kind::Deletion => Tone::Bad,
        Kind::Refused | Kind::Restore | Kind::Labels | Kind::Write => Tone::Warn,
        Kind::Rotation => Tone::Good,
        Kind::Read | Kind::Settings | Kind::Other => Tone::Plain,
        Kind::Metadata => Tone::Dim,
    }
}

/// The tone of an event: what failed is bad, whatever kind it is.
pub fn tone_of(event: &TrailEvent) -> Tone {
    let kind = event.kind();
    if event.has_failed() && kind != Kind::Refused { Tone::Bad } else { tone(kind) }
}

/// What there is to say of an event beside its name: what was asked for or moved, and why it was refused.
pub fn detail(event: &TrailEvent) -> String {
    let failed = match &event.outcome {
        Outcome::Failed { code: Some(code), message } => {
            Some(format!("refused: {}", reason(code.raw(), message.as_ref().map_or("", AwsText::raw))))
        }
        Outcome::Failed { code: None, .. } if event.kind() == Kind::Rotation => Some("failed".to_owned()),
        Outcome::Failed { code: None, .. } => Some("refused".to_owned()),
        Outcome::Unknown => event.unreadable.map(|unreadable| format!("its record {}", unreadable.words())),
        Outcome::Done => None,
    };
    // The names of service events say already that it failed.
    let failed = failed.filter(|_| !event.name.raw().ends_with("Failed"));
    [failed, event.deed.words()].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The secret of an event in short.
pub fn secret(event: &TrailEvent) -> String {
    let name = event.scene.whose.name().map_or_else(|| "–".to_owned(), |name| name.to_string());
    match event.scene.whose.given.len() {
        0 | 1 => name,
        more if event.scene.whose.arn.is_none() && event.name.raw().starts_with("Batch") => {
            format!("{name} +{}", more - 1)
        }
        _ => name,
    }
}

/// What is complete of the time from `since` on, in one line; `done`: nothing is left to be read.
pub fn complete(covered: &Covered, since: DateTime<Utc>, done: bool) -> String {
    match covered.latest() {
        Some(span) if span.from <= since => {
            format!("complete from {} to about {}", moment(since), moment(span.to))
        }
        Some(span) if done => format!("complete from {} to about {}", moment(span.from), moment(span.to)),
        Some(span) => format!("complete from {} on so far, to about {}", moment(span.from), moment(span.to)),
        None => "nothing of it is complete yet".to_owned(),
    }
}

/// The same in few words, seen from `now`: `to about 08:59Z, back to 11-19 13:49Z`.
pub fn complete_briefly(covered: &Covered, since: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let Some(span) = covered.latest() else { return "nothing of it is complete yet".to_owned() };
    let (day, clock) = ("%m-%d %H:%MZ", "%H:%MZ");
    let to = span.to.format(if span.to.date_naive() == now.date_naive() { clock } else { day });
    format!("complete to about {to}, back to {}", span.from.max(since).format(day))
}

/// A reader's row in a group: how often, when last, what was refused.
pub fn reads(tally: &Tally, now: DateTime<Utc>) -> String {
    let reads = (tally.reads > 0).then(|| count(tally.reads, "read"));
    let refused = (tally.refused > 0).then(|| format!("{} refused", tally.refused));
    let others = tally.others.iter().map(|(kind, number)| Some(count(*number, deeds(*kind))));
    let previous = tally.previous.map(|at| format!("asked for AWSPREVIOUS {}", ago(at, now)));
    let versions = match tally.versions.len() {
        0 => None,
        1 => tally.versions.first().map(|version| format!("by version id {}", version.short())),
        more => Some(format!("by {more} version ids")),
    };
    // What calls for somebody's attention comes first: there may be room for no more.
    let last = Some(format!("last {}", ago(tally.last, now)));
    let words = [previous, refused, reads].into_iter().chain(others).chain([last, versions]);
    words.flatten().collect::<Vec<_>>().join(", ")
}

/// What one event of a kind is called, where several are counted.
fn deeds(kind: Kind) -> &'static str {
    match kind {
        Kind::Read | Kind::Refused => "read",
        Kind::Write => "write",
        Kind::Labels => "label move",
        Kind::Rotation => "rotation event",
        Kind::Deletion => "deletion",
        Kind::Restore => "restore",
        Kind::Settings => "change of settings",
        Kind::Metadata => "read of metadata",
        Kind::Other => "other call",
    }
}

/// Where a reader stands since AWSCURRENT moved, in a sentence's end.
pub fn standing(follower: &Follower, now: DateTime<Utc>) -> Line {
    let tone = match follower.standing {
        Standing::Fetched { .. } => Tone::Good,
        Standing::NotSeen { .. } => Tone::Dim,
        _ => Tone::Warn,
    };
    let words = match &follower.standing {
        Standing::Fetched { at } => format!("has read its value since, {} or earlier", ago(*at, now)),
        Standing::NotSeen { last } => format!("not seen reading since; before that {}", ago(*last, now)),
        Standing::Previous { at } => format!("asks for AWSPREVIOUS, {}", ago(*at, now)),
        Standing::Labelled { label, at } => format!("asks for the label {}, {}", label.text(), ago(*at, now)),
        Standing::Fixed { version, at } => format!("asks for version {}, {}", version.short(), ago(*at, now)),
        Standing::Refused { at } => format!("is refused, {}", ago(*at, now)),
    };
    vec![(Tone::Plain, follower.reader.words()), (Tone::Dim, " ".to_owned()), (tone, words)]
}

/// The sentence over the standings: since when, of which readers, and how late records are.
pub fn since(moved: DateTime<Utc>, followers: &[Follower], known: KnownReads, now: DateTime<Utc>) -> String {
    let fetched = followers.iter().filter(|one| matches!(one.standing, Standing::Fetched { .. })).count();
    let (of, time) = (count(followers.len(), "reader"), span(now - moved));
    let when = if is_early(moved, now) {
        format!("records of later reads come until about {}, or later", time_of_day(moved + HORIZON))
    } else {
        "records come 15 min late, or later".to_owned()
    };
    let clock = |at: DateTime<Utc>| at.format("%m-%d %H:%MZ");
    let known = match (known.named, known.all) {
        (None, _) => "found so far".to_owned(),
        (Some(named), Some(all)) if all <= named => format!("found (complete from {})", clock(named)),
        (Some(named), Some(all)) => format!("found (complete from {}; refused ones from {})", clock(named), clock(all)),
        (Some(named), None) => format!("found (complete from {}; refused ones not yet)", clock(named)),
    };
    format!("AWSCURRENT moved {time} ago: of {of} {known}, {fetched} read its value since ({when}).")
}

/// Whether it is too early to miss anybody's read: its record may be on its way.
pub fn is_early(moved: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now - moved < HORIZON
}
