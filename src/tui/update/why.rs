//! Why a secret's rotation isn't done: asked, scrolled, unfolded; and the fix that is carried out from here.

use super::{answers, change};
use crate::domain::change::{Fix, Word};
use crate::domain::plan::{Half, PlanEnd, Told, Under};
use crate::domain::preflight::{Checked, Purpose};
use crate::text::safe;
use crate::tui::keymap::{Action, Scope};
use crate::tui::known::{Fetch, FixRun, Remote, Why};
use crate::tui::model::{Model, Screen};
use crate::tui::msg::{Effect, Reply, Request, Slot};
use crate::tui::screen;
use crate::tui::why;

/// Asks why, about the secret that is looked at.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    let Some(secret) = change::subject(model) else {
        model.notify("there is no secret here to ask about");
        return Vec::new();
    };
    let is_known = model.known.why.as_ref().is_some_and(|why| why.id == secret.id);
    if !is_known {
        model.known.why = Some(Why::of(secret.id.clone(), secret.name.clone()));
        model.why = screen::why::Why::default();
    }
    model.way.retain(|screen| *screen != Screen::Why);
    model.way.push(Screen::Why);
    ask(model).into_iter().collect()
}

/// Asks anew about the secret that is shown.
pub(super) fn ask(model: &mut Model) -> Option<Effect> {
    let why = model.known.why.as_mut()?;
    let known = why.diagnosis.get().map(|diagnosis| diagnosis.secret.clone());
    let secrets = &model.known.secrets;
    let listed = || secrets.find(&why.id).map(|number| secrets.row(number).secret.clone());
    let inspected = || model.known.inspected.get(&why.id).and_then(Remote::get)?.secret.clone().ok();
    let secret = known.or_else(listed).or_else(inspected)?;
    why.diagnosis.state = Fetch::Loading;
    Some(model.ask(Slot::Why, Request::Why(Box::new(secret))))
}

/// An action of the screen; `None`: it is none of its own.
pub(super) fn act(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    match action {
        Action::Say => model.why.say_next(),
        Action::Evidence => model.why.unfold(why::foldable(model)),
        Action::Refresh => return Some(ask(model).into_iter().collect()),
        Action::DropPending => return Some(change::ask_way_out(model, Purpose::Fix(Fix::Drop, model.why.tested))),
        Action::Promote => return Some(change::ask_way_out(model, Purpose::Fix(Fix::Promote, model.why.tested))),
        Action::RollBack => return Some(change::ask_way_out(model, Purpose::Fix(Fix::RollBack, model.why.tested))),
        Action::Finish => return Some(change::ask_way_out(model, Purpose::Finish)),
        Action::Undo => return Some(change::ask_way_out(model, Purpose::Undo)),
        Action::Nth(number) => {
            let number = usize::from(number).saturating_sub(1);
            if number < why::foldable(model) && !model.why.unfolded.remove(&number) {
                model.why.unfolded.insert(number);
            }
        }
        _ => return None,
    }
    Some(Vec::new())
}

/// Takes in what is told of a diagnosis, or of the fix that is carried out.
pub(super) fn answer(model: &mut Model, reply: Reply) -> Vec<Effect> {
    match reply {
        Reply::Why(answer, under) => {
            let now = model.now;
            let Some(why) = &mut model.known.why else { return Vec::new() };
            why.under = under.map(|under| *under);
            let (arn, half) = (why.id.arn.clone(), why.under.as_ref().and_then(Under::half).cloned());
            model.known.left.retain(|left| left.plan.secret != arn.raw());
            model.known.left.extend(half);
            let Some(why) = &mut model.known.why else { return Vec::new() };
            let is_over = answer.as_ref().map_or(true, |diagnosis| diagnosis.awaited.is_empty());
            if answer.as_ref().is_ok_and(|diagnosis| diagnosis.secret.id != why.id) {
                return Vec::new();
            }
            why.diagnosis.settle(answer.map(|diagnosis| *diagnosis), now);
            if is_over {
                model.answered(Slot::Why);
            } else {
                why.diagnosis.state = Fetch::Loading;
            }
            Vec::new()
        }
        Reply::Fix(told) => told_of_fix(model, *told),
        Reply::Left(left) => {
            told_of_left(model, &left);
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// Says that something was left half done: whoever starts next must know.
fn told_of_left(model: &mut Model, left: &[Under]) {
    // A file that can't be read doesn't tell its secret either.
    let unread = left.iter().find_map(Under::unread);
    let left: Vec<Half> = left.iter().filter_map(Under::half).cloned().collect();
    let half = left.first().map(|half| {
        let key = model.start.keymap.key(Scope::Secrets, Action::Why);
        let more = if left.len() > 1 { format!(", and {} more", left.len() - 1) } else { String::new() };
        let name = safe(&half.plan.name);
        format!("a fix of {name} was left half done{more}: {key} on it tells more")
    });
    let text = half.into_iter().chain(unread).collect::<Vec<_>>().join(" · ");
    if !text.is_empty() {
        model.notify(text);
    }
    model.known.left = left;
}

fn told_of_fix(model: &mut Model, told: Told) -> Vec<Effect> {
    let Some(run) = &mut model.known.fix else { return Vec::new() };
    let ended = matches!(told, Told::Ended(_)).then(|| (run.name.clone(), run.id.clone()));
    run.tell(told);
    let Some((name, id)) = ended else { return Vec::new() };
    let sentence = run.end().map(PlanEnd::sentence).unwrap_or_default();
    model.answered(Slot::Fix);
    if model.screen() != Screen::Why {
        let key = model.start.keymap.key(Scope::Secrets, Action::Why);
        model.notify(format!("{name}: {sentence} · {key} shows it"));
    }
    let mut effects = Vec::new();
    if model.known.why.as_ref().is_some_and(|why| why.id == id) {
        // What the user said was of the labels as they were.
        model.why.tested = None;
        effects.extend(ask(model));
    }
    effects.push(super::inspect(model, id, std::time::Duration::ZERO));
    if model.start.bell {
        effects.push(Effect::Bell);
    }
    effects.extend(answers::left(model));
    effects
}

/// Carries out what was confirmed, and shows how it goes.
pub(super) fn begin(model: &mut Model, checked: Checked, word: Word) -> Vec<Effect> {
    let Some(plan) = checked.plan.clone() else { return Vec::new() };
    let secret = checked.secret.clone();
    let (id, name) = (secret.id.clone(), secret.name.clone());
    let (plan_of, began) = (plan.clone(), model.now);
    model.known.fix = Some(FixRun { id: id.clone(), name: name.clone(), plan: plan_of, began, told: Vec::new() });
    model.overlay = None;
    let mut effects = vec![model.drop_question(Slot::Confirm), model.drop_question(Slot::Pause)];
    if model.known.why.as_ref().is_none_or(|why| why.id != id) {
        model.known.why = Some(Why::of(id, name));
    }
    model.why.scroll.top = 0;
    model.way.retain(|screen| *screen != Screen::Why);
    model.way.push(Screen::Why);
    let request = match checked.half {
        Some(half) => Request::Finish(Box::new(half), Box::new(secret), word),
        None => Request::Fix(Box::new(plan), Box::new(secret), word),
    };
    effects.push(model.ask(Slot::Fix, request));
    effects
}
