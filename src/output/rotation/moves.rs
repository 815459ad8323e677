//! The staging labels of a rotation as they were seen to move: one lane a version, which grows with the time.

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::version::{LabelMap, StagingLabel, VersionId};
use crate::output::timeline::{Cells, letter, tone};
use crate::output::toned::{Line, Tone};
use crate::text::{fit, time_of_day, width};

/// The columns of a version's id, with what stands around it.
const NAMES: usize = 12;

/// How long the lanes are at first, and what comes after: the picture is laid out anew only when it is full.
const LENGTHS: [i64; 12] = [30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200, 18_000, 43_200, 86_400];

/// A version, and when it was seen with which label.
struct Lane<'a> {
    version: &'a VersionId,
    parts: Vec<(&'a StagingLabel, DateTime<Utc>, DateTime<Utc>)>,
}

/// Draws the lanes of the versions that had a label, the new one first, and under them the times. `seen` has the labels
/// each time that they had moved, the earliest first; times are UTC.
pub fn moves(
    seen: &[(DateTime<Utc>, LabelMap)],
    new: Option<&VersionId>,
    until: DateTime<Utc>,
    size: (usize, usize),
    ascii: bool,
) -> Vec<Line> {
    let Some((begin, _)) = seen.first() else { return Vec::new() };
    let columns = size.0.saturating_sub(NAMES + 1).max(10);
    let passed = (until - *begin).num_seconds();
    let length = LENGTHS.into_iter().find(|length| *length >= passed).unwrap_or(passed);
    let length = TimeDelta::seconds(length.max(1));
    let column = |at: DateTime<Utc>| {
        let place = (at - *begin).num_milliseconds() * i64::try_from(columns - 1).unwrap_or(1);
        usize::try_from(place / length.num_milliseconds().max(1)).unwrap_or(0).min(columns - 1)
    };
    let mut lines: Vec<Line> = Vec::new();
    for lane in lanes(seen, new, until).into_iter().take(size.1.saturating_sub(1)) {
        let mut cells = Cells::new(columns);
        for (label, from, until) in &lane.parts {
            let (from, until) = (column(*from), column(*until));
            cells.fill(from, until, if ascii { '=' } else { '━' }, tone(label));
            let word = label.text().to_string();
            if until.saturating_sub(from) > width(&word) && word.is_ascii() {
                cells.write(from, &word, tone(label));
            } else {
                cells.write(from, &letter(label).to_string(), tone(label));
            }
        }
        let id = if ascii { lane.version.short().replace('…', "~") } else { lane.version.short() };
        let style = if Some(lane.version) == new { Tone::Strong } else { Tone::Dim };
        let mut line = vec![(style, fit(&format!(" {id}"), NAMES))];
        line.extend(cells.line());
        lines.push(line);
    }
    let mut cells = Cells::new(columns);
    let (first, last) = (time_of_day(*begin), time_of_day(*begin + length));
    cells.write(0, &first, Tone::Dim);
    cells.write(columns.saturating_sub(last.len()), &last, Tone::Dim);
    let now = column(until);
    if now > first.len() + 1 && now + 3 + last.len() < columns {
        cells.write(now, "now", Tone::Strong);
    }
    let mut line = vec![(Tone::Plain, " ".repeat(NAMES))];
    line.extend(cells.line());
    lines.push(line);
    lines
}

fn lanes<'a>(seen: &'a [(DateTime<Utc>, LabelMap)], new: Option<&'a VersionId>, until: DateTime<Utc>) -> Vec<Lane<'a>> {
    let mut lanes: Vec<Lane<'_>> = new.map(|version| Lane { version, parts: Vec::new() }).into_iter().collect();
    for (number, (from, labels)) in seen.iter().enumerate() {
        let end = seen.get(number + 1).map_or(until, |(next, _)| *next);
        let mut sits: Vec<_> =
            labels.0.iter().flat_map(|(version, labels)| labels.iter().map(move |label| (label, version))).collect();
        // The one that is AWSPENDING as well as AWSCURRENT is drawn as the latter.
        sits.sort_by_key(|(label, version)| (rank(label), (*version).clone()));
        for (_, version) in sits.iter().rev() {
            if lanes.iter().all(|lane| lane.version != *version) {
                lanes.push(Lane { version, parts: Vec::new() });
            }
        }
        for (label, version) in sits {
            let Some(at) = lanes.iter().position(|lane| lane.version == version) else { continue };
            match lanes[at].parts.last_mut() {
                Some((last, _, until)) if *last == label && *until == *from => *until = end,
                _ => lanes[at].parts.push((label, *from, end)),
            }
        }
    }
    lanes
}

/// What is drawn last stands on top.
fn rank(label: &StagingLabel) -> u8 {
    match label {
        StagingLabel::Custom(_) => 0,
        StagingLabel::Previous => 1,
        StagingLabel::Pending => 2,
        StagingLabel::Current => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap_or_default()
    }

    fn labels(pairs: &[(&str, StagingLabel)]) -> LabelMap {
        let mut all: Vec<(VersionId, Vec<StagingLabel>)> = Vec::new();
        for (version, label) in pairs {
            let version = VersionId((*version).into());
            match all.iter_mut().find(|(known, _)| *known == version) {
                Some((_, labels)) => labels.push(label.clone()),
                None => all.push((version, vec![label.clone()])),
            }
        }
        LabelMap(all.into_iter().map(|(version, labels)| (version, labels.into())).collect())
    }

    fn drawn(seen: &[(DateTime<Utc>, LabelMap)], until: i64, ascii: bool) -> Vec<String> {
        let new = VersionId("new".into());
        let lines = moves(seen, Some(&new), at(until), (53, 5), ascii);
        lines.into_iter().map(|line| line.into_iter().map(|(_, text)| text).collect()).collect()
    }

    #[test]
    fn lanes_grow_and_the_picture_is_laid_out_anew_only_when_it_is_full() {
        use StagingLabel::{Current, Pending, Previous};
        let seen = vec![
            (at(0), labels(&[("old", Current), ("older", Previous)])),
            (at(3), labels(&[("new", Pending), ("old", Current), ("older", Previous)])),
            (at(18), labels(&[("new", Pending), ("new", Current), ("old", Previous)])),
        ];
        assert_eq!(
            drawn(&seen, 28, true),
            [
                " new           AWSPENDING==========AWSCURRENT====",
                " old        AWSCURRENT=============AWSPREVIOUS===",
                " older      AWSPREVIOUS=============",
                "            08:00:00Z                      08:00:30Z",
            ]
            .map(ToOwned::to_owned)
        );
        assert!(drawn(&seen, 31, true)[3].ends_with("08:01:00Z"));
    }

    #[test]
    fn nothing_seen_draws_nothing() {
        assert!(moves(&[], None, at(0), (80, 5), false).is_empty());
    }
}
