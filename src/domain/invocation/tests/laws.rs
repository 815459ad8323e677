//! What holds for any lines in any order of arrival.

use super::*;

/// A line of any of the kinds that matter to whom it goes.
fn line(kind: u8, id: &str) -> String {
    let other = if id == "r0" { ARN } else { OTHER };
    match kind {
        0 => start(id),
        1 => end(id),
        2 => report(id, ""),
        3 => report(id, "Status: timeout"),
        4 => format!("2026-11-20T09:13:52.134Z {id} Task timed out after 30.03 seconds"),
        5 => "INIT_START Runtime Version: python:3.12.v38".to_owned(),
        6 => "[ERROR] KeyError: 'masterarn'\nTraceback (most recent call last):\n  in set_secret".to_owned(),
        7 => logs(id, &format!("createSecret: Successfully put secret for ARN {other} and version {VERSION}.")),
        8 => errs(id, &format!("testSecret: Unable to log into database with pending secret of secret ARN {other}")),
        9 => json!({ "level": "INFO", "message": format!("of {other}"), "requestId": id }).to_string(),
        10 => format!("printed {VERSION}"),
        _ => "printed".to_owned(),
    }
}

/// Events in one of many orders, as two sources tell them: with an id, without, by both, or twice.
pub(super) fn told() -> impl Strategy<Value = (Vec<LogEvent>, Vec<LogEvent>)> {
    let told = (0..2_u8, 0..5_i64, 0..12_u8, 0..3_u8, 0..4_u8);
    let events = prop::collection::vec(told, 0..24).prop_map(|drawn| {
        let each = drawn.into_iter().enumerate().flat_map(|(number, (stream, at, kind, id, source))| {
            let (stream, text) = (format!("s{stream}"), line(kind, &format!("r{id}")));
            let with = event(number, &stream, at, &text);
            let without = event(None, &stream, at, &text);
            match source {
                0 => vec![with],
                1 => vec![without],
                2 => vec![without, with],
                _ => vec![with.clone(), with],
            }
        });
        each.collect::<Vec<_>>()
    });
    events.prop_flat_map(|events| (Just(events.clone()), Just(events).prop_shuffle()))
}

fn taken(events: &[LogEvent], at_once: usize) -> Invocations {
    let mut invocations = Invocations::default();
    for some in events.chunks(at_once) {
        invocations.take(some.iter().cloned());
    }
    invocations
}

/// How many events there are in truth: of each line the more of the two sources.
pub(super) fn distinct(events: &[LogEvent]) -> usize {
    let mut lines: BTreeMap<_, (BTreeSet<AwsText>, usize)> = BTreeMap::new();
    for event in events {
        let told = lines.entry((event.stream.clone(), event.at, event.message.clone())).or_default();
        match &event.id {
            Some(id) => drop(told.0.insert(id.clone())),
            None => told.1 += 1,
        }
    }
    lines.values().map(|(ids, others)| ids.len().max(*others)).sum()
}

/// All that an invocation tells, without the order of its lines within one millisecond.
fn digest(invocations: &Invocations) -> Vec<String> {
    let run = Run { from: moment(1), until: Some(moment(3)), ..run() };
    let mut told: Vec<String> = invocations
        .iter()
        .map(|one| {
            let mut lines: Vec<_> =
                one.entries.iter().map(|entry| (entry.event.at, entry.event.message.raw())).collect();
            lines.sort();
            let facts = (&one.request_id, &one.stream, one.step, &one.secret, &one.version, &one.outcome);
            format!("{facts:?} {} {:?} {:?} {lines:?}", one.started, one.ended, one.attribution(&run))
        })
        .collect();
    let loose = invocations.loose().map(|entry| format!("{} {:?}", entry.event.at, entry.event.message.raw()));
    told.extend(loose);
    let cut = invocations.cut(&run);
    told.extend(cut.iter().map(|(whose, entry)| format!("{whose:?} {} {:?}", entry.event.at, entry.event.message)));
    told.sort();
    told
}

proptest! {
    #[test]
    fn every_event_is_in_one_place((events, shuffled) in told(), at_once in 1_usize..9) {
        let invocations = taken(&shuffled, at_once);
        let (dealt, loose) = (invocations.iter().map(|one| one.entries.len()).sum::<usize>(), invocations.loose().count());
        prop_assert_eq!(dealt + loose, distinct(&events));
        prop_assert_eq!(invocations.len(), distinct(&events));
        prop_assert_eq!(invocations.cut(&run()).len(), distinct(&events));
    }

    #[test]
    fn the_order_of_arrival_does_not_matter((events, shuffled) in told(), at_once in 1_usize..9) {
        prop_assert_eq!(digest(&taken(&events, 1_000)), digest(&taken(&shuffled, at_once)));
    }

    #[test]
    fn lines_come_in_order_of_time((_, shuffled) in told()) {
        let invocations = taken(&shuffled, 3);
        let rows = invocations.iter().map(|one| one.entries.iter().map(|entry| entry.place()).collect::<Vec<_>>());
        let cut = invocations.cut(&run()).iter().map(|(_, entry)| entry.place()).collect();
        for row in rows.chain([cut, invocations.entries().map(|entry| entry.place()).collect()]) {
            prop_assert!(row.is_sorted(), "{:?}", row);
        }
    }

    #[test]
    fn no_more_is_kept_than_the_bound((_, shuffled) in told(), events in 1_usize..8) {
        let mut few = Invocations::within(Bound { events, bytes: 4_000 });
        let new = few.take(shuffled);
        prop_assert!(few.len() <= events);
        prop_assert_eq!(few.len() + few.dropped().events, new);
        let dealt: usize = few.iter().map(|one| one.entries.len()).sum();
        prop_assert_eq!(dealt + few.loose().count(), few.len());
        prop_assert!(few.entries().all(|entry| Some(entry.event.at) >= few.dropped().until));
    }
}
