//! setSecret: which passwords the function tries, and what it does to the database then.

use chrono::{DateTime, Utc};

use super::behaviour::{Death, Ending};
use super::fault::Fault;
use super::invocation::Invocation;
use super::lines::{Lines, Said};
use super::work::{End, Told, touch};
use super::{Step, record};
use crate::demo::database::{Database, User};
use crate::demo::function::Strategy;
use crate::demo::labels::CURRENT;
use crate::demo::world::Inner;

/// What a connection is lost with, in libpq's words.
const LOST: &str = "OperationalError: server closed the connection unexpectedly";

/// The logins of a step, in their order. A template swallows why one fails.
pub(super) struct Logins<'a> {
    lines: &'a Lines,
    database: &'a Database,
    has_tls: bool,
    pub(super) said: Vec<Said>,
}

impl<'a> Logins<'a> {
    pub(super) fn of(invocation: &'a Invocation, database: &'a Database) -> Self {
        let has_tls = invocation.way.ending != Ending::WithoutTls;
        Self { lines: &invocation.lines, database, has_tls, said: Vec::new() }
    }

    /// Whether the version's user can sign in.
    pub(super) fn enters(&mut self, version: &str) -> bool {
        let connected = self.lines.connected(self.database.user(version), self.has_tls);
        self.tries(self.database.accepts(version), connected)
    }

    fn tries(&mut self, works: bool, connected: Option<Said>) -> bool {
        self.said.extend(self.lines.no_tls().filter(|_| !self.has_tls));
        self.said.extend(connected.filter(|_| works));
        works
    }

    /// With the password of the user himself, of the current version or of the one before.
    fn alone(&mut self, version: &str, current: Option<&str>, previous: Option<&str>) -> Result<(), Fault> {
        let pending = self.database.user(version);
        let is_of = |than: User, called| {
            if than == pending { Ok(()) } else { Err(Fault::OtherUser { pending, called, than }) }
        };
        if let Some(current) = current {
            is_of(self.database.user(current), "current user")?;
            if self.enters(current) {
                return Ok(());
            }
        }
        let Some(previous) = previous else { return Err(Fault::NoneWorks) };
        let works = self.enters(previous);
        is_of(self.database.user(previous), "previous valid user")?;
        if works { Ok(()) } else { Err(Fault::NoneWorks) }
    }

    /// With the superuser's password, once that of AWSCURRENT has proved right.
    fn in_turn(&mut self, version: &str, current: Option<&str>, superuser: Option<&Super>) -> Result<(), Fault> {
        let pending = self.database.user(version);
        let Some(current) = current else { return Err(Fault::CurrentFails) };
        let than = self.database.user(current);
        if than.other() != pending {
            return Err(Fault::OtherUser { pending, called: "current user or clone", than });
        }
        if !self.enters(current) {
            return Err(Fault::CurrentFails);
        }
        let connected = self.lines.superuser_connected(self.has_tls);
        if self.tries(superuser.is_none_or(|one| one.works), Some(connected)) {
            return Ok(());
        }
        Err(Fault::SuperuserFails(superuser.map(|one| one.arn.clone()).unwrap_or_default()))
    }
}

/// The secret of a superuser.
struct Super {
    arn: String,
    works: bool,
}

/// The pending password first, so that nothing is left to do if an earlier attempt has set it.
pub(super) fn set(world: &Inner, invocation: &Invocation, at: DateTime<Utc>) -> Told {
    let (run, lines, read) = (&invocation.run, &invocation.lines, &invocation.read);
    let database = world.vault.change(&run.secret, |secret| {
        touch(secret, CURRENT, at);
        secret.database().clone()
    });
    let database = database.unwrap_or_default();
    let mut logins = Logins::of(invocation, &database);
    if logins.enters(&run.version) {
        logins.said.push(lines.already_set());
        return (logins.said, End::Done);
    }
    if let Some(name) =
        database.superuser.as_deref().filter(|_| invocation.called.function.strategy == Strategy::Alternating)
    {
        record::value(world, name, &invocation.called.function.name, CURRENT, None, at);
    }
    let (current, previous) = (read.current.as_deref(), read.previous.as_deref());
    let opens = match invocation.called.function.strategy {
        Strategy::Alternating => logins.in_turn(&run.version, current, superuser(world, &database).as_ref()),
        Strategy::Single | Strategy::Custom => logins.alone(&run.version, current, previous),
    };
    let mut said = logins.said;
    if let Err(fault) = opens {
        let (words, raised) = lines.fault(Step::Set, &fault);
        said.extend(words);
        return (said, End::Raised(raised));
    }
    world.vault.change(&run.secret, |secret| secret.database().set(&run.version));
    let (last, end) = tells(invocation, database.user(&run.version));
    said.extend(last);
    (said, end)
}

/// What is said of a password that has changed, if the function lives to say it.
fn tells(invocation: &Invocation, user: User) -> (Option<Said>, End) {
    let lines = &invocation.lines;
    match &invocation.way.ending {
        Ending::Dies(Death::Hangs(_)) => (None, End::Hangs),
        Ending::Dies(Death::Raises(with)) => {
            let (words, raised) = lines.failure(Step::Set, Some(with.as_deref().unwrap_or(LOST)));
            (words, End::Raised(raised))
        }
        _ => (Some(lines.set(user)), End::Done),
    }
}

/// The superuser's secret, if the scenario names one.
fn superuser(world: &Inner, database: &Database) -> Option<Super> {
    let shelf = world.vault.read();
    let secret = shelf.by_name(database.superuser.as_deref()?)?;
    Some(Super { arn: world.vault.arn(secret), works: secret.works() })
}
