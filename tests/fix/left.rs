//! What stands in the place of a plan's file, whoever left it so.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use secdash::exit::Exit;
use serde_json::json;

use super::killed::{Kill, killed};
use super::made::{BEFORE_SET, Case, DROP, NAME, NEVER, NO_LOG, PROMOTE_TESTED, Stage};
use crate::support::cmd::Said;

const CASE: Case = Case::of(BEFORE_SET, DROP);

/// A secret whose plan was left while it waited, and the plan's file.
async fn half_done() -> (Stage, PathBuf) {
    let stage = CASE.stage(BEFORE_SET, NEVER).await;
    // Rotation is off, and it waits.
    assert!(!killed(&stage, Kill::Told(4)).await);
    let path = stage.plans().pop().unwrap();
    (stage, path)
}

/// Whatever is tried is refused with these words, and changes nothing.
async fn everything_is_refused(stage: &Stage, words: &str) {
    let (calls, plans) = (stage.calls(), stage.plans());
    for args in [DROP, &["--resume"], &["--undo"]] {
        let said = stage.fix(args).await;
        assert_eq!(said.exit, Exit::Failed, "{args:?}");
        assert!(said.err.contains(words), "{args:?}: {said:?}");
    }
    assert_eq!(stage.changes_since(calls), Vec::<String>::new());
    assert_eq!(stage.plans(), plans);
}

fn is_verified(said: &Said, stage: &Stage) {
    assert_eq!(said.exit, Exit::Fine, "{said:?}");
    assert!(said.out.contains("Verified") && stage.works(), "{said:?}");
    assert_eq!(stage.plans(), Vec::<PathBuf>::new());
}

/// What `why` says of a plan in JSON.
async fn plan_in_json(stage: &Stage) -> serde_json::Value {
    let why = stage.begin(&["why", NAME, "--output", "json"]).await;
    serde_json::from_str::<serde_json::Value>(&why.out).unwrap()["plan"].clone()
}

#[tokio::test(start_paused = true)]
async fn what_is_half_done_is_told_in_json_too() {
    let (stage, path) = half_done().await;
    let plan = plan_in_json(&stage).await;
    for (field, value) in [
        ("state", json!("half-done")),
        ("fix", json!("drop-pending")),
        ("tested", json!(null)),
        ("moved", json!(false)),
        ("rotation_off", json!(true)),
        ("steps_left", json!(["wait", "look", "move", "turn-on", "verify"])),
        ("file", json!(null)),
    ] {
        assert_eq!(plan[field], value, "{field} of {plan}");
    }
    assert!(plan["sentence"].as_str().unwrap().contains("is half done"), "{plan}");
    assert!(plan["next_step"].as_str().unwrap().contains("--resume` finishes it"), "{plan}");
    let theirs = OpenOptions::new().read(true).append(true).open(&path).unwrap();
    theirs.lock().unwrap();
    assert_eq!(plan_in_json(&stage).await["state"], "under-way");
    drop(theirs);
    fs::write(&path, "no plan\n").unwrap();
    let plan = plan_in_json(&stage).await;
    assert_eq!((&plan["state"], &plan["file"]), (&json!("unreadable"), &json!(path.to_string_lossy())), "{plan}");
    assert_eq!(plan["fix"], json!(null));
    fs::remove_file(&path).unwrap();
    assert_eq!(plan_in_json(&stage).await, json!(null));
}

#[tokio::test(start_paused = true)]
async fn a_last_line_that_was_cut_off_is_no_step() {
    for cut in ["{\"step\":\"mo", "{\"step\":\"move\",\"at\":\"2026-11-20T09:2", "\0\0\0\0"] {
        let (stage, path) = half_done().await;
        OpenOptions::new().append(true).open(path).unwrap().write_all(cut.as_bytes()).unwrap();
        let why = stage.why().await;
        assert!(why.out.contains("is half done: the label has not moved, and rotation is still off"), "{why:?}");
        is_verified(&stage.fix(&["--resume"]).await, &stage);
    }
}

#[tokio::test(start_paused = true)]
async fn a_plan_that_was_never_written_whole_is_none() {
    for cut in ["", "{\"begun\":\"2026-11-20T09:14:00Z\",\"demo\":tr"] {
        let (_, path) = half_done().await;
        let stage = CASE.stage(BEFORE_SET, NEVER).await;
        let folder = stage.home.folder().join("state/secdash/plans");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(path.file_name().unwrap()), cut).unwrap();
        let why = stage.why().await;
        assert!(!why.out.contains("half done"), "{why:?}");
        is_verified(&stage.fix(DROP).await, &stage);
    }
}

#[tokio::test(start_paused = true)]
async fn a_plan_that_cannot_be_read_is_told_and_refuses_another() {
    for text in [Some("no plan\n"), Some("{}\n{}\n"), Some("\0\0\n"), None] {
        let (stage, path) = half_done().await;
        fs::remove_file(&path).unwrap();
        match text {
            Some(text) => fs::write(&path, text).unwrap(),
            None => fs::create_dir(&path).unwrap(),
        }
        let why = stage.why().await;
        assert!(why.out.contains("There may be a plan that is half done"), "{why:?}");
        assert!(why.out.contains(&*path.to_string_lossy()) && why.out.contains("then remove the file"), "{why:?}");
        everything_is_refused(&stage, "There may be a plan that is half done").await;
        // Whoever does as they are told can go on.
        if path.is_dir() {
            fs::remove_dir(&path).unwrap();
        } else {
            fs::remove_file(&path).unwrap();
        }
        assert_eq!(stage.fix(DROP).await.exit, Exit::Fine);
    }
}

#[tokio::test(start_paused = true)]
async fn a_plan_of_another_secret_in_its_place_is_told_and_stays() {
    let (stage, path) = half_done().await;
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("prod/db", "prod/other")).unwrap();
    let why = stage.why().await;
    assert!(why.out.contains("it is the plan of another secret, prod/other"), "{why:?}");
    everything_is_refused(&stage, "it is the plan of another secret, prod/other").await;
    assert!(fs::read_to_string(&path).unwrap().contains("prod/other"));
}

#[tokio::test(start_paused = true)]
async fn a_plan_that_another_program_carries_out_is_told_and_left_alone() {
    let (stage, path) = half_done().await;
    let theirs = OpenOptions::new().read(true).append(true).open(&path).unwrap();
    theirs.lock().unwrap();
    let why = stage.why().await;
    assert!(why.out.contains("is being carried out just now"), "{why:?}");
    everything_is_refused(&stage, "is being carried out just now").await;
    drop(theirs);
    is_verified(&stage.fix(&["--resume"]).await, &stage);
}

#[tokio::test(start_paused = true)]
async fn of_two_programs_at_once_one_carries_it_out() {
    let stage = CASE.stage(BEFORE_SET, NEVER).await;
    let second = async {
        tokio::time::sleep(Duration::from_secs(30)).await;
        stage.fix(DROP).await
    };
    let (first, second) = tokio::join!(stage.fix(DROP), second);
    assert!(second.err.contains("is being carried out just now"), "{second:?}");
    is_verified(&first, &stage);
    // Both were asked before either began.
    let stage = CASE.stage(BEFORE_SET, NEVER).await;
    let (first, second) = tokio::join!(stage.fix(DROP), stage.fix(DROP));
    let (healed, refused) = if first.exit == Exit::Fine { (first, second) } else { (second, first) };
    assert!(refused.err.contains("could not be written down: another program"), "{refused:?}");
    is_verified(&healed, &stage);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_written_down_is_not_begun() {
    let stage = CASE.stage(BEFORE_SET, NEVER).await;
    fs::create_dir_all(stage.home.folder().join("state/secdash")).unwrap();
    fs::write(stage.home.folder().join("state/secdash/plans"), "a file where a folder should be").unwrap();
    let calls = stage.calls();
    let said = stage.fix(DROP).await;
    assert_eq!(said.exit, Exit::Failed);
    assert!(said.err.contains("could not be written down") && said.err.contains("No label has moved"), "{said:?}");
    assert_eq!(stage.changes_since(calls), Vec::<String>::new());
}

/// Somebody logged in with AWSCURRENT's password and drops AWSPENDING, is gone while it waits, and finds then that it was
/// the other one.
async fn half_mistaken() -> Stage {
    let outcome = r#"{ fails_at = "setSecret", changed = true }"#;
    let case = Case { more: NO_LOG, ..Case::of(outcome, &["--drop-pending", "--tested", "current"]) };
    let stage = case.stage(outcome, NEVER).await;
    assert!(!killed(&stage, Kill::Told(4)).await);
    assert!(!stage.is_on().await && !stage.works());
    stage
}

#[tokio::test(start_paused = true)]
async fn another_way_out_takes_the_place_of_what_has_moved_no_label() {
    let stage = half_mistaken().await;
    let said = stage.fix(PROMOTE_TESTED).await;
    assert!(said.out.contains("This one takes its place"), "{said:?}");
    is_verified(&said, &stage);
    assert!(stage.is_on().await, "what the first plan turned off is on again");
}

#[tokio::test(start_paused = true)]
async fn a_plan_in_anothers_place_is_told_and_finished_too() {
    let stage = half_mistaken().await;
    let gone = tokio::time::timeout(Duration::from_secs(20), stage.fix(PROMOTE_TESTED)).await;
    assert!(gone.is_err(), "{gone:?}");
    let why = stage.why().await;
    assert!(why.out.contains("A plan to promote the pending version"), "{why:?}");
    assert!(why.out.contains("is half done: the label has not moved, and rotation is still off"), "{why:?}");
    is_verified(&stage.fix(&["--resume"]).await, &stage);
    assert!(stage.is_on().await, "what the first plan turned off is on again");
}
