//! Secrets whose rotation got stuck because it really ran, and what there is to see of them.

use std::cell::Cell;
use std::time::Duration;

use secdash::aws::{Aws, Guard, Record};
use secdash::demo::World;
use secdash::domain::catalogue::Catalogue;
use secdash::domain::change::{Fix, Tested};
use secdash::domain::plan::Plan;
use secdash::domain::secret::Secret;
use secdash::ops::diagnose::{Wish, diagnosis};
use tokio::time::{Instant, sleep_until};

use crate::support::cmd::{Said, run_as};
use crate::support::home::Home;

pub(crate) const NAME: &str = "prod/db";
/// When a command begins: long after the attempt that failed, so that nothing of it is still on its way.
pub(crate) const BEGINS: Duration = Duration::from_mins(10);

/// How a secret got stuck, and the fix for it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Case {
    /// How its attempts end.
    pub(crate) outcome: &'static str,
    pub(crate) args: &'static [&'static str],
    pub(crate) is_on: bool,
    /// What else its world has.
    pub(crate) more: &'static str,
}

pub(crate) const DROP: &[&str] = &["--drop-pending"];
pub(crate) const PROMOTE: &[&str] = &["--promote"];
pub(crate) const PROMOTE_TESTED: &[&str] = &["--promote", "--tested", "pending"];

pub(crate) const ROLL_BACK: &[&str] = &["--roll-back", "--tested", "previous"];

pub(crate) const SUCCEEDS: &str = "\"succeeds\"";
pub(crate) const ALTERNATING: &str = "[[function]]\nname = \"rotate-postgres\"\nstrategy = \"alternating\"\n";
pub(crate) const NO_LOG: &str = "[[fault]]\noperation = \"FilterLogEvents\"\nkind = \"deny\"\n";
/// It never comes.
pub(crate) const NEVER: Duration = Duration::from_hours(24);
pub(crate) const BEFORE_SET: &str = "{ fails_at = \"setSecret\", with = \"KeyError: 'masterarn'\" }";
pub(crate) const WITHOUT_VALUE: &str = "{ fails_at = \"createSecret\" }";
pub(crate) const AT_TEST: &str = "{ fails_at = \"testSecret\" }";
pub(crate) const AT_FINISH: &str = "{ fails_at = \"finishSecret\" }";

/// A fix that is carried out, with the world and the machine that it is carried out on.
pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) home: Home,
    pub(crate) case: Case,
    began: Instant,
    clients: Cell<u64>,
}

impl Case {
    pub(crate) const fn of(outcome: &'static str, args: &'static [&'static str]) -> Self {
        Self { outcome, args, is_on: true, more: "" }
    }

    /// The attempts end like its outcome first, and like `then` later, `retry` after each other.
    pub(crate) fn world(&self, then: &str, retry: Duration) -> World {
        let (outcome, more, millis) = (self.outcome, self.more, retry.as_millis());
        let text = format!(
            "seed = 3\n[[secret]]\nname = \"{NAME}\"\nfunction = \"rotate-postgres\"\n\
             rotation = {{ rate = \"rate(30 days)\" }}\ncreated = \"-400d\"\nlast_rotated = \"-10d\"\n\
             outcome = [{outcome}, {then}]\nretry = {{ after = \"{millis}ms\", times = 1 }}\n{more}\n\
             [[fault]]\noperation = \"*\"\nkind = \"latency\"\ndelay = \"100ms\"\n"
        );
        World::from_toml("fix", &text).unwrap()
    }

    /// Lets the rotation get stuck.
    pub(crate) async fn stage(self, then: &str, retry: Duration) -> Stage {
        let began = Instant::now();
        let world = self.world(then, retry);
        let person = aws_sdk_secretsmanager::Client::new(&world.sdk_config());
        person.rotate_secret().secret_id(NAME).send().await.unwrap();
        sleep_until(began + BEGINS / 2).await;
        if !self.is_on {
            person.cancel_rotate_secret().secret_id(NAME).send().await.unwrap();
        }
        sleep_until(began + BEGINS).await;
        Stage { world, home: Home::new(), case: self, began, clients: Cell::new(0) }
    }
}

impl Stage {
    /// So long after the command began.
    pub(crate) fn at(&self, after: Duration) -> Instant {
        self.began + BEGINS + after
    }

    /// Runs a command as another client.
    pub(crate) fn begin<'a>(&'a self, args: &'a [&'a str]) -> impl Future<Output = Said> + 'a {
        let client = self.clients.get() + 1;
        self.clients.set(client);
        run_as(client, args, &self.world, &self.home)
    }

    /// `secdash fix` with the name typed.
    pub(crate) async fn fix(&self, args: &[&str]) -> Said {
        let args = [&["fix", NAME][..], args, &["--yes", "--confirm", "db"]].concat();
        self.begin(&args).await
    }

    pub(crate) async fn why(&self) -> Said {
        self.begin(&["why", NAME]).await
    }

    /// The files of plans that are there.
    pub(crate) fn plans(&self) -> Vec<std::path::PathBuf> {
        let folder = std::fs::read_dir(self.home.folder().join("state/secdash/plans"));
        folder.into_iter().flatten().map(|entry| entry.unwrap().path()).collect()
    }

    /// Another program over the same world and the same folders.
    pub(crate) fn aws(&self) -> Aws {
        let client = self.clients.get() + 1;
        self.clients.set(client);
        let record = Record::at(self.home.folder().join("state/secdash/actions.jsonl"));
        let aws = Aws::demo_seeded(self.world.sdk_config(), self.world.client_seed() ^ client);
        aws.guarded(Guard { read_only: false, record })
    }

    /// The plan of the case's fix, and the secret that it is for.
    pub(crate) async fn plan(&self, aws: &Aws) -> (Plan, Secret) {
        let context = aws.open().await.unwrap();
        let secret = aws.describe(&context, NAME).await.unwrap();
        let diagnosis = Box::pin(diagnosis(aws, &secret, None, &Catalogue::builtin(), Wish::Verdict)).await.unwrap();
        let fix = Fix::from_word(self.case.args[0].trim_start_matches("--")).unwrap();
        let tested = self.case.args.get(2).and_then(|word| Tested::from_word(word));
        assert_eq!(diagnosis.allows(fix, tested), Ok(()), "{:?}", self.case);
        (Plan::of(&diagnosis, fix, tested).unwrap(), diagnosis.secret)
    }

    /// The calls behind so many that change something.
    pub(crate) fn changes_since(&self, calls: usize) -> Vec<String> {
        let changing = ["RotateSecret", "CancelRotateSecret", "UpdateSecretVersionStage"];
        let operations = self.world.journal().split_off(calls).into_iter().map(|call| call.operation);
        operations.filter(|operation| changing.contains(&operation.as_str())).collect()
    }

    pub(crate) fn calls(&self) -> usize {
        self.world.journal().len()
    }

    pub(crate) fn works(&self) -> bool {
        self.world.works(NAME)
    }

    /// The version with a label.
    pub(crate) async fn holder(&self, label: &str) -> Option<String> {
        let labels = self.described().await.version_ids_to_stages.unwrap_or_default();
        labels.into_iter().find(|(_, labels)| labels.iter().any(|one| one == label)).map(|(id, _)| id)
    }

    /// Whether AWSCURRENT works, or would if the version with this label had it.
    async fn would_work(&self, label: &str) -> bool {
        self.holder(label).await.is_some_and(|version| self.world.accepts(NAME, &version))
    }

    /// Whether a label leads to the password in use.
    pub(crate) async fn can_work(&self) -> bool {
        self.works() || self.would_work("AWSPENDING").await || self.would_work("AWSPREVIOUS").await
    }

    pub(crate) async fn is_on(&self) -> bool {
        self.described().await.rotation_enabled == Some(true)
    }

    async fn described(&self) -> aws_sdk_secretsmanager::operation::describe_secret::DescribeSecretOutput {
        let looks = aws_sdk_secretsmanager::Client::new(&self.world.sdk_config());
        looks.describe_secret().secret_id(NAME).send().await.unwrap()
    }

    /// What a plan says that stopped must be so; what it left must be told, refuse another fix, and have a way out.
    pub(crate) async fn is_well_left(&self, said: &Said, what: &str) {
        self.is_truly_told(said, what).await;
        if !self.plans().is_empty() {
            let why = self.why().await;
            assert!(why.out.contains("is half done"), "{what}: {why:?}");
            let other = self.fix(self.case.args).await;
            // An attempt may have changed the verdict meanwhile.
            let is_named =
                ["finishes it", "looks again"].iter().any(|word| other.err.contains(&format!("--resume` {word}")));
            assert!(is_named, "{what}: {other:?}");
            let resumed = self.fix(&["--resume"]).await;
            self.is_truly_told(&resumed, what).await;
            if !self.plans().is_empty() {
                let undone = self.fix(&["--undo"]).await;
                assert!(self.plans().is_empty(), "{what}: {resumed:?} {undone:?}");
            }
        }
        self.can_be_healed(what).await;
    }

    async fn is_truly_told(&self, said: &Said, what: &str) {
        let is_on = self.is_on().await;
        assert!(!said.err.contains("rotation is off") || !is_on, "{what}: {said:?}");
        let moved = |action: &&secdash::domain::action::Action| {
            action.operation == "UpdateSecretVersionStage"
                && action.outcome == secdash::domain::action::Ending::Accepted
        };
        let is_moved = said.actions.iter().any(|action| moved(&action));
        assert!(!said.err.contains("No label has moved") || !is_moved, "{what}: {said:?}");
        assert!(said.exit == secdash::exit::Exit::Fine || !said.err.is_empty(), "{what}: {said:?}");
    }

    /// Whoever reads AWSCURRENT can sign in, or can once one more fix is made.
    pub(crate) async fn can_be_healed(&self, what: &str) {
        tokio::time::sleep(BEGINS).await;
        assert!(self.can_work().await, "{what}: locked out");
        if !self.works() {
            let args = if self.would_work("AWSPENDING").await { PROMOTE_TESTED } else { ROLL_BACK };
            let fixed = self.fix(args).await;
            assert!(self.works(), "{what}: {fixed:?}");
        }
        assert_eq!(self.plans(), Vec::<std::path::PathBuf>::new(), "{what}");
    }
}
