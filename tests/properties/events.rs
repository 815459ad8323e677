//! The event history as AWS might tell it: events of any secret, once or again, readable or not; and who notices what.

use std::sync::Arc;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use secdash::domain::coverage::{Coverage, Facts};
use secdash::domain::secret::SecretId;
use secdash::domain::trail::{Covered, HORIZON, Listed, News, Reached, Scope, Span, TrailEvent};
use secdash::tui::msg::{Reply, Request};
use serde_json::json;

use super::aws::SECRETS;
use super::made::{self, Dice, Home, mark_of};

/// The names of events, of which some are not known.
const NAMES: [&str; 9] = [
    "GetSecretValue",
    "GetSecretValue",
    "DescribeSecret",
    "PutSecretValue",
    "UpdateSecretVersionStage",
    "RotationSucceeded",
    "DeleteSecret",
    "RotationFailed",
    "Evil\u{1b}[31mEvent",
];

/// An answer to a request about the event history; `None` where it is another request.
pub fn reply(request: &Request, account: u64, now: DateTime<Utc>, dice: &mut Dice) -> Option<Reply> {
    Some(match request {
        Request::History(..) if dice.once_in(9) => Reply::Searched,
        Request::History(scope, _, since, _) => Reply::History(Box::new(news(scope, account, *since, now, dice))),
        Request::Record(..) if dice.once_in(3) => Reply::Record(Box::new(Err(made::fault(dice, "")))),
        Request::Record(context, _) => {
            let id = made::id(Home { context: made::number(context), account }, dice.below(SECRETS));
            Reply::Record(Box::new(Ok(dice.once_in(2).then(|| event(&id, now, dice)))))
        }
        Request::Alerts(context) => {
            let facts = Facts {
                context: Arc::clone(context),
                secret: None,
                account: None,
                trails: Err(made::fault(dice, "")),
                rules: Vec::new(),
                others: Vec::new(),
                unread: dice.maybe(|dice| made::fault(dice, "")),
                untested: 0,
                at: now,
            };
            Reply::Alerts(Box::new(Coverage::of(facts)))
        }
        Request::Export(file, export) if dice.once_in(2) => {
            Reply::Saved(Ok((file.clone(), export.events.len(), "event")))
        }
        Request::Export(..) => Reply::Saved(Err("disk\u{1b} full".to_owned())),
        _ => return None,
    })
}

fn news(scope: &Scope, account: u64, since: DateTime<Utc>, now: DateTime<Utc>, dice: &mut Dice) -> News {
    match dice.below(8) {
        0 => News::Slowed,
        1 => News::Failed(made::fault(dice, "")),
        _ => {
            let home = Home { context: made::number(scope.context()), account };
            let number = dice.below(20);
            let events = (0..number).map(|_| event(&made::id(home, dice.below(SECRETS)), now, dice)).collect();
            let unplaced = usize::from(dice.once_in(5));
            News::Found { events, unplaced, reached: reached(since, now, dice) }
        }
    }
}

fn reached(since: DateTime<Utc>, now: DateTime<Utc>, dice: &mut Dice) -> Reached {
    let mut covered = Covered::default();
    let from = now - TimeDelta::minutes(i64::try_from(dice.below(20_000)).unwrap());
    covered.add(Span { from, to: now - HORIZON });
    let pages = usize::try_from(dice.below(9)).unwrap();
    let left = dice.maybe(|dice| usize::try_from(dice.below(400)).unwrap());
    Reached { covered, named: None, resources: dice.maybe(|_| from), since, pages, left, done: dice.once_in(3) }
}

/// An event of a secret, called by its ARN.
fn event(id: &SecretId, now: DateTime<Utc>, dice: &mut Dice) -> TrailEvent {
    let at = now - TimeDelta::seconds(i64::try_from(dice.below(800_000)).unwrap());
    let mark = mark_of(id);
    let name = NAMES[usize::try_from(dice.below(9)).unwrap()];
    let record = json!({
        "eventSource": "secretsmanager.amazonaws.com",
        "eventName": name,
        "eventTime": at.to_rfc3339_opts(SecondsFormat::Secs, true),
        "userAgent": format!("agent\u{1b}]0;{mark}\u{7}/1"),
        "sourceIPAddress": "10.0.0.1",
        "userIdentity": { "type": "IAMUser", "userName": format!("user-{}\u{202e}", dice.below(4)) },
        "requestParameters": { "secretId": id.arn.raw(), "versionStage": dice.maybe(|_| "AWSPREVIOUS") },
        "errorCode": dice.once_in(5).then_some("AccessDenied"),
        "additionalEventData": { "SecretId": id.arn.raw() },
    });
    let record = if dice.once_in(9) { format!("no JSON of {mark}") } else { record.to_string() };
    let listed = Listed {
        id: Some(format!("event-{}-of-{mark}", dice.below(40))),
        name: Some(name.to_owned()),
        source: Some("secretsmanager.amazonaws.com".to_owned()),
        at: Some(at),
        username: None,
        resources: vec![id.arn.raw().to_owned()],
        record: Some(record),
    };
    TrailEvent::read(listed).unwrap()
}
