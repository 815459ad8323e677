//! The axis of time under a timeline: which moment stands in which column.

use chrono::{DateTime, Datelike, Months, NaiveDate, TimeDelta, Utc};

/// How far back the axis reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Zoom {
    /// 24 hours.
    Day,
    /// 7 days.
    Week,
    /// 30 days.
    #[default]
    Month,
    /// 90 days.
    Quarter,
    /// Everything that is known.
    All,
}

impl Zoom {
    /// Every zoom, the nearest first.
    pub const ALL: [Self; 5] = [Self::Day, Self::Week, Self::Month, Self::Quarter, Self::All];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Day => "24 h",
            Self::Week => "7 d",
            Self::Month => "30 d",
            Self::Quarter => "90 d",
            Self::All => "all",
        }
    }

    /// One step nearer, or further away.
    #[must_use]
    pub fn step(self, nearer: bool) -> Self {
        let at = Self::ALL.iter().position(|zoom| *zoom == self).unwrap_or(0);
        let other = if nearer { at.checked_sub(1) } else { Some(at + 1) };
        other.and_then(|other| Self::ALL.get(other)).copied().unwrap_or(self)
    }

    /// The nearest one that shows what began then.
    pub fn reaching(begin: DateTime<Utc>, until: DateTime<Utc>) -> Self {
        let fits = |zoom: &Self| zoom.time().is_none_or(|time| until - begin <= time);
        Self::ALL.into_iter().find(fits).unwrap_or(Self::All)
    }

    fn time(self) -> Option<TimeDelta> {
        match self {
            Self::Day => Some(TimeDelta::hours(24)),
            Self::Week => Some(TimeDelta::days(7)),
            Self::Month => Some(TimeDelta::days(30)),
            Self::Quarter => Some(TimeDelta::days(90)),
            Self::All => None,
        }
    }
}

/// The part of the axis that lies in the future: one column of so many.
const FUTURE: usize = 8;

/// How far apart ticks must be at least, in columns.
const APART: usize = 9;

/// The least that all of a timeline is taken to be: a version that is seconds old needs an axis too.
const SHORTEST: TimeDelta = TimeDelta::hours(1);

/// Columns of equal time, from a moment in the past to one in the near future.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Axis {
    from: DateTime<Utc>,
    /// The end of what is told.
    now: DateTime<Utc>,
    /// The column of that moment.
    present: usize,
    /// How many columns there are.
    pub columns: usize,
}

impl Axis {
    /// An axis of so many columns that ends a little after `now`. `begin` is where everything begins.
    pub fn new(zoom: Zoom, begin: DateTime<Utc>, now: DateTime<Utc>, columns: usize) -> Self {
        let columns = columns.max(2);
        let time = zoom.time().unwrap_or_else(|| (now - begin).max(SHORTEST));
        Self { from: now - time, now, present: (columns - 1 - columns / FUTURE).max(1), columns }
    }

    /// The column of now.
    pub fn present(&self) -> usize {
        self.present
    }

    /// The column of a moment; `None` before the first and behind the last.
    pub fn column(&self, at: DateTime<Utc>) -> Option<usize> {
        let place = self.place(at);
        usize::try_from(place).ok().filter(|column| *column < self.columns)
    }

    /// The column of a moment, or the one at the end that it lies beyond.
    pub fn nearest(&self, at: DateTime<Utc>) -> usize {
        usize::try_from(self.place(at)).map_or(0, |column| column.min(self.columns - 1))
    }

    /// Whether any of a span of time is on the axis.
    pub fn shows(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> bool {
        let columns = i64::try_from(self.columns).unwrap_or(i64::MAX);
        self.place(until) >= 0 && self.place(from) < columns
    }

    /// The moment at which a column begins (UTC).
    pub fn moment(&self, column: usize) -> DateTime<Utc> {
        let share = i128::try_from(column).unwrap_or_default();
        let present = i128::try_from(self.present).unwrap_or(1);
        self.from + millis(i128::from(self.time().num_milliseconds()) * share / present)
    }

    /// The labels of the axis: the column and the words, from left to right.
    pub fn ticks(&self) -> Vec<(usize, String)> {
        let per_column = self.time() / i32::try_from(self.present).unwrap_or(1);
        let least = per_column * i32::try_from(APART).unwrap_or(1);
        let days = [1, 2, 7, 14];
        if let Some(hours) = [1, 2, 3, 6, 12].into_iter().find(|hours| TimeDelta::hours(*hours) >= least) {
            return self.every(TimeDelta::hours(hours), |at| {
                let format = if at.time() == chrono::NaiveTime::MIN { "%b %-d" } else { "%H:%MZ" };
                at.format(format).to_string()
            });
        }
        if let Some(days) = days.into_iter().find(|days| TimeDelta::days(*days) >= least) {
            return self.every(TimeDelta::days(days), |at| at.format("%b %-d").to_string());
        }
        let months = [1, 2, 3, 6, 12, 24, 60, 120].into_iter();
        let months = months.clone().find(|months| TimeDelta::days(28 * i64::from(*months)) >= least).unwrap_or(240);
        self.months(months)
    }

    fn every(&self, step: TimeDelta, words: impl Fn(DateTime<Utc>) -> String) -> Vec<(usize, String)> {
        let seconds = step.num_seconds().max(1);
        let first = self.from.timestamp().div_euclid(seconds) + 1;
        let moments = (first..).filter_map(|number| DateTime::from_timestamp(number * seconds, 0));
        moments.map_while(|at| Some((self.column(at)?, words(at)))).collect()
    }

    fn months(&self, step: u32) -> Vec<(usize, String)> {
        // Counted from a year's begin, so that every third month is a quarter's.
        let start = NaiveDate::from_ymd_opt(self.from.year(), 1, 1).unwrap_or_default();
        let dates = (0..).map_while(|number: u32| start.checked_add_months(Months::new(number.checked_mul(step)?)));
        let moments = dates.map(|date| date.and_time(chrono::NaiveTime::MIN).and_utc());
        let format = if step >= 12 { "%Y" } else { "%Y-%m" };
        let shown = moments.skip_while(|at| *at <= self.from);
        shown.map_while(|at| Some((self.column(at)?, at.format(format).to_string()))).collect()
    }

    fn time(&self) -> TimeDelta {
        self.now - self.from
    }

    fn place(&self, at: DateTime<Utc>) -> i64 {
        let present = i128::try_from(self.present).unwrap_or(1);
        let time = i128::from(self.time().num_milliseconds()).max(1);
        let place = (i128::from((at - self.from).num_milliseconds()) * present).div_euclid(time);
        i64::try_from(place).unwrap_or(i64::MAX)
    }
}

fn millis(number: i128) -> TimeDelta {
    TimeDelta::milliseconds(i64::try_from(number).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap_or_default()
    }

    #[test]
    fn a_zoom_reaches_as_far_as_it_must() {
        for (hours, zoom) in [
            (0, Zoom::Day),
            (24, Zoom::Day),
            (25, Zoom::Week),
            (169, Zoom::Month),
            (721, Zoom::Quarter),
            (9999, Zoom::All),
        ] {
            assert_eq!(Zoom::reaching(at(-3600 * hours), at(0)), zoom, "{hours} h");
        }
        assert_eq!((Zoom::Day.step(true), Zoom::Day.step(false)), (Zoom::Day, Zoom::Week));
        assert_eq!((Zoom::All.step(true), Zoom::All.step(false)), (Zoom::Quarter, Zoom::All));
    }

    proptest! {
        #[test]
        fn columns_and_moments_agree(columns in 2_usize..300, zoom in 0_usize..5, back in 0_i64..400_000_000) {
            let axis = Axis::new(Zoom::ALL[zoom], at(-back), at(0), columns);
            prop_assert_eq!(axis.column(at(0)), Some(axis.present()));
            for column in 0..columns {
                // A moment is rounded to a millisecond, so it may lie at the very edge.
                let found = axis.nearest(axis.moment(column) + TimeDelta::milliseconds(1));
                prop_assert_eq!(found, column);
            }
            let ticks = axis.ticks();
            prop_assert!(ticks.iter().all(|(column, words)| *column < columns && !words.is_empty()));
            prop_assert!(ticks.windows(2).all(|pair| pair[0].0 < pair[1].0));
        }
    }
}
