//! What the databases behind the secrets take when the world begins.

use std::collections::BTreeSet;

use toml::Spanned;

use super::Flaw;
use super::file::{LiveKeys, SecretKeys};
use crate::demo::database::{Database, Live};
use crate::demo::function::{Functions, Strategy};
use crate::demo::labels::{self, CURRENT, PENDING, PREVIOUS};
use crate::demo::secret::Secret;

/// What a scenario says of the database of a secret.
#[derive(Debug, Default)]
pub(super) struct DatabaseKeys {
    live: Option<Spanned<LiveKeys>>,
    superuser: Option<Spanned<String>>,
}

impl DatabaseKeys {
    pub(super) fn take(keys: &mut SecretKeys) -> Self {
        Self { live: keys.live.take(), superuser: keys.superuser.take() }
    }

    /// Makes the database, unless it is as that of any secret.
    pub(super) fn build(
        self,
        secret: &mut Secret,
        functions: &Functions,
        names: &BTreeSet<String>,
    ) -> Result<(), Flaw> {
        let function = secret.function.as_deref().and_then(|id| functions.find(id));
        let strategy = function.map(|function| function.strategy).unwrap_or_default();
        let live = self.live(secret)?;
        if let Some(name) = self.superuser.as_ref().filter(|name| !names.contains(name.get_ref())) {
            return Err(Flaw::at(name, "no secret of this world has this name"));
        }
        if live == Live::Current && strategy != Strategy::Alternating && self.superuser.is_none() {
            return Ok(());
        }
        let mut database = Database::of(&secret.versions, strategy, live);
        database.superuser = self.superuser.map(Spanned::into_inner);
        secret.database = Some(Box::new(database));
        Ok(())
    }

    fn live(&self, secret: &Secret) -> Result<Live, Flaw> {
        let pending = labels::incomplete(&secret.versions).filter(|version| version.has_value);
        let Some(given) = &self.live else {
            let is_set = pending.is_some() && secret.behaviour().has_set();
            return Ok(if is_set { Live::Pending } else { Live::Current });
        };
        let (live, has_one) = match given.get_ref() {
            LiveKeys::Pending => (Live::Pending, pending.is_some()),
            LiveKeys::Current => (Live::Current, labels::holder(&secret.versions, CURRENT).is_some()),
            LiveKeys::Previous => (Live::Previous, labels::holder(&secret.versions, PREVIOUS).is_some()),
            LiveKeys::None => (Live::None, true),
        };
        if has_one {
            return Ok(live);
        }
        let message = match live {
            Live::Pending => format!("no version with a value is being rotated in by {PENDING}"),
            _ => "no version has this label".to_owned(),
        };
        Err(Flaw::at(given, message))
    }
}
