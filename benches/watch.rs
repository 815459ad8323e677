//! A flood in the log pane: what the dashboard takes, how soon it answers a key, how far the last line is behind the
//! stream, and whether a picture that is held stands still.

#[path = "support/relay.rs"]
mod relay;
#[path = "support/screen.rs"]
mod screen;
mod support;

use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use relay::{Times, number, relay, wall};
use screen::{Dashboard, GAP};
use support::machine::{Demo, Home};
use support::stats::{Result, Samples, Table, is_quick, now, progress};

/// How many events are written in a second.
const RATE: usize = 500;

/// How long each part takes, and how many keys are pressed in the two that have keys.
struct Plan {
    following: Duration,
    held: Duration,
    keys: usize,
    /// How long the flood lasts until the memory is looked at.
    whole: Duration,
}

const FULL: Plan =
    Plan { following: Duration::from_mins(1), held: Duration::from_mins(2), keys: 300, whole: Duration::from_mins(10) };
const QUICK: Plan =
    Plan { following: Duration::from_secs(5), held: Duration::from_secs(5), keys: 20, whole: Duration::from_secs(20) };

fn main() -> Result<()> {
    let plan = if is_quick() { QUICK } else { FULL };
    let home = Home::new()?;
    let demo = Demo::on(&home.file("world.toml", &world())?, 1)?;
    let delivered = Times::default();
    let address = relay(demo.address, Arc::clone(&delivered))?;
    let mut dashboard = Dashboard::through(&demo, address)?;
    dashboard.wait("list", |screen| screen.contains("prod/db"))?;
    dashboard.press("l", |screen, _| screen.contains("log"))?;
    dashboard.wait("live log", |screen| screen.contains("live ·"))?;
    dashboard.press("a", |screen, _| screen.contains("of the whole group"))?;
    dashboard.wait("flood", |screen| number(screen.as_bytes()).is_some())?;
    let mut table = Table::new("A FLOOD OF 500 EVENTS A SECOND");
    let start = now();
    let busy = dashboard.used()?;
    following(&mut dashboard, &plan, &delivered, &mut table)?;
    progress("keys while it follows", 1);
    table.times("key while it follows", 1, &keys(&mut dashboard, plan.keys, "t", is_choice)?);
    held(&mut dashboard, &plan, &mut table)?;
    progress("the rest of the flood", 1);
    dashboard.pass(plan.whole.saturating_sub(start.elapsed()))?;
    let share = f64::from(u32::try_from(dashboard.used()? - busy)?) / start.elapsed().as_secs_f64();
    table.number("of one core, over all", 1, format!("{share:.1} %"));
    table.number("peak memory", 1, dashboard.peak()?);
    table.number("seconds of it", 1, start.elapsed().as_secs().to_string());
    table.print()?;
    Ok(())
}

/// The world begins now, so that no line of the flood lies before its time.
fn world() -> String {
    let start = wall().format("%Y-%m-%dT%H:%M:%S%.3fZ");
    format!(
        "clock = {{ start = \"{start}\" }}\n[[secret]]\nname = \"prod/db\"\nfunction = \"rotate\"\n\
         rotation = {{ rate = \"rate(30 days)\" }}\nlast_rotated = \"-1d\"\n[[log_group]]\nname = \"/aws/lambda/rotate\"\n\
         flood = {{ from = \"+5s\", until = \"+1h\", per_second = {RATE}, stream = \"s\", message = \"tick {{n}} end\" }}\n"
    )
}

/// Frames that data causes, what they take, and how far the last line is behind the stream.
fn following(dashboard: &mut Dashboard, plan: &Plan, delivered: &Times, table: &mut Table) -> Result<()> {
    progress("it follows", 1);
    let (mut behind, mut frames, mut last): (_, usize, Option<Instant>) = (Samples::default(), 0, None);
    let mut newest = 0;
    let before = dashboard.used()?;
    dashboard.watch(plan.following, |screen, at| {
        frames += usize::from(last.is_none_or(|last| at - last > GAP));
        last = Some(at);
        let Some(shown) = latest(&screen.contents()).filter(|shown| *shown > newest) else { return };
        newest = shown;
        if let Some(came) = delivered.lock().unwrap_or_else(PoisonError::into_inner).get(&shown) {
            behind.push(at.saturating_duration_since(*came));
        }
    })?;
    let seconds = plan.following.as_secs_f64();
    let share = f64::from(u32::try_from(dashboard.used()? - before)?) / seconds;
    table.times("last line behind the stream", 1, &behind);
    table.number("frames a second while it follows", 1, format!("{:.1}", f64::from(u32::try_from(frames)?) / seconds));
    table.number("of one core while it follows", 1, format!("{share:.1} %"));
    Ok(())
}

/// The number of the last line on the screen.
fn latest(screen: &str) -> Option<usize> {
    screen.lines().filter_map(|line| number(line.as_bytes())).max()
}

/// A picture that is held: whether any cell of it moves, and how soon it answers a key.
fn held(dashboard: &mut Dashboard, plan: &Plan, table: &mut Table) -> Result<()> {
    progress("it is held", 1);
    dashboard.press(" ", |screen, _| screen.contains("held"))?;
    let picture = |screen: &str| screen.lines().skip(1).map(ToOwned::to_owned).collect::<Vec<_>>();
    let before = picture(&dashboard.contents());
    let mut moved = 0;
    dashboard.watch(plan.held, |screen, _| moved += usize::from(picture(&screen.contents()) != before))?;
    table.number("frames in which a held picture moved", 1, moved.to_string());
    progress("keys while it is held", 1);
    let up = keys(dashboard, plan.keys, "k", |_, _, frame| frame.windows(4).any(|bytes| bytes == b"\x1b[7m"))?;
    table.times("key while it is held", 1, &up);
    dashboard.press("G", |screen, _| screen.contains("following"))?;
    Ok(())
}

/// Whether times are shown as they are after so many keys.
fn is_choice(turn: usize, screen: &str, _: &[u8]) -> bool {
    let word = ["local", "since", "UTC"][turn % 3];
    screen.lines().any(|line| line.starts_with(&format!("└ {word} ")))
}

/// Presses a key again and again, at any time between two updates of the stream.
fn keys(
    dashboard: &mut Dashboard,
    times: usize,
    key: &str,
    shows: impl Fn(usize, &str, &[u8]) -> bool,
) -> Result<Samples> {
    let mut samples = Samples::default();
    for turn in 0..times {
        let millis = u64::try_from(turn * 37 % 300)?;
        dashboard.pass(Duration::from_millis(20 + millis))?;
        samples.push(dashboard.press(key, |screen, frame| shows(turn, screen, frame))?);
    }
    Ok(samples)
}
