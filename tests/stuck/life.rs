//! A world that is lived through up to the moment at which somebody looks at it. The same case leads to the same world.

use std::path::Path;
use std::time::Duration;

use aws_sdk_secretsmanager::Client;
use secdash::aws::{Aws, Guard, Record};
use secdash::demo::World;
use secdash::domain::secret::Secret;
use secdash::domain::version::{Pending, StagingLabel, VersionId};

use super::case::{Case, Hand};

pub(super) const NAME: &str = "prod/db";

/// A world at a moment, and who is in it.
pub(super) struct Life {
    pub(super) world: World,
    pub(super) aws: Aws,
    client: Client,
}

/// What is true of the secret, whatever anybody can see of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Truth {
    /// Whether the application can sign in.
    pub(super) works: bool,
    /// The version that is being rotated in.
    pub(super) pending: Option<VersionId>,
    pub(super) current: Option<VersionId>,
    pub(super) is_on: bool,
}

impl Life {
    /// Lives through a case up to the moment at which it is looked at; `folder` keeps what secdash writes down.
    pub(super) async fn of(case: &Case, folder: &Path) -> Self {
        // A plan that another life has left is none of this one's.
        drop(std::fs::remove_dir_all(folder));
        let world = World::from_toml("stuck", &case.text()).unwrap();
        let client = Client::new(&world.sdk_config());
        let record = Record::at(folder.join("actions.jsonl"));
        let aws = Aws::demo_seeded(world.sdk_config(), world.client_seed());
        let life = Self { world, aws: aws.guarded(Guard { read_only: false, record }), client };
        life.begin(case).await;
        let (looked, mut at) = (case.looked, 0);
        if let Some((when, hand)) = case.hand {
            wait(when).await;
            at = when;
            life.take(hand).await;
        }
        wait(looked.saturating_sub(at)).await;
        life
    }

    async fn begin(&self, case: &Case) {
        if case.inherited.is_none() {
            self.rotate(NAME, 1).await;
        }
        // Secrets that there aren't make an error, and nothing else.
        self.rotate("prod/other", 2).await;
    }

    async fn rotate(&self, name: &str, nth: u32) {
        let token = format!("00000000-0000-4000-8000-{nth:012}");
        drop(self.client.rotate_secret().secret_id(name).client_request_token(token).send().await);
    }

    /// What is refused here is nothing that anybody could have done.
    async fn take(&self, hand: Hand) {
        match hand {
            Hand::Cancel => drop(self.client.cancel_rotate_secret().secret_id(NAME).send().await),
            Hand::DropAndRotate => {
                if let Some(pending) = self.truth().await.pending {
                    let call = self.client.update_secret_version_stage().secret_id(NAME).version_stage("AWSPENDING");
                    drop(call.remove_from_version_id(pending.0.raw()).send().await);
                    self.rotate(NAME, 3).await;
                }
            }
            Hand::MoveBack => {
                let secret = self.secret().await;
                let [to, from] = [StagingLabel::Previous, StagingLabel::Current]
                    .map(|label| secret.labels.version_with(&label).map(|id| id.0.raw().to_owned()));
                let call = self.client.update_secret_version_stage().secret_id(NAME).version_stage("AWSCURRENT");
                drop(call.set_move_to_version_id(to).set_remove_from_version_id(from).send().await);
            }
        }
    }

    /// The secret, as DescribeSecret has it.
    pub(super) async fn secret(&self) -> Secret {
        let context = self.aws.open().await.unwrap();
        self.aws.describe(&context, NAME).await.unwrap()
    }

    pub(super) async fn truth(&self) -> Truth {
        let secret = self.secret().await;
        let pending = match secret.labels.pending() {
            Pending::Other(pending) => Some(pending),
            Pending::None | Pending::Same => None,
        };
        Truth {
            works: self.world.works(NAME),
            pending,
            current: secret.labels.version_with(&StagingLabel::Current).cloned(),
            is_on: secret.rotation_enabled == Some(true),
        }
    }

    /// Whether the database takes this version's password.
    pub(super) fn accepts(&self, version: &VersionId) -> bool {
        self.world.accepts(NAME, version.0.raw())
    }
}

/// So many seconds of the world's time, which cost nothing.
pub(super) async fn wait(seconds: u64) {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}
