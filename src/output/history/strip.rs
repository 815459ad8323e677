//! A density strip: how much happened when, one column a span of time.

use chrono::{DateTime, Utc};

/// Eight heights.
const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const LETTERS: [char; 8] = ['.', ':', '-', '=', '+', '*', '#', '@'];

/// The strip of events from `from` to `to` (UTC) in so many columns. The highest column is the fullest one; a column with
/// anything in it is never empty.
pub fn strip(
    times: impl IntoIterator<Item = DateTime<Utc>>,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
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
    let height = |count: usize| match count {
        0 => ' ',
        _ => steps[(count * steps.len()).div_ceil(most).clamp(1, steps.len()) - 1],
    };
    counts.into_iter().map(height).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    #[test]
    fn a_column_is_as_high_as_it_is_full() {
        let times = [0, 1, 2, 3, 10, 35, 39, 40, -5, 41].map(at);
        assert_eq!(strip(times, (at(0), at(40)), 4, false), "█▂ ▆");
        assert_eq!(strip(times, (at(0), at(40)), 4, true), "@: *");
    }

    #[test]
    fn nothing_is_an_empty_strip() {
        assert_eq!(strip([], (at(0), at(0)), 3, false), "   ");
        assert_eq!(strip([at(0)], (at(0), at(0)), 3, false), "█  ");
        assert_eq!(strip([at(0)], (at(0), at(9)), 0, false), "");
    }
}
