//! Random courses of attempts against an imaginary database, of which a part can be seen: what is offered without a word
//! of the user's must never lock anybody out, and AWSPENDING must never be dropped where a line reports setSecret's success.

use proptest::prelude::*;

use super::made::{refused, *};
use super::*;
use crate::domain::change::{Fix, Tested};
use crate::domain::rotation::Step;
use crate::domain::template::What;
use crate::domain::trail::RotationFailure;

/// How one attempt goes, whatever its code is.
#[derive(Debug, Clone, Copy)]
enum Goes {
    CreateFails,
    /// Lambda starts no setSecret: it is throttled.
    NoSet,
    /// Its setSecret runs, and what it writes never reaches the log.
    SetLost {
        changed: bool,
    },
    /// The same, and testSecret's lines are lost with it.
    AllLost,
    SetRefused,
    SetNoLogin,
    /// setSecret is ended by Lambda, before or after it changed the password.
    SetUnclear {
        changed: bool,
    },
    /// It raises something of its own, before or after.
    SetRaises {
        changed: bool,
    },
    NoTest,
    TestFails,
    TestUnclear,
    FinishFails,
}

/// Which lines can be seen.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each takes away another part of what can be seen")]
struct Seen {
    /// Those from this attempt on.
    from: usize,
    hides: bool,
    is_dark: bool,
    has_trail: bool,
    lists_versions: bool,
}

fn goes() -> impl Strategy<Value = Goes> {
    prop_oneof![
        Just(Goes::CreateFails),
        Just(Goes::NoSet),
        any::<bool>().prop_map(|changed| Goes::SetLost { changed }),
        Just(Goes::AllLost),
        Just(Goes::SetRefused),
        Just(Goes::SetNoLogin),
        any::<bool>().prop_map(|changed| Goes::SetUnclear { changed }),
        any::<bool>().prop_map(|changed| Goes::SetRaises { changed }),
        Just(Goes::NoTest),
        Just(Goes::TestFails),
        Just(Goes::TestUnclear),
        Just(Goes::FinishFails),
    ]
}

fn seen() -> impl Strategy<Value = Seen> {
    let often = || prop::bool::weighted(0.8);
    let from = prop_oneof![4 => Just(0_usize), 1 => 1..4_usize];
    (from, prop::bool::weighted(0.1), prop::bool::weighted(0.1), often(), often()).prop_map(
        |(from, hides, is_dark, has_trail, lists_versions)| Seen { from, hides, is_dark, has_trail, lists_versions },
    )
}

/// A world that was made, and what is true in it.
struct World {
    writer: Writer,
    failures: Vec<RotationFailure>,
    has_value: bool,
    /// Whether the database, or service, takes the pending password.
    is_set: bool,
}

fn world(code: Code, attempts: &[Goes], hides: bool) -> World {
    let mut world = World { writer: Writer::default(), failures: Vec::new(), has_value: false, is_set: false };
    for (nth, goes) in (0..).zip(attempts) {
        let began = nth * 7200;
        // The value is there since the second 1, as `versions` has it, or not at all: of the first attempt's createSecret.
        let goes = if nth > 0 && !world.has_value { Goes::CreateFails } else { *goes };
        let failed = run(&mut world, code, goes, began, hides);
        world.failures.push(failure(failed, began + 60));
    }
    world
}

fn run(world: &mut World, code: Code, goes: Goes, began: i64, hides: bool) -> Step {
    let (again, arn) = (world.has_value, secret().id.arn.raw().to_owned());
    // A template says nothing of its own there; its function stands in the traceback.
    let raised = |step: Step, words: &str| Told {
        lines: (code == Code::Custom)
            .then(|| ("INFO", format!("{}: working on {arn}", step.word())))
            .into_iter()
            .collect(),
        raised: Some(format!(
            "{words}\nTraceback (most recent call last):\n  File \"x.py\", line 1, in {}",
            frame(step)
        )),
        ends: Ends::Raises,
    };
    if matches!(goes, Goes::CreateFails) {
        world.writer.write(began, &raised(Step::Create, "OSError: no"), hides);
        return Step::Create;
    }
    world.writer.write(began, &well(code, Step::Create, again), hides);
    world.has_value = true;
    let set = match goes {
        Goes::NoSet => return Step::Set,
        Goes::SetLost { changed } => {
            world.is_set |= changed;
            return Step::Set;
        }
        Goes::AllLost => {
            world.is_set = true;
            return Step::Test;
        }
        Goes::SetRefused => refused(code),
        Goes::SetNoLogin => no_login(code),
        Goes::SetUnclear { .. } => unclear(Step::Set, code),
        Goes::SetRaises { .. } => raised(Step::Set, "OperationalError: (2013, 'Lost connection')"),
        _ => well(code, Step::Set, world.is_set),
    };
    world.is_set |= set.ends == Ends::Well
        || matches!(goes, Goes::SetUnclear { changed: true } | Goes::SetRaises { changed: true });
    world.writer.write(began + 3, &set, hides);
    if set.ends != Ends::Well {
        return Step::Set;
    }
    let words = format!("Unable to log into database with pending secret of secret ARN {arn}");
    match goes {
        Goes::NoTest => return Step::Test,
        Goes::TestFails => world.writer.write(began + 6, &fails(Step::Test, &words), hides),
        Goes::TestUnclear => world.writer.write(began + 6, &unclear(Step::Test, code), hides),
        _ => {
            world.writer.write(began + 6, &well(code, Step::Test, again), hides);
            world.writer.write(began + 9, &raised(Step::Finish, &format!("ClientError: no on resource: {arn}")), hides);
            return Step::Finish;
        }
    }
    Step::Test
}

fn frame(step: Step) -> &'static str {
    match step {
        Step::Create => "create_secret",
        Step::Set => "set_secret",
        Step::Test => "test_secret",
        Step::Finish => "finish_secret",
    }
}

fn reports_success(case: &Writer, from: i64) -> bool {
    let read = case.read_from(from);
    read.entries().any(|entry| {
        entry.said.as_ref().is_some_and(|said| {
            said.step == Some(Step::Set) && matches!(said.what, What::Succeeded | What::AlreadyDone)
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 4_000,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(20_261_128),
        ..ProptestConfig::default()
    })]

    #[test]
    fn what_is_offered_locks_nobody_out(
        code in prop_oneof![4 => Just(Code::Single), 2 => Just(Code::Alternating), 1 => Just(Code::Custom)],
        attempts in prop::collection::vec(goes(), 1..5),
        seen in seen(),
        later in 0_i64..400,
    ) {
        let world = world(code, &attempts, seen.hides);
        let from = i64::try_from(seen.from.min(attempts.len() - 1)).unwrap_or_default() * 7200;
        let read = world.writer.read_from(from);
        let (secret, versions, function) = (secret(), versions(world.has_value), function(seen.hides));
        let last = i64::try_from(attempts.len() - 1).unwrap_or_default() * 7200;
        let facts = Facts { versions: Some(versions.as_slice()).filter(|_| seen.lists_versions), function: Some(&function), log: Some(&read).filter(|_| !seen.is_dark), failures: if seen.has_trail { &world.failures } else { &[] }, ..facts(&secret, last + later) };
        let case = facts.case(&pending());
        let has_line = !seen.is_dark && reports_success(&world.writer, from);
        for offer in case.offers() {
            match (offer.fix, offer.tested) {
                (Fix::Drop, _) => {
                    prop_assert!(!has_line, "a line reports success, and the label is to be dropped");
                    prop_assert!(offer.tested.is_some() || !world.is_set, "dropped, and the password is the pending one");
                }
                (Fix::Promote, None) => prop_assert!(world.is_set, "promoted, and the password is the current one"),
                (Fix::Promote, Some(_)) => {}
                (Fix::RollBack | Fix::PutBack, _) => prop_assert!(false, "nothing to do with it"),
            }
        }
        // Whoever says truly what they tested is not led astray either.
        for offer in case.offers() {
            let is_true = match offer.tested {
                Some(Tested::Pending) => world.is_set,
                Some(Tested::Current) => !world.is_set,
                Some(Tested::Previous) => false,
                None => true,
            };
            let is_safe = match offer.fix {
                Fix::Drop => !world.is_set || code == Code::Alternating,
                _ => world.is_set,
            };
            prop_assert!(!is_true || is_safe, "{offer:?}");
        }
        // What runs is waited for.
        let is_running = later < 90 && !seen.is_dark;
        prop_assert!(!is_running || case.offers().iter().all(|offer| offer.waits));
    }
}
