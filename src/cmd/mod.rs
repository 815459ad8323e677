//! The commands, one a file: arguments in, text or JSON out, exit code back.

pub mod actions;
pub mod alerts;
pub mod completions;
pub mod config;
pub mod delete;
pub mod demo;
pub mod fix;
pub mod follow;
pub mod history;
pub mod keys;
pub mod list;
pub mod logs;
pub mod policy;
pub mod restore;
pub mod rotate;
pub mod rotation;
pub mod show;
pub mod upcoming;
pub mod why;

mod confirm;
mod failure;
mod interrupt;
mod plan;
mod span;
mod undo;
mod watch;

use std::io::{self, Write};
use std::pin::pin;
use std::time::Duration;

use chrono::{DateTime, Utc};
use clap::{Subcommand, ValueEnum};

pub use self::confirm::Terminal;
pub use self::failure::Failure;
use crate::aws::Aws;
use crate::config::Sources;
use crate::domain::context::{Context, Identity};
use crate::domain::fault::{Cause, Fault};
use crate::domain::permission::Operation;
use crate::exit::Exit;
use crate::output::toned::{self, Line};

/// Where a command writes: what was asked for to `out`, what was asked of nobody to `err`.
pub struct Streams<'a> {
    /// Standard output.
    pub out: &'a mut dyn Write,
    /// Standard error.
    pub err: &'a mut dyn Write,
    /// The columns of the terminal that `out` is, if it is one.
    pub columns: Option<usize>,
}

impl Streams<'_> {
    /// A line of what was asked for, broken between words where the terminal is too narrow, with its rows so far to the
    /// right.
    fn line(&mut self, line: &Line, indent: usize) -> io::Result<()> {
        toned::write_within(self.out, line, self.columns, indent)
    }
}

/// The form in which a command answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Output {
    /// For people
    #[default]
    Table,
    /// For programs: stable field names
    Json,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the secrets with their state and dates
    List(list::Args),
    /// Show one secret: its rotation, versions, labels and tags
    Show(show::Args),
    /// Say why a secret's rotation isn't done, and what the safe ways out are
    Why(why::Args),
    /// Carry out a way out that the verdict of `why` allows, and see that all is well then
    Fix(fix::Args),
    /// Print the rotation windows to come, day by day
    Upcoming(upcoming::Args),
    /// Say whether anything notices a secret's deletion or a failed rotation, and what would
    Alerts(alerts::Args),
    /// Rotate a secret now, and follow that to its end
    Rotate(rotate::Args),
    /// Follow a rotation that runs already, whoever began it
    Follow(follow::Args),
    /// Turn a secret's rotation off or on again
    Rotation(rotation::Args),
    /// Mark a secret for deletion, with a recovery window in which it can be restored
    Delete(delete::Args),
    /// Restore a secret that is marked for deletion
    Restore(restore::Args),
    /// Print the log events of a secret's rotation function
    Logs(logs::Args),
    /// Print who read, changed, deleted or rotated a secret, by CloudTrail
    History(history::Args),
    /// Print what secdash itself has changed, or was refused
    Actions(actions::Args),
    /// Put the in-memory AWS behind a port, for any AWS client
    Demo(demo::Args),
    /// Print the default configuration file, or what is set here and by what
    Config(config::Args),
    /// Print the IAM policy that secdash needs
    Policy(policy::Args),
    /// Print the keys of the dashboard
    Keys(keys::Args),
    /// Print the completions for a shell
    Completions(completions::Args),
}

impl Command {
    /// Whether the command asks AWS anything. One that doesn't never opens it, nor loads a demo world for it.
    pub fn needs_aws(&self) -> bool {
        match self {
            Self::List(_)
            | Self::Show(_)
            | Self::Why(_)
            | Self::Fix(_)
            | Self::Upcoming(_)
            | Self::Alerts(_)
            | Self::Rotate(_)
            | Self::Follow(_)
            | Self::Rotation(_)
            | Self::Delete(_)
            | Self::Restore(_)
            | Self::Logs(_)
            | Self::History(_)
            | Self::Actions(_) => true,
            Self::Demo(_) | Self::Config(_) | Self::Policy(_) | Self::Keys(_) | Self::Completions(_) => false,
        }
    }

    /// The form in which the command answers.
    pub fn output(&self) -> Output {
        match self {
            Self::List(args) => args.output,
            Self::Show(args) => args.output,
            Self::Why(args) => args.output,
            Self::Fix(args) => args.output,
            Self::Upcoming(args) => args.output,
            Self::Alerts(args) => args.output,
            Self::Rotate(args) => args.how.output,
            Self::Follow(args) => args.how.output,
            Self::Rotation(args) => args.output(),
            Self::Delete(args) => args.output(),
            Self::Restore(args) => args.output(),
            Self::Logs(args) => args.output,
            Self::History(args) => args.output(),
            Self::Actions(args) => args.output,
            Self::Config(args) => args.output,
            Self::Keys(args) => args.output,
            Self::Policy(_) => Output::Json,
            Self::Demo(_) | Self::Completions(_) => Output::Table,
        }
    }
}

/// What a command may use of the program around it.
#[derive(Debug)]
pub struct Surroundings {
    /// The door to AWS; no command opens it that needs none.
    pub aws: Aws,
    /// The demo world that was named.
    pub world: String,
    /// What the user has set; a command that uses none of it reads no file.
    pub sources: Sources,
    /// Whoever sits at the terminal, to be asked for their word.
    pub terminal: Terminal,
    /// The grammar of the whole command line.
    pub grammar: clap::Command,
}

/// Carries a command out.
pub async fn run(command: Command, around: Surroundings, mut streams: Streams<'_>) -> Result<Exit, Failure> {
    match command {
        Command::List(args) => Box::pin(list::run(args, &around.aws, streams)).await,
        Command::Show(args) => Box::pin(show::run(args, &around.aws, streams)).await,
        Command::Why(args) => Box::pin(why::run(args, &around.aws, &around.sources, streams)).await,
        Command::Fix(args) => {
            Box::pin(fix::run(args, &around.aws, around.terminal, streams)).await.map_err(Failure::of_outcome)
        }
        Command::Upcoming(args) => Box::pin(upcoming::run(args, &around.aws, &around.sources, streams)).await,
        Command::Alerts(args) => Box::pin(alerts::run(args, &around.aws, streams)).await,
        Command::Rotate(args) => {
            Box::pin(rotate::run(args, &around.aws, around.terminal, streams)).await.map_err(Failure::of_outcome)
        }
        Command::Follow(args) => Box::pin(follow::run(args, &around.aws, streams)).await.map_err(Failure::of_outcome),
        Command::Rotation(args) => {
            Box::pin(rotation::run(args, &around.aws, around.terminal, streams)).await.map_err(Failure::of_outcome)
        }
        Command::Delete(args) => {
            Box::pin(delete::run(args, &around.aws, around.terminal, streams)).await.map_err(Failure::of_outcome)
        }
        Command::Restore(args) => {
            Box::pin(restore::run(args, &around.aws, around.terminal, streams)).await.map_err(Failure::of_outcome)
        }
        Command::Logs(args) => Box::pin(logs::run(args, &around.aws, streams)).await,
        Command::History(args) => Box::pin(history::run(args, &around.aws, streams)).await,
        Command::Actions(args) => actions::run(&args, &around.aws, &mut streams),
        Command::Demo(args) => demo::run(args, &around.world, streams).await,
        Command::Config(args) => config::run(&args, &around.sources, &mut streams),
        Command::Policy(args) => policy::run(&args, &around.sources, &mut streams),
        Command::Keys(args) => keys::run(&args, &around.sources, &mut streams),
        Command::Completions(args) => completions::run(&args, around.grammar, &mut streams),
    }
}

/// How long the identity may take after everything else has come: no answer waits long for its own head.
const PATIENCE: Duration = Duration::from_secs(2);

/// Does the work, and learns beside it who we are. The work goes on without that, and doesn't wait long for it.
async fn beside_identity<T>(
    aws: &Aws,
    context: &Context,
    work: impl Future<Output = T>,
) -> (T, Result<Identity, Fault>) {
    let mut identity = pin!(aws.identity(context));
    let mut work = pin!(work);
    let mut known = None;
    let done = loop {
        tokio::select! {
            done = &mut work => break done,
            identity = &mut identity, if known.is_none() => known = Some(identity),
        }
    };
    let late = || Fault::new(Operation::GetCallerIdentity, Cause::TimedOut);
    let known = match known {
        Some(known) => known,
        None => tokio::time::timeout(PATIENCE, identity).await.unwrap_or_else(|_| Err(late())),
    };
    (done, known)
}

/// `as of` with the time and place, for the foot of a table.
fn foot(context: &Context, identity: Option<&Identity>, at: DateTime<Utc>) -> String {
    let demo = context.is_demo().then(|| "DEMO".to_owned());
    let profile = context.profile.as_deref().map(crate::text::safe);
    let account = identity.map_or_else(|| "account unknown".to_owned(), |identity| identity.account.to_string());
    let place: Vec<String> =
        [demo, profile, Some(account), Some(crate::text::safe(&context.region))].into_iter().flatten().collect();
    format!("{} · as of {}", place.join(" · "), crate::text::moment(at))
}

/// Tells of something that could not be learned, beside what could.
fn tell(err: &mut dyn Write, fault: &Fault) -> std::io::Result<()> {
    failure::write(err, &fault.sentence(), &fault.next_step())
}
