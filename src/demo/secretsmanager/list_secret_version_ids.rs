//! ListSecretVersionIds (API_ListSecretVersionIds.html).

use serde::Deserialize;
use serde_json::{Value, json};

use super::check::Check;
use super::{find, shape};
use crate::demo::page::{Page, Place};
use crate::demo::secret::Version;
use crate::demo::wire::answer::Refusal;
use crate::demo::wire::call::Call;
use crate::demo::world::Inner;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Input {
    secret_id: Option<String>,
    max_results: Option<i64>,
    next_token: Option<String>,
    include_deprecated: Option<bool>,
}

/// A version without a value is never listed, whatever its labels (API_ListSecretVersionIds.html);
/// one without labels is deprecated and listed on request only. Oldest first \[unverified\].
pub(super) fn answer(world: &Inner, call: &Call, input: Input) -> Result<Value, Refusal> {
    let mut check = Check::default();
    check.secret_id(input.secret_id.as_deref());
    check.max_results(input.max_results);
    check.next_token(input.next_token.as_deref());
    check.finish()?;
    let shelf = world.vault.read();
    let secret = find(world, &shelf, call, &input.secret_id.unwrap_or_default())?;
    let arn = world.vault.arn(secret);
    let page = Page::open(
        format!("ListSecretVersionIds {arn}"),
        world.page_size(input.max_results),
        input.next_token,
        call.twist,
        world.roll(crate::demo::seed::Seed::next),
    )?;
    let deprecated = input.include_deprecated.unwrap_or_default();
    let mut versions: Vec<&Version> = secret
        .versions
        .iter()
        .filter(|version| version.has_value && (deprecated || !version.labels.is_empty()))
        .collect();
    versions.sort_by_key(|version| key(version));
    let behind = |version: &&Version| page.after().is_none_or(|place| key(version) > (place.key, place.name.as_str()));
    let (list, token) = page.take(versions.into_iter().filter(behind), |version| {
        let (key, id) = key(version);
        let name = id.to_owned();
        Place { key, name }
    });
    let list: Value = list.into_iter().map(shape::version).collect();
    let mut body = json!({ "Versions": list, "ARN": arn, "Name": secret.name });
    if let (Some(token), Some(body)) = (token, body.as_object_mut()) {
        body.insert("NextToken".to_owned(), Value::from(token));
    }
    Ok(body)
}

fn key(version: &Version) -> (i64, &str) {
    (version.created.timestamp_millis(), &version.id)
}
