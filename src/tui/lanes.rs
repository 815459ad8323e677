//! The selected secret's timeline, as wide and as high as the screens have room for it: read by `view` to draw it and by
//! `update` to move in it.

use chrono::{DateTime, Utc};
use ratatui::layout::Rect;

use super::known::{Remote, Row};
use super::layout;
use super::model::Model;
use crate::domain::schedule;
use crate::domain::timeline::{Lane, Remark, Sources, Timeline, Trail};
use crate::domain::version::Labelled;
use crate::output::timeline::{self as drawing, Axis, Wish};
use crate::output::toned::{Line, Tone};
use crate::text::{ago, both_clocks, day, fit};

/// A secret's timeline, drawn for its own screen.
#[derive(Debug)]
pub struct Drawn {
    /// Where it stands.
    pub area: Rect,
    /// Where there is room for the facts under it.
    pub below: Rect,
    /// Lanes, axis, the moment that is looked at, legend.
    pub lines: Vec<Line>,
    /// Its axis.
    pub axis: Axis,
}

/// The columns of the word before a remark.
const REMARK: usize = 10;

/// The lanes that a preview has room for.
const SMALL: usize = 4;

/// The timeline of a secret, as far as it is known.
pub fn timeline(model: &Model, row: &Row) -> Timeline {
    let id = &row.secret.id;
    let inspected = model.known.inspected.get(id).and_then(|remote: &Remote<_>| remote.value.as_ref());
    let described = inspected.and_then(|(inspection, at)| Some((inspection.secret.as_ref().ok()?, *at)));
    let listed = (&row.secret, model.known.secrets.as_of.unwrap_or(model.now));
    let by_list = described.is_none();
    let (secret, seen) = described.unwrap_or(listed);
    let versions = inspected.and_then(|(inspection, _)| inspection.versions.as_deref().ok());
    let attempts = model.known.trail.attempts(secret);
    let cancelled = model.known.trail.cancellations(secret);
    let history = &model.known.history;
    let events = history.telling(secret);
    let covered = history.changes_covered();
    let trail = covered.latest().map(|_| Trail { events: &events, covered: &covered });
    Timeline::of(Sources { secret, versions, attempts: &attempts, cancelled: &cancelled, trail, seen, by_list })
}

fn wish(model: &Model, row: &Row, facts: &Timeline, width: usize, height: usize) -> Wish {
    let cursors = &model.timeline;
    Wish {
        zoom: cursors.zoom(facts),
        width,
        height,
        ascii: model.start.ascii,
        deprecated: cursors.deprecated,
        chosen: Some(cursors.lane(facts)),
        cursor: cursors.moment,
        window: schedule::next(&row.secret, model.now),
    }
}

/// The timeline in small, for under the list: lanes and axis.
pub fn small(model: &Model, row: &Row, width: usize) -> Vec<Line> {
    let facts = timeline(model, row);
    let wish = wish(model, row, &facts, width, SMALL);
    drawing::lanes(&facts, &Wish { chosen: None, cursor: None, deprecated: false, ..wish })
}

/// The timeline on its secret's own screen, with what is left below it.
pub fn drawn(model: &Model, row: &Row, body: Rect) -> Drawn {
    let facts = timeline(model, row);
    let inside = usize::from(body.width.saturating_sub(layout::BORDER));
    let most = usize::from(layout::most_of(body).saturating_sub(layout::BORDER));
    let whole = wish(model, row, &facts, inside, usize::MAX);
    let mut foot = model.timeline.moment.map_or_else(Vec::new, |at| drawing::at(&facts, at, inside));
    foot.extend(drawing::legend(&facts, &whole));
    // The legend goes before lanes do: without them it explains nothing.
    foot.truncate(most.saturating_sub(SMALL + 1));
    let above = drawing::picture(&facts, &Wish { height: 0, ..whole }).len();
    let room = most.saturating_sub(foot.len() + above).max(1);
    let mut lines = drawing::picture(&facts, &Wish { height: room, ..whole });
    lines.extend(foot);
    let (area, below) = layout::secret(body, lines.len());
    Drawn { area, below, lines, axis: drawing::axis(&facts, &whole) }
}

/// What there is to say about the version that is looked at.
pub fn story(model: &Model, row: &Row) -> Vec<Line> {
    let facts = timeline(model, row);
    let Some(lane) = facts.lanes.get(model.timeline.lane(&facts)) else { return Vec::new() };
    let local = model.start.local_times;
    let mut lines = vec![heading(lane)];
    lines.extend(of_version(lane, |at| format!("{} · {}", ago(at, model.now), both_clocks(at, local))));
    lines.extend(facts.story(lane, local).iter().map(remark));
    lines
}

fn heading(lane: &Lane) -> Line {
    let labels: Vec<_> = lane.version.labels.iter().map(|label| label.text().to_string()).collect();
    let labels = if labels.is_empty() { "deprecated".to_owned() } else { labels.join(" ") };
    vec![(Tone::Strong, "Version ".to_owned()), (Tone::Strong, format!("{} {labels}", lane.version.id.0))]
}

/// What AWS tells of a version beside its labels.
fn of_version(lane: &Lane, date: impl Fn(DateTime<Utc>) -> String) -> Vec<Line> {
    let Labelled { last_accessed, .. } = &lane.version;
    let keys: Vec<_> = lane.kms_keys.iter().map(ToString::to_string).collect();
    let facts = [
        ("created", Some(lane.version.created_words(date))),
        ("last read", last_accessed.map(day)),
        ("KMS keys", (!keys.is_empty()).then(|| keys.join(", "))),
    ];
    let told = facts.into_iter().filter_map(|(name, value)| Some((name, value?)));
    told.map(|(name, value)| vec![(Tone::Dim, fit(name, REMARK)), (Tone::Plain, value)]).collect()
}

fn remark(remark: &Remark) -> Line {
    let tone = match remark {
        Remark::Known(_) => Tone::Good,
        Remark::Inferred(_) => Tone::Warn,
        Remark::Open(_) => Tone::Dim,
    };
    vec![(tone, fit(remark.word(), REMARK)), (Tone::Plain, remark.sentence().to_owned())]
}
