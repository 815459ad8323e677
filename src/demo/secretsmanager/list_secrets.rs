//! ListSecrets (API_ListSecrets.html).

use serde::Deserialize;
use serde_json::{Map, Value};

use super::check::Check;
use super::filter::Filter;
use super::shape;
use crate::demo::page::{Page, Place};
use crate::demo::secret::Secret;
use crate::demo::vault::{SortBy, place_of};
use crate::demo::wire::answer::Refusal;
use crate::demo::wire::call::Call;
use crate::demo::world::Inner;

/// `SortByType` of the model, in the order of [`SortBy`].
const SORT_BY: [&str; 4] = ["created-date", "last-accessed-date", "last-changed-date", "name"];

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Input {
    include_planned_deletion: Option<bool>,
    max_results: Option<i64>,
    next_token: Option<String>,
    filters: Option<Vec<Filter>>,
    sort_order: Option<String>,
    sort_by: Option<String>,
}

pub(super) fn answer(world: &Inner, call: &Call, input: Input) -> Result<Value, Refusal> {
    input.check()?;
    let by = input.sort_by();
    // The direction AWS takes when none is given is not documented: oldest first [unverified].
    let descending = input.sort_order.as_deref() == Some("desc");
    let filters = input.filters.unwrap_or_default();
    let deleted = input.include_planned_deletion.unwrap_or_default();
    let page = Page::open(
        format!("ListSecrets {by:?} {descending}"),
        world.page_size(input.max_results),
        input.next_token,
        call.twist,
        world.roll(crate::demo::seed::Seed::next),
    )?;
    let after = page.after().map(|place| (place.key, place.name.as_str()));
    let shelf = world.vault.read();
    let secrets = shelf
        .walk(by, descending, after)
        .filter(|_| call.region == world.region)
        .filter(|secret| deleted || secret.deleted.is_none())
        .filter(|secret| filters.iter().all(|filter| filter.admits(secret)));
    let (list, token) = page.take(secrets, |secret| {
        let (key, name) = place_of(secret, by);
        let name = name.to_owned();
        Place { key, name }
    });
    let list: Value = list.into_iter().map(|secret| entry(world, secret)).collect();
    let mut body = Map::from_iter([("SecretList".to_owned(), list)]);
    body.extend(token.map(|token| ("NextToken".to_owned(), Value::from(token))));
    Ok(Value::Object(body))
}

/// SecretListEntry: the labels are under another name than in DescribeSecret.
fn entry(world: &Inner, secret: &Secret) -> Value {
    let mut entry = shape::secret(world, secret);
    entry.extend(shape::labels(secret).map(|labels| ("SecretVersionsToStages".to_owned(), labels)));
    Value::Object(entry)
}

impl Input {
    fn check(&self) -> Result<(), Refusal> {
        let mut check = Check::default();
        check.max_results(self.max_results);
        check.next_token(self.next_token.as_deref());
        let filters = self.filters.as_deref().unwrap_or_default();
        check.size("Value", "filters", filters.len(), 0, 10);
        for (number, filter) in (1..).zip(filters) {
            filter.check(number, &mut check);
        }
        check.one_of("sortOrder", self.sort_order.as_deref(), &["asc", "desc"]);
        check.one_of("sortBy", self.sort_by.as_deref(), &SORT_BY);
        check.finish()?;
        filters.iter().try_for_each(Filter::complete)
    }

    fn sort_by(&self) -> SortBy {
        match self.sort_by.as_deref() {
            Some("last-accessed-date") => SortBy::LastAccessedDate,
            Some("last-changed-date") => SortBy::LastChangedDate,
            Some("name") => SortBy::Name,
            _ => SortBy::CreatedDate,
        }
    }
}
