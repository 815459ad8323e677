//! Who reads a secret, as far as that is known.

use std::sync::Arc;

use chrono::TimeDelta;

use super::*;
use crate::domain::change::RecoveryWindow;
use crate::domain::trail::{Caller, Deed, Outcome, Scene, TrailEvent, Who, Whose};

use Grade::{Notice, Unknown, Warning};
use Purpose::Rotate;

const DELETE: fn() -> Purpose = || Purpose::Delete(RecoveryWindow::default());

/// A read of a reader so long ago, or a refused one.
fn read(name: &str, time: TimeDelta, is_refused: bool) -> TrailEvent {
    let who = Who { caller: Caller::Function, name: name.into(), role: None, account: None };
    let refused = Outcome::Failed { code: Some("AccessDenied".into()), message: None };
    TrailEvent {
        id: format!("{name}-{time}").as_str().into(),
        at: now() - time,
        name: "read".into(),
        source: crate::domain::trail::SOURCE.into(),
        scene: Arc::new(Scene { whose: Whose::default(), who, from: None, client: None }),
        deed: Deed::Read { label: None, version: None },
        outcome: if is_refused { refused } else { Outcome::Done },
        unreadable: None,
        record: None,
    }
}

/// The event history told of these reads, back to then.
fn told(reads: &[(&str, i64)], whole: Option<i64>, named: Option<i64>, cut: Option<Cut>) -> Case {
    let hours = |hours: i64| now() - TimeDelta::hours(hours) - TimeDelta::seconds(1);
    let reads = reads.iter().map(|(name, hours)| read(name, TimeDelta::hours(*hours), false)).collect();
    Case::with(|case| {
        case.readers = Some(Readers { reads, whole: whole.map(hours), named: named.map(hours), cut });
    })
}

const READS: &[(&str, i64)] = &[("orders-api", 1), ("orders-api", 2), ("billing", 30), ("ledger", 50), ("crm", 100)];
const HISTORY: &str = "`secdash history prod/db --event read,refused --group-by reader` tells all of them";

#[test]
fn readers_are_counted_for_a_day_and_a_week_and_those_with_the_most_reads_named() {
    let warned = format!(
        "1 reader in the last 24 h, 4 readers in the last 7 d: orders-api (2 reads, the last 60 min ago), billing (1 \
         read, the last 30 h ago), ledger (1 read, the last 2 d ago), 1 other. → move them to another secret first; \
         {HISTORY}"
    )
    .replace("60 min", "1 h");
    told(READS, Some(168), None, None).is(DELETE(), Rule::Readers, Warning, &warned);
    told(READS, Some(24), None, None).is(Rotate, Rule::Readers, Notice, "1 reader in the last 24 h: orders-api.");
    Case::healthy().is_silent(Purpose::TurnOff, Rule::Readers);
    told(READS, Some(168), None, None).is_silent(Purpose::Restore, Rule::Readers);
}

#[test]
fn what_is_not_complete_is_a_least_number_and_says_how_far_it_goes() {
    let late = || Some(Cut::Late(TimeDelta::seconds(10)));
    told(READS, Some(2), Some(60), late()).is(
        DELETE(),
        Rule::Readers,
        Warning,
        &format!(
            "1 reader in the last 24 h, at least 4 readers in the last 7 d: orders-api (2 reads, the last 1 h ago), \
             billing (1 read, the last 30 h ago), ledger (1 read, the last 2 d ago), 1 other. The event history was read \
             back to 2026-11-17 21:13:59Z only: the look-up was cut after 10 s. → move them to another secret first; {HISTORY}"
        ),
    );
    told(&READS[..2], None, None, late()).is(
        Rotate,
        Rule::Readers,
        Notice,
        &format!("At least 1 reader in the last 24 h: orders-api: the look-up was cut after 10 s. → {HISTORY}"),
    );
    let six = ["a", "b", "c", "d", "e", "f"].map(|name| (name, 1));
    told(&six, None, Some(24), None).is(
        Rotate,
        Rule::Readers,
        Notice,
        "6 readers in the last 24 h: a, b, c, 3 others.",
    );
    told(&[], None, Some(24), None).is(
        Rotate,
        Rule::Readers,
        Notice,
        "No read under its name is recorded in the last 24 h.",
    );
    Case::with(|case| case.readers = Some(Readers::asked())).is(
        Rotate,
        Rule::Readers,
        Notice,
        "Who reads it is still being looked up.",
    );
    told(&READS[..2], None, Some(24), late()).is(
        Rotate,
        Rule::Readers,
        Notice,
        "1 reader in the last 24 h: orders-api.",
    );
}

#[test]
fn not_known_is_never_nobody() {
    let late = Some(Cut::Late(TimeDelta::seconds(3)));
    for purpose in [Rotate, DELETE()] {
        told(&[], None, None, late.clone()).is(
            purpose,
            Rule::Readers,
            Unknown,
            &format!("It is not known who reads it: the look-up was cut after 3 s. → {HISTORY}"),
        );
        let case = told(&[], None, None, Some(Cut::Fault(denied(Operation::LookupEvents))));
        let check = case.check(purpose).checks.into_iter().find(|check| check.rule == Rule::Readers).unwrap();
        assert_eq!((check.grade, check.missing), (Unknown, Some("cloudtrail:LookupEvents")));
        assert_eq!(check.sentence, "It is not known who reads it: AWS denied LookupEvents.");
        assert_eq!(check.next_step.as_deref(), Some("ask for the IAM action cloudtrail:LookupEvents"));
    }
    let mut partly = told(&[], None, Some(5), late);
    partly.secret.last_accessed = Some(at("2026-11-20T00:00:00Z"));
    partly.is(
        DELETE(),
        Rule::Readers,
        Unknown,
        &format!(
            "It is not known who reads it. The event history was read back to 2026-11-20 04:13:59Z only: the look-up was cut after 3 s. By its \
             LastAccessedDate it was last read on 2026-11-20, by whom isn't known; its function counts, too. Reads of the last 15 min may not be recorded yet. → {HISTORY}"
        ),
    );
}

#[test]
fn no_read_is_said_with_what_may_be_missing_and_refused_ones_beside() {
    let mut nobody = told(&[("crm", 200)], Some(168), Some(168), None);
    nobody.is(
        DELETE(),
        Rule::Readers,
        Notice,
        "No read of it is recorded in the last 7 d. Reads of the last 15 min may not be recorded yet.",
    );
    nobody.secret.last_accessed = Some(at("2026-11-20T00:00:00Z"));
    nobody.is(
        DELETE(),
        Rule::Readers,
        Warning,
        "No read of it is recorded in the last 7 d. By its LastAccessedDate it was last read on 2026-11-20, by whom isn't \
         known; its function counts, too. Reads of the last 15 min may not be recorded yet.",
    );
    nobody.secret.last_accessed = None;
    if let Some(readers) = &mut nobody.readers {
        readers.reads.extend([1, 2].map(|hours| read("audit", TimeDelta::hours(hours), true)));
        readers.reads.push(read("crm", TimeDelta::hours(3), true));
    }
    nobody.is(
        DELETE(),
        Rule::Readers,
        Notice,
        "No read of it is recorded in the last 7 d. AWS refused every read of 2 readers. Reads of the last 15 min may \
         not be recorded yet.",
    );
}
