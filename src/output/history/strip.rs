//! A density strip: how much happened when, one column a span of time.

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::trail::{Covered, HORIZON};

/// Eight heights.
const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const LETTERS: [char; 8] = ['.', ':', '-', '=', '+', '*', '#', '@'];

/// Of what was not read yet nobody knows how much there is.
const UNREAD: char = '░';

/// The strip of events from `from` to `to` (UTC) in so many columns. The highest column is the fullest one; a column with
/// anything in it is never empty, and one of a time that was not read whole has a shape of its own.
pub fn strip(
    times: impl IntoIterator<Item = DateTime<Utc>>,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    covered: &Covered,
    columns: usize,
    ascii: bool,
) -> String {
    let length = (to - from).num_seconds().max(1);
    let mut counts = vec![0_usize; columns];
    let width = i64::try_from(columns).unwrap_or(i64::MAX);
    for at in times {
        let place = (at - from).num_seconds().saturating_mul(width) / length;
        let place = usize::try_from(place).ok().map(|place| place.min(columns.saturating_sub(1)));
        if let Some(count) = place.filter(|_| at >= from && at <= to).and_then(|place| counts.get_mut(place)) {
            *count += 1;
        }
    }
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let steps = if ascii { LETTERS } else { BLOCKS };
    let is_unread = |column: usize| {
        let seconds = i64::try_from(column * 2 + 1).unwrap_or(i64::MAX).saturating_mul(length) / (2 * width.max(1));
        let middle = from + TimeDelta::seconds(seconds);
        middle < to - HORIZON && !covered.has(middle)
    };
    let height = |(column, count): (usize, usize)| match count {
        0 if is_unread(column) => {
            if ascii {
                '?'
            } else {
                UNREAD
            }
        }
        0 => ' ',
        _ => steps[(count * steps.len()).div_ceil(most).clamp(1, steps.len()) - 1],
    };
    counts.into_iter().enumerate().map(height).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::trail::Span;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    /// Everything from then to then was read.
    fn read(from: i64, to: i64) -> Covered {
        let mut covered = Covered::default();
        covered.add(Span { from: at(from), to: at(to) });
        covered
    }

    #[test]
    fn a_column_is_as_high_as_it_is_full() {
        let times = [0, 1, 2, 3, 10, 35, 39, 40, -5, 41].map(at);
        assert_eq!(strip(times, (at(0), at(40)), &read(0, 40), 4, false), "█▂ ▆");
        assert_eq!(strip(times, (at(0), at(40)), &read(0, 40), 4, true), "@: *");
    }

    #[test]
    fn what_was_not_read_is_not_quiet() {
        let hours = |hours: i64| at(hours * 3_600);
        let times = [1, 7].map(hours);
        let covered = read(4 * 3_600, 8 * 3_600);
        assert_eq!(strip(times, (hours(0), hours(8)), &covered, 8, false), "░█░░   █");
        assert_eq!(strip([], (hours(0), hours(8)), &Covered::default(), 4, true), "????");
        assert_eq!(strip([], (at(0), at(60)), &Covered::default(), 4, true), "    ", "records are still to come");
    }

    #[test]
    fn nothing_is_an_empty_strip() {
        assert_eq!(strip([], (at(0), at(0)), &read(0, 0), 3, false), "   ");
        assert_eq!(strip([at(0)], (at(0), at(0)), &read(0, 0), 3, false), "█  ");
        assert_eq!(strip([at(0)], (at(0), at(9)), &read(0, 9), 0, false), "");
    }
}
