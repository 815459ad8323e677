//! One request, from the network's last step to the answer: who asks for what, which fault strikes,
//! whether it is allowed, what the service says, and the line in the journal.

pub(in crate::demo) mod answer;
pub(in crate::demo) mod body;
pub(in crate::demo) mod call;
pub(in crate::demo) mod fault;
pub(in crate::demo) mod journal;
pub(in crate::demo) mod listener;
pub(in crate::demo) mod policy;
pub(in crate::demo) mod seam;

use std::sync::Arc;

use bytes::Bytes;

use answer::{Answer, Refusal};
use call::Call;
use fault::{Kind, Strike};
use journal::Entry;

use crate::demo::cloudtrail::observe::observe;
use crate::demo::world::Inner;

/// Every operation the world knows; a fault may name these.
pub(in crate::demo) const OPERATIONS: [&str; 31] = [
    "ListSecrets",
    "DescribeSecret",
    "ListSecretVersionIds",
    "RotateSecret",
    "CancelRotateSecret",
    "UpdateSecretVersionStage",
    "DeleteSecret",
    "RestoreSecret",
    "LookupEvents",
    "GetCallerIdentity",
    "DescribeLogGroups",
    "FilterLogEvents",
    "StartLiveTail",
    "GetFunctionConfiguration",
    "GetPolicy",
    "GetFunctionConcurrency",
    "DescribeTrails",
    "GetTrailStatus",
    "CreateTrail",
    "StartLogging",
    "StopLogging",
    "ListRules",
    "DescribeRule",
    "ListTargetsByRule",
    "TestEventPattern",
    "PutRule",
    "EnableRule",
    "DisableRule",
    "DeleteRule",
    "PutTargets",
    "RemoveTargets",
];

/// What comes back over the wire.
#[derive(Debug)]
pub(in crate::demo) enum Reply {
    Whole(Answer),
    /// The connection breaks in the middle of this answer.
    Cut(Answer),
    /// Nothing, ever.
    Silence,
    /// There is no connection.
    Unreachable,
}

/// Answers a request. Signatures are not verified: a world has no secret keys to verify them with,
/// and any credentials will do; that a request is signed at all is asked for.
pub(in crate::demo) async fn reply(world: &Arc<Inner>, request: &http::Request<Bytes>) -> Reply {
    world.live();
    let mut call = Call::read(world, request);
    let verdict = world.faults.judge(world.clock.elapsed(), &call);
    let entry = entry(world, &call);
    let (reply, error) = decide(world, &mut call, &entry.request_id, verdict.strike);
    let status = match &reply {
        Reply::Whole(answer) => Some(answer.status),
        Reply::Cut(_) | Reply::Silence | Reply::Unreachable => None,
    };
    world.journal.record(Entry { status, error, ..entry });
    if !verdict.delay.is_zero() {
        tokio::time::sleep(world.clock.real(verdict.delay)).await;
    }
    reply
}

fn entry(world: &Inner, call: &Call) -> Entry {
    Entry {
        at: world.clock.utc(),
        service: call.service.map_or("", call::Service::prefix).to_owned(),
        operation: call.operation.clone(),
        region: call.region.clone(),
        access_key: call.access_key.clone(),
        request: call.input.clone().unwrap_or_default(),
        secret: call.secret.as_ref().map(|secret| secret.arn.clone()),
        status: None,
        error: None,
        request_id: world.roll(|dice| dice.uuid().to_string()),
    }
}

/// The reply, and the error code it carries.
fn decide(world: &Arc<Inner>, call: &mut Call, request_id: &str, strike: Option<Strike>) -> (Reply, Option<String>) {
    let kind = strike.as_ref().map(|strike| strike.kind);
    if kind == Some(Kind::Hang) {
        return (Reply::Silence, None);
    }
    if kind == Some(Kind::Unreachable) {
        return (Reply::Unreachable, None);
    }
    call.twist = kind.and_then(Kind::twist);
    call.ending = strike.as_ref().and_then(Strike::ending);
    let result = match strike.and_then(|strike| strike.refusal(world, call)) {
        _ if call.access_key.is_none() => Err(Refusal::missing_token(call)),
        Some(refusal) => Err(refusal),
        None => permit(world, call).and_then(|()| call.answer(world, request_id)),
    };
    observe(world, call, &result);
    let (answer, error) = match result {
        Ok(answer) => (answer, None),
        Err(refusal) => {
            let answer = call.refuse(world, &refusal, request_id);
            (answer, Some(refusal.code))
        }
    };
    match kind {
        Some(Kind::Reset) => (Reply::Cut(answer), None),
        Some(Kind::Malformed) => (Reply::Whole(answer.truncated()), error),
        _ => (Reply::Whole(answer), error),
    }
}

/// Asks the policy of whoever calls; a world without one allows everything.
fn permit(world: &Inner, call: &Call) -> Result<(), Refusal> {
    let Some(policy) = world.policy.as_ref().filter(|_| call.needs_permission()) else { return Ok(()) };
    let judge = |resource: Option<&str>| {
        let judged = policy.judge(&call.action(), resource.unwrap_or("*"));
        judged.map_err(|denial| Refusal::denied_on(world, call, resource, denial))
    };
    if call.resources.is_empty() {
        return judge(call.resource());
    }
    call.resources.iter().try_for_each(|resource| judge(Some(resource)))
}
