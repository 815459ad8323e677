//! What is looked up without being asked for: what changed secrets, and what of that is news.

use chrono::TimeDelta;

use super::{arrived, search};
use crate::domain::trail::{Depth, News, RotationFailure, Scope, TrailEvent, Whose};
use crate::text::time_of_day;
use crate::tui::keymap::{Action, Scope as Keys};
use crate::tui::known::Fetch;
use crate::tui::model::{Model, Screen};
use crate::tui::msg::{Effect, Reply, Request, Slot};

/// How far back what changed secrets is looked up, and how often.
const CHANGES_BACK: TimeDelta = TimeDelta::days(30);
const CHANGES_EVERY: TimeDelta = TimeDelta::minutes(5);

/// On a secret's own screen its timeline is completed by the event history, and in the history rotations and deletions come
/// before hundreds of reads are read through: what changed secrets is asked for when one of them is opened, and again after a
/// while. What is found is of all secrets.
pub(in crate::tui::update) fn keep_up(model: &mut Model) -> Vec<Effect> {
    let since = model.now - changes_back(model);
    let known = &model.known.history;
    let is_old = known.changes_asked.is_none_or(|asked| model.now - asked >= CHANGES_EVERY);
    // What was asked for once is there from then on: only a longer time leaves something to ask for.
    let is_short = known.changes_state == Fetch::Idle && known.changes.latest().is_some_and(|span| span.from > since);
    let is_due = is_old || is_short;
    let Some(context) = model.known.context.get().cloned() else { return Vec::new() };
    let is_shown = matches!(model.screen(), Screen::Secret | Screen::History);
    if !is_shown || !is_due || !model.is_free(Slot::Changes) {
        return Vec::new();
    }
    let covered = known.changes.clone();
    model.known.history.changes_asked = Some(model.now);
    model.known.history.changes_state = Fetch::Loading;
    let request = Request::History(Box::new(Scope::Account(context)), Depth::changes(), since, covered);
    vec![model.ask(Slot::Changes, request)]
}

/// How long after AWSCURRENT has moved its readers are looked for again by themselves, and how often.
const REFILL: TimeDelta = TimeDelta::minutes(20);
const REFILL_EVERY: TimeDelta = TimeDelta::minutes(1);

/// Most look-ups that this may cost, by what the last one did: where it is more, a key asks for it.
const REFILL_PAGES: usize = 12;

/// After a rotation the readers fill up: while records of them may be on their way, they are looked for again.
pub(in crate::tui::update) fn refill(model: &mut Model) -> Vec<Effect> {
    let known = &model.known.history;
    let is_young = model.history.followers.as_ref().is_some_and(|(moved, _)| model.now - *moved < REFILL);
    let is_read = known.reached.as_ref().is_some_and(|reached| reached.done && reached.pages <= REFILL_PAGES);
    let is_due = known.asked.is_some_and(|asked| model.now - asked >= REFILL_EVERY);
    let is_shown = model.screen() == Screen::History && known.scope == model.history.scope;
    if is_shown && is_young && is_read && is_due && model.is_free(Slot::History) { search(model) } else { Vec::new() }
}

/// How far back what changed secrets is wanted.
fn changes_back(model: &Model) -> TimeDelta {
    let is_wanted = model.screen() == Screen::History && model.history.depth() != Depth::Whole;
    if is_wanted { CHANGES_BACK.max(model.history.range.length()) } else { CHANGES_BACK }
}

/// Takes in what changed secrets.
pub(in crate::tui::update) fn changes(model: &mut Model, reply: Reply) {
    let Reply::History(news) = reply else {
        model.answered(Slot::Changes);
        if model.known.history.changes_state == Fetch::Loading {
            model.known.history.changes_state = Fetch::Idle;
        }
        return;
    };
    let new = match *news {
        News::Found { events, unplaced, reached } => model.known.history.changed(events, unplaced, &reached),
        News::Slowed => return,
        News::Failed(fault) => {
            model.known.history.changes_state = Fetch::Failed(fault);
            return;
        }
    };
    arrived(model, &new);
}

/// How old an event may be that is told of as news: records come late, and a look-up may reach further back than before.
const NEWS: TimeDelta = TimeDelta::hours(2);

/// Says that a rotation has failed that nobody here watches, if that is news.
pub(in crate::tui::update) fn told_of_failures(model: &mut Model, new: &[RotationFailure]) {
    if !model.known.trail.is_first_over {
        return;
    }
    let rotations = &model.known.rotations;
    let is_news = |failure: &&RotationFailure| {
        let is_watched = rotations.iter().any(|rotation| rotation.id.arn == failure.secret);
        !is_watched && model.now - failure.at < NEWS
    };
    let Some(latest) = new.iter().filter(is_news).max_by_key(|failure| failure.at) else { return };
    let step = latest.step.map_or_else(String::new, |step| format!(" at {}", step.word()));
    let name = name_of(&Whose { arn: Some(latest.secret.clone()), given: Vec::new() });
    let key = model.start.keymap.key(Keys::Secrets, Action::Why);
    model.notify(format!("rotation of {name} failed{step}, {} · {key} on it says why", time_of_day(latest.at)));
}

/// Says that a secret was deleted, or scheduled for that, and by whom, if it is news.
pub(in crate::tui::update) fn told_of_deletions(model: &mut Model, new: &[TrailEvent]) {
    let is_news = |event: &&TrailEvent| model.known.trail.is_first_over && model.now - event.at < NEWS;
    let Some(latest) = new.iter().filter(is_news).max_by_key(|event| event.at) else { return };
    let (name, who) = (name_of(&latest.scene.whose), latest.scene.who.words());
    let key = model.start.keymap.key(Keys::Any, Action::Activity);
    let what = if latest.deed.is_final() { "deleted without recovery" } else { "scheduled for deletion" };
    model.notify(format!("{name} was {what} by {who}, {} · {key} shows it", time_of_day(latest.at)));
}

fn name_of(whose: &Whose) -> String {
    whose.name().map_or_else(|| "a secret".to_owned(), |name| name.to_string())
}
