//! Diagnoses and fixes: what is asked of AWS for them, and how the answers come back.

use std::pin::pin;

use futures::{Stream, StreamExt};

use super::Desk;
use crate::aws::Aws;
use crate::domain::change::Word;
use crate::domain::plan::{Half, Plan, Told};
use crate::domain::secret::Secret;
use crate::ops::diagnose::{Wish, diagnose};
use crate::ops::fix;
use crate::ops::plans::under_way;
use crate::tui::msg::Reply;

/// Learns why a secret's rotation isn't done, and tells what is known after each answer.
pub(super) async fn why(aws: &Aws, desk: &Desk, secret: &Secret) {
    let under = under_way(aws, secret).map(Box::new);
    let mut told = pin!(diagnose(aws, secret, None, &desk.catalogue, Wish::Story));
    while let Some(diagnosis) = told.next().await {
        desk.reply(Reply::Why(diagnosis.map(Box::new), under.clone())).await;
    }
}

/// Carries out a plan.
pub(super) async fn carry_out(aws: &Aws, desk: &Desk, plan: Plan, secret: &Secret, word: Word) {
    tell(desk, fix::carry_out(aws, plan, secret, word)).await;
}

/// Finishes what is half done.
pub(super) async fn finish(aws: &Aws, desk: &Desk, half: Half, secret: &Secret, word: Word) {
    tell(desk, fix::finish(aws, half, secret, word)).await;
}

async fn tell(desk: &Desk, told: impl Stream<Item = Told>) {
    let mut told = pin!(told);
    while let Some(told) = told.next().await {
        desk.reply(Reply::Fix(Box::new(told))).await;
    }
}
