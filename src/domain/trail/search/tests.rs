//! A search over histories that may be: what it says is covered was handed over, whatever the pages are like.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::domain::trail::made::{ARN, NAME, PARTIAL, at, secret};

const HOUR: i64 = 3_600;
/// When the searches of the table begin.
const NOW: i64 = 100 * HOUR;

fn of_secret() -> Scope {
    Scope::Secret(Box::new(secret(NAME, ARN)))
}

fn of_account() -> Scope {
    Scope::Account(Arc::clone(of_secret().context()))
}

fn searching(scope: &Scope, since: i64) -> Search {
    Search::new(scope, Depth::Whole, at(since), at(NOW), Covered::default())
}

/// The words of what a search reads next.
fn next(search: &Search) -> Option<String> {
    let place = search.next()?;
    Some(match &search.queries()[place].by {
        By::Resource(name) => name.to_string(),
        By::Name(name) => (*name).to_owned(),
        By::Source => "everything".to_owned(),
        By::Id(_) => panic!("nobody looks for an id here"),
    })
}

/// Reads a page of what comes next.
fn page(search: &mut Search, oldest: i64, is_last: bool) -> Option<String> {
    let what = next(search)?;
    let place = search.next().unwrap();
    search.took(place, Some(at(oldest)), is_last);
    Some(what)
}

#[test]
fn what_names_the_secret_is_read_first_then_everything_if_there_is_little() {
    let mut search = searching(&of_secret(), NOW - 24 * HOUR);
    let first: Vec<_> = (0..3).map(|_| page(&mut search, NOW - HOUR, false).unwrap()).collect();
    assert_eq!(first, [NAME, ARN, PARTIAL]);
    for nth in 1..=3 {
        assert_eq!(page(&mut search, NOW - nth * HOUR, nth == 3).as_deref(), Some("everything"));
    }
    assert_eq!(next(&search), None, "where everything was read, so was what the others look for");
    let reached = search.reached();
    assert!(reached.done);
    assert_eq!(reached.pages, 6);
    let whole = Span { from: at(NOW - 24 * HOUR), to: at(NOW) - HORIZON };
    assert_eq!(reached.covered.spans().collect::<Vec<_>>(), [whole]);
}

#[test]
fn in_a_busy_account_what_is_rare_is_looked_for_by_name_and_the_slowest_first() {
    let mut search = searching(&of_secret(), NOW - 2_000 * HOUR);
    for _ in 0..3 {
        page(&mut search, NOW - 2 * HOUR, false);
    }
    for nth in 1..=8 {
        assert_eq!(page(&mut search, NOW - nth * 60, false).as_deref(), Some("everything"));
    }
    let rare: Vec<_> = Phase::EVENTS.iter().map(|(_, name)| *name).chain(VERSIONS).collect();
    let mut read: Vec<_> = rare.iter().map(|_| page(&mut search, NOW - 5 * HOUR, true).unwrap()).collect();
    assert_eq!(read, rare, "those of which nothing is known yet are furthest behind");
    read = (0..3).map(|_| page(&mut search, NOW - 9 * HOUR, false).unwrap()).collect();
    assert_eq!(read, [NAME, ARN, PARTIAL], "then those that have come less far");
    assert_eq!(search.reached().named, Some(at(NOW - 9 * HOUR + 1)));
    for _ in 0..3 {
        page(&mut search, NOW - 10 * HOUR, true);
    }
    assert_eq!(search.reached().named, Some(at(NOW - 2_000 * HOUR)));
    assert_eq!(next(&search).as_deref(), Some("everything"), "at last the rest of everything");
}

#[test]
fn an_account_has_one_look_up_and_none_reaches_further_than_the_event_history() {
    let search = searching(&of_account(), NOW - 10_000 * HOUR);
    let [query] = search.queries() else { panic!("{:?}", search.queries()) };
    assert_eq!((query.by.clone(), query.gap.from), (By::Source, at(NOW) - KEPT));
    assert_eq!((search.reached().since, search.reached().named), (at(NOW) - KEPT, None));
}

#[test]
fn the_oldest_second_of_a_page_may_go_on_on_the_next_one() {
    let mut search = searching(&of_account(), NOW - 24 * HOUR);
    page(&mut search, NOW - HOUR, false);
    let covered = search.reached().covered;
    assert!(covered.has(at(NOW - HOUR + 1)) && !covered.has(at(NOW - HOUR)));
    search.took(0, None, false);
    assert_eq!(search.reached().covered, covered, "an empty page tells nothing");
    search.took(7, Some(at(0)), true);
    assert_eq!(search.reached().covered, covered, "there is no such look-up");
    page(&mut search, NOW - HOUR, true);
    assert!(search.reached().covered.has(at(NOW - 24 * HOUR)));
}

#[test]
fn what_is_later_than_the_horizon_is_never_covered() {
    let mut search = searching(&of_account(), NOW - HOUR);
    search.took(0, Some(at(NOW - 60)), false);
    assert_eq!(search.reached().covered, Covered::default());
    search.took(0, None, true);
    assert_eq!(search.reached().covered.latest(), Some(Span { from: at(NOW - HOUR), to: at(NOW) - HORIZON }));
}

/// The names of what changes secrets.
fn names() -> Vec<String> {
    let Depth::Named(names) = Depth::changes() else { panic!("they have names") };
    names.into_iter().map(str::to_owned).collect()
}

#[test]
fn changes_are_found_by_name_and_known_as_far_as_the_slowest_has_come() {
    let mut search = Search::new(&of_account(), Depth::changes(), at(NOW - 48 * HOUR), at(NOW), Covered::default());
    let names = names();
    let mut read: Vec<_> = (0..names.len()).map(|_| page(&mut search, NOW - 3 * HOUR, false).unwrap()).collect();
    assert_eq!(search.reached().covered.latest(), Some(Span { from: at(NOW - 3 * HOUR + 1), to: at(NOW) - HORIZON }));
    read.sort();
    let mut sorted = names.clone();
    sorted.sort();
    assert_eq!(read, sorted, "each once, before any is read on");
    for place in 0..names.len() - 1 {
        search.took(place, None, true);
    }
    assert!(!search.reached().covered.has(at(NOW - 4 * HOUR)), "one of them may still bring some");
    assert_eq!(next(&search).as_deref(), names.last().map(String::as_str));
    page(&mut search, NOW - 9 * HOUR, true);
    assert!(search.reached().done && search.reached().covered.has(at(NOW - 48 * HOUR)));
}

#[test]
fn changes_that_were_read_before_are_read_again_for_the_overlap_alone() {
    let mut covered = Covered::default();
    covered.add(Span { from: at(NOW - 48 * HOUR), to: at(NOW - HOUR) });
    let search = Search::new(&of_account(), Depth::changes(), at(NOW - 48 * HOUR), at(NOW), covered);
    assert_eq!(search.queries().len(), names().len());
    assert!(search.queries().iter().all(|query| query.gap == Gap { from: at(NOW - 3 * HOUR), until: None }));
}

/// An account's records: the second of each, and what finds it beside its source.
type Account = Vec<(i64, Option<usize>)>;

/// What of an account a look-up finds, the newest first: the places of records.
fn finds(account: &Account, query: &Query, which: usize) -> Vec<usize> {
    let in_time = |second: i64| {
        let is_late = query.gap.until.is_some_and(|until| at(second) > until);
        at(second) >= query.gap.from && !is_late
    };
    let found = |place: &usize| {
        let (second, what) = account[*place];
        in_time(second) && (query.by == By::Source || what == Some(which))
    };
    let mut all: Vec<_> = (0..account.len()).filter(found).collect();
    all.sort_by_key(|place| (-account[*place].0, *place));
    all
}

fn account() -> impl Strategy<Value = Account> {
    let record = (prop_oneof![0..40_i64, 0..NOW], prop::option::of(0_usize..13));
    prop::collection::vec(record, 0..120)
}

proptest! {
    /// Whatever the pages are like and whenever it is cancelled and begun anew, what is covered was handed over.
    #[test]
    fn what_is_covered_was_handed_over(
        account in account(),
        is_secret in any::<bool>(),
        rounds in prop::collection::vec((1_i64..30 * HOUR, 0_usize..60, prop::collection::vec(0_usize..7, 1..9)), 1..5),
        since in prop_oneof![0..40_i64, 0..NOW],
    ) {
        let scope = if is_secret { of_secret() } else { of_account() };
        let (mut covered, mut handed, mut now) = (Covered::default(), BTreeSet::<usize>::new(), NOW);
        let last = rounds.len() - 1;
        for (round, (later, mut patience, sizes)) in rounds.into_iter().enumerate() {
            now += later;
            let mut search = Search::new(&scope, Depth::Whole, at(since), at(now), covered);
            let mut behind: BTreeMap<usize, usize> = BTreeMap::new();
            let (mut sizes, mut steps) = (sizes.into_iter().cycle(), 0);
            if round == last {
                patience = usize::MAX;
            }
            while let Some(place) = search.next().filter(|_| patience > 0) {
                patience -= 1;
                steps += 1;
                prop_assert!(steps < 10_000, "it ends");
                let all = finds(&account, &search.queries()[place], place);
                let behind = behind.entry(place).or_default();
                // Every fourth page of a size of none is one more, or it would never end.
                let size = sizes.next().unwrap().max(usize::from(steps % 4 == 0));
                let page = &all[*behind..(*behind + size).min(all.len())];
                *behind += page.len();
                handed.extend(page);
                let oldest = page.iter().map(|place| at(account[*place].0)).min();
                search.took(place, oldest, *behind == all.len());
                let reached = search.reached();
                for (place, (second, _)) in account.iter().enumerate() {
                    let is_told = reached.covered.has(at(*second));
                    prop_assert!(!is_told || handed.contains(&place), "{} at {}", place, second);
                    let is_named = reached.named.is_some_and(|named| at(*second) >= named);
                    let is_rare = account[place].1.is_some_and(|what| what < search.queries().len());
                    prop_assert!(!(is_named && is_rare && is_secret) || handed.contains(&place), "named {}", second);
                }
            }
            prop_assert_eq!(search.next().is_none(), search.reached().done);
            covered = search.reached().covered;
        }
        for (place, (second, _)) in account.iter().enumerate() {
            prop_assert!(*second < since || handed.contains(&place), "at the end all of it is there");
        }
        prop_assert!(covered.has(at(since)) && covered.has(at(now) - HORIZON));
    }
}

#[test]
fn what_is_left_is_told_by_the_pace_so_far() {
    let mut search = searching(&of_account(), NOW - 10 * HOUR);
    assert_eq!(search.reached().left, None, "nothing was read yet");
    page(&mut search, NOW - HOUR, false);
    assert_eq!(search.reached().left, Some(9 + 1), "nine times what one page has told, begun seconds counting whole");
    page(&mut search, NOW - 5 * HOUR, false);
    assert_eq!(search.reached().left, Some(3));
    page(&mut search, NOW - 10 * HOUR, true);
    assert_eq!((search.reached().left, search.reached().done), (Some(0), true));
    let depth = Depth::of_kinds(&[crate::domain::trail::Kind::Deletion]);
    let mut search = Search::new(&of_account(), depth, at(NOW - 10 * HOUR), at(NOW), Covered::default());
    assert_eq!(search.reached().left, Some(4), "a page for each name");
    page(&mut search, NOW - HOUR, true);
    assert_eq!(search.reached().left, Some(3));
}

#[test]
fn readers_are_counted_from_where_all_of_it_was_read() {
    let since = NOW - 10 * HOUR;
    let mut search = searching(&of_secret(), since);
    assert_eq!(search.reached().whole_from(), None);
    for _ in 0..3 {
        page(&mut search, NOW - 4 * HOUR, false);
    }
    let named = Some(at(NOW - 4 * HOUR + 1));
    assert_eq!(search.reached().known_reads(), KnownReads { named, all: None }, "what names it was read so far");
    page(&mut search, NOW - 2 * HOUR, false);
    let all = Some(at(NOW - 2 * HOUR + 1));
    assert_eq!(search.reached().known_reads(), KnownReads { named, all });
    let mut search = searching(&of_account(), since);
    page(&mut search, NOW - 2 * HOUR, false);
    assert_eq!(search.reached().whole_from(), Some(at(NOW - 2 * HOUR + 1)));
    page(&mut search, since - HOUR, true);
    assert_eq!(search.reached().whole_from(), Some(at(since)));
}
