//! Rules for a secret that is to be marked for deletion, or restored.

use super::*;
use crate::domain::change::RecoveryWindow;
use crate::domain::secret::Replica;

use Grade::{Fine, Notice, Stops, Unknown, Warning};
use Purpose::Restore;

fn delete(days: u8) -> Purpose {
    Purpose::Delete(RecoveryWindow::of_days(days).unwrap())
}

fn marked(date: &str) -> Case {
    Case::with(|case| case.secret.deleted = Some(at(date)))
}

#[test]
fn a_secret_is_marked_once_and_restored_only_where_it_is_marked() {
    Case::healthy().is(delete(30), Rule::Deletion, Fine, "It isn't marked for deletion yet.");
    marked("2026-11-26T09:14:00Z").is(
        delete(30),
        Rule::Deletion,
        Stops,
        "It is marked for deletion already, and can be restored for 6 d more, until 2026-11-26 09:14:00Z. → \
         `secdash restore prod/db` restores it",
    );
    Case::healthy().is(Restore, Rule::Deletion, Stops, "It isn't marked for deletion: there is nothing to restore.");
    marked("2026-11-26T09:14:00Z").is(
        Restore,
        Rule::Deletion,
        Notice,
        "It can be restored for 6 d more, until 2026-11-26 09:14:00Z.",
    );
    marked("2026-11-19T09:14:00Z").is(
        Restore,
        Rule::Deletion,
        Warning,
        "It is marked for deletion, and its recovery window ended on 2026-11-19 09:14:00Z: this may come too late. → \
         restore it now",
    );
    let verdict = Case::healthy().check(Restore).verdict();
    assert_eq!(verdict, "can't be restored: It isn't marked for deletion: there is nothing to restore.");
    let verdict = marked("2026-11-26T09:14:00Z").check(delete(7)).verdict();
    assert!(verdict.starts_with("can't be deleted: It is marked for deletion already, "), "{verdict}");
}

#[test]
fn a_replica_and_a_primary_with_replicas_are_not_deleted() {
    let replica = Case::with(|case| case.secret.primary_region = Some("us-east-1".into()));
    replica.is(
        delete(30),
        Rule::Replica,
        Stops,
        "It is a replica of the secret in us-east-1: AWS answers “Operation not permitted on a replica secret. Call must \
         be made in primary secret's region.” → take it out of the replication in us-east-1: `aws secretsmanager \
         remove-regions-from-replication --secret-id prod/db --remove-replica-regions eu-west-1 --region us-east-1`",
    );
    let copy = |region: &str| Replica {
        region: region.into(),
        status: None,
        status_message: None,
        kms_key: None,
        last_accessed: None,
    };
    let primary = Case::with(|case| case.secret.replicas = vec![copy("eu-central-1"), copy("us-east-1")]);
    primary.is(
        delete(30),
        Rule::Replicas,
        Stops,
        "It has replicas in eu-central-1, us-east-1: AWS refuses to delete a secret that still has any. → take them out \
         of the replication first: `aws secretsmanager remove-regions-from-replication --secret-id prod/db \
         --remove-replica-regions eu-central-1 us-east-1 --region eu-west-1`",
    );
    primary.is_silent(Restore, Rule::Replicas);
    replica.is_silent(Restore, Rule::Replica);
    Case::healthy().is_silent(delete(30), Rule::Replicas);
}

#[test]
fn what_belongs_to_a_service_or_a_partner_is_not_deleted_here() {
    let managed = Case::with(|case| case.secret.owning_service = Some("rds".into()));
    managed.is(
        delete(30),
        Rule::Managed,
        Stops,
        "The service rds owns it, and needs it: only that service is to delete it. → delete it with rds",
    );
    managed.is(
        Restore,
        Rule::Managed,
        Warning,
        "The service rds owns it: AWS may refuse this with InvalidRequestException. → if AWS refuses, do it with rds",
    );
    let external = Case::with(|case| case.secret.external_type = Some("SnowflakePat".into()));
    external.is(
        delete(30),
        Rule::External,
        Stops,
        "It is a managed external secret (SnowflakePat): AWS rotates it at its partner, and doesn't say what a deletion \
         leaves there. secdash doesn't delete it. → end it at the partner first",
    );
    external.is_silent(Restore, Rule::External);
}

#[test]
fn a_rotation_that_is_not_done_is_warned_of() {
    let pending = Case::with(|case| {
        let version = |id: &str, label| (VersionId(id.into()), Box::from([label]));
        let current = version("11111111-1111-4111-8111-111111111111", StagingLabel::Current);
        let pending = version("22222222-2222-4222-8222-222222222222", StagingLabel::Pending);
        case.secret.labels = LabelMap([current, pending].into_iter().collect());
        case.signs.since = Some(at("2026-11-18T09:14:00Z"));
    });
    pending.is(
        delete(30),
        Rule::Pending,
        Warning,
        "Version 2222…2222 has been AWSPENDING for 2 d: a rotation that runs can't be finished while the secret is \
         marked, and what its function has set in the database or service stays set. → wait until the rotation is done, \
         or find out why it isn't",
    );
    pending.is(
        Restore,
        Rule::Pending,
        Warning,
        "Version 2222…2222 has been AWSPENDING for 2 d, and still is when the secret is restored. → `secdash why \
         prod/db` says what to do about it then",
    );
    Case::healthy().is(delete(30), Rule::Pending, Fine, "No rotation is pending.");
}

#[test]
fn what_it_means_is_said_and_another_window_changes_the_date_alone() {
    let says = |case: &Case, purpose| case.says(purpose, Rule::Consequence).into_iter().map(|(_, words)| words);
    let healthy = Case::healthy();
    assert_eq!(
        says(&healthy, delete(30)).collect::<Vec<_>>(),
        [
            "Every read of its value fails at once, from the call on, until it is restored.",
            "Its rotation, every 30 days, stands still while it is marked.",
        ]
    );
    healthy.is(
        delete(30),
        Rule::Window,
        Notice,
        "It can be restored until about 2026-12-20 09:14:00Z; after that AWS deletes it in the background, at no \
         guaranteed time.",
    );
    for days in [7, 14, 30] {
        let window = RecoveryWindow::of_days(days).unwrap();
        assert_eq!(healthy.check(delete(30)).with_window(window, now()), healthy.check(delete(days)));
    }
    let marked = marked("2026-11-26T09:14:00Z");
    assert_eq!(
        says(&marked, Restore).collect::<Vec<_>>(),
        [
            "Its versions and their labels come back as they were.",
            "Its rotation is on, every 30 days, and should go on: look afterwards when it rotates next.",
        ]
    );
    assert_eq!(says(&healthy, Restore).count(), 0);
    let off = Case::with(|case| {
        (case.secret.rotation_enabled, case.secret.deleted) = (Some(false), marked.secret.deleted);
    });
    assert_eq!(says(&off, Restore).next_back().unwrap(), "Its rotation is off, and stays off.");
    assert_eq!(says(&off, delete(30)).count(), 1);
}

#[test]
fn what_could_not_be_learned_is_said() {
    let blind = Case::with(|case| case.faults = vec![denied(Operation::DescribeSecret)]);
    for purpose in [delete(30), Restore] {
        let check = blind.check(purpose).of_grade(Unknown).next().unwrap().clone();
        assert_eq!(check.missing, Some("secretsmanager:DescribeSecret"));
    }
}
