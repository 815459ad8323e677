//! The ration of an API that AWS throttles early: one call at a time, whoever asks, and longer waits after a throttle.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// From one LookupEvents to the next. AWS allows two a second for the whole account and Region, and others call too.
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html>
const LOOKUPS: Duration = Duration::from_secs(1);

/// From one TestEventPattern to the next. What AWS allows is \[unverified\]; a bus has hundreds of rules at most, and each is
/// tested a few times.
const PATTERNS: Duration = Duration::from_millis(50);

/// The wait after the first throttle; each throttle after it in a row doubles the wait, up to the longest.
const WAIT: Duration = Duration::from_secs(2);
const LONGEST_DOUBLING: u32 = 2;

/// How many FilterLogEvents AWS allows in a second for the whole account and Region.
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html>
pub(super) fn filters_a_second(region: &str) -> u32 {
    match region {
        "us-east-1" => 25,
        "ap-northeast-3" | "ap-southeast-3" | "ca-west-1" | "eu-central-1" | "il-central-1" => 5,
        _ => 10,
    }
}

/// The rations of a context. They outlive a sign-in anew.
#[derive(Debug, Clone)]
pub(super) struct Rations {
    pub(super) lookups: Arc<Pace>,
    pub(super) filters: Arc<Pace>,
    pub(super) patterns: Arc<Pace>,
}

impl Rations {
    /// Half of what AWS allows in this Region, where that is known.
    pub(super) fn of(region: &str) -> Self {
        let filters = Duration::from_secs(2) / filters_a_second(region);
        Self {
            lookups: Arc::new(Pace::every(LOOKUPS)),
            filters: Arc::new(Pace::every(filters)),
            patterns: Arc::new(Pace::every(PATTERNS)),
        }
    }
}

/// Who may call when. One for each context, shared by all who ask through it.
///
/// Fair, because tokio's mutex lets in by order of arrival. A caller that gives up while it waits takes nothing.
#[derive(Debug)]
pub(super) struct Pace {
    /// From one call to the next.
    spacing: Duration,
    queue: tokio::sync::Mutex<()>,
    state: std::sync::Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// No call before this moment.
    free: Instant,
    /// Throttles since the last call that was answered.
    throttles: u32,
}

impl Pace {
    /// One call in so long.
    pub(super) fn every(spacing: Duration) -> Self {
        let state = State { free: Instant::now(), throttles: 0 };
        Self { spacing, queue: tokio::sync::Mutex::default(), state: state.into() }
    }

    /// Waits for the moment of one call, which is to be made at once.
    pub(super) async fn turn(&self) {
        let _first = self.queue.lock().await;
        // The moment can move on while this waits for it: a call on its way may be throttled.
        while let Some(free) = self.take() {
            sleep_until(free).await;
        }
    }

    /// Takes the call if its moment has come; else says when it will have.
    fn take(&self) -> Option<Instant> {
        self.change(|state| {
            let now = Instant::now();
            if state.free > now {
                return Some(state.free);
            }
            state.free = now + self.spacing;
            None
        })
    }

    /// A call was throttled: everybody waits 2, then 4, then 8 seconds.
    pub(super) fn throttled(&self) {
        self.change(|state| {
            let wait = WAIT * 2_u32.pow(state.throttles.min(LONGEST_DOUBLING));
            state.throttles += 1;
            state.free = state.free.max(Instant::now() + wait);
        });
    }

    /// A call was answered.
    pub(super) fn answered(&self) {
        self.change(|state| state.throttles = 0);
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use futures::future::join_all;
    use tokio::time::timeout;

    use super::*;

    /// Who had a turn, and when, in seconds since the start.
    async fn turns(pace: &Arc<Pace>, callers: u64) -> Vec<(u64, u64)> {
        let start = Instant::now();
        let all = (0..callers).map(|caller| {
            let pace = Arc::clone(pace);
            tokio::spawn(async move {
                pace.turn().await;
                (caller, start.elapsed().as_secs())
            })
        });
        let all: Vec<_> = all.collect();
        let mut turns: Vec<_> = join_all(all).await.into_iter().map(Result::unwrap).collect();
        turns.sort_by_key(|turn| turn.1);
        turns
    }

    #[tokio::test(start_paused = true)]
    async fn turns_come_by_order_of_arrival_a_second_apart() {
        let pace = Arc::new(Pace::every(LOOKUPS));
        assert_eq!(turns(&pace, 20).await, (0..20).map(|n| (n, n)).collect::<Vec<_>>());
        tokio::time::sleep(Duration::from_mins(1)).await;
        assert_eq!(turns(&pace, 3).await, [(0, 0), (1, 1), (2, 2)], "what was not used is not saved up");
    }

    #[tokio::test(start_paused = true)]
    async fn who_gives_up_takes_nothing() {
        let pace = Arc::new(Pace::every(LOOKUPS));
        pace.turn().await;
        for _ in 0..10 {
            assert!(timeout(Duration::from_millis(50), pace.turn()).await.is_err());
        }
        let start = Instant::now();
        pace.turn().await;
        assert_eq!(start.elapsed(), Duration::from_millis(500));
    }

    #[tokio::test(start_paused = true)]
    async fn throttles_in_a_row_double_the_wait_of_everybody() {
        let pace = Arc::new(Pace::every(LOOKUPS));
        for seconds in [2, 4, 8, 8] {
            pace.turn().await;
            let start = Instant::now();
            pace.throttled();
            pace.turn().await;
            assert_eq!(start.elapsed(), Duration::from_secs(seconds));
        }
        pace.answered();
        pace.throttled();
        let start = Instant::now();
        pace.turn().await;
        assert_eq!(start.elapsed(), Duration::from_secs(2));
    }

    #[tokio::test(start_paused = true)]
    async fn a_throttle_holds_those_who_wait_already() {
        let pace = Arc::new(Pace::every(LOOKUPS));
        pace.turn().await;
        let start = Instant::now();
        let waiting = tokio::spawn({
            let pace = Arc::clone(&pace);
            async move { pace.turn().await }
        });
        tokio::time::sleep(Duration::from_millis(900)).await;
        pace.throttled();
        waiting.await.unwrap();
        assert_eq!(start.elapsed(), Duration::from_millis(2_900));
    }
}
