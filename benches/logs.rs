//! How soon a log event is printed: after Live Tail has delivered it, and after it was written, by Live Tail and by polling.

#[path = "support/relay.rs"]
mod relay;
mod support;

use std::collections::HashSet;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::sync::{Arc, PoisonError};
use std::thread;
use std::time::Duration;

use chrono::{DateTime, Utc};
use relay::{Times, number, relay, wall};
use support::machine::{Demo, Home};
use support::stats::{Result, Samples, Table, is_quick, now, progress};

/// How many events are written in a second, and how many are waited for.
const RATE: usize = 20;
const FULL: usize = 1_200;
const QUICK: usize = 60;

/// How events come.
struct Way {
    what: &'static str,
    region: &'static str,
    fault: &'static str,
}

const DENIED: &str = "[[fault]]\noperation = \"StartLiveTail\"\nkind = \"deny\"\n";
const WAYS: [Way; 3] = [
    Way { what: "Live Tail", region: "eu-west-1", fault: "" },
    Way { what: "polling every 2 s", region: "eu-west-1", fault: DENIED },
    // A Region that allows five look-ups a second.
    Way { what: "polling every 4 s", region: "eu-central-1", fault: DENIED },
];

fn main() -> Result<()> {
    let events = if is_quick() { QUICK } else { FULL };
    let mut table = Table::new("A LOG EVENT IS PRINTED");
    for way in &WAYS {
        progress(way.what, 1);
        measure(way, events, &mut table)?;
    }
    by_hand(events, &mut table)?;
    table.number("events a second", 1, RATE.to_string());
    table.print()?;
    Ok(())
}

/// The world begins now, so that what it writes can be dated by this machine's clock.
fn world(way: &Way) -> String {
    let start = wall().format("%Y-%m-%dT%H:%M:%S%.3fZ");
    let Way { region, fault, .. } = way;
    format!(
        "region = \"{region}\"\nclock = {{ start = \"{start}\" }}\n[[secret]]\nname = \"prod/db\"\nfunction = \"rotate\"\n\
         rotation = {{ rate = \"rate(30 days)\" }}\nlast_rotated = \"-1d\"\n[[log_group]]\nname = \"/aws/lambda/rotate\"\n\
         flood = {{ from = \"+3s\", until = \"+1h\", per_second = {RATE}, stream = \"s\", message = \"tick {{n}} end\" }}\n{fault}"
    )
}

fn measure(way: &Way, events: usize, table: &mut Table) -> Result<()> {
    let home = Home::new()?;
    let demo = Demo::on(&home.file("world.toml", &world(way))?, 1)?;
    let delivered = Times::default();
    let relay = relay(demo.address, Arc::clone(&delivered))?;
    let url = format!("http://{relay}");
    let args = ["--endpoint-url", &url, "--region", way.region, "logs", "prod/db", "-f", "--all", "--output", "json"];
    let args = args.map(ToOwned::to_owned);
    let mut child = Ended(home.secdash(&args).stdout(Stdio::piped()).spawn()?);
    let out = child.0.stdout.take().ok_or("no standard output")?;
    let (mut from_stream, mut from_written) = (Samples::default(), Samples::default());
    let mut seen = 0;
    for line in BufReader::new(out).lines() {
        let (line, at) = (line?, now());
        let Some(number) = number(line.as_bytes()) else { continue };
        let came = delivered.lock().unwrap_or_else(PoisonError::into_inner).get(&number).copied();
        if let Some(came) = came.filter(|_| way.fault.is_empty()) {
            from_stream.push(at.duration_since(came));
        }
        from_written.push(age(&line)?);
        seen += 1;
        if seen == events {
            break;
        }
    }
    if way.fault.is_empty() {
        table.times("after the stream delivered it", 1, &from_stream);
    }
    table.times(&format!("after it was written, {}", way.what), 1, &from_written);
    Ok(())
}

/// What a person does who asks again every five seconds.
fn by_hand(events: usize, table: &mut Table) -> Result<()> {
    progress("asking again every 5 s", 1);
    let home = Home::new()?;
    let demo = Demo::on(&home.file("world.toml", &world(&WAYS[0]))?, 1)?;
    let door = demo.door();
    let args = ["logs", "prod/db", "--since", "15s", "--all", "--output", "json"].map(ToOwned::to_owned);
    let (mut samples, mut seen) = (Samples::default(), HashSet::new());
    while seen.len() < events {
        thread::sleep(Duration::from_secs(5));
        let out = home.secdash(&[&door[..], &args[..]].concat()).stdout(Stdio::piped()).spawn()?.wait_with_output()?;
        for line in String::from_utf8(out.stdout)?.lines() {
            if number(line.as_bytes()).is_some_and(|number| seen.insert(number)) {
                samples.push(age(line)?);
            }
        }
    }
    table.times("after it was written, asking again every 5 s", 1, &samples);
    Ok(())
}

/// How old an event is that was just printed.
fn age(line: &str) -> Result<Duration> {
    let event: serde_json::Value = serde_json::from_str(line)?;
    let at: DateTime<Utc> = event["at"].as_str().ok_or("no date")?.parse()?;
    Ok((wall() - at).to_std().unwrap_or_default())
}

/// A child that ends with the benchmark.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
