//! A timeline drawn with letters: one lane a version, dates under it, and a legend.

mod axis;
mod cells;
mod lane;

use chrono::{DateTime, Utc};

pub(super) use self::cells::Cells;
pub(super) use self::lane::{letter, tone};
use super::toned::{Line, Tone};
use crate::domain::schedule::Window;
use crate::domain::timeline::{Lane, Timeline};
use crate::domain::version::StagingLabel;
use crate::text::{count, fit, period, span, truncate};

pub use self::axis::{Axis, Zoom};

/// How a timeline is to be drawn.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    /// How far back.
    pub zoom: Zoom,
    /// The columns that there are.
    pub width: usize,
    /// The lines that there are for lanes; the one with the chosen version is always among those that are shown.
    pub height: usize,
    /// Shapes in ASCII.
    pub ascii: bool,
    /// Whether versions without labels have lanes.
    pub deprecated: bool,
    /// The chosen version, by its lane's number.
    pub chosen: Option<usize>,
    /// The chosen moment (UTC).
    pub cursor: Option<DateTime<Utc>>,
    /// The next rotation window.
    pub window: Option<Window>,
}

/// The columns of a version's id, with what stands around it.
const NAMES: usize = 12;

/// The axis that a picture of this width has.
pub fn axis(timeline: &Timeline, wish: &Wish) -> Axis {
    let columns = wish.width.saturating_sub(NAMES + 1);
    Axis::new(wish.zoom, timeline.begin(wish.deprecated), timeline.until, columns)
}

/// The lanes, what stands above them, and the axis under them.
pub fn picture(timeline: &Timeline, wish: &Wish) -> Vec<Line> {
    let axis = axis(timeline, wish);
    let above = lane::whole_secret(timeline, &axis, wish);
    above.into_iter().chain(lanes(timeline, wish)).collect()
}

/// The lanes, and the axis under them.
pub fn lanes(timeline: &Timeline, wish: &Wish) -> Vec<Line> {
    let axis = axis(timeline, wish);
    let mut lines = rows(timeline, &axis, wish);
    lines.push(dates(&axis, wish));
    lines
}

fn shown<'a>(timeline: &'a Timeline, wish: &Wish) -> impl Iterator<Item = (usize, &'a Lane)> + use<'a> {
    let deprecated = wish.deprecated;
    timeline.lanes.iter().enumerate().filter(move |(_, lane)| deprecated || !lane.is_deprecated())
}

fn rows(timeline: &Timeline, axis: &Axis, wish: &Wish) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut needed = 0;
    for (number, lane) in shown(timeline, wish) {
        let is_chosen = wish.chosen == Some(number);
        for (row, cells) in lane::rows(lane, axis, wish).into_iter().enumerate() {
            let mut line = vec![name(lane, row == 0, is_chosen, wish.ascii)];
            line.extend(cells.line());
            lines.push(line);
        }
        if is_chosen {
            needed = lines.len();
        }
    }
    if lines.len() > wish.height {
        let top = needed.saturating_sub(wish.height).min(lines.len() - wish.height);
        lines = lines.split_off(top);
        lines.truncate(wish.height);
    }
    lines
}

/// What stands before a lane: which version it is.
fn name(lane: &Lane, is_first: bool, is_chosen: bool, ascii: bool) -> (Tone, String) {
    let mark = match (is_first && is_chosen, ascii) {
        (false, _) => ' ',
        (true, false) => '▸',
        (true, true) => '>',
    };
    let id = if is_first { lane.version.id.short() } else { String::new() };
    let id = if ascii { id.replace('…', "~") } else { id };
    let tone = if is_chosen { Tone::Strong } else { Tone::Dim };
    (tone, fit(&format!("{mark} {id}"), NAMES))
}

/// The axis: dates, now, and the next window if it begins so soon.
fn dates(axis: &Axis, wish: &Wish) -> Line {
    let mut cells = Cells::new(axis.columns);
    let now = axis.present();
    cells.write(now, "now", Tone::Strong);
    if let Some(window) = wish.window.filter(|window| axis.shows(window.start, window.last_second())) {
        let shape = if wish.ascii { '#' } else { '▒' };
        cells.fill(axis.nearest(window.start).max(now + 3), axis.nearest(window.last_second()), shape, Tone::Key);
    }
    let mut free = 0;
    for (column, words) in axis.ticks() {
        let end = column + words.len();
        if column >= free && end < now && end <= axis.columns {
            cells.write(column, &words, Tone::Dim);
            free = end + 1;
        }
    }
    cells.mark_cursor(wish.cursor.and_then(|at| axis.column(at)));
    let mut line = vec![(Tone::Plain, " ".repeat(NAMES))];
    line.extend(cells.line());
    line
}

/// What the shapes mean, as far as they are used, and what isn't drawn; in lines of the width.
pub fn legend(timeline: &Timeline, wish: &Wish) -> Vec<Line> {
    let (known, inferred, failed) = if wish.ascii { ("=", "-", "X") } else { ("━", "╌", "✖") };
    let shown: Vec<&Lane> = shown(timeline, wish).map(|(_, lane)| lane).collect();
    let mut words = vec![(Tone::Dim, format!("{known} known")), (Tone::Dim, format!("{inferred} inferred"))];
    for (letter, label) in [("P", StagingLabel::Pending), ("C", StagingLabel::Current), ("V", StagingLabel::Previous)] {
        words.push((Tone::Dim, format!("{letter} {}", label.text())));
    }
    if shown.iter().any(|lane| !lane.attempts.is_empty()) {
        words.push((Tone::Bad, format!("{failed} attempt failed")));
    }
    let axis = axis(timeline, wish);
    words.extend(lane::whole_secret_words(timeline, &axis, wish.ascii).map(|words| (Tone::Dim, words)));
    words.extend(wish.window.map(|window| (Tone::Key, window_words(window, timeline.until, wish.ascii))));
    let hidden = timeline.lanes.len() - shown.len();
    if hidden > 0 {
        words.push((Tone::Dim, format!("{} not shown", count(hidden, "deprecated version"))));
    }
    if !timeline.is_listed {
        words.push((Tone::Warn, "versions not listed: dates are missing".to_owned()));
    }
    if let Some(ahead) = timeline.ahead {
        words.push((Tone::Warn, format!("this machine's clock is at least {} behind AWS's", span(ahead))));
    }
    wrapped(words, wish.width)
}

fn window_words(window: Window, now: DateTime<Utc>, ascii: bool) -> String {
    let shape = if ascii { "#" } else { "▒" };
    let when = period(window.start, window.end, false);
    if window.start > now {
        return format!("{shape} next window {when}, in {}", span(window.start - now));
    }
    format!("{shape} window {when}, open now")
}

/// Pieces in lines, each as wide as it may be.
fn wrapped(words: Vec<(Tone, String)>, width: usize) -> Vec<Line> {
    let mut lines: Vec<Line> = vec![Line::new()];
    for (tone, word) in words {
        let word = truncate(&word, width.saturating_sub(2));
        let full = lines.last().is_some_and(|line| super::toned::width(line) + 2 + crate::text::width(&word) > width);
        if full {
            lines.push(Line::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push((Tone::Plain, "  ".to_owned()));
            line.push((tone, word));
        }
    }
    lines
}

/// What is told of a moment: which labels sat where; in lines of the width.
pub fn at(timeline: &Timeline, moment: DateTime<Utc>, width: usize) -> Vec<Line> {
    let mut words = vec![(Tone::Strong, crate::text::moment(moment))];
    for lane in &timeline.lanes {
        let known = lane.known.iter().filter(|one| one.from <= moment && moment <= one.until);
        let known = known.map(|one| (Tone::Good, one.label.text(), "known"));
        let inferred = lane.inferred.iter().filter(|one| one.from <= moment && moment < one.until);
        let inferred = inferred.map(|one| (Tone::Plain, one.label.text(), "inferred"));
        let id = lane.version.id.short();
        words.extend(known.chain(inferred).map(|(tone, label, sure)| (tone, format!("{label} {id} {sure}"))));
    }
    if words.len() == 1 {
        words.push((Tone::Dim, "nothing is told of this moment".to_owned()));
    }
    wrapped(words, width)
}
