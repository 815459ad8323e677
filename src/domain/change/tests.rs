//! Every kind of change, word by word.

use super::*;

const TOKEN: &str = "7d0c2f7e-1111-4222-8333-94445555f2e1";
const CURRENT: &str = "51aa0000-1111-4222-8333-94445555aa90";

fn kinds() -> [ChangeKind; 5] {
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
}

#[test]
fn a_yes_confirms_what_is_not_dangerous_and_the_typed_name_everything() {
    let secret = secret("prod/db");
    for kind in kinds() {
        let change = Change::of(&secret, kind.clone());
        let yes = change.clone().confirmed(Word::Yes);
        assert_eq!(yes.is_ok(), !matches!(kind, ChangeKind::TurnOff | ChangeKind::Move(_)), "{kind:?}");
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
    let [rotate, test, turn_on, off, _] = kinds();
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
        "AWSPENDING: on stuc…sion -> stays on stuc…sion, and blocks later rotations until it is taken off"
    );
}

#[test]
fn each_fix_says_where_the_labels_go_and_what_is_true_if_it_is_wrong() {
    let label = |id: &str, label| (VersionId(id.into()), Box::from([label]));
    let labels = [
        label(CURRENT, StagingLabel::Current),
        label(TOKEN, StagingLabel::Pending),
        label("51aa-old", StagingLabel::Previous),
    ];
    let stuck = Secret { labels: LabelMap(labels.into_iter().collect()), ..secret("prod/db") };
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
