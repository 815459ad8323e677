//! Every order in which answers that are under way can come in, with what the user does meanwhile: never a wrong row,
//! and in the end the same screen as when nothing was late.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use crossterm::event::KeyEvent;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Cell;
use ratatui::layout::Size;
use secdash::domain::fault::{Cause, Fault};
use secdash::domain::inspection::Inspection;
use secdash::domain::permission::Operation;
use secdash::domain::rotation::Step;
use secdash::domain::secret::{Secret, SecretId};
use secdash::domain::trail::RotationFailure;
use secdash::domain::version::{LabelMap, StagingLabel, VersionId};
use secdash::tui::keymap::parse;
use secdash::tui::model::{Model, Start};
use secdash::tui::msg::{Msg, Reply, Request, Slot, Ticket};
use secdash::tui::update::{start, update};

use super::aws::{self, Aws, Question};
use super::made::{self, Dice, Home};
use super::truth;

/// What happens in one order or another.
#[derive(Debug, Clone)]
enum Event {
    /// A message; its place among those of the same question is kept.
    Msg(Option<Ticket>, Box<Msg>),
    Keys(&'static str),
}

struct Scene {
    model: Model,
    aws: Aws,
    home: Home,
    heard: usize,
    /// Whether all is looked at after each event; the way to where orders differ is the same each time.
    watched: bool,
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

/// One of three secrets of an account; all have a pending version, and the second one more.
fn secret(home: Home, number: u64) -> Secret {
    let id = made::id(home, number);
    let labels =
        |number: u64, label| (VersionId(format!("{number}-{}", made::mark_of(&id)).into()), Box::from([label]));
    let labels = [labels(0, StagingLabel::Current), labels(1, StagingLabel::Pending)];
    Secret {
        labels: LabelMap(labels.into_iter().collect()),
        deleted: None,
        ..made::secret(&id, now(), &mut Dice(number))
    }
}

fn failure(id: &SecretId) -> RotationFailure {
    RotationFailure {
        secret: id.arn.clone(),
        version: Some(VersionId(format!("1-{}", made::mark_of(id)).into())),
        at: now() - TimeDelta::minutes(9),
        step: Some(Step::Set),
        message: "".into(),
        event_id: made::mark_of(id).into(),
    }
}

impl Scene {
    /// A dashboard with a list, and a user who has chosen the second secret.
    fn new() -> Self {
        let mut model = Model::new(Start { now: now(), size: Size::new(120, 40), ..Start::default() });
        let mut aws = Aws::default();
        aws.hear(&start(&mut model));
        let mut scene = Self { model, aws, home: Home { context: 0, account: 0 }, heard: 0, watched: false };
        // The first list is complete, and everything that it gives rise to has been asked and is under way.
        for _ in 0..2 {
            for event in scene.unanswered() {
                scene.take(&event);
            }
        }
        for _ in 0..3 {
            if scene.model.selected_id().is_none_or(|id| mark_number(&id) != 1) {
                scene.take(&Event::Keys("j"));
            }
        }
        scene
    }

    fn send(&mut self, msg: Msg) {
        let effects = update(&mut self.model, msg);
        self.aws.hear(&effects);
    }

    fn take(&mut self, event: &Event) {
        match event {
            Event::Msg(_, msg) => self.send((**msg).clone()),
            Event::Keys(keys) => keys.split(' ').for_each(|key| {
                let (code, modifiers) = parse(key).unwrap();
                self.send(Msg::Key(KeyEvent::new(code, modifiers)));
            }),
        }
        if !self.watched {
            return;
        }
        truth::list_is_whole(&self.model);
        truth::rows_are_judged(&self.model);
        truth::nothing_is_foreign(&self.model);
        truth::sheet_is_its_own(&self.model);
    }

    /// True answers to all that was asked since the last time.
    fn unanswered(&mut self) -> Vec<Event> {
        let asked = self.aws.questions.split_off(self.heard);
        self.aws.questions.extend(asked.iter().cloned());
        self.heard = self.aws.questions.len();
        asked.iter().flat_map(|asked| self.answers(asked)).collect()
    }

    fn answers(&self, asked: &Question) -> Vec<Event> {
        let secrets = |home| (0..3).map(|number| secret(home, number)).collect::<Vec<_>>();
        let home = Home { account: asked.account, context: self.home.context };
        let replies = match &asked.request {
            Request::Open(_) => vec![aws::opened(home.context)],
            Request::Identity(_) => vec![Reply::Identity(Ok(aws::identity(home.account)))],
            Request::List(context) => {
                let home = Home { context: made::number(context), ..home };
                vec![Reply::Page(secrets(home)), Reply::Listed(Ok(()))]
            }
            Request::Trail(context, _) => {
                let home = Home { context: made::number(context), ..home };
                let cancelled = secrets(home).iter().map(|it| made::cancellation(it, now(), &mut Dice(1))).collect();
                let failed = (0..2).map(|number| failure(&made::id(home, number))).collect();
                vec![Reply::Failures(failed), Reply::Cancellations(cancelled), Reply::Trailed(Ok(()))]
            }
            Request::Inspect(id, _) => vec![inspected(id)],
            Request::Left => vec![Reply::Left(Vec::new())],
            other => unreachable!("nobody asks for a change or a log here: {other:?}"),
        };
        let msg = |reply| Event::Msg(Some(asked.ticket), Box::new(Msg::Reply(asked.slot, asked.ticket, reply)));
        replies.into_iter().map(msg).collect()
    }

    /// Answers until nothing is asked any more.
    fn settle(&mut self) {
        for _ in 0..20 {
            let events = self.unanswered();
            if events.is_empty() {
                return;
            }
            for event in &events {
                self.take(event);
            }
        }
        assert!(self.unanswered().is_empty(), "the dashboard never stops asking");
    }

    fn screen(&self) -> String {
        let mut terminal = Terminal::new(TestBackend::new(120, 40)).unwrap();
        let buffer = truth::drawn(&self.model, &mut terminal, self.model.size);
        let lines = buffer.content().chunks(120).map(|cells| cells.iter().map(Cell::symbol).collect::<String>());
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// The description of the second secret can't be had: what the history tells of it must stand all the same.
fn inspected(id: &SecretId) -> Reply {
    let mark = made::mark_of(id);
    let (home, number) = (made::marks(&mark)[0].0, mark_number(id));
    let denied = Fault::new(Operation::DescribeSecret, Cause::Denied { message: mark.clone().into() });
    let secret = if number == 1 { Err(denied) } else { Ok(secret(home, number)) };
    Reply::Inspected(id.clone(), Box::new(Inspection { secret, raw: vec![mark.into()], versions: Ok(Vec::new()) }))
}

/// Every order of some events in which those of one question keep theirs.
fn orders(events: &[Event]) -> Vec<Vec<Event>> {
    if events.is_empty() {
        return vec![Vec::new()];
    }
    let mut begun = HashSet::new();
    let mut all = Vec::new();
    for (at, first) in events.iter().enumerate() {
        if let Event::Msg(Some(ticket), _) = first
            && !begun.insert(*ticket)
        {
            continue;
        }
        let mut rest = events.to_vec();
        rest.remove(at);
        all.extend(orders(&rest).into_iter().map(|mut order| {
            order.insert(0, first.clone());
            order
        }));
    }
    all
}

/// What is under way when the user has asked again; with another home, a sign-in that leads there is too.
fn under_way(other: Option<Home>) -> (Scene, Vec<Event>) {
    let mut scene = Scene::new();
    scene.take(&Event::Keys("r"));
    let mut events = scene.unanswered();
    if let Some(other) = other {
        let asked = scene.aws.questions.iter().rev().find(|asked| asked.slot == Slot::Secret).unwrap().clone();
        let Request::Inspect(id, _) = asked.request else { return (scene, events) };
        let expired = || Fault::new(Operation::DescribeSecret, Cause::Expired { profile: Some("p".to_owned()) });
        let nothing = Inspection { secret: Err(expired()), raw: Vec::new(), versions: Err(expired()) };
        scene.send(Msg::Reply(asked.slot, asked.ticket, Reply::Inspected(id, Box::new(nothing))));
        (scene.home, scene.aws.account) = (other, other.account);
        events.extend(scene.unanswered());
    }
    (scene, events)
}

/// Plays some of what is under way in every order; the rest comes after it, and then all that is asked is answered.
fn same_in_every_order(other: Option<Home>, picked: impl Fn(&Reply) -> bool, keys: &[&'static str]) {
    let is_picked = |event: &Event| match event {
        Event::Msg(_, msg) => matches!(&**msg, Msg::Reply(_, _, reply) if picked(reply)),
        Event::Keys(_) => true,
    };
    let (mut events, rest): (Vec<_>, Vec<_>) = under_way(other).1.into_iter().partition(is_picked);
    events.extend(keys.iter().map(|keys| Event::Keys(keys)));
    let play = |order: &[Event]| {
        let mut scene = under_way(other).0;
        scene.watched = true;
        for event in order.iter().chain(&rest) {
            scene.take(event);
        }
        scene.settle();
        (scene.model.selected_id(), scene.screen())
    };
    let orders = orders(&events);
    assert!((20..1_000).contains(&orders.len()), "{}: {events:#?}", orders.len());
    let first = play(&orders[0]);
    for order in &orders {
        let (selected, screen) = play(order);
        assert!((&selected, &screen) == (&first.0, &first.1), "{screen}\n{}\n{order:#?}", first.1);
    }
}

#[test]
fn the_screen_is_the_same_whatever_comes_first() {
    let chosen = made::id(Home { context: 0, account: 0 }, 1);
    let picked = |reply: &Reply| match reply {
        Reply::Inspected(id, _) => *id == chosen,
        reply => matches!(reply, Reply::Failures(_) | Reply::Page(_) | Reply::Listed(_)),
    };
    same_in_every_order(None, picked, &[]);
    let listed = |reply: &Reply| matches!(reply, Reply::Failures(_) | Reply::Page(_) | Reply::Listed(_));
    same_in_every_order(None, listed, &["s", "/ ! e v i l enter"]);
}

#[test]
fn answers_from_behind_another_door_never_come_in() {
    let late = |reply: &Reply| match reply {
        Reply::Inspected(id, _) => mark_number(id) == 0,
        reply => matches!(reply, Reply::Opened(_) | Reply::Page(_) | Reply::Cancellations(_)),
    };
    for other in [Home { context: 2, account: 1 }, Home { context: 0, account: 1 }] {
        same_in_every_order(Some(other), late, &[]);
    }
}

fn mark_number(id: &SecretId) -> u64 {
    made::mark_of(id)[5..].parse().unwrap()
}
