//! DescribeTrails, GetTrailStatus, CreateTrail, StartLogging and StopLogging, as far as it is asked who notices something.
//!
//! Texts of errors are the model's descriptions of them, but for the one of a trail that isn't there, which is observed.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::demo::trails::Trail;
use crate::demo::wire::answer::Refusal;
use crate::demo::wire::call::Call;
use crate::demo::world::Inner;

/// Trails at home in a Region (WhatIsCloudTrail-Limits.html).
const MOST: usize = 5;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Which {
    trail_name_list: Option<Vec<String>>,
    include_shadow_trails: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Made {
    name: String,
    s3_bucket_name: String,
    #[serde(default)]
    is_multi_region_trail: bool,
    #[serde(default)]
    is_organization_trail: bool,
}

/// DescribeTrails (API_DescribeTrails.html).
pub(super) fn describe(world: &Inner, call: &Call, input: &Value) -> Result<Value, Refusal> {
    let which = Which::deserialize(input).map_err(|_| Refusal::serialization())?;
    let names = which.trail_name_list.unwrap_or_default();
    let shadows = which.include_shadow_trails.unwrap_or(true);
    let trails = world.trails.all();
    let shown = trails.iter().filter(|trail| {
        let is_named = names.iter().any(|name| trail.is_called(name, &call.region));
        trail.shows_in(&call.region) && (shadows || trail.home == call.region) && (names.is_empty() || is_named)
    });
    Ok(json!({ "trailList": shown.map(shape).collect::<Vec<_>>() }))
}

fn shape(trail: &Trail) -> Value {
    let mut shape = members(trail);
    shape.insert("HomeRegion".to_owned(), json!(trail.home));
    shape.insert("HasCustomEventSelectors".to_owned(), json!(trail.selectors));
    shape.insert("HasInsightSelectors".to_owned(), json!(false));
    Value::Object(shape)
}

/// What DescribeTrails and CreateTrail both tell.
fn members(trail: &Trail) -> Map<String, Value> {
    let members = [
        ("Name", json!(trail.name)),
        ("S3BucketName", json!(trail.bucket)),
        ("IncludeGlobalServiceEvents", json!(true)),
        ("IsMultiRegionTrail", json!(trail.multi_region)),
        ("TrailARN", json!(trail.arn())),
        ("LogFileValidationEnabled", json!(false)),
        ("IsOrganizationTrail", json!(trail.organization)),
    ];
    members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// GetTrailStatus (API_GetTrailStatus.html); of the times only those that the world knows.
pub(super) fn status(world: &Inner, call: &Call, input: &Value) -> Result<Value, Refusal> {
    let trails = world.trails.all();
    let id = id(input)?;
    let trail = trails.iter().find(|trail| trail.is_called(id, &call.region));
    let trail = trail.ok_or_else(|| not_found(world, id))?;
    let mut status = json!({ "IsLogging": trail.logging });
    if let (Some(at), Some(members)) = (trail.turned, status.as_object_mut()) {
        let which = if trail.logging { "StartLoggingTime" } else { "StopLoggingTime" };
        members.insert(which.to_owned(), json!(at.timestamp()));
    }
    Ok(status)
}

/// CreateTrail (API_CreateTrail.html). Whether the bucket lets CloudTrail in isn't asked: a world has no buckets.
pub(super) fn create(world: &Inner, call: &Call, input: &Value) -> Result<Value, Refusal> {
    let made = Made::deserialize(input).map_err(|_| Refusal::serialization())?;
    let name = made.name.as_str();
    if !can_be_name(name) {
        return Err(Refusal::of_model(
            "InvalidTrailNameException",
            "This exception is thrown when the provided trail name is not valid.",
        ));
    }
    let mut trails = world.trails.all();
    let at_home: Vec<_> = trails.iter().filter(|trail| trail.home == call.region).collect();
    if at_home.iter().any(|trail| trail.name == name) {
        let text = "This exception is thrown when the specified trail already exists.";
        return Err(Refusal::of_model("TrailAlreadyExistsException", text));
    }
    if at_home.len() >= MOST {
        let text = "This exception is thrown when the maximum number of trails is reached.";
        return Err(Refusal::of_model("MaximumNumberOfTrailsExceededException", text));
    }
    let trail = Trail {
        name: made.name,
        home: call.region.clone(),
        account: world.account.clone(),
        bucket: made.s3_bucket_name,
        multi_region: made.is_multi_region_trail,
        organization: made.is_organization_trail,
        selectors: false,
        logging: false,
        turned: None,
    };
    let answer = Value::Object(members(&trail));
    trails.push(trail);
    Ok(answer)
}

/// StartLogging and StopLogging (API_StartLogging.html): only in the trail's home Region.
pub(super) fn turn(world: &Inner, call: &Call, input: &Value, logging: bool) -> Result<Value, Refusal> {
    let id = id(input)?;
    let mut trails = world.trails.all();
    let trail = trails.iter_mut().find(|trail| trail.is_called(id, &call.region));
    let trail = trail.ok_or_else(|| not_found(world, id))?;
    if trail.home != call.region {
        let text = "This exception is thrown when an operation is called on a trail from a Region other than the Region \
                    in which the trail was created.";
        return Err(Refusal::of_model("InvalidHomeRegionException", text));
    }
    (trail.logging, trail.turned) = (logging, Some(world.clock.utc()));
    Ok(json!({}))
}

/// What IAM is asked about: the trail that a request names.
pub(in crate::demo) fn resource(world: &Inner, operation: &str, region: &str, input: &Value) -> Option<String> {
    if !["GetTrailStatus", "CreateTrail", "StartLogging", "StopLogging"].contains(&operation) {
        return None;
    }
    let id = id(input).ok()?;
    let arn = || format!("arn:aws:cloudtrail:{region}:{}:trail/{id}", world.account);
    Some(if id.starts_with("arn:") { id.to_owned() } else { arn() })
}

fn id(input: &Value) -> Result<&str, Refusal> {
    input.get("Name").and_then(Value::as_str).ok_or_else(Refusal::serialization)
}

fn not_found(world: &Inner, id: &str) -> Refusal {
    let text = format!("Unknown trail: {id} for the user: {}", world.account);
    Refusal::of_model("TrailNotFoundException", &text)
}

/// Three to 128 letters, digits and `._-`, the last of which neither begin nor end it (API_CreateTrail.html).
fn can_be_name(name: &str) -> bool {
    let (letter, mark) = (|c: char| c.is_ascii_alphanumeric(), |c: char| "._-".contains(c));
    (3..=128).contains(&name.len())
        && name.chars().all(|c| letter(c) || mark(c))
        && name.starts_with(letter)
        && name.ends_with(letter)
        && !name.chars().zip(name.chars().skip(1)).any(|(one, next)| mark(one) && mark(next))
}
