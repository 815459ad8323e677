//! Looking further: secrets with AWSPENDING on another version are asked about, a few at a time, visible ones first.

use std::time::Duration;

use chrono::TimeDelta;

use crate::domain::rotation::RotationState;
use crate::domain::secret::SecretId;
use crate::tui::known::{Fetch, Row};
use crate::tui::model::Model;
use crate::tui::msg::{Effect, Request, Slot};

/// How many are looked at at once.
const AT_ONCE: u8 = 4;

/// How often each is looked at again, on the screen and outside of it.
const EVERY: TimeDelta = TimeDelta::seconds(30);
const EVERY_UNSEEN: TimeDelta = TimeDelta::minutes(5);

/// How soon after one unseen secret the next may be looked at again: thousands of them must not keep AWS busy.
const APART: TimeDelta = TimeDelta::seconds(2);

/// How often the event history is asked, and how far back: failed attempts are repeated while they matter.
const TRAIL_EVERY: TimeDelta = TimeDelta::minutes(5);
const TRAIL_BACK: TimeDelta = TimeDelta::days(90);

/// What is asked again of the history, for records that arrive late.
const OVERLAP: TimeDelta = TimeDelta::hours(2);

/// Where looks run.
pub(super) fn slots() -> impl Iterator<Item = Slot> {
    (0..AT_ONCE).map(Slot::Look)
}

/// The next looks, as many as there is room for.
pub(super) fn further(model: &mut Model) -> Vec<Effect> {
    let mut effects: Vec<_> = trail(model).into_iter().collect();
    for slot in slots() {
        if !model.is_free(slot) {
            continue;
        }
        let Some((id, is_seen)) = next(model) else { break };
        if !is_seen {
            model.known.secrets.looked_unseen = Some(model.now);
        }
        effects.push(model.ask(slot, Request::Inspect(id, Duration::ZERO)));
    }
    effects
}

/// Asks the event history: far back if any secret is in a state that it can tell more about, else for what is new.
fn trail(model: &mut Model) -> Option<Effect> {
    let known = &model.known;
    let context = known.context.get().cloned()?;
    let is_due = known.trail.asked.is_none_or(|asked| model.now - asked >= TRAIL_EVERY);
    let can_tell = known.secrets.pending().next().is_some() || known.secrets.number(RotationState::Cancelled) > 0;
    let is_shallow = can_tell && !known.trail.is_deep;
    // The list comes first: what it brings decides how far back a look-up is worth it.
    if !(is_due || is_shallow) || known.secrets.as_of.is_none() || known.secrets.state == Fetch::Loading {
        return None;
    }
    if !model.is_free(Slot::Trail) {
        return None;
    }
    let last = known.trail.asked.filter(|_| known.trail.state.fault().is_none());
    let since = match last {
        Some(asked) if !is_shallow => asked - OVERLAP,
        _ if can_tell => model.now - TRAIL_BACK,
        _ => model.now - OVERLAP,
    };
    model.known.trail.is_deep |= can_tell;
    model.known.trail.asked = Some(model.now);
    model.known.trail.state = Fetch::Loading;
    Some(model.ask(Slot::Trail, Request::Trail(context, since)))
}

/// The next secret to look at, and whether it is on the screen or new.
fn next(model: &Model) -> Option<(SecretId, bool)> {
    let known = &model.known.secrets;
    known.pending().next()?;
    let page = model.page();
    let is_time = known.looked_unseen.is_none_or(|last| model.now - last >= APART);
    let is_due = |row: &Row, every| row.looked.is_none_or(|looked| model.now - looked >= every);
    let is_asked = |row: &&Row| model.is_asked(&row.secret.id);
    let mut visible = model.secrets.rows(known, model.secrets.top(known, page)).take(page);
    let seen = visible.find(|row| row.is_pending() && is_due(row, EVERY) && !is_asked(row)).map(|row| (row, true));
    // There may be thousands: the first that isn't due ends the search.
    let due = |row: &&Row| is_due(row, EVERY_UNSEEN) && (is_time || row.looked.is_none());
    let unseen = || known.pending().take_while(due).find(|row| !is_asked(row)).map(|row| (row, row.looked.is_none()));
    seen.or_else(unseen).map(|(row, is_seen)| (row.secret.id.clone(), is_seen))
}
