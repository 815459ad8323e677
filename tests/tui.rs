//! Key strings in, screens out: the whole dashboard over demo worlds, with the clock paused.
#![expect(clippy::unwrap_used, reason = "what can't be set up fails the test")]

mod support;

use std::time::Duration;

use insta::assert_snapshot;
use secdash::demo::World;
use secdash::exit::Exit;
use support::tui::Tui;

#[tokio::test(start_paused = true)]
async fn the_list_stands_in_the_order_of_trouble_with_the_first_secret_described() {
    for (columns, rows) in [(80, 24), (120, 40), (200, 60)] {
        let tui = Tui::on("small", columns, rows);
        tui.rest().await;
        assert_snapshot!(format!("small_{columns}x{rows}"), tui.snapshot());
    }
}

#[tokio::test(start_paused = true)]
async fn the_default_world_shows_every_state() {
    let tui = Tui::on("default", 120, 60);
    tui.rest().await;
    assert_snapshot!("default_120x60", tui.snapshot());
}

#[tokio::test(start_paused = true)]
async fn the_cursor_moves_by_line_by_page_and_to_both_ends() {
    let tui = Tui::on("secrets:1000", 120, 24);
    tui.wait("1,000 secrets ·").await;
    for (keys, place) in
        [("j", 1), ("jjk", 2), ("<pgdn>", 12), ("<ctrl-b>", 2), ("G", 999), ("k <home>", 0), ("<end> g", 0)]
    {
        tui.keys(keys);
        tui.rest().await;
        let listed = secdash_names(&tui.world, place).await;
        assert!(tui.text().contains(&format!("┌ {listed} ")), "{keys} should lead to {listed}:\n{}", tui.text());
    }
}

/// The name at a place in the order of trouble, as the command prints it.
async fn secdash_names(world: &World, place: usize) -> String {
    let list = support::cmd::run(&["list", "--output", "json"], world).await;
    let json: serde_json::Value = serde_json::from_str(&list.out).unwrap();
    json["secrets"][place]["name"].as_str().unwrap().to_owned()
}

#[tokio::test(start_paused = true)]
async fn a_moving_cursor_asks_once_and_a_late_answer_never_shows_under_another_secret() {
    let tui = Tui::on("late", 100, 50);
    tui.wait("4 secrets").await;
    tui.rest().await;
    // The first secret's description takes five seconds; by then the cursor is elsewhere.
    tui.keys("jj");
    tui.wait("third · as of").await;
    tui.pass(Duration::from_secs(20)).await;
    assert!(tui.text().contains("the third one's description"), "{}", tui.text());
    assert!(!tui.text().contains("the first one's description"), "{}", tui.text());
    let asked: Vec<_> = tui.world.journal().into_iter().filter(|entry| entry.operation == "DescribeSecret").collect();
    assert_eq!(asked.len(), 2, "{asked:#?}");
}

#[tokio::test(start_paused = true)]
async fn letters_of_a_filter_move_the_cursor_to_no_other_secret_for_good() {
    let tui = Tui::on("default", 120, 40);
    tui.wait("37 secrets").await;
    for (keys, name, why) in [
        ("g / paym", "prod/payments/db", "the first row that passes"),
        ("<esc>", "prod/crm/oracle", "given up, the filter leads back"),
        ("j j / crm", "prod/crm/oracle", "the first row that passes"),
        ("<backspace> <backspace> <backspace>", "prod/reports/mysql", "so do letters that are taken back"),
        ("oracle", "prod/crm/oracle", "the first row that passes"),
        ("<backspace> <down> <enter> <esc>", "prod/crm/oracle", "a filter that is taken away leaves what it led to"),
    ] {
        tui.keys(keys);
        tui.rest().await;
        assert!(tui.text().contains(&format!("┌ {name}")), "{why}: {keys} should lead to {name}:\n{}", tui.text());
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_wrong_with_a_filter_is_said_for_as_long_as_it_stands_there() {
    let tui = Tui::on("default", 80, 24);
    tui.wait("prod/crm/oracle").await;
    for (keys, says) in [
        ("/ colour:red <enter>", "`colour:` is none of state: kind: tag: region: function:"),
        ("/ <esc> / state:x <enter>", "state: stuck failed overdue cancelled pending rotating due ok off deleting"),
    ] {
        tui.keys(keys);
        tui.rest().await;
        assert!(tui.text().contains(says), "{keys}:\n{}", tui.text());
    }
    tui.keys("/ <esc> / zz colour: <enter>");
    tui.wait("This filter isn't understood; esc takes it away.").await;
    tui.keys("<esc>");
    tui.rest().await;
    assert!(tui.text().contains("enter open"), "{}", tui.text());
}

#[tokio::test(start_paused = true)]
async fn a_step_back_from_the_raw_answer_leads_to_the_secret() {
    let tui = Tui::on("default", 120, 40);
    tui.wait("37 secrets").await;
    tui.keys("<enter> J");
    tui.wait("\"ARN\"").await;
    tui.keys("<esc>");
    tui.wait("Versions over time").await;
    tui.keys("<esc> j <enter>");
    tui.wait("Versions over time").await;
}

#[tokio::test(start_paused = true)]
async fn refresh_asks_again_and_says_how_old_the_answer_is() {
    let tui = Tui::on("small", 120, 40);
    tui.wait("as of 09:14:0").await;
    tui.pass(Duration::from_mins(4)).await;
    assert!(tui.text().contains("1 pending · as of 09:14:0"), "{}", tui.text());
    tui.keys("r");
    tui.wait("1 pending · as of 09:18:0").await;
    // A list of few pages is asked for by itself every five minutes.
    tui.pass(Duration::from_mins(6)).await;
    tui.wait("1 pending · as of 09:23:").await;
}

#[tokio::test(start_paused = true)]
async fn time_alone_makes_a_secret_overdue() {
    // Secrets Manager may not invoke the function, so that the window passes without an attempt.
    let text = "name = 't'\n[[function]]\nname = 'f'\npolicy = 'none'\n[[secret]]\nname = 'a'\nfunction = 'f'\nrotation = { days = 30 }\nnext_rotation = '+10m'\n";
    let tui = Tui::over(World::from_toml("t", text).unwrap(), 120, 40);
    tui.wait("by today 09:24Z").await;
    tui.wait("1 secret · as of").await;
    tui.pass(Duration::from_mins(12)).await;
    tui.wait("overdue by 2 min").await;
    tui.wait("1 secret · 1 overdue").await;
}

#[tokio::test(start_paused = true)]
async fn the_help_lists_the_keys_and_lets_none_through() {
    let tui = Tui::on("small", 80, 24);
    tui.rest().await;
    tui.keys("?");
    tui.wait("Keys").await;
    assert_snapshot!("help_80x24", tui.snapshot());
    tui.keys("j <esc>");
    tui.pass(Duration::from_secs(1)).await;
    assert!(!tui.text().contains("Keys") && tui.text().contains("┌ prod/payments/db"), "{}", tui.text());
    tui.keys("?q");
    tui.keys("q");
    assert_eq!(tui.end().await, Exit::Fine);
}

#[tokio::test(start_paused = true)]
async fn a_screen_that_is_too_small_says_so_and_comes_back() {
    let tui = Tui::on("small", 40, 10);
    tui.wait("too small: 40×10 secdash needs 60×12").await;
    tui.resize(60, 12);
    tui.wait("prod/payments/db").await;
    assert_snapshot!("small_60x12", tui.snapshot());
    tui.keys("<ctrl-c>");
    assert_eq!(tui.end().await, Exit::Interrupted);
}

#[tokio::test(start_paused = true)]
async fn hostile_text_neither_drives_the_terminal_nor_breaks_the_layout() {
    for (columns, rows) in [(80, 24), (120, 40)] {
        let tui = Tui::on("hostile", columns, rows);
        tui.rest().await;
        let secrets = tui.world.journal().iter().filter(|entry| entry.operation == "ListSecrets").count();
        assert_eq!(secrets, 1);
        for _ in 0..12 {
            tui.keys("j");
            tui.rest().await;
            let text = tui.text();
            assert!(!text.chars().any(|c| c != '\n' && (c.is_control() || secdash::text::is_hostile(c))), "{text:?}");
            let borders = text.lines().filter(|line| line.starts_with('│') && line.ends_with('│')).count();
            assert_eq!(borders, usize::from(rows) - 6, "{text}");
        }
        assert_snapshot!(format!("hostile_{columns}x{rows}"), tui.snapshot());
    }
}
