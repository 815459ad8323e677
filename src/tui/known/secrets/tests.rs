use proptest::prelude::*;

use super::*;
use crate::domain::version::{LabelMap, StagingLabel, VersionId};

#[test]
fn pending_secrets_come_by_their_last_look() {
    let now: DateTime<Utc> = "2026-11-20T09:14:00Z".parse().unwrap();
    let labels = |pending: &str| {
        let label = |id: &str, label| (VersionId(id.into()), Box::from([label]));
        LabelMap([label("current", StagingLabel::Current), label(pending, StagingLabel::Pending)].into_iter().collect())
    };
    let named = |name: &str, labels| Secret { labels, ..Secret::plain(name) };
    let mut secrets = Secrets::default();
    secrets.page(vec![named("a", labels("p")), named("b", LabelMap::default()), named("c", labels("p"))], now);
    let order = |secrets: &Secrets| secrets.pending().map(|row| row.secret.name.to_string()).collect::<String>();
    let id = |name: &str| Secret::plain(name).id;
    assert_eq!(order(&secrets), "ac");
    secrets.looked(&id("a"), now);
    secrets.looked(&id("b"), now);
    assert_eq!(order(&secrets), "ca", "one never looked at comes first, and none that isn't pending");
    secrets.looked(&id("c"), now + TimeDelta::seconds(1));
    assert_eq!(order(&secrets), "ac");
    secrets.described(named("c", labels("q")), now);
    assert_eq!(order(&secrets), "ca", "labels that moved have not been looked at");
    secrets.described(named("a", LabelMap::default()), now);
    assert_eq!(order(&secrets), "c");
    secrets.begin();
    secrets.page(vec![named("b", labels("p")), named("c", labels("q"))], now);
    secrets.end(Ok(()), now);
    assert_eq!(order(&secrets), "bc");
}

#[test]
fn a_list_that_lags_takes_no_mark_away_and_brings_none_back() {
    let now: DateTime<Utc> = "2026-11-20T09:14:00Z".parse().unwrap();
    let secret = |deleted| Secret { deleted, ..Secret::plain("prod/db") };
    let date = Some(now + TimeDelta::days(30));
    for (before, after) in [(None, date), (date, None)] {
        let mut secrets = Secrets::default();
        secrets.page(vec![secret(before)], now);
        let id = secret(None).id;
        assert_eq!(secrets.marked(&id, after, now), Some(0));
        secrets.page(vec![secret(before)], now + TimeDelta::minutes(5));
        assert_eq!(secrets.row(0).secret.deleted, after, "the list lags");
        // What was described is newer, and so is the list when it can lag no more.
        secrets.described(secret(before), now + TimeDelta::minutes(5));
        assert_eq!(secrets.row(0).secret.deleted, before);
        secrets.marked(&id, after, now);
        secrets.page(vec![secret(before)], now + LISTING_LAGS);
        assert_eq!(secrets.row(0).secret.deleted, before);
    }
}

proptest! {
    #[test]
    fn rows_by_name_are_in_the_order_of_the_names_as_aws_wrote_them(names in prop::collection::btree_set("[aAbBé/]{1,4}", 1..20)) {
        let now: DateTime<Utc> = "2026-11-20T09:14:00Z".parse().unwrap();
        let mut secrets = Secrets::default();
        // Pages bring them in no order.
        let (one, other): (Vec<_>, Vec<_>) = names.iter().rev().partition(|name| name.len() % 2 == 0);
        for page in [one, other] {
            secrets.page(page.into_iter().map(|name| Secret::plain(name)).collect(), now);
        }
        let by_name = secrets.by_name().iter().map(|number| secrets.row(*number).secret.name.raw().to_owned());
        prop_assert_eq!(by_name.collect::<Vec<_>>(), names.into_iter().collect::<Vec<_>>());
    }
}
