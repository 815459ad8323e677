//! The AWS on the other side: it keeps every question that was ever asked, and answers any of them, at any time.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use secdash::domain::context::Identity;
use secdash::domain::secret::Secret;
use secdash::tui::model::Model;
use secdash::tui::msg::{Effect, Msg, Reply, Request, Slot, Ticket};

use super::made::{self, Dice, Home};
use super::{events, rotations};

/// How many secrets an account has at most.
pub const SECRETS: u64 = 24;

/// A question, and the account that was behind the door when it was asked.
#[derive(Debug, Clone)]
pub struct Question {
    pub slot: Slot,
    pub ticket: Ticket,
    pub request: Request,
    pub account: u64,
}

/// Every question so far.
#[derive(Debug, Default)]
pub struct Aws {
    pub questions: Vec<Question>,
    /// The account that is signed in to at the moment.
    pub account: u64,
}

impl Aws {
    /// Takes note of what is asked.
    pub fn hear(&mut self, effects: &[Effect]) {
        for effect in effects {
            if let Effect::Start(slot, ticket, request) = effect {
                let (slot, ticket, request) = (*slot, *ticket, request.clone());
                self.questions.push(Question { slot, ticket, request, account: self.account });
            }
        }
    }

    /// An answer to one of the questions, most often one of the latest; those answered or replaced long ago are there too.
    pub fn answer(&mut self, model: &Model, dice: &mut Dice) -> Option<Msg> {
        let last = self.questions.len().checked_sub(1)?;
        let back = if dice.once_in(4) { dice.below(60) } else { dice.below(7) };
        let question = self.questions[last.saturating_sub(usize::try_from(back).ok()?)].clone();
        let before = self.account;
        let reply = self.reply(&question, model.now, dice);
        if !model.awaits(question.slot, question.ticket) {
            // A sign-in that was replaced has ended; it changes nobody's account.
            self.account = before;
        }
        Some(Msg::Reply(question.slot, question.ticket, reply))
    }

    /// An answer to the latest question in one of some slots.
    pub fn answer_in(&mut self, slots: impl Fn(Slot) -> bool, now: DateTime<Utc>, dice: &mut Dice) -> Option<Msg> {
        let question = self.questions.iter().rev().find(|question| slots(question.slot))?.clone();
        let reply = self.reply(&question, now, dice);
        Some(Msg::Reply(question.slot, question.ticket, reply))
    }

    fn reply(&mut self, question: &Question, now: DateTime<Utc>, dice: &mut Dice) -> Reply {
        let account = question.account;
        match &question.request {
            Request::Open(_) if dice.once_in(5) => Reply::Opened(Err(made::fault(dice, ""))),
            Request::Open(_) => {
                if dice.once_in(3) {
                    self.account = dice.below(3);
                }
                let other = if dice.once_in(3) { dice.below(3) } else { 0 };
                Reply::Opened(Ok(made::context(other)))
            }
            Request::Identity(_) if dice.once_in(9) => Reply::Identity(Err(made::fault(dice, ""))),
            Request::Identity(_) => Reply::Identity(Ok(identity(account))),
            Request::List(context) => list(Home { context: made::number(context), account }, now, dice),
            Request::Trail(context, _) => trail(Home { context: made::number(context), account }, now, dice),
            Request::Inspect(id, _) => Reply::Inspected(id.clone(), Box::new(made::inspection(id, now, dice))),
            request => {
                let reply = rotations::reply(request, now, dice);
                reply.or_else(|| events::reply(request, account, now, dice)).unwrap()
            }
        }
    }
}

/// Who is signed in.
pub fn identity(account: u64) -> Identity {
    Identity { account: format!("{account:012}").into(), arn: "arn\u{1b}".into() }
}

/// A few secrets; some come twice, as they were and changed.
pub fn secrets(home: Home, now: DateTime<Utc>, dice: &mut Dice) -> Vec<Secret> {
    let number = dice.below(20);
    (0..number).map(|_| made::secret(&made::id(home, dice.below(SECRETS)), now, dice)).collect()
}

fn list(home: Home, now: DateTime<Utc>, dice: &mut Dice) -> Reply {
    match dice.below(6) {
        0 => Reply::Listed(Err(made::fault(dice, ""))),
        1 | 2 => Reply::Listed(Ok(())),
        _ => Reply::Page(secrets(home, now, dice)),
    }
}

fn trail(home: Home, now: DateTime<Utc>, dice: &mut Dice) -> Reply {
    let ids: Vec<_> = secrets(home, now, dice);
    match dice.below(6) {
        0 => Reply::Trailed(Err(made::fault(dice, ""))),
        1 => Reply::Trailed(Ok(())),
        2 | 3 => Reply::Cancellations(ids.iter().map(|secret| made::cancellation(secret, now, dice)).collect()),
        _ => Reply::Failures(ids.iter().map(|secret| made::failure(&secret.id, now, dice)).collect()),
    }
}

/// An answer that nobody waits for: a slot, a ticket, a Context and an account by chance.
pub fn stray(now: DateTime<Utc>, dice: &mut Dice) -> Msg {
    let home = Home { context: dice.below(3), account: dice.below(3) };
    let id = made::id(home, dice.below(SECRETS));
    let slots = [Slot::Door, Slot::Identity, Slot::Secrets, Slot::Secret, Slot::Trail, Slot::Look(0), Slot::Look(200)];
    let slot = slots[usize::try_from(dice.below(7)).unwrap()];
    let reply = match dice.below(6) {
        0 => Reply::Opened(Ok(made::context(home.context))),
        1 => Reply::Identity(Ok(identity(home.account))),
        2 => list(home, now, dice),
        3 => trail(home, now, dice),
        _ => Reply::Inspected(id.clone(), Box::new(made::inspection(&id, now, dice))),
    };
    Msg::Reply(slot, Ticket(10_000 + dice.below(9)), reply)
}

/// A Context with its secrets, as an answer to the first questions.
pub fn opened(context: u64) -> Reply {
    Reply::Opened(Ok(Arc::clone(&made::context(context))))
}
