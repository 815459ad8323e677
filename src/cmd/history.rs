//! `secdash history [SECRET]`: what CloudTrail recorded of a secret, or of the account and Region.

use std::io::Write;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use clap::ValueEnum;
use futures::StreamExt;

use super::interrupt::Interrupt;
use super::{Failure, Output, Streams, beside_identity, tell};
use crate::aws::Aws;
use crate::domain::context::Context;
use crate::domain::fault::Fault;
use crate::domain::secret::Secret;
use crate::domain::trail::{
    self, Covered, DELETE_SECRET, Depth, Ended, Events, Follower, KEPT, Kind, MOST, News, Reached, Scope, Wanted, What,
};
use crate::exit::Exit;
use crate::ops::history::search;
use crate::ops::lookup::lookup;
use crate::text::{count, moment, safe, span};

mod print;

/// Arguments of `secdash history`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Name, ARN, or an unambiguous part of the name; without it the account and Region
    #[arg(value_name = "SECRET", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    secret: Option<String>,
    /// How far back to look: minutes, hours or days, such as 30m, 24h or 7d; CloudTrail keeps 90d
    #[arg(long, value_name = "SPAN", default_value = "7d", value_parser = super::span::parse)]
    since: Duration,
    /// Kinds of events (read, refused, write, labels, rotation, deletion, restore, settings, metadata, other) or names in
    /// AWS's words. If these are only write, labels, rotation, deletion and restore, or names of such events, nothing else
    /// is looked up, which is quick in a busy account too
    #[arg(long, value_name = "EVENT", value_delimiter = ',', value_parser = event)]
    event: Vec<String>,
    /// Words that must be part of who it was, of the address, the client or the secret
    #[arg(long, value_name = "WORD")]
    who: Vec<String>,
    /// How it ended
    #[arg(long, value_enum)]
    outcome: Option<OutcomeArg>,
    /// Leave out what the secret's rotation function did itself
    #[arg(long, requires = "secret")]
    no_function: bool,
    /// Show reads of metadata too
    #[arg(long)]
    all: bool,
    /// Show who it was, how often and when last, in place of each event
    #[arg(long, value_enum)]
    group_by: Option<GroupBy>,
    /// Stop reading after so long, with what is there by then; a busy account has more than can be read in minutes
    #[arg(long, value_name = "SPAN", value_parser = super::span::parse)]
    at_most: Option<Duration>,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t)]
    output: Form,
}

impl Args {
    /// The form of the answer, as other commands have it.
    pub fn output(&self) -> Output {
        if self.output == Form::Json { Output::Json } else { Output::Table }
    }
}

/// How an event ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum OutcomeArg {
    /// Well
    Done,
    /// Refused or failed
    Failed,
}

/// What events are put together by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum GroupBy {
    /// Who it was
    Reader,
}

/// The form of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Form {
    /// For people
    #[default]
    Table,
    /// For programs: stable field names
    Json,
    /// For tickets
    Markdown,
}

/// A kind, or what may be a name of AWS's, which begin with a capital.
fn event(word: &str) -> Result<String, String> {
    let is_name = trail::is_known(word) || word.starts_with(|letter: char| letter.is_ascii_uppercase());
    if is_name || Kind::from_word(&word.to_lowercase()).is_some() {
        return Ok(word.to_owned());
    }
    let kinds = Kind::ALL.map(Kind::word).join(", ");
    Err(format!("write a kind ({kinds}) or the name of an event in AWS's words, such as {DELETE_SECRET}"))
}

/// Whether it is neither a kind nor a name that is known here.
fn is_odd(word: &str) -> bool {
    Kind::from_word(&word.to_lowercase()).is_none() && !trail::is_known(word)
}

/// What was found.
struct Found {
    context: Arc<Context>,
    depth: Depth,
    secret: Option<Secret>,
    events: Events,
    reached: Reached,
    unplaced: usize,
    ended: End,
    now: DateTime<Utc>,
}

/// Why the search ended.
enum End {
    /// Everything was read.
    Done,
    /// The user, or `--at-most`, stopped it.
    Stopped,
    /// There was no room for more.
    Full,
    /// It could not go on.
    Fault(Fault),
}

/// Searches, and prints what was found: what came before a fault is there, with exit code 4.
pub async fn run(args: Args, aws: &Aws, mut streams: Streams<'_>) -> Result<Exit, Failure> {
    let context = aws.open().await?;
    let mut interrupt = Interrupt::hear()?;
    let work = async {
        let secret = match &args.secret {
            Some(typed) => Some(lookup(aws, &context, typed).await?),
            None => None,
        };
        read(&args, aws, &context, secret, &mut interrupt, streams.err).await
    };
    let (found, identity) = beside_identity(aws, &context, Box::pin(work)).await;
    let found = found?;
    let wanted = args.wanted(found.secret.as_ref());
    let scope = found.scope();
    let events: Vec<_> = found.events.iter().filter(|event| scope.has(event)).collect();
    let shown: Vec<_> = events.iter().copied().filter(|event| wanted.has(event)).collect();
    if let (End::Fault(fault), true) = (&found.ended, found.events.is_empty()) {
        return Err(fault.clone().into());
    }
    let printed = print::Printed { args: &args, found: &found, identity, events, shown };
    printed.write(&mut streams)?;
    let odd: Vec<_> = args.event.iter().filter(|name| printed.shown.is_empty() && is_odd(name)).collect();
    for name in &odd {
        writeln!(streams.err, "  secdash knows no event that is called {}: is it spelt as AWS does?", safe(name))?;
    }
    let exit = found.exit(streams.err)?;
    // A slip of the pen is no all-clear.
    Ok(if odd.is_empty() { exit } else { Exit::NotKnown })
}

/// Reads until everything is read, or no more is wanted.
async fn read(
    args: &Args,
    aws: &Aws,
    context: &Arc<Context>,
    secret: Option<Secret>,
    interrupt: &mut Interrupt,
    err: &mut dyn Write,
) -> Result<Found, Failure> {
    let now = aws.now();
    let since = TimeDelta::from_std(args.since).map_or(now - KEPT, |since| now - since);
    let scope = scope_of(context, secret.as_ref());
    let depth = args.wanted(secret.as_ref()).depth();
    let mut reached = trail::Search::new(&scope, depth.clone(), since, now, Covered::default()).reached();
    let mut news = pin!(search(aws, &scope, depth.clone(), since, Covered::default()));
    let mut patience = pin!(async {
        match args.at_most {
            Some(time) => aws.sleep(time).await,
            None => std::future::pending().await,
        }
    });
    let (mut events, mut unplaced, mut slowed) = (Events::default(), 0, false);
    let ended = loop {
        let one = tokio::select! {
            biased;
            () = interrupt.came() => break End::Stopped,
            () = &mut patience => break End::Stopped,
            one = news.next() => one,
        };
        match one {
            None => break End::Done,
            Some(News::Failed(fault)) => break End::Fault(fault),
            Some(News::Slowed) => {
                if !std::mem::replace(&mut slowed, true) {
                    writeln!(err, "others use CloudTrail's ration too (2 look-ups a second): reading more slowly")?;
                }
            }
            Some(News::Found { events: page, unplaced: more, reached: far }) => {
                // Of a secret's history nothing else is kept.
                page.into_iter().filter(|event| scope.has(event)).for_each(|event| {
                    events.add(event);
                });
                unplaced += more;
                reached = far;
                if reached.pages % TELL == FIRST && !reached.done {
                    writeln!(err, "{}", progress(&reached))?;
                }
                if events.len() >= MOST {
                    break End::Full;
                }
            }
        }
    };
    let context = Arc::clone(context);
    Ok(Found { context, depth, secret, events, reached, unplaced, ended, now: aws.now() })
}

/// After how many look-ups it is first told how far they have come, and after how many more again.
const FIRST: usize = 5;
const TELL: usize = 30;

fn progress(reached: &Reached) -> String {
    let far = reached
        .covered
        .latest()
        .map_or_else(|| "nothing yet".to_owned(), |span| format!("back to {}", moment(span.from)));
    let left = reached.left.and_then(|left| i64::try_from(left).ok()).filter(|left| *left > 0);
    let left = left.map_or_else(String::new, |left| format!(", about {} left", span(TimeDelta::seconds(left))));
    format!("reading the event history, a look-up a second: {far}{left}; ctrl-c prints what is there")
}

fn scope_of(context: &Arc<Context>, secret: Option<&Secret>) -> Scope {
    match secret {
        Some(secret) => Scope::Secret(Box::new(secret.clone())),
        None => Scope::Account(Arc::clone(context)),
    }
}

impl Args {
    /// What alone is shown, in words; `None` if that is everything.
    fn filter(&self) -> Option<String> {
        let mut words = self.event.clone();
        words.extend(self.who.iter().map(|who| format!("by {who}")));
        words.extend(self.outcome.and_then(|outcome| Some(outcome.to_possible_value()?.get_name().to_owned())));
        words.extend(self.no_function.then(|| "without its function".to_owned()));
        words.extend((!self.all && self.event.is_empty()).then(|| "without reads of metadata".to_owned()));
        (!words.is_empty()).then(|| words.join(", "))
    }

    fn wanted(&self, secret: Option<&Secret>) -> Wanted {
        let function = secret.and_then(Secret::function_name);
        Wanted {
            what: self.event.iter().map(|word| What::of(word)).collect(),
            who: self.who.iter().map(|word| word.to_lowercase()).collect(),
            reader: None,
            outcome: self.outcome.map(|outcome| match outcome {
                OutcomeArg::Done => Ended::Done,
                OutcomeArg::Failed => Ended::Failed,
            }),
            without: function.filter(|_| self.no_function),
            metadata: self.all,
        }
    }
}

impl Found {
    fn scope(&self) -> Scope {
        scope_of(&self.context, self.secret.as_ref())
    }

    /// Where the readers stand since AWSCURRENT moved; `None` too where reads were not looked for.
    fn followers(&self) -> Option<(DateTime<Utc>, Vec<Follower>)> {
        let secret = self.secret.as_ref().filter(|_| self.depth == Depth::Whole)?;
        let moved = trail::became_current(secret, self.events.iter())?;
        Some((moved, trail::since(secret, moved, secret.function_name().as_deref(), self.events.iter())))
    }

    /// The exit code, and what is to be said of what is missing.
    fn exit(&self, err: &mut dyn Write) -> Result<Exit, Failure> {
        if self.unplaced > 0 {
            writeln!(err, "  {} had neither an id nor a time: no place for them here", count(self.unplaced, "event"))?;
        }
        match &self.ended {
            End::Done => return Ok(Exit::Fine),
            End::Stopped => writeln!(err, "  stopped before everything was read: earlier events may be missing")?,
            End::Full => writeln!(err, "  stopped at {}: earlier ones are missing", count(MOST, "event"))?,
            End::Fault(fault) => {
                tell(err, fault)?;
                writeln!(err, "  what was read before that is above; the rest is missing")?;
            }
        }
        Ok(Exit::NotKnown)
    }
}
