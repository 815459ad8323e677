//! The only file that can change anything in AWS. It takes what a person has confirmed, looks at the secret once more,
//! writes only if that is as they saw it, and records what came of it. `--read-only` ends here.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_secretsmanager as secretsmanager;
use aws_sdk_secretsmanager::error::ProvideErrorMetadata;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::http::Response;
use aws_smithy_types::retry::RetryConfig;
use aws_types::request_id::RequestId;

use super::record::Record;
use super::{Aws, error};
use crate::domain::action::{Action, Ending, State};
use crate::domain::change::{Change, ChangeKind, Changed, Confirmed, Outcome, Seen};
use crate::domain::context::Context;
use crate::domain::fault::{Cause, Fault};
use crate::domain::permission::Operation;
use crate::domain::version::VersionId;
use crate::text::AwsText;

/// How long what is only for the record may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// What stands between a confirmed change and AWS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guard {
    /// Whether nothing may be changed.
    pub read_only: bool,
    /// Where changes are recorded.
    pub record: Record,
}

impl Default for Guard {
    /// Where nobody says that something may be changed, nothing may.
    fn default() -> Self {
        Self { read_only: true, record: Record::default() }
    }
}

impl Aws {
    /// Carries out what was confirmed, if the secret is still as it was seen, and records that.
    ///
    /// What slips in between the last look and the write is AWS's to refuse: RotateSecret doesn't begin while another
    /// rotation is incomplete, CancelRotateSecret moves no label, UpdateSecretVersionStage takes none from a version
    /// that it doesn't sit on, and DeleteSecret refuses a secret that is marked already. RestoreSecret ends in what was
    /// shown, whoever else restored it.
    pub async fn carry_out(&self, change: &Confirmed<Change>) -> Changed {
        let context = &change.get().on.context;
        if self.guard().read_only {
            let action = Action::of(change, self.now(), Ending::ReadOnly, None);
            return self.ended(Outcome::ReadOnly, None, action);
        }
        // First who we are, and not for long: the look at the secret must be right before the write.
        let identity = tokio::time::timeout(PATIENCE, self.identity(context)).await.ok().and_then(Result::ok);
        let described = self.look(change.get()).await;
        let action = |outcome| Action::of(change, self.now(), outcome, identity.as_ref());
        let before = match described {
            Ok(before) => before,
            Err(fault) => {
                let action = action(Ending::NotDescribed).because(&fault);
                return self.ended(Outcome::NotDescribed(fault), None, action);
            }
        };
        if !before.is_as(&change.get().seen) {
            return self.ended(Outcome::Moved(before.clone()), Some(before), action(Ending::Moved));
        }
        match self.write(change.get()).await {
            Ok(request_id) => {
                // What was done must be recorded soon, with or without another look.
                let after = tokio::time::timeout(PATIENCE, self.look(change.get())).await.ok().and_then(Result::ok);
                let mut action = action(Ending::Accepted);
                action.after = after.as_ref().map(State::of);
                action.request_id = request_id.as_ref().map(|id| id.raw().to_owned());
                Changed { after, ..self.ended(Outcome::Accepted { request_id }, Some(before), action) }
            }
            Err(fault) if may_be_done(&fault.cause) => {
                let action = action(Ending::Unknown).because(&fault);
                self.ended(Outcome::Unknown(fault), Some(before), action)
            }
            Err(fault) if is_answer(&fault.cause) => {
                let action = action(Ending::Refused).because(&fault);
                self.ended(Outcome::Refused(fault), Some(before), action)
            }
            Err(fault) => {
                let action = action(Ending::NotSent).because(&fault);
                self.ended(Outcome::NotSent(fault), Some(before), action)
            }
        }
    }

    /// Records how it ended.
    fn ended(&self, outcome: Outcome, before: Option<Seen>, mut action: Action) -> Changed {
        action.before = before.as_ref().map(State::of);
        let unrecorded = self.guard().record.add(&action).err().map(|e| e.to_string());
        Changed { outcome, before, after: None, unrecorded }
    }

    async fn look(&self, change: &Change) -> Result<Seen, Fault> {
        let context: &Arc<Context> = &change.on.context;
        self.describe(context, change.on.arn.raw()).await.map(|secret| Seen::of(&secret))
    }

    /// The call, and AWS's id of it. It is sent once: of several attempts only the last one's error would be known, and an
    /// earlier one may have been done.
    async fn write(&self, change: &Change) -> Result<Option<AwsText>, Fault> {
        let (operation, arn) = (change.operation(), change.on.arn.raw());
        let clients = self.clients(&change.on.context, operation)?;
        let told = Told { operation, context: &change.on.context, arn };
        match &change.kind {
            ChangeKind::Rotate { token } | ChangeKind::TestOnly { token } | ChangeKind::TurnOn { token } => {
                let call = clients.secretsmanager.rotate_secret().secret_id(arn).client_request_token(token.0.raw());
                let call = call.rotate_immediately(change.kind.rotates());
                told.by(call.customize().config_override(once()).send().await)
            }
            ChangeKind::TurnOff => {
                let call = clients.secretsmanager.cancel_rotate_secret().secret_id(arn);
                told.by(call.customize().config_override(once()).send().await)
            }
            ChangeKind::Move(movement) => {
                let id = |id: &Option<VersionId>| id.as_ref().map(|id| id.0.raw().to_owned());
                let call = clients.secretsmanager.update_secret_version_stage().secret_id(arn);
                let call = call.version_stage(movement.label().text().raw());
                let call = call.set_move_to_version_id(id(&movement.to));
                let call = call.set_remove_from_version_id(id(&movement.from));
                told.by(call.customize().config_override(once()).send().await)
            }
            ChangeKind::Delete { window } => {
                let call =
                    clients.secretsmanager.delete_secret().secret_id(arn).recovery_window_in_days(window.days().into());
                told.by(call.customize().config_override(once()).send().await)
            }
            ChangeKind::Restore => {
                let call = clients.secretsmanager.restore_secret().secret_id(arn);
                told.by(call.customize().config_override(once()).send().await)
            }
        }
    }
}

/// What a call was, for what is told of its answer.
struct Told<'a> {
    operation: Operation,
    context: &'a Context,
    arn: &'a str,
}

impl Told<'_> {
    /// AWS's id of the request, or why there is none.
    fn by<T, E>(&self, answer: Result<T, SdkError<E, Response>>) -> Result<Option<AwsText>, Fault>
    where
        T: RequestId,
        E: std::error::Error + ProvideErrorMetadata + 'static,
    {
        match answer {
            Ok(answer) => Ok(answer.request_id().map(AwsText::from)),
            Err(e) => Err(error::about_secret(self.operation, self.context, self.arn, &e)),
        }
    }
}

/// One attempt.
fn once() -> secretsmanager::config::Builder {
    secretsmanager::config::Builder::new().retry_config(RetryConfig::standard().with_max_attempts(1))
}

/// Whether AWS answered, and said no.
fn is_answer(cause: &Cause) -> bool {
    matches!(
        cause,
        Cause::Service { .. }
            | Cause::Denied { .. }
            | Cause::Throttled
            | Cause::NotFound { .. }
            | Cause::Expired { .. }
            | Cause::BadCredentials { .. }
    )
}

/// Whether AWS may have done what it gave no answer about.
fn may_be_done(cause: &Cause) -> bool {
    match cause {
        Cause::TimedOut | Cause::Cut | Cause::Malformed { .. } | Cause::Unreachable { .. } => true,
        Cause::Service { code, .. } => {
            ["HTTP 5", "Internal", "ServiceUnavailable"].iter().any(|start| code.raw().starts_with(start))
        }
        _ => false,
    }
}
