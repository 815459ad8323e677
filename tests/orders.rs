//! Which rows the list shows and in what order, whatever has happened to it before: the same as if it were new.
#![expect(clippy::unwrap_used, reason = "what can't be set up fails the test")]

use std::pin::pin;
use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use futures::TryStreamExt;
use proptest::prelude::*;
use secdash::aws::Aws;
use secdash::demo::World;
use secdash::domain::filter::{Filter, Scratch};
use secdash::domain::secret::Secret;
use secdash::domain::sort::{Sort, SortBy};
use secdash::tui::known::Secrets as Known;
use secdash::tui::screen::secrets::Secrets;

/// Enough that a filter of two letters lets through few of them, and a page brings few.
const SECRETS: usize = 400;

/// Secrets as the demo world has them.
static WORLD: LazyLock<(Vec<Secret>, DateTime<Utc>)> = LazyLock::new(|| {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let aws = Aws::demo(World::load(&format!("secrets:{SECRETS}")).unwrap().sdk_config());
        let context = aws.open().await.unwrap();
        let pages: Vec<_> = pin!(aws.list(&context)).try_collect().await.unwrap();
        (pages.into_iter().flat_map(|page| page.secrets).collect(), aws.now())
    })
});

/// What happens to a list.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// A letter of the filter, or the last one is taken back.
    Type(Option<char>),
    /// A page of so many secrets from there on comes; some may be known.
    Page(usize, usize),
    /// A known secret is another one now: it is marked for deletion.
    Mark(usize),
    /// It is sorted by another column.
    Sort(usize, bool),
    /// A new listing has only every so many of them.
    Relist(usize),
    /// The cursor is put on this place.
    Put(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let letter = prop::sample::select("aprdy-/!~ ".chars().collect::<Vec<_>>());
    prop_oneof![
        4 => prop::option::weighted(0.7, letter).prop_map(Step::Type),
        3 => (0..SECRETS, 1..120_usize).prop_map(|(from, number)| Step::Page(from, number)),
        2 => (0..SECRETS).prop_map(Step::Mark),
        2 => (0..SortBy::ALL.len(), any::<bool>()).prop_map(|(by, reversed)| Step::Sort(by, reversed)),
        1 => (2..5_usize).prop_map(Step::Relist),
        2 => (0..SECRETS).prop_map(Step::Put),
    ]
}

fn take(step: Step, screen: &mut Secrets, known: &mut Known) {
    let (all, now) = &*WORLD;
    match step {
        Step::Type(letter) => {
            let mut typed: String = screen.input.value().to_owned();
            match letter {
                Some(letter) => typed.push(letter),
                None => drop(typed.pop()),
            }
            screen.input = typed.into();
            screen.refilter(known);
        }
        Step::Page(from, number) => {
            let page = all.iter().skip(from).take(number).cloned().collect();
            screen.changed(&known.page(page, *now), known);
        }
        Step::Mark(number) => {
            let changed = known.marked(&all[number].id, Some(*now), *now);
            screen.changed(changed.as_slice(), known);
        }
        Step::Sort(by, reversed) => screen.sort_by(Sort { by: SortBy::ALL[by], reversed }, known),
        Step::Relist(every) => {
            let before = screen.place(known);
            known.begin();
            screen.changed(&known.page(all.iter().step_by(every).cloned().collect(), *now), known);
            if known.end(Ok(()), *now) {
                screen.renumbered(before, known);
            }
        }
        Step::Put(place) if screen.is_empty() => assert_eq!(screen.place(known), 0, "{place}"),
        Step::Put(place) => screen.put(place % screen.len(), known, 20),
    }
}

proptest! {
    #[test]
    fn whatever_happened_before_the_rows_are_those_of_a_new_list(steps in prop::collection::vec(step(), 1..40)) {
        let (mut screen, mut known) = (Secrets::default(), Known::default());
        known.begin();
        for step in steps {
            take(step, &mut screen, &mut known);
            let new = Secrets::wished(screen.sort, screen.input.value(), &known);
            let names = |screen: &Secrets| screen.rows(&known, 0).map(|row| row.secret.name.clone()).collect::<Vec<_>>();
            prop_assert_eq!(names(&screen), names(&new), "after {:?} with the filter {:?}", step, screen.input.value());
            let place = screen.place(&known);
            let selected = screen.selected(&known).map(|row| &row.secret.id);
            prop_assert_eq!(selected, screen.rows(&known, place).next().map(|row| &row.secret.id));
        }
    }

    #[test]
    fn what_passes_is_the_same_in_one_go_and_one_by_one(typed in "([!~]?(pa|y|db|arn:aws|state:o|kind:m|tag:te|function:r) ?){0,3}") {
        let (all, now) = &*WORLD;
        let mut known = Known::default();
        known.page(all.clone(), *now);
        let filter = Filter::parse(&typed).unwrap_or_default();
        let mut scratch = Scratch::default();
        let secret = |number| {
            let row = known.row(number);
            (&row.secret, row.state)
        };
        let mut passes = |number| filter.passes(known.names().get(number), &mut scratch, || secret(number));
        let one_by_one: Vec<bool> = (0..).zip(all).map(|(number, _)| passes(number)).collect();
        prop_assert_eq!(filter.passing(known.names(), &mut scratch, secret), one_by_one);
    }
}
