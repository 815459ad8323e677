//! The world's clock: a start instant plus the elapsed tokio time, times a speed.

use std::time::{Duration, SystemTime};

use aws_smithy_async::time::TimeSource;
use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::Instant;

/// Runs on `tokio::time::Instant`, so a test that pauses tokio's time owns this clock too.
#[derive(Debug, Clone)]
pub(in crate::demo) struct Clock {
    start: DateTime<Utc>,
    origin: Instant,
    speed: f64,
}

impl Clock {
    /// A clock that shows `start` now and runs `speed` times as fast as real time.
    pub(in crate::demo) fn start_at(start: DateTime<Utc>, speed: f64) -> Self {
        let origin = Instant::now();
        Self { start, origin, speed }
    }

    /// When the world began.
    pub(in crate::demo) fn started(&self) -> DateTime<Utc> {
        self.start
    }

    /// World time since the start of the world.
    pub(in crate::demo) fn elapsed(&self) -> Duration {
        scaled(self.origin.elapsed(), self.speed)
    }

    pub(in crate::demo) fn utc(&self) -> DateTime<Utc> {
        let elapsed = TimeDelta::from_std(self.elapsed()).unwrap_or(TimeDelta::MAX);
        self.start.checked_add_signed(elapsed).unwrap_or(self.start)
    }

    /// How long to wait in real time for a span of world time to pass.
    pub(in crate::demo) fn real(&self, span: Duration) -> Duration {
        scaled(span, 1.0 / self.speed)
    }
}

/// The longest span there is, if the product is longer: the standard multiplication panics then.
fn scaled(span: Duration, factor: f64) -> Duration {
    Duration::try_from_secs_f64(span.as_secs_f64() * factor).unwrap_or(Duration::MAX)
}

impl TimeSource for Clock {
    fn now(&self) -> SystemTime {
        self.utc().into()
    }
}
