//! The list of secrets, page by page, with the next page asked for before one is read.

use std::collections::HashSet;
use std::sync::Arc;

use futures::{Stream, stream};
use tokio::task::JoinSet;

use super::intern::Words;
use super::reading::Reading;
use super::secrets::{PAGE, from_entry};
use super::unread::Unread;
use super::{Aws, error};
use crate::domain::context::Context;
use crate::domain::fault::Fault;
use crate::domain::permission::Operation;
use crate::domain::secret::Secret;
use crate::text::AwsText;

/// One page of ListSecrets.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The secrets on it that no earlier page had.
    pub secrets: Vec<Secret>,
    /// Its number, from 1.
    pub number: usize,
}

/// The list between two pages.
struct Listing {
    aws: Aws,
    context: Arc<Context>,
    reading: Reading,
    seen: HashSet<AwsText>,
    words: Words,
    /// The question for the next page, which is on its way while a page is read; at most one. Dropped, it is given up.
    ahead: JoinSet<Result<Unread, Fault>>,
    /// The token that it was asked with.
    asked: Option<String>,
}

impl Listing {
    async fn next(&mut self) -> Result<Option<Page>, Fault> {
        if self.reading.is_done() {
            return Ok(None);
        }
        let token = self.reading.next(Operation::ListSecrets)?;
        let answer = self.answer(token).await?;
        self.ask_ahead(answer.token()).await;
        let page = answer.read()?;
        let entries = page.secret_list.unwrap_or_default().into_iter();
        let mut secrets: Vec<_> = entries.map(|entry| from_entry(&self.context, &mut self.words, entry)).collect();
        secrets.retain(|secret| self.seen.insert(secret.id.arn.clone()));
        self.reading.turn(page.next_token, !secrets.is_empty());
        Ok(Some(Page { secrets, number: self.reading.pages() }))
    }

    /// The answer that was asked for ahead, or else one that is asked for now.
    async fn answer(&mut self, token: Option<String>) -> Result<Unread, Fault> {
        if self.asked.take() == token {
            match self.ahead.join_next().await {
                Some(Ok(answer)) => return answer,
                Some(Err(e)) if e.is_panic() => std::panic::resume_unwind(e.into_panic()),
                _ => {}
            }
        }
        self.ahead = JoinSet::new();
        self.aws.page(&self.context, token).await
    }

    /// Asks for the next page, if its token is known and the list goes on whatever the page in hand brings.
    async fn ask_ahead(&mut self, token: Option<String>) {
        let Some(token) = token.filter(|token| self.reading.may_follow(token)) else { return };
        let (aws, context, asked) = (self.aws.clone(), Arc::clone(&self.context), token.clone());
        self.ahead.spawn(async move { aws.page(&context, Some(asked)).await });
        self.asked = Some(token);
        // The question goes out now. Without this, the one thread that there may be would read the page in hand first.
        tokio::task::yield_now().await;
    }
}

impl Aws {
    /// All secrets of the context, also those marked for deletion, as their pages arrive. A fault ends the stream.
    pub fn list(&self, context: &Arc<Context>) -> impl Stream<Item = Result<Page, Fault>> + Send + use<> {
        let listing = Listing {
            aws: self.clone(),
            context: Arc::clone(context),
            reading: Reading::default(),
            seen: HashSet::new(),
            words: Words::default(),
            asked: None,
            ahead: JoinSet::new(),
        };
        stream::try_unfold(listing, |mut listing| async move {
            let page = listing.next().await?;
            Ok(page.map(|page| (page, listing)))
        })
    }

    /// Asks for one page, and leaves it unread.
    async fn page(&self, context: &Context, token: Option<String>) -> Result<Unread, Fault> {
        let clients = self.clients(context, Operation::ListSecrets)?;
        let unread = Unread::default();
        let question = clients.secretsmanager.list_secrets().include_planned_deletion(true).max_results(PAGE);
        let call = question.set_next_token(token).customize().interceptor(unread.clone());
        call.send().await.map_err(|e| error::fault(Operation::ListSecrets, context, &e))?;
        Ok(unread)
    }
}
