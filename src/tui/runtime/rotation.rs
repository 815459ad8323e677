//! Changes, rotations and logs: what is asked of AWS for them, and how the answers come back.

use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures::StreamExt;

use super::Desk;
use crate::aws::Aws;
use crate::domain::change::{Change, ChangeKind, Outcome};
use crate::domain::invocation::Entry;
use crate::domain::plan::Under;
use crate::domain::preflight::{Begin, Checked, Preflight, Purpose};
use crate::domain::progress::Update;
use crate::domain::secret::Secret;
use crate::domain::timeline::Attempt;
use crate::ops::follow::{self, Start};
use crate::ops::join::{Running, join};
use crate::ops::judge::judge;
use crate::ops::plans::{forget, under_way};
use crate::ops::preflight::{Found, preflight, preflight_at_once};
use crate::ops::readers::readers;
use crate::ops::rotate::{begin, find_and_listen};
use crate::ops::{logs, save};
use crate::tui::msg::Reply;

/// Learns what must be known before a change, and what the change would be.
pub(super) async fn check(aws: &Aws, desk: &Desk, secret: Secret, purpose: Purpose, attempts: &[Attempt]) {
    if purpose.is_way_out() {
        let checked = judge(aws, &secret, purpose).await;
        return desk.reply(Reply::Checked(Box::new(checked))).await;
    }
    if purpose != Purpose::Rotate {
        let (found, preflight) = preflight(aws, &secret, purpose, attempts).await;
        return found_out(aws, desk, secret, purpose, (found, preflight)).await;
    }
    // Nobody who rotates is to wait for CloudTrail: who reads the secret is told when it is known.
    let at_once = async {
        let checked = preflight_at_once(aws, &secret, purpose, attempts).await;
        found_out(aws, desk, secret.clone(), purpose, checked).await;
    };
    let ((), readers) = tokio::join!(Box::pin(at_once), Box::pin(readers(aws, &secret, purpose)));
    if let Some(check) = readers.and_then(|readers| readers.check(purpose, &secret, aws.now())) {
        desk.reply(Reply::Readers(Box::new(check))).await;
    }
}

/// Tells what was found, with the change as it would be.
async fn found_out(aws: &Aws, desk: &Desk, secret: Secret, purpose: Purpose, (found, preflight): (Found, Preflight)) {
    let secret = found.inspection.secret.clone().unwrap_or(secret);
    let kind = match purpose {
        Purpose::Rotate => ChangeKind::Rotate { token: aws.token() },
        Purpose::TestOnly => ChangeKind::TestOnly { token: aws.token() },
        Purpose::TurnOn => ChangeKind::TurnOn { token: aws.token() },
        Purpose::Delete(window) => ChangeKind::Delete { window },
        Purpose::Restore => ChangeKind::Restore,
        // The ways out have been judged by themselves.
        Purpose::TurnOff | Purpose::Fix(..) | Purpose::Finish | Purpose::Undo => ChangeKind::TurnOff,
    };
    let checked = Checked {
        change: Change::of(&secret, kind),
        preflight,
        function: found.function.map(|function| function.configuration),
        inspection: Some(found.inspection),
        plan: None,
        half: None,
        at: found.at,
        secret,
    };
    desk.reply(Reply::Checked(Box::new(checked))).await;
}

/// Carries out what was confirmed, and follows the rotation that begins with it.
pub(super) async fn change(aws: &Aws, desk: &Desk, asked: Begin) {
    let Begin { confirmed, secret, function } = asked;
    if confirmed.get().kind.token().is_none() {
        let changed = aws.carry_out(&confirmed).await;
        if changed.is_accepted() && confirmed.get().movement().is_some() {
            // What was half done is taken back by it.
            if let Some(Under::Half(half)) = under_way(aws, &secret) {
                drop(forget(aws, &half.plan));
            }
        }
        return desk.reply(Reply::Changed(Box::new(changed))).await;
    }
    let (log, ear) = find_and_listen(aws, &secret, function.as_ref()).await;
    desk.reply(Reply::Found(Box::new(log))).await;
    let function = function.as_ref().and_then(|function| function.as_ref().ok());
    let (changed, start) = begin(aws, ear, &secret, function, &confirmed).await;
    let may_run = matches!(changed.outcome, Outcome::Accepted { .. } | Outcome::Unknown(_));
    desk.reply(Reply::Changed(Box::new(changed))).await;
    if may_run {
        watch(aws, desk, start).await;
    }
}

/// Follows the rotation that runs already.
pub(super) async fn join_in(aws: &Aws, desk: &Desk, secret: &Secret) {
    match join(aws, secret).await {
        Some(Running { log, start, .. }) => {
            desk.reply(Reply::Found(Box::new(log))).await;
            watch(aws, desk, start).await;
        }
        None => desk.reply(Reply::NotRunning).await,
    }
}

async fn watch(aws: &Aws, desk: &Desk, start: Start) {
    desk.reply(Reply::Begun(Box::new(start.followed.clone()))).await;
    let mut updates = pin!(follow::follow(aws, start));
    while let Some(update) = updates.next().await {
        let is_end = matches!(update, Update::Ended(..));
        desk.reply(Reply::Rotation(Box::new(update))).await;
        if is_end {
            return;
        }
    }
}

/// Reads a log, and goes on with what is written.
pub(super) async fn log(aws: &Aws, desk: &Desk, secret: &Secret, since: DateTime<Utc>) {
    let found = logs::find(aws, secret).await;
    desk.reply(Reply::Found(Box::new(found.clone()))).await;
    if let Ok(found) = found {
        let mut updates = pin!(logs::read(aws, secret, &found, since));
        while let Some(update) = updates.next().await {
            desk.reply(Reply::Log(Box::new(update))).await;
        }
    }
    desk.reply(Reply::LogEnded).await;
}

/// Writes log events to a file.
pub(super) async fn save(desk: &Desk, file: PathBuf, entries: Vec<Arc<Entry>>) {
    // Off the threads that answer keys: it may be a hundred thousand lines on a slow disk.
    let saved = tokio::task::spawn_blocking(move || save::save(&file, &entries)).await;
    let saved = saved.unwrap_or_else(|e| Err(e.to_string()));
    desk.reply(Reply::Saved(saved.map(|(file, lines)| (file, lines, "line")))).await;
}
