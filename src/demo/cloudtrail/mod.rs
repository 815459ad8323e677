//! AWS CloudTrail: its event history and its trails, in the shapes of the API of 2013-11-01.

mod identity;
mod lookup_events;
pub(in crate::demo) mod observe;
mod read;
mod record;
mod trails;

pub(in crate::demo) use trails::resource;

pub(in crate::demo) use identity::PEOPLE;
pub(in crate::demo) use observe::local;
use serde::Deserialize;
use serde_json::Value;

use crate::demo::trail::Recorded;
use crate::demo::wire::answer::Refusal;
use crate::demo::wire::call::Call;
use crate::demo::world::Inner;

/// What stands before the operation in `x-amz-target`: the Rust SDK sends the first, botocore the second.
pub(in crate::demo) const TARGETS: [&str; 2] =
    ["CloudTrail_20131101", "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101"];

pub(in crate::demo) fn answer(world: &Inner, call: &Call, input: &Value) -> Result<Value, Refusal> {
    match call.operation.as_str() {
        "LookupEvents" => look_up(world, call, input),
        "DescribeTrails" => trails::describe(world, call, input),
        "GetTrailStatus" => trails::status(world, call, input),
        "CreateTrail" => trails::create(world, call, input),
        "StartLogging" => trails::turn(world, call, input, true),
        "StopLogging" => trails::turn(world, call, input, false),
        _ => Err(Refusal::unknown_operation(call)),
    }
}

fn look_up(world: &Inner, call: &Call, input: &Value) -> Result<Value, Refusal> {
    // The ration is spent at the door, whatever the request turns out to ask \[unverified\].
    if !world.trail.admits(&call.region, world.clock.elapsed()) {
        return Err(Refusal::throttled(call));
    }
    let input = lookup_events::Input::deserialize(input).map_err(|_| Refusal::serialization())?;
    lookup_events::answer(world, call, input)
}

/// Every record of what happened up to now, oldest first, whether a look-up finds it or not.
pub(in crate::demo) fn records(world: &Inner) -> Vec<Recorded> {
    world.trail.records(world.clock.utc(), |event| record::happened(world, event))
}
