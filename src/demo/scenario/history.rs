//! What CloudTrail recorded about the secrets of a made-up world.

use chrono::{DateTime, TimeDelta, Utc};

use super::event::{cancelled, event, failed};
use super::generate::Fate;
use crate::demo::secret::{Secret, Text};
use crate::demo::seed::Seed;
use crate::demo::trail::{Called, Event, Why};

/// Who turns rotation off.
const PEOPLE: [&str; 4] = ["alex", "kim", "robin", "sam"];

/// An attempt every four hours where a rotation got stuck; one failed attempt before somebody turned it off.
pub(super) fn history(secret: &Secret, fate: Fate, start: DateTime<Utc>, dice: &mut Seed) -> Vec<Event> {
    let pending = secret.versions.iter().find(|version| version.labels.iter().any(|label| label == "AWSPENDING"));
    let mut events = Vec::new();
    if let Some(pending) = pending {
        let why = Why::Step(if pending.has_value { "testSecret" } else { "createSecret" });
        let attempts = if fate == Fate::Cancelled { 1 } else { usize::MAX };
        let first = pending.created + TimeDelta::seconds(20);
        let all = std::iter::successors(Some(first), |at| Some(*at + TimeDelta::hours(4)));
        for at in all.take(attempts).take_while(|at| *at < start) {
            let act = failed(pending.id.clone(), why.clone());
            events.push(event(secret, at, act, None, dice));
        }
    }
    if let (Fate::Cancelled | Fate::Off, Some(at)) = (fate, secret.last_changed) {
        let by = PEOPLE.get(usize::try_from(dice.below(4)).unwrap_or_default()).copied().unwrap_or_default();
        let called = if dice.below(2) == 0 { Called::Name } else { Called::Arn };
        let version = pending.map(|version| version.id.clone());
        let act = cancelled(Text::Borrowed(by), called, version);
        events.push(event(secret, at, act, None, dice));
    }
    events
}
