//! Attempts that end in different ways, each as the list of the scenario says.

use super::{events, labels, live, prepared, rotate, said, wait};

/// The steps that failed, in order.
fn failures(world: &crate::demo::World) -> Vec<String> {
    let step = |event: String| event.split(" during ").nth(1).map(|step| step.trim_end_matches(" step").to_owned());
    events(world).into_iter().filter_map(step).collect()
}

#[tokio::test(start_paused = true)]
async fn each_attempt_ends_in_its_own_way_and_all_later_ones_like_the_last() {
    let list = "{ fails_at = \"testSecret\" }, { times_out_at = \"createSecret\" }, { fails_at = \"finishSecret\" }";
    let keys = format!("outcome = [{list}]\nretry = {{ after = \"5m\", times = 4 }}");
    let world = prepared("single", "", &keys);
    rotate(&world).await;
    wait(60).await;
    assert_eq!((failures(&world), live(&world).as_str()), (vec!["testSecret".to_owned()], "T"));
    wait(3600).await;
    let steps = ["testSecret", "createSecret", "finishSecret", "finishSecret", "finishSecret"];
    assert_eq!(failures(&world), steps);
    assert_eq!(
        (live(&world).as_str(), labels(&world).await.as_str()),
        ("T", "T: AWSPENDING, current: AWSCURRENT, previous: AWSPREVIOUS")
    );
}

#[tokio::test(start_paused = true)]
async fn what_has_a_value_needs_no_right_to_put_one() {
    let keys = "outcome = [\"denied\", { fails_at = \"testSecret\" }, \"denied\"]\nretry = { after = \"5m\" }";
    let world = prepared("single", "", keys);
    rotate(&world).await;
    wait(3600).await;
    assert_eq!(failures(&world), ["createSecret", "testSecret"]);
    assert!(world.works("prod/orders/db"));
}

#[tokio::test(start_paused = true)]
async fn each_attempt_takes_its_own_time() {
    let keys =
        "outcome = [{ fails_at = \"testSecret\", step = \"9s\" }, { step = \"1s\" }]\nretry = { after = \"1m\" }";
    let world = prepared("single", "", keys);
    rotate(&world).await;
    wait(25).await;
    assert_eq!(failures(&world).len(), 0);
    wait(10).await;
    assert_eq!(failures(&world).len(), 1);
    wait(65).await;
    assert!(said(&world).last().unwrap().starts_with("finishSecret"), "{:?}", said(&world));
}

#[tokio::test(start_paused = true)]
async fn the_next_window_goes_on_with_the_list() {
    let keys = "outcome = [{ fails_at = \"createSecret\" }, { fails_at = \"setSecret\" }, \"succeeds\"]\nretry = { after = \"1m\", times = 0 }";
    let text = format!(
        "[[secret]]\nname = \"prod/orders/db\"\nfunction = \"rotate-orders\"\nrotation = {{ rate = \"rate(1 day)\" }}\n\
         last_rotated = \"-1d\"\n{keys}\n"
    );
    let world = crate::demo::tests::world(&text);
    wait(3 * 86_400).await;
    assert_eq!(failures(&world), ["createSecret", "setSecret"]);
    assert!(events(&world).contains(&"RotationSucceeded".to_owned()), "{:?}", events(&world));
}
