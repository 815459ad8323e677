//! Who read how often, when the value became what it is, and where each reader stands since then.

use serde_json::{Value, json};

use super::*;
use crate::domain::few::Few;
use crate::domain::trail::made::{ARN, NAME, OLDER, VERSION, at, by, call, read, secret, service, session, with};
use crate::domain::version::LabelMap;

/// When AWSCURRENT moved, as a second of [`at`].
const MOVED: i64 = 1_000;

/// The secret whose AWSCURRENT is [`VERSION`].
fn rotated() -> Secret {
    let labels = [(VERSION, StagingLabel::Current), (OLDER, StagingLabel::Previous)];
    let labels = labels.map(|(id, label)| (VersionId(id.into()), Box::from([label])));
    Secret { labels: LabelMap(Few::from_iter(labels)), last_rotated: Some(at(7)), ..secret(NAME, ARN) }
}

fn asks(more: Value) -> TrailEvent {
    read(&call("GetSecretValue", json!({ "requestParameters": with(json!({ "secretId": NAME }), more) })))
}

fn refused() -> TrailEvent {
    read(&call("GetSecretValue", json!({ "errorCode": "AccessDenied", "errorMessage": "no" })))
}

fn plain() -> TrailEvent {
    asks(json!({}))
}

fn previous() -> TrailEvent {
    asks(json!({ "versionStage": "AWSPREVIOUS" }))
}

fn reads(events: Vec<(TrailEvent, i64)>) -> Vec<TrailEvent> {
    events.into_iter().map(|(event, second)| by(event, &session("web", "w"), second)).collect()
}

#[test]
fn a_reader_stands_where_its_reads_since_say() {
    let fixed = |id: &str| asks(json!({ "versionId": id }));
    let label = |label: &str| asks(json!({ "versionStage": label }));
    let (before, then, after) = (MOVED - 1, MOVED, MOVED + 1);
    let not_seen = |second| Some(Standing::NotSeen { last: at(second) });
    let fetched = |second| Some(Standing::Fetched { at: at(second) });
    let is_refused = |second| Some(Standing::Refused { at: at(second) });
    let asks_previous = |second| Some(Standing::Previous { at: at(second) });
    let asks_older = |second| Some(Standing::Fixed { version: VersionId(OLDER.into()), at: at(second) });
    let labelled =
        |label: &str, second| Some(Standing::Labelled { label: StagingLabel::from_aws(label), at: at(second) });
    for (events, standing) in [
        (vec![], None),
        (vec![(plain(), before)], not_seen(before)),
        (vec![(plain(), before - 5), (plain(), before)], not_seen(before)),
        // In that very second it may have had either value.
        (vec![(plain(), then)], not_seen(then)),
        (vec![(plain(), after)], fetched(after)),
        (vec![(plain(), after + 9), (plain(), after), (plain(), before)], fetched(after)),
        (vec![(label("AWSCURRENT"), after)], fetched(after)),
        (vec![(fixed(VERSION), after)], fetched(after)),
        (vec![(asks(json!({ "versionStage": "AWSCURRENT", "versionId": VERSION })), after)], fetched(after)),
        (vec![(fixed(OLDER), after)], asks_older(after)),
        (vec![(plain(), after), (fixed(OLDER), after + 1)], asks_older(after + 1)),
        (vec![(fixed(OLDER), after), (plain(), after + 1)], fetched(after + 1)),
        (vec![(previous(), after)], asks_previous(after)),
        (vec![(previous(), before)], not_seen(before)),
        (vec![(previous(), after), (plain(), after + 1)], fetched(after + 1)),
        (vec![(plain(), after + 1), (previous(), after)], fetched(after + 1)),
        // Where such a label sat when it was read isn't known.
        (vec![(label("AWSPENDING"), after)], labelled("AWSPENDING", after)),
        (vec![(label("blue"), after)], labelled("blue", after)),
        (vec![(label("blue"), after), (plain(), after + 1)], fetched(after + 1)),
        (vec![(refused(), before)], None),
        (vec![(refused(), after)], is_refused(after)),
        (vec![(plain(), before), (refused(), after), (refused(), after + 2)], is_refused(after + 2)),
        (vec![(plain(), before), (refused(), before)], not_seen(before)),
        (vec![(refused(), after), (plain(), after + 1)], fetched(after + 1)),
        // Who had it and is refused now needs a look.
        (vec![(plain(), after), (refused(), after + 1)], is_refused(after + 1)),
        (vec![(previous(), after), (refused(), after + 1)], is_refused(after + 1)),
        (vec![(refused(), after + 1), (plain(), after + 1)], fetched(after + 1)),
    ] {
        let events = reads(events);
        let all = since(&rotated(), at(MOVED), None, &events);
        assert_eq!(all.first().map(|one| one.standing.clone()), standing, "{events:#?}");
        let backwards = since(&rotated(), at(MOVED), None, events.iter().rev());
        assert_eq!(all, backwards, "the order of arrival tells nothing");
    }
}

#[test]
fn those_who_want_a_look_come_first_and_the_rotation_function_is_no_reader() {
    let of = |event: TrailEvent, name: &str, second| by(event, &session(name, "s"), second);
    let mine = |event: TrailEvent, second| by(event, &session("rotator-role", "rotator"), second);
    let events = [
        of(plain(), "fetched", MOVED + 5),
        of(plain(), "silent", MOVED - 5),
        of(asks(json!({ "versionId": OLDER })), "fixed", MOVED + 5),
        of(asks(json!({ "versionStage": "blue" })), "labelled", MOVED + 5),
        of(previous(), "previous", MOVED + 5),
        of(refused(), "refused", MOVED + 5),
        of(read(&call("DescribeSecret", json!({}))), "looker", MOVED + 5),
        of(asks(json!({ "secretId": "another" })), "stranger", MOVED + 5),
        mine(plain(), MOVED + 5),
    ];
    let all = since(&rotated(), at(MOVED), Some("rotator"), &events);
    let words: Vec<_> = all.iter().map(|one| (one.reader.name.raw(), one.standing.word())).collect();
    let expected = [
        ("refused", "refused"),
        ("previous", "asks-for-previous"),
        ("labelled", "asks-for-label"),
        ("fixed", "asks-for-version"),
        ("silent", "not-seen-yet"),
        ("fetched", "fetched"),
    ];
    assert_eq!(words, expected);
    assert_eq!(since(&rotated(), at(MOVED), None, &events).len(), 7);
}

#[test]
fn the_value_became_what_it_is_when_the_records_say_so() {
    let moves = |to: &str| {
        let moved = json!({ "secretId": NAME, "versionStage": "AWSCURRENT", "moveToVersionId": to });
        call("UpdateSecretVersionStage", json!({ "requestParameters": moved, "responseElements": { "arn": ARN } }))
    };
    let puts = |labels: Value| {
        let put = json!({ "secretId": NAME, "clientRequestToken": VERSION, "versionStages": labels });
        call("PutSecretValue", json!({ "requestParameters": put, "responseElements": { "arn": ARN } }))
    };
    let made = |name: &str, id: &str| call(name, json!({ "responseElements": { "arn": ARN, "versionId": id } }));
    let succeeded = || service("RotationSucceeded", json!({}));
    for (records, became) in [
        (vec![], 7),
        (vec![(moves(OLDER), 50)], 7),
        (vec![(moves(VERSION), 50)], 50),
        (vec![(moves(VERSION), 50), (moves(OLDER), 60), (moves(VERSION), 70)], 70),
        (vec![(with(moves(VERSION), json!({ "errorCode": "AccessDenied" })), 50)], 7),
        (vec![(puts(json!(["AWSPENDING"])), 50)], 7),
        (vec![(puts(json!(["AWSCURRENT"])), 50)], 50),
        (vec![(puts(json!(null)), 50)], 50),
        (vec![(made("CreateSecret", VERSION), 50)], 50),
        (vec![(made("UpdateSecret", VERSION), 50)], 50),
        (vec![(made("UpdateSecret", OLDER), 50)], 7),
        (vec![(succeeded(), 55)], 55),
        // What moved the label is nearer to the moment than what tells of it.
        (vec![(moves(VERSION), 50), (succeeded(), 55)], 50),
        (vec![(service("RotationFailed", json!({})), 50)], 7),
    ] {
        let events: Vec<_> =
            records.iter().map(|(record, second)| TrailEvent { at: at(*second), ..read(record) }).collect();
        assert_eq!(became_current(&rotated(), &events), Some(at(became)), "{records:?}");
    }
    let none = Secret { labels: LabelMap::default(), ..rotated() };
    assert_eq!(became_current(&none, &[read(&moves(VERSION))]), None);
    let other = secret(NAME, &ARN.replace("a1B2c3", "zzzzzz"));
    let other = Secret { labels: rotated().labels, ..other };
    assert_eq!(became_current(&other, &[read(&moves(VERSION))]), None, "another secret of that name");
}

#[test]
fn each_reader_is_tallied_by_what_it_did() {
    let batch = || read(&call("BatchGetSecretValue", json!({ "requestParameters": { "secretIdList": [NAME] } })));
    let decrypt = || read(&call("Decrypt", json!({ "eventSource": "kms.amazonaws.com" })));
    let (web, ci) = (session("web", "i-0a"), session("ci", "build-1"));
    let events = [
        by(plain(), &web, 30),
        by(previous(), &web, 20),
        by(previous(), &web, 10),
        by(asks(json!({ "versionId": OLDER })), &web, 25),
        by(refused(), &web, 40),
        by(batch(), &web, 30),
        by(decrypt(), &web, 30),
        by(read(&call("DescribeSecret", json!({}))), &web, 5),
        by(plain(), &ci, 50),
    ];
    let tallies = tally(&events);
    let [first, second] = tallies.as_slice() else { panic!("{tallies:?}") };
    assert_eq!((first.reader.words().as_str(), second.reader.words().as_str()), ("web", "ci"));
    assert_eq!((first.reads, first.refused, first.others.values().sum::<usize>()), (4, 1, 3));
    assert_eq!((first.first, first.last, first.previous), (at(5), at(40), Some(at(20))));
    assert_eq!(first.versions.iter().map(|id| id.0.raw()).collect::<Vec<_>>(), [OLDER]);
    assert_eq!(first.times, [30, 20, 10, 25, 40, 30, 30, 5].map(at));
    assert_eq!((second.reads, second.previous, second.first), (1, None, second.last));
    assert_eq!(tally(&[]), []);
}

#[test]
fn readers_with_as_many_events_stand_by_the_last_one_then_by_name() {
    let of = |name: &str, second| by(plain(), &session(name, "s"), second);
    let tallies = tally(&[of("b", 1), of("a", 1), of("c", 2)]);
    let names: Vec<_> = tallies.iter().map(|tally| tally.reader.words()).collect();
    assert_eq!(names, ["c", "a", "b"]);
}
