//! The event history: searched, one record of it looked up, events written to a file.

use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures::StreamExt;

use super::Desk;
use crate::aws::Aws;
use crate::domain::context::Context;
use crate::domain::trail::{Covered, Depth, Scope};
use crate::ops::{history, save};
use crate::output::history::{json, markdown};
use crate::text::AwsText;
use crate::tui::msg::{Export, Reply};

pub(super) async fn search(
    aws: &Aws,
    desk: &Desk,
    scope: &Scope,
    depth: Depth,
    since: DateTime<Utc>,
    covered: Covered,
) {
    let mut news = pin!(history::search(aws, scope, depth, since, covered));
    while let Some(one) = news.next().await {
        desk.reply(Reply::History(Box::new(one))).await;
    }
    desk.reply(Reply::Searched).await;
}

pub(super) async fn record(aws: &Aws, desk: &Desk, context: &Arc<Context>, id: &AwsText) {
    desk.reply(Reply::Record(Box::new(history::event(aws, context, id).await))).await;
}

/// Writes events as Markdown if the file is called so, else as JSON.
pub(super) async fn export(desk: &Desk, file: PathBuf, export: Export) {
    let number = export.events.len();
    let is_markdown = file.extension().is_some_and(|end| end.eq_ignore_ascii_case("md"));
    // 100,000 events take a second: not in the time of the others.
    let written = tokio::task::spawn_blocking(move || {
        let Export { about, events } = export;
        let events: Vec<_> = events.iter().map(Arc::as_ref).collect();
        save::write(&file, |out| {
            if is_markdown { markdown::write(out, &about, &events) } else { json::write_list(out, &about, &events) }
        })
    });
    let written = written.await.unwrap_or_else(|e| Err(e.to_string()));
    desk.reply(Reply::Saved(written.map(|file| (file, number, "event")))).await;
}
