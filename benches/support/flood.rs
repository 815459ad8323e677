//! What a flood in a function's log costs, second by second, once no more lines can be kept.

use chrono::{DateTime, TimeDelta, Utc};
use secdash::domain::invocation::{Invocations, Lines, Run};
use secdash::domain::log::LogEvent;

use super::stats::{Samples, Table, now};

/// Lines in a second, and seconds: more than are kept.
const LINES: i64 = 500;
const SECONDS: i64 = 220;

/// The lines of a second of one invocation, as Live Tail sends them.
fn second(start: DateTime<Utc>, number: i64) -> Vec<LogEvent> {
    let line = |line: i64| {
        let nth = number * LINES + line;
        let words =
            if nth == 0 { "START RequestId: r Version: $LATEST".to_owned() } else { format!("printed line {nth}") };
        let at = start + TimeDelta::milliseconds(nth * 1_000 / LINES);
        LogEvent { id: None, stream: "s".into(), at, ingested: None, message: words.into() }
    };
    (0..LINES).map(line).collect()
}

/// Measures the last seconds of so many.
pub(crate) fn measure(table: &mut Table, times: usize, start: DateTime<Utc>) {
    let run = Run { secret: "arn".into(), version: None, from: start, until: None };
    let (mut invocations, mut lines) = (Invocations::default(), Lines::new(run));
    let (mut taken, mut printed) = (Samples::default(), Samples::default());
    let first = SECONDS - i64::try_from(times).unwrap_or(SECONDS);
    for number in 0..SECONDS {
        let (one, other) = (second(start, number), second(start, number));
        let begin = now();
        invocations.take(one);
        let middle = now();
        lines.take(other);
        if number >= first {
            taken.push(middle - begin);
            printed.push(middle.elapsed());
        }
    }
    table.times("500 log events are taken in", invocations.len(), &taken);
    table.times("500 lines are held or given to a printer", invocations.len(), &printed);
    let mut late = Samples::default();
    for (nth, line) in second(start, SECONDS - 1).into_iter().take(times).enumerate() {
        let event = LogEvent { at: line.at - TimeDelta::seconds(40), message: format!("late {nth}").into(), ..line };
        let begin = now();
        invocations.take([event]);
        late.push(begin.elapsed());
    }
    table.times("a log event comes late", invocations.len(), &late);
}
