//! A change before it is made, on the command line: what it is, what the pre-flight says, and the person's word for it.

use std::fmt;
use std::io;

use super::{Failure, Output, Streams};
use crate::domain::change::{Change, Changed, Confirmed, Danger, Outcome, Word};
use crate::domain::context::{Context, Identity};
use crate::domain::preflight::{Check, Grade, Preflight};
use crate::exit::Exit;
use crate::output::rotation::{self, Asked, Event};
use crate::output::toned::{self, Line, Tone};
use crate::text::count;

/// How a command may ask whoever sits at the terminal; nobody can be asked where there is none.
#[derive(Default)]
pub struct Terminal(Option<Box<Ask>>);

/// Puts a question and waits for the line that is typed after it.
type Ask = dyn FnMut(&str) -> io::Result<String> + Send;

impl Terminal {
    /// A terminal with somebody at it.
    pub fn with(ask: impl FnMut(&str) -> io::Result<String> + Send + 'static) -> Self {
        Self(Some(Box::new(ask)))
    }
}

impl fmt::Debug for Terminal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Terminal" } else { "no terminal" })
    }
}

/// How a person gives their word on the command line.
#[derive(Debug, clap::Args)]
pub(super) struct Given {
    /// Make the change without asking
    #[arg(long)]
    yes: bool,
    /// The last part of the secret's name, for a change that needs more than a yes
    #[arg(long, value_name = "NAME", requires = "yes")]
    confirm: Option<String>,
}

/// The lines that say what is asked for, and where.
const HEAD: usize = 2;

/// Shows what is about to be changed, and what the pre-flight says of it.
pub(super) fn show(
    change: &Change,
    preflight: &Preflight,
    (context, identity): (&Context, Option<&Identity>),
    output: Output,
    streams: &mut Streams<'_>,
) -> io::Result<()> {
    let account = identity.map(|identity| identity.account.raw());
    if output == Output::Json {
        rotation::write_line(streams.out, &Event::Change(Asked::of(change, context, account)))?;
        preflight.checks.iter().try_for_each(|check| rotation::write_line(streams.out, &Event::Check(check.into())))?;
        return streams.out.flush();
    }
    // What can't be done makes no difference, and is nothing to be copied.
    let shown = if preflight.stops() { HEAD } else { usize::MAX };
    for line in rotation::change(change, context, account).into_iter().take(shown) {
        // What is to be copied is left in one piece.
        let is_form = line.iter().any(|(_, text)| text.contains("aws form") || text.contains("  call "));
        if is_form { toned::write(streams.out, &line)? } else { streams.line(&line, rotation::ROW)? }
    }
    for line in checks(preflight) {
        streams.line(&line, 4)?;
    }
    streams.out.flush()
}

fn checks(preflight: &Preflight) -> Vec<Line> {
    let fine = preflight.of_grade(Grade::Fine).count();
    let mut lines = vec![vec![(Tone::Strong, format!("Pre-flight: {}", preflight.verdict()))]];
    let told = preflight.checks.iter().filter(|check| check.grade != Grade::Fine);
    lines.extend(told.flat_map(rows));
    if fine > 0 {
        lines.push(vec![(Tone::Good, "  ✔ ".to_owned()), (Tone::Plain, format!("{} fine", count(fine, "check")))]);
    }
    lines
}

fn rows(check: &Check) -> Vec<Line> {
    let (tone, symbol) = match check.grade {
        Grade::Stops => (Tone::Bad, '✖'),
        Grade::Warning => (Tone::Warn, '!'),
        Grade::Unknown => (Tone::Warn, '?'),
        Grade::Notice => (Tone::Dim, '·'),
        Grade::Fine => (Tone::Good, '✔'),
    };
    let first = vec![(tone, format!("  {symbol} ")), (Tone::Plain, check.sentence.clone())];
    let then = check.next_step.as_ref().map(|step| vec![(Tone::Dim, format!("    try: {step}"))]);
    std::iter::once(first).chain(then).collect()
}

/// Takes the person's word: as it was given on the command line, else as it is typed.
pub(super) fn confirm(
    change: Change,
    given: Given,
    is_read_only: bool,
    terminal: &mut Terminal,
    command: &str,
) -> Result<Confirmed<Change>, Failure> {
    if is_read_only && !given.yes {
        return Err(read_only());
    }
    let wanted = change.last_part().to_owned();
    let word = match (given, change.danger()) {
        (Given { confirm: Some(name), .. }, _) => Word::Typed(name),
        (Given { yes: true, .. }, _) => Word::Yes,
        (_, danger) => ask(terminal, danger, &wanted, command)?,
    };
    change.confirmed(word).map_err(|not| {
        let wanted = crate::text::safe(&wanted);
        let next_step = format!("`{command}` asks again, or takes --yes --confirm {wanted}");
        Failure::Refused(format!("Nothing was changed. {not}."), next_step)
    })
}

fn ask(terminal: &mut Terminal, danger: Danger, wanted: &str, command: &str) -> Result<Word, Failure> {
    let flags = match danger {
        Danger::Plain => "--yes".to_owned(),
        Danger::Typed => format!("--yes --confirm {}", crate::text::safe(wanted)),
    };
    let Some(ask) = &mut terminal.0 else {
        let sentence = "Nothing was changed: there is no terminal to ask for your word at.";
        return Err(Failure::Refused(sentence.to_owned(), format!("`{command} {flags}`")));
    };
    let question = match danger {
        Danger::Plain => "Type y to do it, anything else to leave it: ".to_owned(),
        Danger::Typed => format!("Type {} to do it, anything else to leave it: ", crate::text::safe(wanted)),
    };
    let typed = ask(&question)?;
    match (typed.trim(), danger) {
        ("y" | "Y" | "yes", Danger::Plain) => Ok(Word::Yes),
        (typed, Danger::Typed) if !typed.is_empty() => Ok(Word::Typed(typed.to_owned())),
        _ => Err(Failure::Refused("Nothing was changed: you left it.".to_owned(), format!("`{command}` asks again"))),
    }
}

/// What a command says where the pre-flight stands against it.
pub(super) fn stopped(preflight: &Preflight) -> Failure {
    let check = preflight.of_grade(Grade::Stops).next();
    let next_step = check.and_then(|check| check.next_step.clone());
    let sentence = check.map_or_else(String::new, |check| check.sentence.clone());
    Failure::Refused(
        format!("Nothing was changed. {sentence}"),
        next_step.unwrap_or_else(|| "see `secdash show`".to_owned()),
    )
}

/// What a command says where nothing may be changed.
pub(super) fn read_only() -> Failure {
    Failure::Refused(
        "Nothing was changed: secdash is read-only here.".to_owned(),
        "`secdash config --effective` tells what sets read_only; leave it out to make changes".to_owned(),
    )
}

/// What came of the call, where that isn't that AWS took it.
pub(super) fn not_accepted(changed: &Changed, name: &str, streams: &mut Streams<'_>) -> Result<Option<Exit>, Failure> {
    let name = crate::text::safe(name);
    if let Some(why) = &changed.unrecorded {
        let sentence = format!("This action stands in no record: {}.", crate::text::safe(why));
        super::failure::write(streams.err, &sentence, "see that the folder of `secdash actions` can be written to")?;
    }
    match &changed.outcome {
        Outcome::Accepted { .. } => Ok(None),
        Outcome::Refused(fault) | Outcome::NotSent(fault) | Outcome::NotDescribed(fault) => {
            Err(Failure::Fault(fault.clone()))
        }
        Outcome::Moved(_) => Err(Failure::Refused(
            format!(
                "Nothing was changed: {name} is not as it was when you were asked; its labels, its rotation or its mark for deletion changed."
            ),
            format!("look again with `secdash show {name}`"),
        )),
        Outcome::ReadOnly => Err(read_only()),
        Outcome::Unknown(fault) => {
            super::tell(streams.err, fault)?;
            let sentence = "It isn't known whether the change was made.";
            super::failure::write(
                streams.err,
                sentence,
                &format!("look with `secdash show {name}` before you try again"),
            )?;
            Ok(Some(Exit::NotKnown))
        }
    }
}
