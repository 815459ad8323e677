//! What a key costs in the event history: a move, a letter of a filter, another kind, the readers, and a page that comes in,
//! each through update and view over many events; and what they take of memory.

#[path = "support/stats.rs"]
mod stats;

use std::fs;
use std::hint::black_box;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use crossterm::event::KeyEvent;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Size;
use secdash::aws::Aws;
use secdash::demo::World;
use secdash::domain::trail::{Covered, Depth, Listed, News, Reached, Scope, Search, TrailEvent};
use secdash::tui::keymap;
use secdash::tui::model::Model;
use secdash::tui::msg::{Effect, Msg, Reply, Slot, Ticket};
use secdash::tui::update::update;
use secdash::tui::view::view;
use serde_json::json;
use stats::{Result, Samples, Table, is_quick, now, progress};

/// How many events a page of LookupEvents has.
const PAGE: usize = 50;

/// Over how long the events are spread, in seconds: less than the screen looks back at first.
const SPREAD: usize = 20 * 60 * 60;

/// What is pressed again and again, and what it does.
const KEYS: [(&str, &[&str]); 5] = [
    ("move", &["j", "j", "k", "pgdn", "G", "k", "g"]),
    ("letter of a filter", &["/", "o", "r", "d", "7", "backspace", "esc"]),
    ("another kind", &["v"]),
    ("by reader, and back", &["b"]),
    ("metadata, and back", &["m"]),
];

#[tokio::main]
async fn main() -> Result<()> {
    let (events, times) = if is_quick() { (2_000, 3) } else { (100_000, 30) };
    let mut table = Table::new("THE EVENT HISTORY");
    let aws = Aws::demo(World::load("default")?.sdk_config());
    let context = aws.open().await?;
    let mut model = Model::new(secdash::tui::before(&aws));
    model.size = Size::new(200, 50);
    model.known.context.settle(Ok(context), model.now);
    let (ticket, scope) = open(&mut model)?;
    progress("events come in", events);
    let pages = pages(&mut model, ticket, &scope, events);
    table.times("a page comes in", events, &pages);
    let mut terminal = Terminal::new(TestBackend::new(200, 50))?;
    for (what, keys) in KEYS {
        progress(what, events);
        let mut samples = Samples::default();
        for _ in 0..times {
            for key in keys {
                samples.push(press(&mut model, &mut terminal, key)?);
            }
        }
        table.times(what, events, &samples);
    }
    table.number("events kept", events, model.known.history.events.len().to_string());
    table.number("peak memory", events, peak()?);
    table.print()?;
    Ok(())
}

/// Opens the activity of the account; the ticket of its search, and what it searches.
fn open(model: &mut Model) -> Result<(Ticket, Scope)> {
    let (code, modifiers) = keymap::parse("A").ok_or("`A` is no key")?;
    let effects = update(model, Msg::Key(KeyEvent::new(code, modifiers)));
    let ticket = effects.iter().find_map(|effect| match effect {
        Effect::Start(Slot::History, ticket, _) => Some(*ticket),
        _ => None,
    });
    let scope = model.history.scope.clone().ok_or("the history has not opened")?;
    Ok((ticket.ok_or("no search has begun")?, scope))
}

/// Takes everything in, page by page, and measures the last hundred.
fn pages(model: &mut Model, ticket: Ticket, scope: &Scope, events: usize) -> Samples {
    let reached =
        Search::new(scope, Depth::Whole, model.now - TimeDelta::days(7), model.now, Covered::default()).reached();
    let mut samples = Samples::default();
    for page in 0..events / PAGE {
        let found = (page * PAGE..(page + 1) * PAGE).filter_map(|number| event(number, events, model.now)).collect();
        let reached = Reached { pages: page + 1, ..reached.clone() };
        let news = News::Found { events: found, unplaced: 0, reached };
        let start = now();
        black_box(update(model, Msg::Reply(Slot::History, ticket, Reply::History(Box::new(news)))));
        if page + 100 >= events / PAGE {
            samples.push(start.elapsed());
        }
    }
    samples
}

/// One of so many reads, by one of a thousand sessions of a hundred readers; every tenth is refused.
fn event(number: usize, of: usize, now: DateTime<Utc>) -> Option<TrailEvent> {
    let at = now - TimeDelta::seconds(i64::try_from(number * SPREAD / of).ok()?);
    let (role, name) = (format!("reader-{}-role", number % 100), format!("i-{:08x}", number % 1_000));
    let names = ["GetSecretValue", "DescribeSecret", "PutSecretValue", "GetSecretValue"];
    let record = json!({
        "eventVersion": "1.11",
        "eventSource": "secretsmanager.amazonaws.com",
        "eventName": names[number % names.len()],
        "eventTime": at.to_rfc3339_opts(SecondsFormat::Secs, true),
        "eventID": format!("{number:08x}-0000-4000-8000-000000000000"),
        "eventType": "AwsApiCall",
        "recipientAccountId": "000000000000",
        "sourceIPAddress": format!("10.0.{}.{}", number % 7, number % 250),
        "userAgent": "Boto3/1.40.4 md/Botocore#1.40.4 ua/2.1 os/linux md/arch#x86_64 lang/python#3.12.11",
        "userIdentity": {
            "type": "AssumedRole",
            "arn": format!("arn:aws:sts::000000000000:assumed-role/{role}/{name}"),
            "accountId": "000000000000",
        },
        "requestParameters": { "secretId": format!("prod/orders/{}", number % 400) },
        "responseElements": null,
        "errorCode": number.is_multiple_of(10).then_some("AccessDenied"),
    });
    TrailEvent::read(Listed { record: Some(record.to_string()), ..Listed::default() }).ok()
}

/// A key, and the picture after it.
fn press(model: &mut Model, terminal: &mut Terminal<TestBackend>, name: &str) -> Result<std::time::Duration> {
    let (code, modifiers) = keymap::parse(name).ok_or("no such key")?;
    let start = now();
    black_box(update(model, Msg::Key(KeyEvent::new(code, modifiers))));
    terminal.draw(|frame| view(model, frame))?;
    Ok(start.elapsed())
}

/// The most memory that this process has had.
fn peak() -> Result<String> {
    let status = fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM here")?;
    let kilobytes: u64 = peak.trim().trim_end_matches(" kB").trim().parse()?;
    Ok(format!("{} MB", kilobytes / 1_024))
}
