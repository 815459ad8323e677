//! `secdash keys`: the table of keys, with the user's own in it.

use serde::Serialize;

use super::{Failure, Output, Streams};
use crate::config::{Config, Sources};
use crate::exit::Exit;
use crate::output::{json, table};
use crate::text::count;
use crate::tui::keymap::{Keymap, Row, vocabulary};

/// Arguments of `secdash keys`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Form of the answer
    #[arg(long, value_enum, default_value_t)]
    pub(super) output: Output,
}

#[derive(Debug, Serialize)]
struct Keys<'a> {
    keys: Vec<Entry<'a>>,
}

#[derive(Debug, Serialize)]
struct Entry<'a> {
    scope: &'static str,
    keys: &'a [String],
    action: &'static str,
    help: &'static str,
}

impl<'a> From<&'a Row> for Entry<'a> {
    fn from(row: &'a Row) -> Self {
        Self { scope: row.scope.name(), keys: &row.keys, action: row.action.name(), help: row.help }
    }
}

/// Prints the keys; needs no AWS.
pub fn run(args: &Args, sources: &Sources, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let keymap = keymap(&sources.load()?)?;
    match args.output {
        Output::Table => {
            let row = |row: &Row| {
                let keys = if row.keys.is_empty() { "–".to_owned() } else { row.keys.join(" ") };
                [row.scope.title().into(), keys.into(), row.action.name().into(), row.help.into()]
            };
            let rows: Vec<_> = keymap.rows().map(row).collect();
            table::write(streams.out, ["WHERE", "KEYS", "ACTION", "DOES"], &rows)?;
        }
        Output::Json => {
            let keys = Keys { keys: keymap.rows().map(Entry::from).collect() };
            json::write(streams.out, &keys)?;
        }
    }
    Ok(Exit::Fine)
}

/// The keys as the user has them, or one failure with every line that is wrong.
pub fn keymap(config: &Config) -> Result<Keymap, Failure> {
    let file = config.keys.first().map_or_else(String::new, |rebinding| crate::text::safe(&rebinding.file));
    Keymap::with(&config.keys).map_err(|problems| {
        let (actions, keys) = vocabulary();
        let lines: Vec<_> =
            problems.iter().map(|problem| format!("  {file}:{}: {}\n", problem.line, problem.message)).collect();
        let sentence = format!(
            "{} of [keys] can't be:\n{}  actions: {actions}\n  keys: {keys}",
            count(problems.len(), "binding"),
            lines.concat()
        );
        Failure::Usage(sentence, "mend these lines; `secdash config` prints the format of the file".to_owned())
    })
}
