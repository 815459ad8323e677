//! Samples, their median and 99th percentile, and the plain table that they end in.

use std::io::{self, Write};
use std::time::{Duration, Instant};

/// What can't be set up ends a benchmark.
pub(crate) type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// The machine's clock.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures the machine's own time")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Whether only little is to be measured, to see that the benchmarks still work: `cargo bench -- quick`.
pub(crate) fn is_quick() -> bool {
    std::env::args().any(|word| word == "quick")
}

/// Says on standard error what is being measured.
pub(crate) fn progress(what: &str, secrets: usize) {
    let _ = writeln!(io::stderr(), "  {what}, {secrets} secrets …");
}

/// Times of the same thing.
#[derive(Debug, Default)]
pub(crate) struct Samples(Vec<Duration>);

impl Samples {
    /// One more.
    pub(crate) fn push(&mut self, time: Duration) {
        self.0.push(time);
    }

    /// The one in the middle.
    pub(crate) fn median(&self) -> Duration {
        self.percentile(50)
    }

    /// The smallest one that so many of a hundred do not exceed.
    fn percentile(&self, hundredths: usize) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let rank = (sorted.len() * hundredths).div_ceil(100);
        sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
    }
}

/// What was measured, a line each.
#[derive(Debug)]
pub(crate) struct Table(Vec<[String; 5]>);

impl Table {
    /// An empty table with this heading.
    pub(crate) fn new(title: &str) -> Self {
        Self(vec![[title, "SECRETS", "TIMES", "MEDIAN", "P99"].map(ToOwned::to_owned)])
    }

    /// A line of times; none if nothing fitted in.
    pub(crate) fn times(&mut self, what: &str, secrets: usize, samples: &Samples) {
        let (median, worst) = match samples.0.len() {
            0 => ("–".to_owned(), "–".to_owned()),
            _ => (millis(samples.median()), millis(samples.percentile(99))),
        };
        self.0.push([what.to_owned(), secrets.to_string(), samples.0.len().to_string(), median, worst]);
    }

    /// A line of one number that is no time.
    pub(crate) fn number(&mut self, what: &str, secrets: usize, number: String) {
        self.0.push([what.to_owned(), secrets.to_string(), "1".to_owned(), number, String::new()]);
    }

    /// Prints it: the first column to the left, numbers to the right.
    pub(crate) fn print(&self) -> io::Result<()> {
        let width = |column: usize| self.0.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..5).map(width).collect();
        let mut out = io::stdout().lock();
        writeln!(out)?;
        for line in &self.0 {
            write!(out, "{:<1$}", line[0], widths[0])?;
            for (cell, width) in line.iter().zip(&widths).skip(1) {
                write!(out, "  {cell:>width$}")?;
            }
            writeln!(out)?;
        }
        writeln!(out)
    }
}

fn millis(time: Duration) -> String {
    format!("{:.3} ms", time.as_secs_f64() * 1_000.0)
}
