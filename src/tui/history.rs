//! The event history as lines on the screen: read by `view` to draw it and by `update` to move in it.

use std::sync::Arc;

use ratatui::layout::Rect;

use super::keymap::{Action, Scope as Keys};
use super::known::{Fetch, Row};
use super::layout;
use super::model::Model;
use super::sheet::{Line, Tone, hanging};
use crate::domain::fault::Fault;
use crate::domain::handles::Handle;
use crate::domain::secret::Secret;
use crate::domain::trail::{Caller, Deed, Follower, Outcome, Scope, Standing, TrailEvent};
use crate::output::history::{About, detail, is_early, secret, since};
use crate::text::{ago, both_clocks, count, mask, moment, safe, wrap};

/// Most lines above the events.
const NOTES: usize = 5;

/// How many lines the events, their titles and the strip have at least, where there is room.
const ROWS: usize = 8;

/// Where the parts of the screen stand.
#[derive(Debug, Clone, Copy)]
pub struct Areas {
    /// The events, with their border.
    pub list: Rect,
    /// The record that is unfolded, with its border.
    pub record: Option<Rect>,
    /// How many lines stand above the events: notes, the strip, and the titles of the columns.
    pub above: usize,
    /// How many events are shown at once.
    pub page: usize,
}

/// The parts of the screen; `None` where it is too small.
pub fn areas(model: &Model) -> Option<Areas> {
    let body = model.areas()?.body;
    let (list, record) = layout::history(body, model.history.unfolded.is_some());
    let inside = layout::inside(list);
    let height = usize::from(inside.height);
    let foot = if fault(model).is_some() { layout::FOOT.into() } else { 0 };
    // The events come first: what is said of them makes room.
    let notes = notes(model, usize::from(inside.width)).len().min(height.saturating_sub(foot + ROWS));
    let above = notes + 2;
    Some(Areas { list, record, above, page: height.saturating_sub(above + foot).max(1) })
}

/// Why what is wanted could not be read.
pub fn fault(model: &Model) -> Option<&Fault> {
    let known = &model.known.history;
    known.state_of(&model.history.depth()).fault().or_else(|| known.state.fault())
}

/// Whose events they are.
pub fn heading(model: &Model) -> String {
    match &model.history.scope {
        Some(Scope::Secret(secret)) => secret.name.to_string(),
        Some(Scope::Account(_)) | None => "all secrets".to_owned(),
    }
}

/// The secret whose events they are.
fn subject(model: &Model) -> Option<&Secret> {
    match &model.history.scope {
        Some(Scope::Secret(secret)) => Some(secret),
        _ => None,
    }
}

/// What is to be said above the events: what matters most first.
pub fn notes(model: &Model, width: usize) -> Vec<Line> {
    let mut notes = Vec::new();
    let known = &model.known.history;
    notes.extend(deletion(model, width));
    if let Some((moved, followers)) = model.history.followers.as_ref().filter(|(_, followers)| !followers.is_empty()) {
        let text = since(*moved, followers, model.known.history.known_reads(), model.now);
        notes.extend(hanging((Tone::Dim, "· "), (Tone::Plain, &text), width));
        let early = is_early(*moved, model.now);
        let is_told = |one: &&Follower| !(early && matches!(one.standing, Standing::NotSeen { .. }));
        let told: Vec<Follower> = followers.iter().filter(is_told).cloned().collect();
        notes.extend(apart(&told, model, width));
    }
    notes.extend(counted(model, width));
    if known.slowed && known.state == Fetch::Loading {
        let text = "Others use CloudTrail's ration too (2 look-ups a second): reading more slowly.";
        notes.extend(hanging((Tone::Warn, "! "), (Tone::Plain, text), width));
    }
    if known.unplaced > 0 {
        let text = format!("{} had neither an id nor a time: no place for them here.", count(known.unplaced, "event"));
        notes.extend(hanging((Tone::Warn, "! "), (Tone::Plain, &text), width));
    }
    if let Some(dropped) = known.events.dropped() {
        let text = format!("There is room for 100,000 events: those up to {} are let go.", moment(dropped));
        notes.extend(hanging((Tone::Warn, "! "), (Tone::Plain, &text), width));
    }
    notes.truncate(NOTES);
    notes
}

/// Since when the readers are counted, where that is less than what is looked at.
fn counted(model: &Model, width: usize) -> Vec<Line> {
    let history = &model.history;
    let Some(from) =
        history.whole_from.filter(|from| history.by_reader && history.since().is_some_and(|at| *from > at))
    else {
        return Vec::new();
    };
    let text = format!("Counted from {}: what is earlier is not read whole.", moment(from));
    hanging((Tone::Warn, "! "), (Tone::Plain, &text), width)
}

/// By whom the secret was scheduled for deletion, when it is gone, and who still asks for it.
fn deletion(model: &Model, width: usize) -> Vec<Line> {
    let Some(secret) = subject(model).filter(|secret| secret.deleted.is_some()) else { return Vec::new() };
    let events = || model.known.history.events.iter().filter(|event| event.names(secret));
    let of_it = |event: &&TrailEvent| matches!(event.deed, Deed::Delete { .. }) && !event.has_failed();
    let by = events().find(of_it);
    let due = secret.deleted.map_or_else(String::new, |due| format!(", gone {}", ago(due, model.now)));
    let who = match (by, &model.known.history.changes_state) {
        (Some(by), _) => format!(" by {} {}", by.scene.who.words(), ago(by.at, model.now)),
        (None, Fetch::Loading) => " (by whom is being looked up)".to_owned(),
        (None, Fetch::Idle) => " (by whom isn't in CloudTrail's records so far, which come late)".to_owned(),
        (None, Fetch::Failed(_)) => String::new(),
    };
    let key = model.start.keymap.key(Keys::History, Action::Mark);
    let still = by.map(|by| {
        let asks = |event: &&TrailEvent| matches!(event.deed, Deed::Read { .. }) && event.at > by.at;
        let mut readers: Vec<_> = events().filter(asks).map(|event| event.scene.who.reader().words()).collect();
        readers.sort_unstable();
        readers.dedup();
        readers
    });
    let still = match still {
        Some(readers) if !readers.is_empty() => format!(" Still asked for by {}.", readers.join(", ")),
        _ => String::new(),
    };
    let at_once = by.is_some_and(|by| by.deed.is_final());
    let text = if at_once {
        format!(
            "Deleted without a recovery window{who}: AWS deletes it in the background, with no time to restore it.{still}"
        )
    } else {
        format!("Scheduled for deletion{who}{due}: {key} restores it.{still}")
    };
    hanging((Tone::Bad, "! "), (Tone::Strong, &text), width)
}

/// The readers that have not been seen fetching the new value, by what they do instead.
fn apart(followers: &[Follower], model: &Model, width: usize) -> Vec<Line> {
    let groups = [
        ("refused", Tone::Bad),
        ("asks for AWSPREVIOUS", Tone::Warn),
        ("asks for another label", Tone::Warn),
        ("asks for another version", Tone::Warn),
        ("not seen reading since", Tone::Plain),
    ];
    let mut words: Vec<String> = Vec::new();
    let mut tone = Tone::Plain;
    for (what, of) in groups {
        let readers: Vec<_> = followers.iter().filter(|one| group(&one.standing) == Some(what)).collect();
        let names: Vec<_> = readers
            .iter()
            .take(3)
            .map(|one| format!("{} ({})", one.reader.words(), ago(one.standing.at(), model.now)))
            .collect();
        if names.is_empty() {
            continue;
        }
        if tone == Tone::Plain {
            tone = of;
        }
        let more = if readers.len() > 3 { format!(" and {} more", readers.len() - 3) } else { String::new() };
        words.push(format!("{what}: {}{more}", names.join(", ")));
    }
    if words.is_empty() { Vec::new() } else { hanging((tone, "! "), (Tone::Plain, &words.join(" · ")), width) }
}

/// On a secret's own screen: where its readers stand, or how to find out. A heading and a text.
pub fn readers(model: &Model, row: &Row) -> [Line; 1] {
    let is_read =
        subject(model).is_some_and(|secret| secret.id == row.secret.id) && model.known.history.reached.is_some();
    let words = match model.history.followers.as_ref().filter(|(_, followers)| is_read && !followers.is_empty()) {
        Some((moved, followers)) => since(*moved, followers, model.known.history.known_reads(), model.now),
        None => format!("{} looks up who reads it", model.start.keymap.key(Keys::Secret, Action::History)),
    };
    [vec![(Tone::Dim, "readers   ".to_owned()), (Tone::Plain, words)]]
}

/// What a reader does in place of fetching the new value.
fn group(standing: &Standing) -> Option<&'static str> {
    Some(match standing {
        Standing::Refused { .. } => "refused",
        Standing::Previous { .. } => "asks for AWSPREVIOUS",
        Standing::Labelled { .. } => "asks for another label",
        Standing::Fixed { .. } => "asks for another version",
        Standing::NotSeen { .. } => "not seen reading since",
        Standing::Fetched { .. } => return None,
    })
}

/// Everything about the event that is chosen, and its record.
pub fn record(model: &Model, width: usize) -> Vec<Line> {
    let Some(event) = model.history.chosen().and_then(|place| model.known.history.events.get(place)) else {
        return Vec::new();
    };
    let mut lines = Vec::new();
    let local = model.start.local_times;
    let mut fact = |name: &str, value: String| {
        lines.extend(hanging((Tone::Dim, &format!("{name:<10}")), (Tone::Plain, &value), width));
    };
    fact("when", format!("{} · {}", ago(event.at, model.now), both_clocks(event.at, local)));
    fact("what", [event.name.to_string(), detail(event)].join(" ").trim().to_owned());
    fact("secret", whole(event));
    fact("who", who(event));
    fact("from", from(event));
    if let Outcome::Failed { message: Some(message), .. } = &event.outcome {
        fact("AWS says", message.to_string());
    }
    if !model.known.history.covered_of(&model.history.depth()).has(event.at) {
        fact("note", "provisional: other records of about that time may still be missing".to_owned());
    }
    lines.push(Line::new());
    match &event.record {
        Some(record) => lines.extend(json(record, width)),
        None if model.is_free(super::msg::Slot::Record) => {
            lines.push(vec![(
                Tone::Dim,
                "The record isn't kept here any more; unfold it anew to look it up.".to_owned(),
            )]);
        }
        None => lines.push(vec![(Tone::Dim, "Looking the record up…".to_owned())]),
    }
    lines
}

fn whole(event: &TrailEvent) -> String {
    let whose = &event.scene.whose;
    let given: Vec<_> = whose.given.iter().map(ToString::to_string).collect();
    match (&whose.arn, given.is_empty()) {
        (Some(arn), true) => arn.to_string(),
        (Some(arn), false) => format!("{arn} · the call named it {}", given.join(", ")),
        (None, false) => given.join(", "),
        (None, true) => secret(event),
    }
}

fn who(event: &TrailEvent) -> String {
    let who = &event.scene.who;
    let role = who.role.as_ref().map(|role| format!(" · role {role}")).unwrap_or_default();
    let account = who.account.as_ref().map(|account| format!(" · account {account}")).unwrap_or_default();
    let kind = if who.caller == Caller::Unknown { String::new() } else { format!(" · {}", who.caller.word()) };
    format!("{}{kind}{role}{account}", who.name)
}

fn from(event: &TrailEvent) -> String {
    let words = [&event.scene.from, &event.scene.client].into_iter().flatten().map(ToString::to_string);
    words.collect::<Vec<_>>().join(" · ")
}

/// The most of a record that is laid out: one of 200 KB would take long at every frame.
const MOST: usize = 32 << 10;

/// A record member by member, what looks like a value masked; one that is no JSON as it is.
fn json(record: &str, width: usize) -> Vec<Line> {
    let begin = &record[..record.floor_char_boundary(MOST)];
    let left = record.len() - begin.len();
    let value = (left == 0).then(|| serde_json::from_str::<serde_json::Value>(record).ok()).flatten();
    let text = value.and_then(|value| serde_json::to_string_pretty(&value).ok()).unwrap_or_else(|| begin.to_owned());
    let text = mask(&text);
    let rows = text.lines().flat_map(|row| wrap(&safe(row), width.max(1)));
    let mut lines: Vec<Line> = rows.map(|row| vec![(Tone::Plain, row)]).collect();
    if left > 0 {
        lines.push(vec![(Tone::Dim, format!("… {left} bytes more; copied or saved it is whole"))]);
    }
    lines
}

/// How many lines there are of the record that is unfolded, and how many are shown at once.
pub fn record_size(model: &Model) -> (usize, usize) {
    let Some(area) = areas(model).and_then(|areas| areas.record) else { return (0, 1) };
    let inside = layout::inside(area);
    (record(model, usize::from(inside.width)).len(), usize::from(inside.height).max(1))
}

/// What a file is of that the events are written to that are shown; `None` where there is nothing yet.
pub fn about(model: &Model) -> Option<About> {
    let (known, history) = (&model.known.history, &model.history);
    let scope = history.scope.as_ref()?;
    let secret = subject(model);
    let since = history.since()?;
    let depth = history.depth();
    Some(About {
        context: Arc::clone(scope.context()),
        identity: model.known.identity.get().cloned(),
        at: model.now,
        name: secret.map(|secret| secret.name.clone()),
        arn: secret.map(|secret| secret.id.arn.clone()),
        since,
        covered: known.covered_of(&depth).since(since),
        done: *known.state_of(&depth) == Fetch::Idle && known.reached.as_ref().is_some_and(|reached| reached.done),
        filter: history.filter(),
        hidden: history.hidden(),
    })
}

/// What can be copied of an event.
pub fn handles(event: &TrailEvent) -> Vec<Handle> {
    let whose = &event.scene.whose;
    let arn = whose.arn.as_ref().or(whose.given.first()).map(|id| ("secret", id.raw().to_owned()));
    let id = event.id.raw();
    let form = format!("aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventId,AttributeValue={id}");
    let record = event.record.as_ref().map(|record| ("record", record.to_string()));
    let handles = [Some(("event id", id.to_owned())), arn, Some(("aws form", form)), record];
    handles.into_iter().flatten().map(|(what, text)| Handle { what: what.to_owned(), text }).collect()
}
