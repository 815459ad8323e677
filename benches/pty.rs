//! The release binary on a pseudo terminal: how soon it is there, how soon it answers a key, and what it takes when idle.

#[path = "support/screen.rs"]
mod screen;
mod support;

use std::time::Duration;

use screen::Dashboard;
use support::machine::Demo;
use support::stats::{Result, Samples, Table, is_quick, progress};

/// How much is measured of a world.
#[derive(Debug, Clone, Copy)]
struct Plan {
    secrets: usize,
    starts: usize,
    moves: usize,
    /// How often the words are typed and taken back.
    words: usize,
    sorts: usize,
    idle: Duration,
}

const FULL: Plan = Plan { secrets: 0, starts: 10, moves: 300, words: 7, sorts: 30, idle: Duration::from_secs(10) };
const ALL: &[Plan] =
    &[Plan { secrets: 1_000, ..FULL }, Plan { secrets: 10_000, ..FULL }, Plan { secrets: 100_000, starts: 5, ..FULL }];
const QUICK: &[Plan] =
    &[Plan { secrets: 1_000, starts: 2, moves: 20, words: 1, sorts: 6, idle: Duration::from_secs(1) }];

/// How long nothing must come until the dashboard counts as idle, and how often that is tried.
const QUIET: Duration = Duration::from_secs(2);
const TRIES: usize = 20;

fn main() -> Result<()> {
    let mut table = Table::new("THE DASHBOARD AT 200x50");
    for plan in if is_quick() { QUICK } else { ALL } {
        let demo = Demo::start(plan.secrets)?;
        starts(&demo, plan, &mut table)?;
        session(&demo, plan, &mut table)?;
    }
    table.print()?;
    Ok(())
}

/// From the start of the process to the first frame, and to the last page.
fn starts(demo: &Demo, plan: &Plan, table: &mut Table) -> Result<()> {
    let (mut first, mut whole) = (Samples::default(), Samples::default());
    for _ in 0..plan.starts {
        progress("start", demo.secrets);
        let mut dashboard = Dashboard::start(demo)?;
        first.push(dashboard.wait("first frame", |screen| screen.contains("Secrets"))?);
        whole.push(dashboard.wait("whole list", is_whole)?);
    }
    table.times("first frame", demo.secrets, &first);
    table.times("list is whole", demo.secrets, &whole);
    Ok(())
}

/// One dashboard from its start on: keys while pages come, memory, idleness, keys after that, memory again.
fn session(demo: &Demo, plan: &Plan, table: &mut Table) -> Result<()> {
    let mut dashboard = Dashboard::start(demo)?;
    dashboard.wait("rows", has_rows)?;
    progress("moves while pages come", demo.secrets);
    table.times("move while pages come", demo.secrets, &moves(&mut dashboard, plan.moves, |screen| !is_whole(screen))?);
    if !is_whole(&dashboard.contents()) {
        dashboard.wait("whole list", is_whole)?;
    }
    table.number("peak memory with the whole list", demo.secrets, dashboard.peak()?);
    idle(&mut dashboard, plan, table)?;
    progress("keys", demo.secrets);
    table.times("move", demo.secrets, &moves(&mut dashboard, plan.moves, |_| true)?);
    table.times("filter by words", demo.secrets, &filters(&mut dashboard, "", "payments", plan.words)?);
    table.times("filter by letters", demo.secrets, &filters(&mut dashboard, "~", "pymt", 2 * plan.words)?);
    table.times("sort", demo.secrets, &sorts(&mut dashboard, plan.sorts)?);
    table.number("peak memory at the end", demo.secrets, dashboard.peak()?);
    Ok(())
}

fn has_rows(screen: &str) -> bool {
    screen.contains("STATE") && screen.contains(" secrets")
}

fn is_whole(screen: &str) -> bool {
    has_rows(screen) && !["more to come", "asking AWS", "signing in"].iter().any(|words| screen.contains(words))
}

/// Waits for a while that is another one each time, so that keys come at any time between two frames of data.
fn pause(dashboard: &mut Dashboard, turn: usize) -> Result<()> {
    let millis = u64::try_from(turn * 7 % 30)?;
    dashboard.pass(Duration::from_millis(5 + millis)).map(drop)
}

/// Moves down for as long as that is wanted. The line under the cursor is the only one in reverse video.
fn moves(dashboard: &mut Dashboard, most: usize, goes_on: impl Fn(&str) -> bool) -> Result<Samples> {
    let mut samples = Samples::default();
    for turn in 0..most {
        pause(dashboard, turn)?;
        if !goes_on(&dashboard.contents()) {
            break;
        }
        samples.push(dashboard.press("j", is_reverse)?);
    }
    Ok(samples)
}

fn is_reverse(_: &str, frame: &[u8]) -> bool {
    frame.windows(4).any(|bytes| bytes == b"\x1b[7m")
}

/// Types a filter letter by letter, and takes it back the same way. The filter's cursor is in reverse video.
fn filters(dashboard: &mut Dashboard, before: &str, letters: &str, times: usize) -> Result<Samples> {
    let mut samples = Samples::default();
    let back = "\x7f".repeat(letters.len());
    for _ in 0..times {
        for opening in std::iter::once("/").chain((!before.is_empty()).then_some(before)) {
            dashboard.press(opening, is_reverse)?;
        }
        for (turn, key) in letters.chars().chain(back.chars()).enumerate() {
            pause(dashboard, turn)?;
            samples.push(dashboard.press(&key.to_string(), is_reverse)?);
        }
        dashboard.press(&format!("{}\r", "\x7f".repeat(before.len())), |screen, _| !screen.contains("Secrets /"))?;
    }
    Ok(samples)
}

/// Sorts by one column after the other.
fn sorts(dashboard: &mut Dashboard, times: usize) -> Result<Samples> {
    let titles = ["by name", "by next", "by last", "by schedule", "by pending", "trouble first"];
    let mut samples = Samples::default();
    for (turn, title) in titles.iter().cycle().take(times).enumerate() {
        pause(dashboard, turn)?;
        samples.push(dashboard.press("s", |screen, _| screen.contains(title))?);
    }
    Ok(samples)
}

/// What it does while nobody does anything. What it still asks after the list may keep it from being quiet at all.
fn idle(dashboard: &mut Dashboard, plan: &Plan, table: &mut Table) -> Result<()> {
    progress("idle", plan.secrets);
    let mut is_quiet = false;
    for _ in 0..TRIES {
        is_quiet = dashboard.pass(QUIET)? == 0;
        if is_quiet {
            break;
        }
    }
    let before = dashboard.used()?;
    let bytes = dashboard.pass(plan.idle)?;
    let ticks = dashboard.used()? - before;
    // The kernel counts in hundredths of a second, whatever its own clock does: that makes per cent of one core.
    let share = f64::from(u32::try_from(ticks)?) / plan.idle.as_secs_f64();
    let seconds = plan.idle.as_secs();
    let how = if is_quiet { "idle" } else { "that never got quiet" };
    table.number(&format!("bytes written in {seconds} s {how}"), plan.secrets, bytes.to_string());
    table.number(&format!("of one core in {seconds} s {how}"), plan.secrets, format!("{share:.1} %"));
    Ok(())
}
