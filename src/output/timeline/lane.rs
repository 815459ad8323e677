//! One version's lane: its labels as spans, known ones solid and inferred ones dashed, and attempts as marks.

use chrono::{DateTime, Utc};

use super::axis::Axis;
use super::cells::Cells;
use super::{NAMES, Wish};
use crate::domain::timeline::{Lane, Timeline};
use crate::domain::version::StagingLabel;
use crate::output::toned::{Line, Tone};
use crate::text::{fit, width};

/// One label's spans within a lane, in columns: where each begins and ends, and whether it is known.
struct Track<'a> {
    label: &'a StagingLabel,
    parts: Vec<(usize, usize, bool)>,
}

impl Track<'_> {
    fn covers(&self, column: usize) -> bool {
        self.parts.iter().any(|(from, to, _)| (*from..=*to).contains(&column))
    }
}

/// The rows of a lane: one, or as many as it has labels at the same time.
pub(super) fn rows(lane: &Lane, axis: &Axis, wish: &Wish) -> Vec<Cells> {
    let mut rows: Vec<(Cells, Vec<(usize, usize)>)> = Vec::new();
    let attempts: Vec<usize> = lane.attempts.iter().filter_map(|attempt| axis.column(attempt.at)).collect();
    for track in tracks(lane, axis) {
        // Where one label ends and another begins they share a column; more than that needs a row of its own.
        let meets = |(from, to): &(usize, usize)| track.parts.iter().any(|part| part.0 < *to && *from < part.1);
        let place = rows.iter().position(|(_, taken)| !taken.iter().any(meets)).unwrap_or(rows.len());
        if place == rows.len() {
            rows.push((Cells::new(axis.columns), Vec::new()));
        }
        if let Some((cells, taken)) = rows.get_mut(place) {
            // Among marks a word could not be read.
            paint(cells, &track, wish.ascii, !attempts.iter().any(|column| track.covers(*column)));
            taken.extend(track.parts.iter().map(|part| (part.0, part.1)));
        }
    }
    let mut rows: Vec<Cells> = rows.into_iter().map(|(cells, _)| cells).collect();
    if rows.is_empty() {
        rows.push(Cells::new(axis.columns));
    }
    attempts_on(rows.first_mut(), &attempts, wish.ascii);
    for row in &mut rows {
        if row.is_free(axis.present()) {
            row.write(axis.present(), if wish.ascii { "|" } else { "│" }, Tone::Dim);
        }
        row.mark_cursor(wish.cursor.and_then(|at| axis.column(at)));
    }
    rows
}

fn tracks<'a>(lane: &'a Lane, axis: &Axis) -> Vec<Track<'a>> {
    let inferred = lane.inferred.iter().map(|one| (&one.label, one.from, one.until, false));
    let known = lane.known.iter().map(|one| (&one.label, one.from, one.until, true));
    let mut tracks: Vec<Track<'a>> = Vec::new();
    for (label, from, until, is_known) in inferred.chain(known).filter(|(_, from, until, _)| axis.shows(*from, *until))
    {
        let part = (axis.nearest(from), axis.nearest(until), is_known);
        match tracks.iter_mut().find(|track| track.label == label) {
            Some(track) => track.parts.push(part),
            None => tracks.push(Track { label, parts: vec![part] }),
        }
    }
    // What began first is painted first, so that the letter of what came after stands where both meet.
    tracks.sort_by_key(|track| track.parts.iter().map(|part| part.0).min());
    tracks
}

/// Known parts go over inferred ones; the label's word stands in the widest part that has room for it.
fn paint(cells: &mut Cells, track: &Track<'_>, ascii: bool, has_room: bool) {
    let tone = tone(track.label);
    for (from, to, is_known) in &track.parts {
        cells.fill(*from, *to, shape(*is_known, ascii), tone);
    }
    let word = word(track.label, ascii);
    let widest = track.parts.iter().max_by_key(|(from, to, _)| to - from);
    for part in &track.parts {
        let (from, to, _) = *part;
        if Some(part) == widest && has_room && to - from >= width(&word) + 2 {
            cells.write(from + 1, &word, tone);
        } else if Some(part) == widest || !track.parts.iter().any(|before| before.0 < from && before.1 + 1 >= from) {
            // Where the word stands elsewhere, or nowhere, the letter says which label begins here.
            cells.write(from, &letter(track.label).to_string(), tone);
        }
    }
}

fn shape(is_known: bool, ascii: bool) -> char {
    match (is_known, ascii) {
        (true, false) => '━',
        (true, true) => '=',
        (false, false) => '╌',
        (false, true) => '-',
    }
}

pub(in crate::output) fn tone(label: &StagingLabel) -> Tone {
    match label {
        StagingLabel::Current => Tone::Good,
        StagingLabel::Pending => Tone::Warn,
        StagingLabel::Previous => Tone::Plain,
        StagingLabel::Custom(_) => Tone::Key,
    }
}

/// A label's word, as far as each of its characters is one column wide.
fn word(label: &StagingLabel, ascii: bool) -> String {
    let stand_in = if ascii { '?' } else { '␦' };
    let word = label.text().to_string();
    word.chars().map(|c| if width(c.encode_utf8(&mut [0; 4])) == 1 { c } else { stand_in }).collect()
}

pub(in crate::output) fn letter(label: &StagingLabel) -> char {
    match label {
        StagingLabel::Current => 'C',
        StagingLabel::Pending => 'P',
        StagingLabel::Previous => 'V',
        StagingLabel::Custom(label) => label.raw().chars().next().filter(char::is_ascii_graphic).unwrap_or('*'),
    }
}

/// Attempts that failed. A label's letter stays: it says what failed.
fn attempts_on(row: Option<&mut Cells>, columns: &[usize], ascii: bool) {
    let failed = if ascii { "X" } else { "✖" };
    let Some(row) = row else { return };
    for column in columns {
        if !row.has_letter(*column) {
            row.write(*column, failed, Tone::Bad);
        }
    }
}

/// What concerns the secret as a whole: rotations turned off, the last one that succeeded, attempts of nobody knows
/// which version. `None` where there is nothing of that on the axis.
pub(super) fn whole_secret(timeline: &Timeline, axis: &Axis, wish: &Wish) -> Option<Line> {
    let mut cells = Cells::new(axis.columns);
    let mut any = false;
    for (at, shape, tone, _) in marks_of_secret(timeline, wish.ascii) {
        if let Some(column) = axis.column(at) {
            cells.write(column, shape, tone);
            any = true;
        }
    }
    cells.mark_cursor(wish.cursor.and_then(|at| axis.column(at)));
    let mut line = vec![(Tone::Dim, fit("  rotation", NAMES))];
    line.extend(cells.line());
    any.then_some(line)
}

/// What those marks mean that are on the axis.
pub(super) fn whole_secret_words(timeline: &Timeline, axis: &Axis, ascii: bool) -> impl Iterator<Item = String> {
    let marks = marks_of_secret(timeline, ascii).filter(|(at, ..)| axis.column(*at).is_some());
    let mut words: Vec<String> = marks.map(|(_, shape, _, words)| format!("{shape} {words}")).collect();
    words.sort();
    words.dedup();
    words.into_iter()
}

type Mark = (DateTime<Utc>, &'static str, Tone, &'static str);

fn marks_of_secret(timeline: &Timeline, ascii: bool) -> impl Iterator<Item = Mark> {
    let shape = move |unicode, plain| if ascii { plain } else { unicode };
    let rotated = timeline.rotated.map(|at| (at, shape("✔", "+"), Tone::Good, "last rotated"));
    let off = timeline.cancelled.iter().map(move |one| (one.at, shape("⊘", "o"), Tone::Warn, "turned off"));
    let lost = timeline.attempts.iter().map(move |one| (one.at, shape("✖", "X"), Tone::Bad, "attempt failed"));
    rotated.into_iter().chain(off).chain(lost)
}
