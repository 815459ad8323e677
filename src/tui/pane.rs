//! The lines of a log as they stand on the screen: read by `view` to draw them and by `update` to move among them.

use chrono::{DateTime, Utc};

use super::known::{Line, Log, Place};
use super::screen::log::{Held, Pane, Stamps, Whose, find};
use crate::domain::invocation::Attribution;
use crate::domain::log::{Kind, Platform, Status};
use crate::output::rotation::{looks, whose};
use crate::output::toned::{self, Tone};
use crate::text::zone::Zone;
use crate::text::{mask, safe, truncate, wrap};

/// A log as it is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    /// The log.
    pub log: &'a Log,
    /// Where the user is in it.
    pub pane: &'a Pane,
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
                let rows = held.shown.iter().flat_map(|place| self.rows(*place));
                let rows = rows.skip(held.skip).take(self.height).collect();
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
            window.places.insert(0, place);
        }
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
        let counts = (self.pane.len(), self.log.len());
        Some(Held { cursor, shown: window.places, skip: window.skip, has_newer: false, counts })
    }

    /// The rows of a line.
    pub fn rows(&self, place: Place) -> Vec<toned::Line> {
        let Some(line) = self.log.line(place) else { return Vec::new() };
        let stamp = self.stamp(line);
        let indent = stamp.len() + 1;
        let room = self.width.saturating_sub(indent).max(8);
        let is_chosen = self.pane.held.as_ref().is_some_and(|held| held.cursor == place);
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
            None => rows_of(&line.entry.line.readable().masked()),
        };
        if let Some(home) = self.home.filter(|_| !is_unfolded) {
            for text in &mut texts {
                *text = text.replace(home, "…");
            }
        }
        let remark = line.whose.filter(|_| self.pane.whose != Whose::Rotation || is_in_doubt(line)).map(whose);
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

    /// Whether what is searched stands on a line as it is shown.
    pub fn has(&self, number: usize, wanted: &str) -> bool {
        let Some((place, line)) = self.pane.at(number).and_then(|place| Some((place, self.log.line(place)?))) else {
            return false;
        };
        // What is in no event can't be on the screen, and to ask the event is cheap.
        let may = !find(line.entry.event.message.raw(), wanted).is_empty() || self.pane.unfolded.contains(&place);
        may && self.texts(line, place).iter().any(|text| !find(text, wanted).is_empty())
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
fn rows_of(text: &crate::text::AwsText) -> Vec<String> {
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

/// Where a line is from.
fn details(line: &Line) -> String {
    let entry = &line.entry;
    let request = line.request_id.as_ref().or(entry.line.request_id.as_ref()).map(|id| format!("request {id}"));
    let step = line.step.map(|step| step.word().to_owned());
    let stream = Some(format!("stream {}", entry.event.stream));
    let words: Vec<_> = [step, request, stream].into_iter().flatten().collect();
    format!("└ {}", words.join(" · "))
}
