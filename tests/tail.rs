//! The log of a function as it is written, over the demo world: no line is lost, whatever becomes of the connection, and
//! what is said of it is true.
#![expect(clippy::unwrap_used, reason = "what can't be set up fails the test")]
#![expect(clippy::print_stdout, reason = "what a flood costs is worth a look: `-- --nocapture`")]

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures::{StreamExt, TryStreamExt};
use secdash::aws::Aws;
use secdash::demo::World;
use secdash::domain::context::Context;
use secdash::domain::fault::Cause;
use secdash::domain::function::FunctionArn;
use secdash::domain::invocation::{Bound, Invocations};
use secdash::domain::tail::{Broken, Class, LogGroup, NoEvents, NotLive, Range, Source, TailUpdate};
use tokio::time::{Instant, timeout_at};

const GROUP: &str = "/aws/lambda/rotate-orders";

/// A line a second in a function's log.
const STEADY: &str = r#"
[[log_group]]
name = "/aws/lambda/rotate-orders"
flood = { from = "+0s", until = "+24h", per_second = 1, message = "line {n}" }
"#;

struct Door {
    world: World,
    aws: Aws,
    context: Arc<Context>,
}

async fn door(toml: &str) -> Door {
    let world = World::from_toml("test.toml", toml).unwrap();
    let aws = Aws::demo(world.sdk_config());
    let context = aws.open().await.unwrap();
    Door { world, aws, context }
}

fn fault(kind: &str, more: &str) -> String {
    format!("[[fault]]\noperation = \"StartLiveTail\"\nkind = \"{kind}\"\n{more}\n")
}

/// What a tail told.
struct Followed {
    invocations: Invocations,
    sources: Vec<Source>,
    sampled: Vec<Range>,
    filled: Vec<Range>,
    unread: usize,
    complete: Option<DateTime<Utc>>,
    /// Events that were told, each time.
    told: usize,
    /// Moments of the test's time at which events came.
    came: Vec<Instant>,
    is_over: bool,
}

impl Door {
    async fn group(&self) -> LogGroup {
        let function =
            format!("arn:aws:lambda:{}:{}:function:rotate-orders", self.world.region(), self.world.account());
        let expected =
            LogGroup::of_function(&self.context, &FunctionArn::parse(&function.into()).unwrap(), &GROUP.into());
        self.aws.log_group(&self.context, GROUP).await.unwrap().unwrap_or(expected)
    }

    /// Follows the log for so long, and holds whatever is said to be complete against the world.
    async fn follow(&self, time: Duration) -> Followed {
        self.follow_slowly(time, |_| Duration::ZERO).await
    }

    /// The same, with a rest after each update.
    async fn follow_slowly(&self, time: Duration, rest: impl Fn(usize) -> Duration) -> Followed {
        let end = Instant::now() + time;
        let mut tail = pin!(self.aws.tail(self.group().await, self.world.now() - TimeDelta::seconds(1)));
        let mut followed = Followed {
            invocations: Invocations::within(Bound { events: 1_000_000, bytes: 1 << 30 }),
            sources: Vec::new(),
            sampled: Vec::new(),
            filled: Vec::new(),
            unread: 0,
            complete: None,
            told: 0,
            came: Vec::new(),
            is_over: false,
        };
        for number in 0.. {
            let Ok(update) = timeout_at(end, tail.next()).await else { break };
            let Some(update) = update else {
                followed.is_over = true;
                break;
            };
            followed.take(update, &self.world);
            let rest = rest(number);
            if !rest.is_zero() {
                tokio::time::sleep(rest).await;
            }
        }
        followed
    }

    /// Every line that the world has had time to show: stream, time, message.
    fn written(&self, until: DateTime<Utc>) -> Vec<(String, i64, String)> {
        lines_of(&self.world, until)
    }
}

fn lines_of(world: &World, until: DateTime<Utc>) -> Vec<(String, i64, String)> {
    let lines = world.log_events(GROUP).into_iter().filter(|line| line.at < until);
    let mut lines: Vec<_> = lines.map(|line| (line.stream, line.at.timestamp_millis(), line.message)).collect();
    lines.sort();
    lines
}

impl Followed {
    fn take(&mut self, update: TailUpdate, world: &World) {
        match update {
            TailUpdate::Source(source) => self.sources.push(source),
            TailUpdate::Events(events) => {
                self.told += events.len();
                self.came.push(Instant::now());
                self.invocations.take(events);
            }
            TailUpdate::Sampled(range) => self.sampled.push(range),
            TailUpdate::Filled(range) => self.filled.push(range),
            TailUpdate::Unread { .. } => self.unread += 1,
            TailUpdate::Complete(until) => {
                assert!(self.complete < Some(until), "it moves on");
                assert!(until < world.now());
                self.complete = Some(until);
                // Looking at everything each time would take the time of a flood squared.
                if self.invocations.len() < 2_000 {
                    assert_eq!(self.lines(until), lines_of(world, until), "{until} is complete");
                }
            }
        }
    }

    fn lines(&self, until: DateTime<Utc>) -> Vec<(String, i64, String)> {
        let events = self.invocations.entries().map(|entry| &entry.event).filter(|event| event.at < until);
        let mut lines: Vec<_> = events
            .map(|event| (event.stream.raw().to_owned(), event.at.timestamp_millis(), event.message.raw().to_owned()))
            .collect();
        lines.sort();
        lines
    }

    /// The longest time without an event.
    fn longest_silence(&self) -> Duration {
        self.came.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap()
    }

    /// Holds what was told against the world: each line is there, and as often as it was written.
    fn is_whole(&self, door: &Door) {
        let until = door.world.now() - TimeDelta::seconds(5);
        let (told, written) = (self.lines(until), door.written(until));
        let missing = written.iter().find(|line| told.binary_search(line).is_err());
        assert_eq!((told.len(), missing), (written.len(), None));
        assert!(told == written);
    }
}

#[tokio::test(start_paused = true)]
async fn no_line_of_a_flood_is_lost() {
    let flood = r#"
clock = { start = "2026-11-20T09:00:00Z" }
[[log_group]]
name = "/aws/lambda/rotate-orders"
flood = { from = "+0s", until = "+10m", per_second = 500, message = "{n}", stream = "s" }
burst = { at = "+4m", lines = 2000, message = "burst {n}", stream = "s" }
events = [
  { at = "+70s", message = "late", late = "40s", stream = "s" },
  { at = "+150s", message = "late in a cut", late = "40s", stream = "s" },
  { at = "+200s", message = "equal", times = 3, stream = "s" },
  { at = "+12m", message = "last", stream = "s" },
]
"#;
    let cuts = fault("stream-reset", "at = \"2m\"\ntimes = 1") + &fault("stream-end", "at = \"5m\"\ntimes = 1");
    let door = door(&format!("{flood}{cuts}")).await;
    let followed = door.follow(Duration::from_mins(14)).await;
    followed.is_whole(&door);
    let bytes: usize = followed.invocations.entries().map(|entry| entry.event.message.raw().len()).sum();
    println!("{} events and {bytes} bytes kept, {} events told", followed.invocations.len(), followed.told);
    let [Source::Opening, Source::Live, cut @ .., Source::Live] = &followed.sources[..] else {
        panic!("{:?}", followed.sources)
    };
    let broken =
        |source: &&Source| matches!(source, Source::Reconnecting { wait, .. } if *wait == Duration::from_secs(1));
    assert_eq!(cut.iter().filter(broken).count(), 2, "{cut:?}");
    let burst = DateTime::parse_from_rfc3339("2026-11-20T09:04:00Z").unwrap().to_utc();
    let is_in = |range: &&Range| range.from <= burst && burst <= range.until;
    assert!(followed.sampled.iter().any(|range| is_in(&range)), "{:?}", followed.sampled);
    assert!(followed.filled.iter().any(|range| is_in(&range)));
    assert!(followed.complete.unwrap() > door.world.now() - TimeDelta::seconds(75));
}

#[tokio::test(start_paused = true)]
async fn every_end_of_a_session_is_told_and_mended() {
    let cut = |source: &Source| match source {
        Source::Reconnecting { because: Broken::Fault(fault), .. } => match &fault.cause {
            Cause::Cut => Some("cut".to_owned()),
            Cause::Service { code, .. } => Some(code.raw().to_owned()),
            other => Some(format!("{other:?}")),
        },
        Source::Reconnecting { because, .. } => Some(format!("{because:?}")),
        _ => None,
    };
    for (kind, told, silence) in [
        ("stream-end", "Ended", 3),
        ("stream-reset", "cut", 3),
        ("stream-silent", "Quiet(15s)", 17),
        ("session-timeout", "SessionOver", 3),
        ("session-streaming", "SessionStreamingException", 3),
    ] {
        let door = door(&format!("{STEADY}{}", fault(kind, "at = \"90500ms\"\ntimes = 1"))).await;
        let followed = door.follow(Duration::from_mins(5)).await;
        followed.is_whole(&door);
        assert_eq!(followed.sources.iter().filter_map(cut).collect::<Vec<_>>(), [told]);
        assert_eq!(followed.sources.last(), Some(&Source::Live), "{kind}");
        assert!(followed.longest_silence() <= Duration::from_secs(silence), "{kind}: {:?}", followed.longest_silence());
        assert!(followed.complete.unwrap() > door.world.now() - TimeDelta::seconds(75), "{kind}");
        assert!(followed.sampled.is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_goes_on_after_three_hours() {
    let door = door(&STEADY.replace("+0s", "+179m")).await;
    let followed = door.follow(Duration::from_mins(183)).await;
    followed.is_whole(&door);
    assert!(
        followed.sources.contains(&Source::Reconnecting { wait: Duration::from_secs(1), because: Broken::SessionOver })
    );
    assert_eq!(followed.sources.last(), Some(&Source::Live));
    assert!(followed.told < 2 * followed.invocations.len() + 200, "{} told", followed.told);
}

#[tokio::test(start_paused = true)]
async fn sessions_that_keep_breaking_are_opened_later_and_later() {
    let door = door(&format!("{STEADY}{}", fault("stream-end", "after_session = \"2s\""))).await;
    let followed = door.follow(Duration::from_mins(5)).await;
    followed.is_whole(&door);
    let waits = followed.sources.iter().filter_map(|source| match source {
        Source::Reconnecting { wait, .. } => Some(wait.as_secs()),
        _ => None,
    });
    assert_eq!(waits.take(7).collect::<Vec<_>>(), [1, 2, 4, 8, 16, 30, 30]);
}

#[tokio::test(start_paused = true)]
async fn without_live_tail_it_polls_and_says_why() {
    let late = "events = [{ at = \"+100s\", message = \"late\", late = \"40s\" }]\n";
    for (kind, more, back) in [
        ("deny", "", false),
        ("invalid-parameter", "", false),
        ("limit-exceeded", "until = \"150s\"", true),
        ("unreachable", "until = \"150s\"", true),
        ("hang", "until = \"150s\"", true),
        ("throttle", "until = \"150s\"", true),
    ] {
        let door = door(&format!("{STEADY}{late}{}", fault(kind, more))).await;
        let followed = door.follow(Duration::from_mins(6)).await;
        followed.is_whole(&door);
        let polling = followed.sources.iter().find_map(|source| match source {
            Source::Polling { every, because } => Some((*every, because)),
            _ => None,
        });
        let (every, because) = polling.unwrap_or_else(|| panic!("{kind}: {:?}", followed.sources));
        assert_eq!(every, Duration::from_secs(2));
        assert_eq!(matches!(because, NotLive::Limit(_)), kind == "limit-exceeded", "{because:?}");
        assert_eq!(followed.sources.last() == Some(&Source::Live), back, "{kind}: {:?}", followed.sources);
        assert!(followed.complete.unwrap() > door.world.now() - TimeDelta::seconds(100), "{kind}");
        assert!(followed.longest_silence() <= Duration::from_secs(12), "{kind}: {:?}", followed.longest_silence());
        let asked = door.world.journal().iter().filter(|entry| entry.operation == "FilterLogEvents").count();
        assert!(asked < 200, "{kind}: {asked}");
        assert!(followed.told < 7 * followed.invocations.len(), "{kind}: {} told", followed.told);
    }
}

#[tokio::test(start_paused = true)]
async fn a_log_group_that_is_not_there_is_waited_for() {
    let door = door(&STEADY.replace("flood", "created = \"+90s\"\nflood").replace("+0s", "+91s")).await;
    let before = door.group().await;
    assert_eq!((before.class.as_ref(), before.name.raw()), (None, GROUP));
    let followed = door.follow(Duration::from_mins(4)).await;
    followed.is_whole(&door);
    let every = Duration::from_secs(2);
    let missing = Source::Polling { every, because: NotLive::NoGroup };
    assert_eq!(followed.sources, [Source::Opening, missing, Source::Live]);
    assert_eq!((door.group().await.class, door.group().await.arn), (Some(Class::Standard), before.arn));
}

#[tokio::test(start_paused = true)]
async fn a_cheap_class_has_no_events() {
    let door = door(&STEADY.replace("flood", "class = \"INFREQUENT_ACCESS\"\nflood")).await;
    let group = door.group().await;
    let unknown = LogGroup { class: None, ..group.clone() };
    for (group, first) in [(group, None), (unknown, Some(Source::Opening))] {
        let told: Vec<_> = door.aws.tail(group, door.world.now()).collect().await;
        let last = [Source::None(NoEvents::InfrequentAccess)];
        let expected: Vec<_> = first.into_iter().chain(last).map(TailUpdate::Source).collect();
        assert_eq!(told, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn what_nobody_may_read_is_said_and_asked_again() {
    let filters = "[[fault]]\noperation = \"FilterLogEvents\"\nkind = \"deny\"\nuntil = \"150s\"\n";
    let both = door(&format!("{STEADY}{}{filters}", fault("deny", ""))).await;
    let followed = both.follow(Duration::from_mins(5)).await;
    followed.is_whole(&both);
    let [Source::Opening, Source::Polling { .. }, Source::None(NoEvents::Fault(fault)), Source::Polling { .. }] =
        &followed.sources[..]
    else {
        panic!("{:?}", followed.sources)
    };
    assert_eq!(fault.permission(), Some("logs:FilterLogEvents"));
    // With Live Tail alone lines come, but nothing is said to be complete.
    let live = door(&format!("{STEADY}{}", filters.replace("until = \"150s\"", ""))).await;
    let followed = live.follow(Duration::from_mins(5)).await;
    assert_eq!(followed.sources, [Source::Opening, Source::Live]);
    assert_eq!((followed.complete, followed.unread > 1), (None, true));
    assert!(followed.invocations.len() > 290);
}

#[tokio::test(start_paused = true)]
async fn who_reads_too_slowly_is_told_and_loses_nothing() {
    let door = door(STEADY).await;
    let slow = |number| if number == 40 { Duration::from_secs(100) } else { Duration::ZERO };
    let followed = door.follow_slowly(Duration::from_mins(5), slow).await;
    followed.is_whole(&door);
    assert_eq!(followed.sampled.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_session_ends_with_its_tail() {
    let door = door(STEADY).await;
    for _ in 0..40 {
        let followed = door.follow(Duration::from_secs(5)).await;
        assert_eq!(followed.sources, [Source::Opening, Source::Live]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_world_that_is_faster_loses_no_line_either() {
    let reset = fault("stream-reset", "at = \"10m\"");
    let door = door(&format!("clock = {{ speed = 60.0 }}\n{STEADY}{reset}")).await;
    let followed = door.follow(Duration::from_mins(1)).await;
    let until = door.world.now() - TimeDelta::minutes(5);
    assert_eq!(followed.lines(until), door.written(until));
    assert!(followed.complete.unwrap() > until);
}

#[tokio::test(start_paused = true)]
async fn a_range_comes_page_by_page_and_each_event_once() {
    let text = STEADY.replace("per_second = 1,", "per_second = 50,");
    let faults = "[[fault]]\noperation = \"FilterLogEvents\"\nkind = \"empty-page\"\nafter = 1\ntimes = 2\n";
    let door = door(&format!("page_limit = 100\n{text}{faults}")).await;
    tokio::time::sleep(Duration::from_mins(1)).await;
    let (group, now) = (door.group().await, door.world.now());
    let range = Range { from: now - TimeDelta::seconds(40), until: now - TimeDelta::seconds(10) };
    let begun = Instant::now();
    let pages: Vec<_> = door.aws.log_events(&group, range).try_collect().await.unwrap();
    assert!(pages.iter().all(|page| page.len() <= 100) && pages.iter().any(Vec::is_empty));
    let lines: Vec<_> = pages.concat().into_iter().map(|event| event.message).collect();
    let within =
        door.world.log_events(GROUP).into_iter().filter(|line| range.from <= line.at && line.at <= range.until);
    assert_eq!(lines, within.map(|line| line.message.into()).collect::<Vec<secdash::text::AwsText>>());
    let calls = u32::try_from(pages.len()).unwrap();
    assert_eq!(begun.elapsed().as_millis() / 200, u128::from(calls) - 1, "half of what AWS allows");
    for (kind, is_endless) in [("repeat-token", true), ("endless-token", true), ("throttle", false)] {
        let text = format!("{STEADY}[[fault]]\noperation = \"FilterLogEvents\"\nkind = \"{kind}\"\n");
        let door = self::door(&text).await;
        let range = Range { from: door.world.now(), until: door.world.now() };
        let fault = door.aws.log_events(&door.group().await, range).try_collect::<Vec<_>>().await.unwrap_err();
        assert_eq!(matches!(fault.cause, Cause::EndlessPages { .. }), is_endless, "{kind}: {fault:?}");
    }
}
