//! Every kind of change, word by word.

use super::*;

const TOKEN: &str = "7d0c2f7e-1111-4222-8333-94445555f2e1";
const CURRENT: &str = "51aa0000-1111-4222-8333-94445555aa90";

fn kinds() -> [ChangeKind; 7] {
    let token = VersionId(TOKEN.into());
    [
        ChangeKind::Rotate { token: token.clone() },
        ChangeKind::TestOnly { token: token.clone() },
        ChangeKind::TurnOn { token },
        ChangeKind::TurnOff,
        ChangeKind::Move(Move {
            fix: Fix::RollBack,
            to: Some(VersionId("51aa-old".into())),
            from: Some(VersionId(CURRENT.into())),
        }),
        ChangeKind::Delete { window: RecoveryWindow::of_days(14).unwrap() },
        ChangeKind::Restore,
    ]
}

fn secret(name: &str) -> Secret {
    let label = |id: &str, label| (VersionId(id.into()), Box::from([label]));
    let labels = [label(CURRENT, StagingLabel::Current), label("51aa-old", StagingLabel::Previous)];
    Secret { labels: LabelMap(labels.into_iter().collect()), rotation_enabled: Some(true), ..Secret::plain(name) }
}

#[test]
fn the_call_and_the_command_line_ask_for_the_same() {
    let secret = secret("prod/db");
    let arn = secret.id.arn.raw();
    let region = &secret.id.context.region;
    let calls = kinds().map(|kind| (Change::of(&secret, kind.clone()).call(), Change::of(&secret, kind).aws_form()));
    let token = format!("--secret-id {arn} --client-request-token {TOKEN}");
    let asks = format!("secretsmanager:RotateSecret SecretId={arn} ClientRequestToken={TOKEN}");
    let rotate = |when: &str| format!("aws secretsmanager rotate-secret {token} {when} --region {region}");
    assert_eq!(calls[0], (format!("{asks} RotateImmediately=true"), rotate("--rotate-immediately")));
    for trial in [1, 2] {
        assert_eq!(calls[trial], (format!("{asks} RotateImmediately=false"), rotate("--no-rotate-immediately")));
    }
    let off = format!("aws secretsmanager cancel-rotate-secret --secret-id {arn} --region {region}");
    assert_eq!(calls[3], (format!("secretsmanager:CancelRotateSecret SecretId={arn}"), off));
    let delete =
        format!("aws secretsmanager delete-secret --secret-id {arn} --recovery-window-in-days 14 --region {region}");
    assert_eq!(calls[5], (format!("secretsmanager:DeleteSecret SecretId={arn} RecoveryWindowInDays=14"), delete));
    let restore = format!("aws secretsmanager restore-secret --secret-id {arn} --region {region}");
    assert_eq!(calls[6], (format!("secretsmanager:RestoreSecret SecretId={arn}"), restore));
}

#[test]
fn a_yes_confirms_what_is_not_dangerous_and_the_typed_name_everything() {
    let secret = secret("prod/db");
    for kind in kinds() {
        let change = Change::of(&secret, kind.clone());
        let yes = change.clone().confirmed(Word::Yes);
        assert_eq!(
            yes.is_ok(),
            !matches!(kind, ChangeKind::TurnOff | ChangeKind::Move(_) | ChangeKind::Delete { .. }),
            "{kind:?}"
        );
        for (typed, is_enough) in [("db", true), ("prod/db", true), ("prod", false), ("DB", false), ("", false)] {
            let confirmed = change.clone().confirmed(Word::Typed(typed.to_owned()));
            assert_eq!(confirmed.is_ok(), is_enough, "{kind:?} {typed}");
        }
    }
    let ended = Change::of(&Secret { name: "team/".into(), ..secret }, ChangeKind::TurnOff);
    assert_eq!(ended.last_part(), "team");
}

#[test]
fn what_will_be_different_is_told_by_what_was_seen() {
    let told = |secret: &Secret, kind| -> Vec<String> {
        let differences = Change::of(secret, kind).differences();
        differences.into_iter().map(|one| format!("{}: {} -> {}", one.what, one.before, one.after)).collect()
    };
    let on = secret("prod/db");
    let [rotate, test, turn_on, off, ..] = kinds();
    assert_eq!(
        told(&on, rotate.clone()),
        [
            "AWSPENDING: on no version -> on 7d0c…f2e1, the new version, at once",
            "AWSCURRENT: on 51aa…aa90 -> on 7d0c…f2e1, the new version, when all steps are done",
            "AWSPREVIOUS: on 51aa-old -> on 51aa…aa90, then too",
        ]
    );
    assert_eq!(told(&on, test), ["AWSPENDING: on no version -> on 7d0c…f2e1 for the trial, then on no version"]);
    assert_eq!(
        told(&on, off.clone()),
        ["Rotation: on -> off", "Last and next rotation: shown by AWS -> not shown while rotation is off"]
    );
    let is_off = Secret { rotation_enabled: Some(false), ..on.clone() };
    assert_eq!(told(&is_off, rotate)[3], "Rotation: off -> on");
    assert_eq!(told(&is_off, turn_on)[1], "Rotation: off -> on");
    let label = |id: &str, label| (VersionId(id.into()), Box::from([label]));
    let labels = [label(CURRENT, StagingLabel::Current), label("stuck-version", StagingLabel::Pending)];
    let stuck = Secret { labels: LabelMap(labels.into_iter().collect()), ..on };
    assert_eq!(
        told(&stuck, off)[0],
        "AWSPENDING: on stuck-version -> stays on stuck-version, and blocks later rotations until it is taken off"
    );
}

#[test]
fn a_deletion_says_what_fails_and_until_when_it_can_be_restored_and_a_restoration_the_opposite() {
    let [.., delete, restore] = kinds();
    let told = |secret: &Secret, kind: &ChangeKind| {
        let change = Change::of(secret, kind.clone());
        let differences = change.differences().into_iter();
        let differences: Vec<_> =
            differences.map(|one| format!("{}: {} -> {}", one.what, one.before, one.after)).collect();
        (change.sentence(), differences, change.undo())
    };
    let (sentence, differences, undo) = told(&secret("prod/db"), &delete);
    assert_eq!(
        sentence,
        "Delete prod/db: it is marked for deletion, every read of its value fails at once, and after 14 days AWS deletes it."
    );
    assert_eq!(
        differences,
        [
            "Deletion: not marked -> marked, restorable for 14 days",
            "Reads: answered -> refused from the call on",
            "Rotation: on -> on, but it stands still while the secret is marked",
        ]
    );
    assert_eq!(
        undo,
        "It can be restored within 14 days (`secdash restore prod/db`); after that AWS deletes it at no guaranteed \
         time, and nothing brings it back."
    );
    let deleted = Some("2026-11-26T09:14:00Z".parse().unwrap());
    let marked = Secret { deleted, rotation_enabled: None, ..secret("prod/db") };
    let (sentence, differences, undo) = told(&marked, &restore);
    assert_eq!(sentence, "Restore prod/db: it is no longer marked for deletion, and its value can be read again.");
    assert_eq!(
        differences,
        ["Deletion: marked, restorable until 2026-11-26 09:14:00Z -> not marked", "Reads: refused -> answered again",]
    );
    assert_eq!(
        undo,
        "Nothing undoes it: to delete prod/db again is a new deletion, with a recovery window of its own."
    );
    assert!(!Seen::of(&marked).is_as(&Seen::of(&secret("prod/db"))), "a mark is a difference in what is seen");
}

#[test]
fn there_is_no_deletion_without_a_recovery_window_and_a_key_goes_round_the_usual_ones() {
    let days = |days| RecoveryWindow::of_days(days).map(RecoveryWindow::days);
    assert_eq!([0, 6, 7, 30, 31].map(days), [None, None, Some(7), Some(30), None]);
    let mut window = RecoveryWindow::default();
    let round = [0; 4].map(|_| {
        window = window.next();
        window.days()
    });
    assert_eq!((round, RecoveryWindow::default().days()), ([7, 14, 30, 7], 30));
    assert_eq!(RecoveryWindow::of_days(20).unwrap().next().days(), 30);
}

#[test]
fn what_is_seen_after_the_call_says_what_is_the_case() {
    let at = |deleted: Option<&str>| {
        let secret = Secret { deleted: deleted.map(|date| date.parse().unwrap()), ..secret("prod/db") };
        Some(Seen::of(&secret))
    };
    let date = "2026-11-26T09:14:00Z";
    let window = RecoveryWindow::of_days(7);
    for (after, window, words) in [
        (at(Some(date)), window, "prod/db is marked for deletion, and can be restored until 2026-11-26 09:14:00Z"),
        (None, window, "prod/db is marked for deletion, and can be restored for 7 days"),
        (at(None), window, "prod/db was marked for deletion, but is no longer: somebody restored it"),
        (at(None), None, "prod/db is no longer marked for deletion"),
        (None, None, "prod/db is no longer marked for deletion"),
        (at(Some(date)), None, "prod/db was restored, but is marked for deletion again"),
    ] {
        let outcome = Outcome::Accepted { request_id: None };
        let changed = Changed { outcome, before: None, after, unrecorded: None };
        assert_eq!(changed.mark_words("prod/db", window), words);
    }
}

/// A secret with a rotation that isn't done.
fn stuck() -> Secret {
    let label = |id: &str, label| (VersionId(id.into()), Box::from([label]));
    let labels = [
        label(CURRENT, StagingLabel::Current),
        label(TOKEN, StagingLabel::Pending),
        label("51aa-old", StagingLabel::Previous),
    ];
    Secret { labels: LabelMap(labels.into_iter().collect()), ..secret("prod/db") }
}

#[test]
fn each_fix_says_where_the_labels_go_and_what_is_true_if_it_is_wrong() {
    let stuck = stuck();
    let told = |fix| {
        let change = Change::of(&stuck, ChangeKind::Move(Move::of(fix, &stuck.labels).unwrap()));
        let differences = change.differences().into_iter();
        let differences: Vec<_> =
            differences.map(|one| format!("{}: {} -> {}", one.what, one.before, one.after)).collect();
        let options = change.aws_form();
        let options =
            options.split(" --secret-id prod/db ").nth(1).unwrap().split(" --region").next().unwrap().to_owned();
        (differences, options, change.if_wrong().is_some())
    };
    assert_eq!(
        told(Fix::Drop),
        (
            vec!["AWSPENDING: on 7d0c…f2e1 -> on no version".to_owned()],
            format!("--version-stage AWSPENDING --remove-from-version-id {TOKEN}"),
            true
        )
    );
    assert_eq!(
        told(Fix::Promote),
        (
            vec![
                "AWSCURRENT: on 51aa…aa90 -> on 7d0c…f2e1".to_owned(),
                "AWSPREVIOUS: on 51aa-old -> on 51aa…aa90".to_owned(),
            ],
            format!("--version-stage AWSCURRENT --move-to-version-id {TOKEN} --remove-from-version-id {CURRENT}"),
            true
        )
    );
    assert_eq!(
        told(Fix::RollBack),
        (
            vec![
                "AWSCURRENT: on 51aa…aa90 -> on 51aa-old".to_owned(),
                "AWSPREVIOUS: on 51aa-old -> on 51aa…aa90".to_owned(),
            ],
            format!("--version-stage AWSCURRENT --move-to-version-id 51aa-old --remove-from-version-id {CURRENT}"),
            true
        )
    );
    let none = secret("prod/db").labels;
    assert_eq!((Move::of(Fix::Drop, &none), Move::of(Fix::Promote, &none)), (None, None));
}

#[test]
fn an_undo_says_where_awsprevious_is_then_and_that_what_has_no_value_needs_none() {
    let stuck = stuck();
    let change = |fix| Change::of(&stuck, ChangeKind::Move(Move::of(fix, &stuck.labels).unwrap()));
    assert_eq!(
        change(Fix::Promote).undo(),
        "`secdash fix prod/db --undo` moves AWSCURRENT back to 51aa…aa90; AWSPREVIOUS is on 7d0c…f2e1 then, not on 51aa-old \
         again, which AWS may delete if it has no other label."
    );
    assert_eq!(
        change(Fix::RollBack).undo(),
        "`secdash fix prod/db --undo` moves AWSCURRENT back to 51aa…aa90, and AWSPREVIOUS to 51aa-old."
    );
    let ground = Ground { verdict: "current", tested: None, is_empty: true, users: Users::One };
    assert!(change(Fix::Drop).undo().contains("puts it back while the version exists"));
    assert!(change(Fix::Drop).on_ground(ground).undo().contains("there is no value to come back to"));
    assert!(change(Fix::Drop).on_ground(ground).if_wrong().unwrap().contains("No value is lost"));
}

#[test]
fn every_kind_names_its_secret_its_undo_and_a_permission_that_changes() {
    let secret = secret("prod/db");
    for kind in kinds() {
        let change = Change::of(&secret, kind);
        assert!(change.sentence().contains("prod/db") && change.sentence().ends_with('.'));
        assert!(change.undo().ends_with('.'));
        assert!(change.operation().grants().iter().all(|grant| grant.changes));
    }
}

#[test]
fn versions_without_a_label_are_no_difference_in_what_is_seen() {
    let mut other = secret("prod/db");
    let plain = Seen::of(&other);
    let with_bare = other.labels.0.iter().map(|(id, labels)| (id.clone(), labels.clone()));
    let bare = (VersionId("bare".into()), Box::from([]));
    other.labels = LabelMap(with_bare.chain([bare]).collect());
    assert_eq!(Seen::of(&other), plain);
}
