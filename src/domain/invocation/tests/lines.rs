//! What is given out to a printer, and when.

use super::laws::{distinct, told};
use super::*;

const OWN: &str = "createSecret: Successfully retrieved secret for";

fn rotation() -> Lines {
    Lines::new(run())
}

/// What is given out for each of these batches of lines of one stream, and at last.
fn printed(batches: &[&[String]]) -> Vec<Vec<(Attribution, String)>> {
    let (mut lines, mut at) = (rotation(), 0);
    let texts = |shown: Vec<Shown>| {
        shown.iter().map(|line| (line.attribution, line.entry.event.message.raw().trim_end().into())).collect()
    };
    let mut told = Vec::new();
    for batch in batches {
        let events = batch.iter().map(|text| {
            at += 10;
            event(None, "s", at, text)
        });
        told.push(texts(lines.take(events.collect())));
    }
    told.push(texts(lines.rest()));
    told
}

#[test]
fn lines_are_held_until_it_is_known_whose_they_are() {
    let (own, other) = (logs("r", &format!("{OWN} {ARN}.")), logs("r", &format!("{OWN} {OTHER}.")));
    let (found, unknown) = (logs("r", "Found credentials."), Attribution::Unattributed { within: true });
    let init = "INIT_START Runtime Version: python:3.12.v38".to_owned();
    let early = || [init.clone(), start("r"), found.clone()];
    let all = |whose: Attribution, texts: &[&String]| -> Vec<_> {
        texts.iter().map(|text| (whose, text.trim_end().to_owned())).collect()
    };
    let (end, next) = (end("r"), start("n"));
    for (batches, expected) in [
        // A line names the secret: everything held comes with it, and what follows comes at once.
        (
            vec![vec![own.clone()], vec![found.clone()]],
            [all(ThisRotation, &[&init, &start("r"), &found, &own]), all(ThisRotation, &[&found]), vec![]],
        ),
        (
            vec![vec![other.clone()], vec![found.clone()]],
            [all(OtherSecret, &[&init, &start("r"), &found, &other]), all(OtherSecret, &[&found]), vec![]],
        ),
        // No line ever does: it comes when the invocation is over,
        (
            vec![vec![end.clone()], vec![found.clone()]],
            [all(unknown, &[&init, &start("r"), &found, &end]), all(unknown, &[&found]), vec![]],
        ),
        // or when the next one begins in its environment, which is held in its turn,
        (
            vec![vec![next.clone()], vec![]],
            [all(unknown, &[&init, &start("r"), &found]), vec![], all(unknown, &[&next])],
        ),
        // or at last.
        (vec![vec![], vec![]], [vec![], vec![], all(unknown, &[&init, &start("r"), &found])]),
    ] {
        let early = early();
        let mut all: Vec<&[String]> = vec![&early];
        all.extend(batches.iter().map(Vec::as_slice));
        let told = printed(&all);
        assert_eq!(told[0], []);
        assert_eq!(told[1..], expected, "{batches:?}");
    }
}

#[test]
fn a_line_tells_its_step_and_its_request() {
    let mut lines = rotation();
    let texts = [start("r"), logs("r", &format!("{OWN} {ARN}.")), "printed".to_owned()];
    let shown = lines.take(texts.iter().zip(0..).map(|(text, at)| event(None, "s", at, text)).collect());
    let told: Vec<_> = shown.iter().map(|line| (line.step, line.request_id.as_ref().map(AwsText::raw))).collect();
    assert_eq!(told, [(Some(Step::Create), Some("r")); 3]);
}

#[test]
fn what_waits_too_long_is_given_out() {
    let mut lines = rotation();
    assert_eq!(lines.take(vec![event(None, "s", 0, &start("r")), event(None, "t", 50, "printed")]), []);
    assert_eq!(lines.overdue(moment(0)).len(), 0);
    assert_eq!(lines.overdue(moment(1)).len(), 1);
    assert_eq!((lines.overdue(moment(51)).len(), lines.rest().len(), lines.rest().len()), (1, 0, 0));
}

#[test]
fn what_is_dropped_is_given_out_before() {
    let mut lines = Lines::within(run(), Bound { events: 2, bytes: 1_000 });
    let mut given = 0;
    for at in 0..10_usize {
        let text = format!("printed {at}");
        given += lines.take(vec![event(at, "s", i64::try_from(at).unwrap(), &text)]).len();
        assert_eq!(given, (at + 1).saturating_sub(2));
    }
}

#[test]
fn another_rotation_makes_held_lines_known() {
    let mut lines = rotation();
    let older = Run { version: Some(VersionId(OLDER.into())), ..run() };
    assert_eq!(
        lines.take(vec![event(None, "s", 0, &start("r")), event(None, "s", 1, &format!("printed {OLDER}"))]),
        []
    );
    lines.set_run(older);
    let shown = lines.take(vec![]);
    assert_eq!(shown.iter().map(|line| line.attribution).collect::<Vec<_>>(), [ThisRotation; 2]);
}

#[test]
fn a_flood_does_not_wash_away_whose_it_is() {
    let mut lines = Lines::within(run(), Bound { events: 10, bytes: 10_000 });
    let put = logs("r", &format!("createSecret: Successfully put secret for ARN {ARN} and version {VERSION}."));
    let mut given = lines.take(vec![event(0, "s", 0, &start("r")), event(1, "s", 1, &put)]);
    for at in 2..100_usize {
        // Every other one comes late, so that the stream is dealt out anew.
        let place = i64::try_from(at ^ 1).unwrap() * 10;
        given.extend(lines.take(vec![event(at, "s", place, "printed")]));
    }
    assert_eq!((given.len(), lines.rest().len()), (100, 0));
    assert!(given.iter().all(|line| line.attribution == ThisRotation && line.step == Some(Step::Create)));
    let kept = only(lines.invocations());
    assert_eq!((kept.entries.len(), kept.started, kept.attribution(&run())), (10, moment(0), ThisRotation));
}

proptest! {
    #[test]
    fn each_line_is_given_out_once((events, shuffled) in told(), at_once in 1_usize..9, changes in 0_usize..20) {
        let mut lines = rotation();
        let mut given = Vec::new();
        for (number, some) in shuffled.chunks(at_once).enumerate() {
            if number == changes {
                lines.set_run(Run { version: None, until: Some(moment(2)), ..run() });
            }
            let shown = lines.take(some.to_vec());
            prop_assert!(shown.is_sorted_by_key(|line| line.entry.place()));
            given.extend(shown);
        }
        given.extend(lines.rest());
        let mut places: Vec<_> = given.iter().map(|line| line.entry.place()).collect();
        places.sort_unstable();
        places.dedup();
        prop_assert_eq!((places.len(), given.len()), (distinct(&events), distinct(&events)));
        prop_assert_eq!(lines.rest(), []);
    }

    #[test]
    fn what_comes_in_order_is_shown_as_the_cut_has_it((events, _) in told()) {
        let mut events = events;
        events.sort_by_key(|event| event.at);
        let mut lines = rotation();
        let mut given = lines.take(events);
        given.extend(lines.rest());
        let mut given: Vec<_> = given.iter().map(|line| (line.entry.place(), line.attribution)).collect();
        given.sort_unstable();
        let cut: Vec<_> = lines.invocations().cut(&run()).iter().map(|(whose, entry)| (entry.place(), *whose)).collect();
        prop_assert_eq!(given, cut);
    }
}
