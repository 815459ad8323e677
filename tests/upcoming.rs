//! The agenda, as a command and as a screen: in several time zones, over a change of the clocks, and over many secrets.
#![expect(clippy::unwrap_used, reason = "what can't be set up fails the test")]

mod support;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use insta::assert_snapshot;
use secdash::demo::World;
use secdash::exit::Exit;
use serde_json::Value;
use support::cmd::run;
use support::tui::Tui;

const ZONES: [&str; 3] = ["utc", "Asia/Kolkata", "America/New_York"];

fn world(name: &str) -> World {
    let path = format!("{}/tests/worlds/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    World::load(if std::path::Path::new(&path).exists() { &path } else { name }).unwrap()
}

#[tokio::test(start_paused = true)]
async fn windows_stand_under_the_days_of_each_zone() {
    for (name, world, within) in [("default", world(""), "7d"), ("winter", world("winter"), "3d")] {
        for zone in ZONES {
            let said = run(&["upcoming", "--within", within, "--time-zone", zone], &world).await;
            assert_eq!(said.exit, Exit::Fine, "{said:?}");
            assert_snapshot!(format!("{name}_{}", zone.to_lowercase().replace('/', "_")), said.out);
        }
    }
}

/// Days and windows of a table, as `day clock`, by name.
fn clocks(table: &str) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut day = String::new();
    for line in table.lines().skip(1) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            [weekday, date, month, ..] if "Mon Tue Wed Thu Fri Sat Sun".contains(weekday) => {
                day = format!("{date} {month}");
            }
            [clock, ..] if clock.contains('–') => {
                // What RDS manages has a name without a slash.
                let name = words.iter().find(|word| word.contains(['/', '!'])).unwrap();
                found.entry((*name).to_owned()).or_default().push(format!("{day} {clock}"));
            }
            _ => {}
        }
    }
    found
}

#[tokio::test(start_paused = true)]
async fn the_hours_stay_right_when_the_clocks_change() {
    let said = run(&["upcoming", "--within", "3d", "--time-zone", "America/New_York"], &world("winter")).await;
    let clocks = clocks(&said.out);
    // 04:00Z is midnight in summer time and 23:00 in winter time.
    assert_eq!(clocks["prod/midnight/token"], ["1 Nov 00:00–01:00", "1 Nov 23:00–24:00", "2 Nov 23:00–24:00"]);
    assert_eq!(clocks["prod/night/token"], ["1 Nov 01:00–02:00"]);
    assert_eq!(
        clocks["prod/often/db"][..9],
        [
            "31 Oct 16:00–17:00",
            "31 Oct 20:00–21:00",
            "1 Nov 00:00–01:00",
            "1 Nov 03:00–04:00",
            "1 Nov 07:00–08:00",
            "1 Nov 11:00–12:00",
            "1 Nov 15:00–16:00",
            "1 Nov 19:00–20:00",
            "1 Nov 23:00–24:00"
        ]
    );
    let day =
        |line: &str| line.starts_with("Sun 1 Nov · tomorrow · ") && line.ends_with(" windows · 25 h, clocks change");
    assert!(said.out.lines().any(day), "{}", said.out);
    assert!(!run(&["upcoming", "--within", "3d"], &world("winter")).await.out.contains("clocks change"));
}

fn date(value: &Value) -> Option<DateTime<Utc>> {
    value.as_str().map(|text| text.parse().unwrap())
}

/// What must be in the agenda of secrets that rotate every so many days, counted from the list alone.
fn counted(list: &Value, now: DateTime<Utc>, until: DateTime<Utc>) -> (usize, usize) {
    let (mut windows, mut overdue) = (0, 0);
    let on = |one: &&Value| one["rotation_enabled"] == true && one["deleted"].is_null();
    for one in list["secrets"].as_array().unwrap().iter().filter(on) {
        let next = date(&one["next_rotation"]).unwrap();
        let every = TimeDelta::days(one["rotation_rules"]["automatically_after_days"].as_i64().unwrap());
        let mut start = next + TimeDelta::seconds(1) - TimeDelta::days(1);
        if next < now {
            // A rate counts from a rotation that is yet to come.
            overdue += 1;
            continue;
        }
        while start < until {
            windows += 1;
            start += every;
        }
    }
    (windows, overdue)
}

/// Ten thousand secrets twelve days before New York changes to winter time, some of them overdue.
fn ten_thousand_before_winter() -> World {
    let mut text = "clock = { start = \"2026-10-20T12:00:00Z\" }\n".to_owned();
    for number in 0..10_000 {
        let (days, ago) = (1 + number % 60, number % 61);
        let rules = format!("function = \"f{}\"\nrotation = {{ rate = \"rate({days} days)\" }}", number % 40);
        write!(text, "[[secret]]\nname = \"prod/{number}\"\n{rules}\nlast_rotated = \"-{ago}d\"\n").unwrap();
    }
    World::from_toml("before-winter", &text).unwrap()
}

#[tokio::test(start_paused = true)]
async fn of_ten_thousand_secrets_none_is_lost_in_any_zone() {
    none_is_lost(&world("secrets:10000")).await;
    let winter = ten_thousand_before_winter();
    none_is_lost(&winter).await;
    // A day of UTC begins at 20:00 of the day before in New York's summer, and at 19:00 in its winter.
    let said = run(&["upcoming", "--within", "30d", "--time-zone", "America/New_York"], &winter).await;
    let clocks: Vec<String> = clocks(&said.out).into_values().flatten().collect();
    let begins = |day: &str, clock: &str| clocks.iter().any(|window| *window == format!("{day} {clock}"));
    for (day, summer) in [("30 Oct", true), ("31 Oct", true), ("1 Nov", false), ("2 Nov", false)] {
        let expected = if day == "31 Oct" {
            "20:00–19:00"
        } else if summer {
            "20:00–20:00"
        } else {
            "19:00–19:00"
        };
        assert!(begins(day, expected), "{day} {expected}: {}", said.out.lines().take(400).collect::<String>());
    }
    assert!(!clocks.iter().any(|window| window.starts_with("2 Nov 20:00") || window.starts_with("30 Oct 19:00")));
}

async fn none_is_lost(world: &World) {
    let parsed = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let list = parsed(&run(&["list", "--output", "json"], world).await.out);
    let json = parsed(&run(&["upcoming", "--within", "30d", "--output", "json"], world).await.out);
    let length = |key: &str| json[key].as_array().unwrap().len();
    let expected = counted(&list, date(&json["as_of"]).unwrap(), date(&json["until"]).unwrap());
    assert!(expected.0 > 3_000 && expected.1 > 10, "{expected:?}");
    assert_eq!((length("windows"), length("overdue"), length("unknown")), (expected.0, expected.1, 0));
    // A function that eight kinds of secrets share, all of whose windows last for a day of UTC.
    let by_day = |function: &Value, start: &str| {
        let same = |one: &&Value| one["function"] == *function && one["start"] == start;
        json["windows"].as_array().unwrap().iter().filter(same).count()
    };
    let worst = &json["functions"][0];
    let busiest = by_day(&worst["function"], worst["from"].as_str().unwrap());
    assert_eq!(worst["concurrent"].as_u64().unwrap(), busiest as u64);
    for zone in ZONES {
        let said = run(&["upcoming", "--within", "30d", "--time-zone", zone], world).await;
        let windows: usize = clocks(&said.out).values().map(Vec::len).sum();
        assert_eq!(windows, expected.0, "{zone}");
        assert_eq!(said.out.matches("overdue by").count(), expected.1, "{zone}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_does_not_pass_the_filter_is_counted_for_its_function() {
    let world = world("winter");
    let json = |said: support::cmd::Said| serde_json::from_str::<Value>(&said.out).unwrap();
    let windows = |json: &Value| json["windows"].as_array().unwrap().clone();
    let all = json(run(&["upcoming", "--output", "json"], &world).await);
    let some = json(run(&["upcoming", "--output", "json", "daily"], &world).await);
    let daily: Vec<_> = windows(&all).into_iter().filter(|one| one["name"] == "prod/daily/db").collect();
    assert_eq!(windows(&some), daily);
    assert!(daily.iter().all(|one| one["concurrent"] == 2), "{daily:?}");
    assert_eq!(some["overdue"].as_array().unwrap().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn hostile_names_do_not_drive_the_terminal() {
    for output in ["table", "json"] {
        let said = run(&["upcoming", "--within", "366d", "--output", output], &world("hostile")).await;
        let drives = |c: char| c != '\n' && (c.is_control() || secdash::text::is_hostile(c));
        assert!(!said.out.contains(drives) && !said.err.contains(drives), "{said:?}");
    }
}

/// The line on which the cursor stands: the only one of the body that is wholly reversed.
async fn chosen(tui: &Tui) -> String {
    tui.rest().await;
    tui.reversed()
}

#[tokio::test(start_paused = true)]
async fn a_window_leads_to_its_secret_and_back_to_itself() {
    let tui = Tui::over(world(""), 120, 40);
    tui.rest().await;
    tui.keys("u -");
    assert!(chosen(&tui).await.contains("prod/hr/sqlserver"), "{}", tui.text());
    tui.keys("jjjjjjjjj jj");
    let window = chosen(&tui).await;
    assert!(window.contains("23:00–24:00") && window.contains("prod/metrics/influx-token"), "{window}");
    tui.keys("<enter>");
    tui.wait("› upcoming › secret").await;
    tui.wait("prod/metrics/influx-token · as of").await;
    tui.keys("<esc>");
    assert_eq!(chosen(&tui).await, window);
    // The list stands on it too.
    tui.keys("<esc>");
    tui.wait("prod/metrics/influx-token · as of").await;
    // Back in the agenda, and from the secret's own screen too, there is one way and no circle.
    tui.keys("u <enter> u");
    assert_eq!(chosen(&tui).await, window);
    assert!(tui.text().contains("› upcoming ") && !tui.text().contains("› secret"), "{}", tui.text());
}

#[tokio::test(start_paused = true)]
async fn another_horizon_keeps_the_window_and_stops_at_both_ends() {
    let tui = Tui::over(world(""), 120, 60);
    tui.rest().await;
    tui.keys("u jjjjjjjj j");
    let window = chosen(&tui).await;
    assert!(window.contains("influx-token"), "{window}");
    for (key, horizon) in [
        ("-", "next 7 d"),
        ("-", "next 30 d"),
        ("-", "next 30 d"),
        ("=", "next 7 d"),
        ("+", "next 24 h"),
        ("+", "next 24 h"),
    ] {
        tui.keys(key);
        assert_eq!(chosen(&tui).await, window, "{key}");
        assert!(tui.text().contains(&format!("Upcoming · {horizon} · ")), "{}", tui.text());
    }
}

#[tokio::test(start_paused = true)]
async fn a_secret_that_the_filter_holds_back_is_opened_all_the_same() {
    let tui = Tui::over(world(""), 120, 40);
    tui.rest().await;
    tui.keys("/mail <enter>");
    tui.wait("/ mail · 1 of 37").await;
    tui.keys("u <enter>");
    tui.wait("prod/hr/sqlserver · as of").await;
    tui.wait("the list's filter is taken away").await;
    tui.keys("<esc> <esc>");
    tui.wait("prod/hr/sqlserver · as of").await;
    assert!(!tui.text().contains("/ mail"), "{}", tui.text());
}

#[tokio::test(start_paused = true)]
async fn a_function_leads_to_the_windows_that_need_it_at_once() {
    let tui = Tui::over(world("winter"), 120, 40);
    tui.rest().await;
    tui.keys("u G");
    assert!(chosen(&tui).await.contains("up to 2 windows at once, first Sun 1 Nov 00:00"), "{}", tui.text());
    tui.keys("<enter>");
    let window = chosen(&tui).await;
    assert!(window.contains("00:00–24:00") && window.contains("prod/daily/db"), "{window}");
}

#[tokio::test(start_paused = true)]
async fn a_window_that_closes_without_a_rotation_becomes_overdue_under_the_cursor() {
    // The short window opens after the long one and closes before it, so that they change places.
    let secret = |name, duration, next| {
        let rotation = format!("rotation = {{ days = 30, duration = '{duration}' }}");
        format!("[[secret]]\nname = '{name}'\nfunction = 'f'\n{rotation}\nnext_rotation = '{next}'\n")
    };
    // Secrets Manager may not invoke the function, so that the window passes without an attempt.
    let function = "[[function]]\nname = 'f'\npolicy = 'none'\n";
    let text = format!("name = 't'\n{function}{}{}", secret("long", "24h", "+20m"), secret("short", "1h", "+10m"));
    let tui = Tui::over(World::from_toml("t", &text).unwrap(), 120, 40);
    tui.rest().await;
    tui.keys("u j");
    let before = chosen(&tui).await;
    assert!(before.starts_with('▶') && before.contains("short"), "{}", tui.text());
    tui.pass(Duration::from_mins(12)).await;
    tui.wait("next 24 h · 1 window ·").await;
    let after = chosen(&tui).await;
    assert!(after.starts_with('!') && after.contains("short"), "{}", tui.text());
}

#[tokio::test(start_paused = true)]
async fn the_agenda_grows_while_the_list_loads_and_follows_the_machine_s_clocks() {
    let tui = Tui::wishing(world("secrets:1000"), 120, 40, |start| start.local_times = true);
    tui.keys("u");
    tui.wait("still loading, more may come").await;
    tui.wait("of all secrets as of").await;
    assert!(tui.text().contains("local") && tui.text().contains("UTC"), "{}", tui.text());
    // What came last is in it at once.
    assert!(tui.text().contains("NAME") && !tui.text().contains("nothing is overdue"), "{}", tui.text());
}
