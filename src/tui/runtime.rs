//! Effects carried out: each request is a task, one running task per slot; its answers come back as messages.

mod fix;
mod history;
mod rotation;

use std::collections::HashMap;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::TryStreamExt;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinError, JoinSet};

use super::msg::{Msg, Reply, Request, Slot, Ticket};
use crate::aws::Aws;
use crate::domain::catalogue::Catalogue;
use crate::domain::context::Context;
use crate::domain::fault::Fault;
use crate::ops::alerts::coverage;
use crate::ops::inspect::inspect;
use crate::ops::plans::left;

/// How many messages may wait for the loop. A full channel makes the tasks wait, and so AWS.
const INBOX: usize = 64;

/// How many messages the loop takes in before it looks at the keyboard again: a page of a long list takes milliseconds.
const TURN: usize = 1;

/// The dashboard's hands in the outside world.
#[derive(Debug)]
pub struct Runtime {
    aws: Aws,
    catalogue: Catalogue,
    tasks: JoinSet<()>,
    running: HashMap<Slot, AbortHandle>,
    sender: mpsc::Sender<Msg>,
    inbox: mpsc::Receiver<Msg>,
}

impl Runtime {
    /// Hands that reach through this door.
    pub fn new(aws: Aws) -> Self {
        let (sender, inbox) = mpsc::channel(INBOX);
        let mut runtime = Self {
            aws,
            catalogue: Catalogue::builtin(),
            tasks: JoinSet::new(),
            running: HashMap::new(),
            sender,
            inbox,
        };
        runtime.tasks.spawn(tell_of_calls(runtime.aws.clone(), runtime.sender.clone()));
        runtime
    }

    /// The same, which knows these signatures of failures.
    #[must_use]
    pub fn knowing(self, catalogue: Catalogue) -> Self {
        Self { catalogue, ..self }
    }

    /// The time by the program's clock, UTC.
    pub fn now(&self) -> DateTime<Utc> {
        self.aws.now()
    }

    /// Makes a request in a slot, in place of what runs there.
    pub fn start(&mut self, slot: Slot, ticket: Ticket, request: Request) {
        let desk = Desk { slot, ticket, sender: self.sender.clone(), catalogue: self.catalogue.clone() };
        let task = self.tasks.spawn(serve(self.aws.clone(), desk, request));
        self.running.retain(|_, task| !task.is_finished());
        if let Some(replaced) = self.running.insert(slot, task) {
            replaced.abort();
        }
    }

    /// Ends what runs in a slot.
    pub fn stop(&mut self, slot: Slot) {
        if let Some(task) = self.running.remove(&slot) {
            task.abort();
        }
    }

    /// Waits for messages, and adds a turn of them to `msgs`. A task that panicked is an error.
    pub async fn receive(&mut self, msgs: &mut Vec<Msg>) -> Result<(), JoinError> {
        loop {
            tokio::select! { biased;
                _ = self.inbox.recv_many(msgs, TURN) => return Ok(()),
                Some(ended) = self.tasks.join_next() => match ended {
                    Err(e) if e.is_panic() => return Err(e),
                    _ => {}
                },
            }
        }
    }
}

/// Where a task puts its answers.
struct Desk {
    slot: Slot,
    ticket: Ticket,
    sender: mpsc::Sender<Msg>,
    /// What is known of failures' signatures.
    catalogue: Catalogue,
}

impl Desk {
    async fn reply(&self, reply: Reply) {
        // A loop that has ended wants no answer any more.
        let _ = self.sender.send(Msg::Reply(self.slot, self.ticket, reply)).await;
    }
}

async fn serve(aws: Aws, desk: Desk, request: Request) {
    match request {
        Request::Open(after) => {
            wait(after).await;
            desk.reply(Reply::Opened(aws.open().await)).await;
        }
        Request::Identity(context) => desk.reply(Reply::Identity(aws.identity(&context).await)).await,
        Request::List(context) => list(&aws, &desk, &context).await,
        Request::Trail(context, since) => {
            let ended = Box::pin(trail(&aws, &desk, &context, since)).await;
            desk.reply(Reply::Trailed(ended)).await;
        }
        Request::Inspect(id, after) => {
            wait(after).await;
            let inspection = inspect(&aws, &id).await;
            desk.reply(Reply::Inspected(id, Box::new(inspection))).await;
        }
        Request::Preflight(secret, purpose, attempts) => {
            rotation::check(&aws, &desk, *secret, purpose, &attempts).await;
        }
        Request::Pause(time) => {
            wait(time).await;
            desk.reply(Reply::Paused).await;
        }
        // Boxed: what the SDK's futures are in, all others would have to have room for.
        Request::Change(begin) => Box::pin(rotation::change(&aws, &desk, *begin)).await,
        Request::Follow(secret) => Box::pin(rotation::join_in(&aws, &desk, &secret)).await,
        Request::Log(secret, since) => Box::pin(rotation::log(&aws, &desk, &secret, since)).await,
        Request::Save(file, entries) => rotation::save(&desk, file, entries).await,
        Request::Left => desk.reply(Reply::Left(left(&aws))).await,
        Request::Why(secret) => Box::pin(fix::why(&aws, &desk, &secret)).await,
        Request::Fix(plan, secret, word) => Box::pin(fix::carry_out(&aws, &desk, *plan, &secret, word)).await,
        Request::History(scope, depth, since, covered) => {
            Box::pin(history::search(&aws, &desk, &scope, depth, since, covered)).await;
        }
        Request::Record(context, id) => Box::pin(history::record(&aws, &desk, &context, &id)).await,
        Request::Alerts(context) => {
            let coverage = Box::pin(coverage(&aws, &context, None)).await;
            desk.reply(Reply::Alerts(Box::new(coverage))).await;
        }
        Request::Export(file, export) => history::export(&desk, file, *export).await,
        Request::Finish(half, secret, word) => Box::pin(fix::finish(&aws, &desk, *half, &secret, word)).await,
    }
}

async fn list(aws: &Aws, desk: &Desk, context: &Arc<Context>) {
    let mut pages = pin!(aws.list(context));
    let ended = loop {
        match pages.try_next().await {
            Ok(Some(page)) => desk.reply(Reply::Page(page.secrets)).await,
            Ok(None) => break Ok(()),
            Err(fault) => break Err(fault),
        }
    };
    desk.reply(Reply::Listed(ended)).await;
}

async fn trail(aws: &Aws, desk: &Desk, context: &Arc<Context>, since: DateTime<Utc>) -> Result<(), Fault> {
    let mut failures = pin!(aws.rotation_failures(context, since));
    while let Some(page) = failures.try_next().await? {
        desk.reply(Reply::Failures(page.records)).await;
    }
    let mut cancellations = pin!(aws.cancellations(context, since));
    while let Some(page) = cancellations.try_next().await? {
        desk.reply(Reply::Cancellations(page.records)).await;
    }
    let mut deletions = pin!(aws.deletions(context, since));
    while let Some(page) = deletions.try_next().await? {
        desk.reply(Reply::Deletions(page.records)).await;
    }
    Ok(())
}

async fn wait(time: Duration) {
    if !time.is_zero() {
        tokio::time::sleep(time).await;
    }
}

async fn tell_of_calls(aws: Aws, sender: mpsc::Sender<Msg>) {
    let mut calls = aws.calls();
    loop {
        match calls.recv().await {
            Ok(call) => {
                if sender.send(Msg::Call(call)).await.is_err() {
                    return;
                }
            }
            // The panel shows the latest calls; those it could not keep up with are older.
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return,
        }
    }
}
