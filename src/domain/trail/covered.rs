//! Of which times all records are there: what was read whole, and what AWS may still deliver late.

use chrono::{DateTime, TimeDelta, Utc};

/// How far back from now the event history may still have gaps: AWS says about five minutes on average, without a
/// guarantee, so three times that.
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/how-cloudtrail-works.html>
pub const HORIZON: TimeDelta = TimeDelta::minutes(15);

/// How far back the event history reaches.
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html>
pub const KEPT: TimeDelta = TimeDelta::days(90);

/// What is read again for records that came later than the horizon: one was seen to be absent after 25 minutes and there
/// after 85.
pub const OVERLAP: TimeDelta = TimeDelta::hours(2);

/// A span of time, both ends belonging to it (UTC).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Its beginning.
    pub from: DateTime<Utc>,
    /// Its end.
    pub to: DateTime<Utc>,
}

/// The spans of time of which every record was read, the latest first. They don't touch each other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Covered(Vec<Span>);

/// Events have times to the second: spans that are a second apart have nothing between them.
const SECOND: TimeDelta = TimeDelta::seconds(1);

impl Covered {
    /// Adds a span; one that ends before it begins is none.
    pub fn add(&mut self, mut span: Span) {
        if span.from > span.to {
            return;
        }
        self.0.retain(|other| {
            let apart = other.from > span.to + SECOND || other.to + SECOND < span.from;
            if !apart {
                span.from = span.from.min(other.from);
                span.to = span.to.max(other.to);
            }
            apart
        });
        let at = self.0.partition_point(|other| other.from > span.to);
        self.0.insert(at, span);
    }

    /// Takes away what lies before this moment or at it.
    pub fn cut(&mut self, until: DateTime<Utc>) {
        self.0.retain(|span| span.to > until);
        for span in &mut self.0 {
            span.from = span.from.max(until + SECOND);
        }
    }

    /// Whether every record of this moment was read.
    pub fn has(&self, at: DateTime<Utc>) -> bool {
        self.0.iter().any(|span| span.from <= at && at <= span.to)
    }

    /// The span that ends last.
    pub fn latest(&self) -> Option<Span> {
        self.0.first().copied()
    }

    /// What of it is not before this moment.
    #[must_use]
    pub fn since(&self, from: DateTime<Utc>) -> Self {
        let spans = self.0.iter().filter(|span| span.to >= from);
        Self(spans.map(|span| Span { from: span.from.max(from), to: span.to }).collect())
    }

    /// The spans, the latest first.
    pub fn spans(&self) -> impl Iterator<Item = Span> {
        self.0.iter().copied()
    }

    /// The times since `since` that are still to be read, the latest first; the first one has no end. What is covered is
    /// read again for [`OVERLAP`] before its end, if it is the latest.
    pub fn gaps(&self, since: DateTime<Utc>) -> Vec<Gap> {
        let mut gaps = Vec::new();
        let mut until = None;
        for (place, span) in self.0.iter().enumerate() {
            let back = if place == 0 { OVERLAP } else { TimeDelta::zero() };
            let from = (span.to - back).max(span.from).max(since);
            gaps.push(Gap { from, until });
            if span.from <= since {
                return gaps;
            }
            until = Some(span.from);
        }
        gaps.push(Gap { from: since, until });
        gaps
    }
}

/// A time that is to be read (UTC).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// Its beginning.
    pub from: DateTime<Utc>,
    /// Its end; `None`: now.
    pub until: Option<DateTime<Utc>>,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_000_000 + second, 0).unwrap()
    }

    fn span(from: i64, to: i64) -> Span {
        Span { from: at(from), to: at(to) }
    }

    #[test]
    fn what_was_never_read_is_one_gap() {
        assert_eq!(Covered::default().gaps(at(0)), [Gap { from: at(0), until: None }]);
    }

    #[test]
    fn a_refresh_reads_the_new_part_and_the_overlap() {
        let mut covered = Covered::default();
        covered.add(span(0, 100_000));
        assert_eq!(covered.gaps(at(0)), [Gap { from: at(100_000 - 7_200), until: None }]);
        let further = covered.gaps(at(-500));
        assert_eq!(further[1..], [Gap { from: at(-500), until: Some(at(0)) }]);
    }

    #[test]
    fn a_hole_that_a_cancelled_look_up_left_is_read_too() {
        let mut covered = Covered::default();
        covered.add(span(0, 10_000));
        covered.add(span(90_000, 100_000));
        let gaps = covered.gaps(at(0));
        let expected = [(92_800, None), (10_000, Some(90_000))];
        assert_eq!(gaps, expected.map(|(from, until)| Gap { from: at(from), until: until.map(at) }));
    }

    proptest! {
        #[test]
        fn spans_cover_what_was_added_and_nothing_else(spans in prop::collection::vec((0_i64..60, 0_i64..20), 0..12)) {
            let mut covered = Covered::default();
            for (from, length) in &spans {
                covered.add(span(*from, from + length));
            }
            for second in -1..90 {
                let is_in = spans.iter().any(|(from, length)| (*from..=from + length).contains(&second));
                prop_assert_eq!(covered.has(at(second)), is_in);
            }
            prop_assert!(covered.0.windows(2).all(|pair| pair[0].from > pair[1].to + SECOND));
        }

        #[test]
        fn gaps_and_spans_together_leave_nothing_out(
            spans in prop::collection::vec((0_i64..60, 0_i64..20), 0..8), since in -10_i64..70,
        ) {
            let mut covered = Covered::default();
            for (from, length) in &spans {
                covered.add(span(*from, from + length));
            }
            let gaps = covered.gaps(at(since));
            for second in since..90 {
                let read = gaps.iter().any(|gap| gap.from <= at(second) && gap.until.is_none_or(|until| at(second) <= until));
                prop_assert!(read || covered.has(at(second)), "{}", second);
            }
        }
    }
}
