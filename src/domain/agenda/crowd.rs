//! How many windows of one function are open together: rotations of as many secrets may call it at the same time.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};

use super::Agenda;
use crate::domain::schedule::Window;

/// A function that several windows may need at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crowd {
    /// The number of the function among the rotators.
    pub rotator: usize,
    /// How many windows are open together at the worst moment.
    pub at_once: u32,
    /// When that begins first (UTC).
    pub from: DateTime<Utc>,
}

impl Agenda {
    /// Counts for each entry, and for each function, how many of the function's windows are open together from now on.
    pub(super) fn count_crowds(&mut self) -> Vec<Crowd> {
        let mut places: Vec<Vec<usize>> = vec![Vec::new(); self.rotators.len()];
        for (place, entry) in self.entries.iter().enumerate() {
            let rotator = self.subject(entry).rotator;
            if self.rotators[rotator].function.is_some() {
                places[rotator].push(place);
            }
        }
        let mut crowds = Vec::new();
        for (rotator, places) in places.iter().enumerate() {
            let windows: Vec<Window> = places.iter().map(|place| self.entries[*place].window).collect();
            let (at_once, worst) = count(&windows, self.now);
            for (place, at_once) in places.iter().zip(at_once) {
                self.entries[*place].at_once = at_once;
            }
            crowds.extend(worst.filter(|(_, number)| *number > 1).map(|(from, at_once)| Crowd {
                rotator,
                at_once,
                from,
            }));
        }
        crowds.sort_by_key(|crowd| (Reverse(crowd.at_once), crowd.from));
        crowds
    }
}

/// A moment at which windows open, and how many are open then (UTC).
type Moment = (DateTime<Utc>, u32);

/// For windows in the order of their start: how many are open together at the worst moment of each, and the worst of all.
/// What was before `now` doesn't count.
fn count(windows: &[Window], now: DateTime<Utc>) -> (Vec<u32>, Option<Moment>) {
    let moments = moments(windows, now);
    let mut at_once = vec![1; windows.len()];
    // The moments that no later one reaches, the next one on top: the worst before an end is the lowest one before it.
    let mut ahead: Vec<Moment> = Vec::new();
    let mut rest = moments.iter().rev().peekable();
    for (window, at_once) in windows.iter().zip(&mut at_once).rev() {
        while let Some(moment) = rest.next_if(|(at, _)| *at >= window.start.max(now)) {
            while ahead.pop_if(|(_, number)| *number <= moment.1).is_some() {}
            ahead.push(*moment);
        }
        let worst = ahead.partition_point(|(at, _)| *at >= window.end);
        *at_once = ahead.get(worst).map_or(1, |(_, number)| *number);
    }
    // Of equals the first: the last of those that a search from behind meets.
    let worst = moments.into_iter().rev().max_by_key(|(_, number)| *number);
    (at_once, worst)
}

/// How many windows are open at each moment at which some open; those that are open already do so now.
fn moments(windows: &[Window], now: DateTime<Utc>) -> Vec<Moment> {
    let mut ends: Vec<_> = windows.iter().map(|window| window.end).collect();
    ends.sort_unstable();
    let (mut moments, mut opened, mut closed): (Vec<Moment>, u32, usize) = (Vec::new(), 0, 0);
    for same in windows.chunk_by(|a, b| a.start.max(now) == b.start.max(now)) {
        let Some(at) = same.first().map(|window| window.start.max(now)) else { continue };
        opened = opened.saturating_add(u32::try_from(same.len()).unwrap_or(u32::MAX));
        closed += ends[closed..].partition_point(|end| *end <= at);
        moments.push((at, opened.saturating_sub(u32::try_from(closed).unwrap_or(u32::MAX))));
    }
    moments
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use proptest::prelude::*;

    fn at(hours: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap() + TimeDelta::hours(hours)
    }

    fn windows(from_to: &[(i64, i64)]) -> Vec<Window> {
        let mut windows: Vec<_> =
            from_to.iter().map(|(start, length)| Window { start: at(*start), end: at(start + length) }).collect();
        windows.sort_by_key(|window| window.start);
        windows
    }

    #[test]
    fn windows_that_only_touch_are_not_open_together() {
        for (from_to, each, worst) in [
            (&[][..], &[][..], None),
            (&[(5, 1)], &[1], Some((5, 1))),
            (&[(0, 4), (4, 4), (8, 4)], &[1, 1, 1], Some((0, 1))),
            (&[(0, 4), (3, 4), (8, 4)], &[2, 2, 1], Some((3, 2))),
            // The long one meets the two, which don't meet each other.
            (&[(0, 24), (2, 1), (5, 1)], &[2, 2, 2], Some((2, 2))),
            (&[(1, 1), (1, 1), (1, 1), (9, 2), (9, 1), (9, 3)], &[3; 6], Some((1, 3))),
            // Open since before now: they overlap from now on, or did no longer.
            (&[(-10, 20), (-5, 20), (30, 1)], &[2, 2, 1], Some((0, 2))),
        ] {
            let (at_once, found) = count(&windows(from_to), at(0));
            assert_eq!((at_once.as_slice(), found), (each, worst.map(|(hours, n)| (at(hours), n))), "{from_to:?}");
        }
    }

    proptest! {
        #[test]
        fn the_sweep_counts_as_a_look_at_every_pair_does(from_to in prop::collection::vec((-20_i64..60, 1_i64..25), 0..40)) {
            let windows: Vec<_> = windows(&from_to).into_iter().filter(|window| window.end > at(0)).collect();
            let open = |at: DateTime<Utc>| windows.iter().filter(|other| other.start <= at && at < other.end).count();
            let starts = || windows.iter().map(|window| window.start.max(at(0)));
            let naive: Vec<_> = windows
                .iter()
                .map(|window| starts().filter(|at| window.start <= *at && *at < window.end).map(open).max().unwrap())
                .collect();
            let (at_once, worst) = count(&windows, at(0));
            prop_assert_eq!(at_once.iter().map(|number| *number as usize).collect::<Vec<_>>(), naive);
            let naive = starts().map(|at| (open(at), std::cmp::Reverse(at))).max();
            prop_assert_eq!(worst.map(|(at, number)| (number as usize, std::cmp::Reverse(at))), naive);
        }
    }
}
