//! Looking further: secrets with AWSPENDING on another version are asked about, a few at a time, visible ones first.

use std::time::Duration;

use chrono::TimeDelta;

use crate::domain::secret::SecretId;
use crate::tui::known::Row;
use crate::tui::model::Model;
use crate::tui::msg::{Effect, Request, Slot};

/// How many are looked at at once.
const AT_ONCE: u8 = 4;

/// How often each is looked at again.
const EVERY: TimeDelta = TimeDelta::seconds(30);

/// The next looks, as many as there is room for.
pub(super) fn further(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    for slot in (0..AT_ONCE).map(Slot::Look) {
        if !model.is_free(slot) {
            continue;
        }
        let Some(id) = next(model) else { break };
        effects.push(model.ask(slot, Request::Inspect(id, Duration::ZERO)));
    }
    effects
}

fn next(model: &Model) -> Option<SecretId> {
    let known = &model.known.secrets;
    known.pending().next()?;
    let page = model.page();
    let visible = model.secrets.rows(known, model.secrets.top(known, page)).take(page);
    let rest = known.pending().map(|number| known.row(number));
    let wants = |row: &&Row| {
        let is_due = row.looked.is_none_or(|looked| model.now - looked >= EVERY);
        row.is_pending() && is_due && !model.is_asked(&row.secret.id)
    };
    visible.chain(rest).find(wants).map(|row| row.secret.id.clone())
}
