//! The lines of a log as they stand on the screen: read by `view` to draw them and by `update` to move among them.

use chrono::{DateTime, Utc};

use super::known::{Line, Log, Place};
use super::screen::log::{Held, Pane, Stamps, Whose, find};
use super::sheet::hanging;
use crate::domain::invocation::Attribution;
use crate::domain::log::{Kind, Platform, Status};
use crate::domain::tail::{NoEvents, Source};
use crate::output::rotation::{self, looks, whose};
use crate::output::toned::{self, Tone};
use crate::text::zone::Zone;
use crate::text::{AwsText, mask, safe, truncate, wrap};

/// A log as it is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    /// The log.
    pub log: &'a Log,
    /// Where the user is in it.
    pub pane: &'a Pane,
    /// How many lines stand above the log, where a rotation is told of there.
    pub above: Option<usize>,
    /// What ARNs of secrets of the same account and Region begin with, which is left out.
    pub home: Option<&'a str>,
    /// From when times are counted, where they are relative (UTC).
    pub since: DateTime<Utc>,
    /// Now (UTC): lines of other days have their date.
    pub now: DateTime<Utc>,
    /// The columns that there are.
    pub width: usize,
    /// The rows that there are.
    pub height: usize,
}

/// What stands on the screen.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Window {
    /// The rows.
    pub rows: Vec<toned::Line>,
    /// The lines that they belong to.
    pub places: Vec<Place>,
    /// How many rows of the first line are above the screen.
    pub skip: usize,
}

impl Look<'_> {
    /// What stands on the screen.
    pub fn window(&self) -> Window {
        match &self.pane.held {
            None => self.end(),
            Some(held) => {
                let rows = held.rows.iter().take(self.height).cloned().collect();
                Window { rows, places: held.shown.clone(), skip: held.skip }
            }
        }
    }

    /// The last lines, as many as there is room for.
    fn end(&self) -> Window {
        let mut window = Window::default();
        let mut blocks: Vec<Vec<toned::Line>> = Vec::new();
        let mut taken = 0;
        for number in (0..self.pane.len()).rev() {
            let Some(place) = self.pane.at(number).filter(|_| taken < self.height) else { break };
            let rows = self.rows(place);
            taken += rows.len();
            blocks.push(rows);
            window.places.push(place);
        }
        window.places.reverse();
        window.skip = taken.saturating_sub(self.height);
        window.rows = blocks.into_iter().rev().flatten().skip(window.skip).collect();
        window
    }

    /// The lines from one on that stand on the screen, if so many rows of that one are above it.
    pub fn from(&self, first: usize, skip: usize) -> Vec<Place> {
        let (mut shown, mut taken) = (Vec::new(), 0);
        for number in first..self.pane.len() {
            let Some(place) = self.pane.at(number).filter(|_| taken < self.height + skip) else { break };
            taken += self.rows(place).len();
            shown.push(place);
        }
        shown
    }

    /// How many rows a line has.
    pub fn height_of(&self, number: usize) -> usize {
        self.pane.at(number).map_or(0, |place| self.rows(place).len())
    }

    /// The picture as it stands, held with the cursor on its last line.
    pub fn hold(&self) -> Option<Held> {
        let window = self.window();
        let cursor = window.places.last().copied()?;
        Some(self.held(cursor, window.places, window.skip))
    }

    /// A picture that is held, with the cursor on a line of it.
    pub fn held(&self, cursor: Place, shown: Vec<Place>, skip: usize) -> Held {
        let rows = shown.iter().flat_map(|place| self.rows_with(*place, *place == cursor));
        let rows = rows.skip(skip).take(self.height).collect();
        Held { cursor, shown, rows, above: self.above, skip, counts: (self.pane.len(), self.log.len()) }
    }

    /// The rows of a line.
    fn rows(&self, place: Place) -> Vec<toned::Line> {
        self.rows_with(place, false)
    }

    fn rows_with(&self, place: Place, is_chosen: bool) -> Vec<toned::Line> {
        let Some(line) = self.log.line(place) else { return Vec::new() };
        let stamp = self.stamp(line);
        let indent = stamp.len() + 1;
        let room = self.width.saturating_sub(indent).max(8);
        let (tone, level) = looks(&line.entry);
        let tone = if line.whose == Some(Attribution::OtherSecret) { Tone::Dim } else { tone };
        let mut rows = Vec::new();
        for (number, text) in self.texts(line, place).into_iter().enumerate() {
            let text =
                if number == 0 && !self.pane.unfolded.contains(&place) { format!("{level}{text}") } else { text };
            let is_cut = self.pane.cut || self.is_brief(line, place);
            let texts = if is_cut { vec![truncate(&text, room)] } else { wrap(&text, room) };
            for text in texts {
                let lead = if rows.is_empty() { stamp.clone() } else { " ".repeat(stamp.len()) };
                let mut row = vec![(if is_chosen && rows.is_empty() { Tone::Cursor } else { Tone::Dim }, lead)];
                row.push((Tone::Plain, " ".to_owned()));
                row.extend(self.found(text, tone));
                rows.push(row);
            }
        }
        rows
    }

    /// What a line says, row by row, and whose it is where that isn't plain.
    fn texts(&self, line: &Line, place: Place) -> Vec<String> {
        let is_unfolded = self.pane.unfolded.contains(&place);
        let json = (is_unfolded || self.pane.json).then(|| unfolded(line.entry.event.message.raw())).flatten();
        let mut texts = match json {
            Some(rows) => rows,
            None if is_unfolded => rows_of(&line.entry.event.message.masked()),
            None => {
                let (text, left) = begin(&line.entry.line.readable());
                let mut rows = rows_of(&text.masked());
                rows.extend((left > 0).then(|| format!("… {left} bytes more; unfolded it is whole")));
                rows
            }
        };
        if let Some(home) = self.home.filter(|_| !is_unfolded) {
            for text in &mut texts {
                *text = text.replace(home, "…");
            }
        }
        let remark = line.whose.filter(|_| self.pane.whose != Whose::Rotation || is_in_doubt(line));
        // Where no rotation is looked at, none can be meant.
        let remark =
            remark.map(|of| if self.above.is_none() && is_in_doubt(line) { "unattributed" } else { whose(of) });
        if let (Some(first), Some(remark)) = (texts.first_mut(), remark.filter(|remark| !remark.is_empty())) {
            *first = format!("{first}  [{remark}]");
        }
        if is_unfolded {
            texts.push(details(line));
        }
        texts
    }

    /// Whether a line is one of Lambda's own that everybody knows by its beginning, and nobody unfolded it.
    fn is_brief(&self, line: &Line, place: Place) -> bool {
        use Platform::{Done, InitReport, InitStart, Report, Start};
        let Kind::Platform(kind) = &line.entry.line.kind else { return false };
        let is_usual = match kind {
            Start | InitStart => true,
            Done(report) | Report(report) | InitReport(report) => {
                matches!(report.status, None | Some(Status::Success))
            }
            Platform::TimedOut(_) | Platform::Other => false,
        };
        is_usual && !self.pane.unfolded.contains(&place)
    }

    fn stamp(&self, line: &Line) -> String {
        let at = line.entry.event.at;
        let first = self.pane.at(0).map_or(at, |(first, _)| first);
        let (today, dated) = ("%H:%M:%S%.3f", "%m-%d %H:%M:%S%.3f");
        match self.pane.stamps {
            Stamps::Relative => relative((at - self.since).num_milliseconds()),
            stamps => {
                let zone = if stamps == Stamps::Local { Zone::Local } else { Zone::Utc };
                let is_today = zone.at(first).date_naive() == zone.at(self.now).date_naive();
                zone.at(at).format(if is_today { today } else { dated }).to_string()
            }
        }
    }

    /// A row in pieces, with what is searched marked.
    fn found(&self, text: String, tone: Tone) -> toned::Line {
        let found = self.pane.wanted().map(|wanted| find(&text, wanted)).unwrap_or_default();
        if found.is_empty() {
            return vec![(tone, text)];
        }
        let (mut pieces, mut done) = (toned::Line::new(), 0);
        for range in found {
            pieces.push((tone, text[done..range.start].to_owned()));
            pieces.push((Tone::Found, text[range.clone()].to_owned()));
            done = range.end;
        }
        pieces.push((tone, text[done..].to_owned()));
        pieces
    }

    /// Whether what is searched stands on a line as it is shown; also in the part of an ARN that is left out.
    pub fn has(&self, number: usize, wanted: &str) -> bool {
        let Some((place, line)) = self.pane.at(number).and_then(|place| Some((place, self.log.line(place)?))) else {
            return false;
        };
        if self.pane.unfolded.contains(&place) || self.pane.json {
            return self.texts(line, place).iter().any(|text| !find(text, wanted).is_empty());
        }
        let (_, level) = looks(&line.entry);
        let readable = line.entry.line.readable();
        // What isn't there before values are masked isn't there afterwards, and to mask takes long.
        !find(&level, wanted).is_empty()
            || (!find(readable.raw(), wanted).is_empty() && !find(readable.masked().raw(), wanted).is_empty())
            || line.whose.is_some_and(|of| self.pane.whose != Whose::Rotation && !find(whose(of), wanted).is_empty())
    }
}

fn is_in_doubt(line: &Line) -> bool {
    matches!(line.whose, Some(Attribution::Unattributed { .. }))
}

/// `+00:03.912`, from minutes to milliseconds.
fn relative(millis: i64) -> String {
    let (sign, millis) = (if millis < 0 { '-' } else { '+' }, millis.abs());
    let (minutes, seconds) = (millis / 60_000, millis % 60_000);
    format!("{sign}{minutes:02}:{:02}.{:03}", seconds / 1_000, seconds % 1_000)
}

/// The rows of a text that is safe to show, without those that are empty.
fn rows_of(text: &AwsText) -> Vec<String> {
    let rows = text.rows().map(|row| row.to_string().trim_end().to_owned()).filter(|row| !row.is_empty());
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() { vec![String::new()] } else { rows }
}

/// A text of JSON, a member a row, masked.
fn unfolded(text: &str) -> Option<Vec<String>> {
    let value: serde_json::Value = serde_json::from_str(text.trim()).ok().filter(serde_json::Value::is_object)?;
    let pretty = serde_json::to_string_pretty(&value).ok()?;
    Some(mask(&pretty).lines().map(safe).collect())
}

/// The begin of a text that is too long to be laid out at every frame, and how much is left out.
fn begin(text: &AwsText) -> (AwsText, usize) {
    const MOST: usize = 8_192;
    let raw = text.raw();
    if raw.len() <= MOST {
        return (text.clone(), 0);
    }
    let end = raw.floor_char_boundary(MOST);
    (raw[..end].into(), raw.len() - end)
}

/// Where a line is from.
fn details(line: &Line) -> String {
    let entry = &line.entry;
    let request = line.request_id.as_ref().or(entry.line.request_id.as_ref()).map(|id| format!("request {id}"));
    let step = line.step.map(|step| step.word().to_owned());
    let stream = Some(format!("stream {}", entry.event.stream));
    let words: Vec<_> = [step, request, stream].into_iter().flatten().collect();
    format!("└ {}", words.join(" · "))
}

/// What keeps lines away, and what to do about it.
pub fn notes(log: &Log, width: usize) -> Vec<toned::Line> {
    let mut notes = Vec::new();
    let mut say = |lead: (Tone, &str), text: &str| notes.extend(hanging(lead, (Tone::Plain, text), width));
    let (warn, info) = ((Tone::Warn, "! "), (Tone::Dim, "· "));
    for gap in log.gaps.iter().rev().take(2) {
        if let Some(fault) = &gap.because {
            say(warn, &rotation::unread(&gap.range, fault));
        } else {
            let range = rotation::range(&gap.range);
            say(info, &format!("Live Tail sent a sample only, {range}; the rest is being read"));
        }
    }
    match &log.source {
        Some(source @ (Source::Polling { .. } | Source::Reconnecting { .. })) => say(info, &rotation::source(source)),
        Some(source @ Source::None(NoEvents::Fault(_) | NoEvents::InfrequentAccess)) => {
            say(warn, &rotation::source(source));
        }
        _ => {}
    }
    if let Some(Ok(found)) = &log.found {
        let name = &found.group.name;
        if let Some(fault) = &found.guessed {
            say(warn, &format!("{} Its log group is taken to be {name}. Try: {}", fault.sentence(), fault.next_step()));
        }
        if let Some(fault) = &found.unlisted {
            say(info, &format!("{} The class of {name} is not known. Try: {}", fault.sentence(), fault.next_step()));
        }
    }
    notes
}
