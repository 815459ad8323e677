//! What `secdash history` prints.

use std::io::Write;
use std::sync::Arc;

use anstyle::{AnsiColor, Style};
use chrono::{DateTime, Utc};

use super::{Args, End, Form, Found};
use crate::cmd::{Failure, Streams, foot};
use crate::domain::context::Identity;
use crate::domain::fault::Fault;
use crate::domain::trail::{Kind, Tally, TrailEvent, tally};
use crate::output::history::{self, About, complete, detail, json, markdown, strip};
use crate::output::json::Source;
use crate::output::table::{self, Cell};
use crate::output::toned;
use crate::text::{ago, count, moment, rfc3339};

/// The columns of a density strip.
const STRIP: usize = 24;

/// What is printed.
pub(super) struct Printed<'a> {
    pub(super) args: &'a Args,
    pub(super) found: &'a Found,
    pub(super) identity: Result<Identity, Fault>,
    /// The events of the scope, the newest first.
    pub(super) events: Vec<&'a TrailEvent>,
    /// Those that are wanted.
    pub(super) shown: Vec<&'a TrailEvent>,
}

impl Printed<'_> {
    /// Prints in the form that was asked for.
    pub(super) fn write(&self, streams: &mut Streams<'_>) -> Result<(), Failure> {
        match self.args.output {
            Form::Json => self.json(streams.out)?,
            Form::Markdown if self.args.group_by.is_some() => self.readers(streams.out)?,
            Form::Markdown => markdown::write(streams.out, &self.about(), &self.shown)?,
            Form::Table if self.args.group_by.is_some() => self.groups(streams.out)?,
            Form::Table => self.rows(streams.out)?,
        }
        streams.out.flush()?;
        if self.args.output == Form::Table {
            writeln!(streams.err, "{}", self.last_line())?;
        }
        Ok(())
    }

    fn about(&self) -> About {
        let (found, reached) = (self.found, &self.found.reached);
        About {
            context: Arc::clone(&found.context),
            identity: self.identity.as_ref().ok().cloned(),
            at: found.now,
            name: found.secret.as_ref().map(|secret| secret.name.clone()),
            arn: found.secret.as_ref().map(|secret| secret.id.arn.clone()),
            since: reached.since,
            covered: reached.covered.since(reached.since),
            done: reached.done,
            filter: self.args.filter(),
            hidden: self.events.len() - self.shown.len(),
        }
    }

    fn rows(&self, out: &mut dyn Write) -> Result<(), Failure> {
        if self.found.secret.is_some() {
            let rows: Vec<_> = self.shown.iter().map(|event| self.row(event)).collect();
            table::write(out, ["TIME", "KIND", "EVENT", "WHO", "FROM", "CLIENT", "DETAIL"], &rows)?;
            return Ok(());
        }
        let with_secret = |event: &&TrailEvent| {
            let [time, kind, name, rest @ ..] = self.row(event);
            let [who, from, client, detail] = rest;
            [time, kind, name, history::secret(event).into(), who, from, client, detail]
        };
        let rows: Vec<_> = self.shown.iter().map(with_secret).collect();
        table::write(out, ["TIME", "KIND", "EVENT", "SECRET", "WHO", "FROM", "CLIENT", "DETAIL"], &rows)?;
        Ok(())
    }

    fn row(&self, event: &TrailEvent) -> [Cell; 7] {
        let word = |text: Option<&crate::text::AwsText>| text.map_or_else(|| "–".to_owned(), ToString::to_string);
        let provisional = if self.found.reached.covered.has(event.at) { "" } else { " ~" };
        [
            format!("{}{provisional}", moment(event.at)).into(),
            Cell::styled(event.kind().word(), style(event)),
            event.name.to_string().into(),
            event.scene.who.words().into(),
            word(event.scene.from.as_ref()).into(),
            word(event.scene.client.as_ref()).into(),
            detail(event).into(),
        ]
    }

    /// The events by who it was, as far back as all were read: of two readers the one would count more often otherwise only
    /// because more was read of it.
    fn tallies(&self) -> Vec<Tally> {
        let from = self.found.reached.whole_from();
        tally(self.shown.iter().copied().filter(|event| from.is_some_and(|from| event.at >= from)))
    }

    fn groups(&self, out: &mut dyn Write) -> Result<(), Failure> {
        let tallies = self.tallies();
        let rows: Vec<_> = tallies.iter().map(|tally| self.group(tally)).collect();
        table::write(out, ["WHO", "CALLER", "EVENTS", "OVER TIME", "DETAIL"], &rows)?;
        if let Some((moved, followers)) = self.found.followers().filter(|(_, followers)| !followers.is_empty()) {
            let bold = Style::new().bold();
            writeln!(out, "\n{bold}SINCE AWSCURRENT MOVED{bold:#}")?;
            let known = self.found.reached.known_reads();
            writeln!(out, "{}", history::since(moved, &followers, known, self.found.now))?;
            for follower in &followers {
                toned::write(out, &history::standing(follower, self.found.now))?;
            }
        }
        Ok(())
    }

    /// The groups as Markdown.
    fn readers(&self, out: &mut dyn Write) -> Result<(), Failure> {
        let tallies = self.tallies();
        let followers = self.found.followers();
        let since = followers.as_ref().map(|(moved, followers)| (*moved, followers.as_slice()));
        let known = self.found.reached.known_reads();
        markdown::write_readers(out, &self.about(), &tallies, since, known)?;
        Ok(())
    }

    fn group(&self, tally: &Tally) -> [Cell; 5] {
        let range = (self.found.reached.since, self.found.now);
        [
            tally.reader.words().into(),
            tally.reader.caller.word().into(),
            crate::text::grouped(tally.times.len()).into(),
            strip(tally.times.iter().copied(), range, &self.found.reached.covered, STRIP, false).into(),
            history::reads(tally, self.found.now).into(),
        ]
    }

    fn json(&self, out: &mut dyn Write) -> Result<(), Failure> {
        let found = self.found;
        let tallies = self.tallies();
        let followers = found.followers();
        let mut faults: Vec<_> = self.identity.as_ref().err().into_iter().map(Into::into).collect();
        if let End::Fault(fault) = &found.ended {
            faults.push(fault.into());
        }
        let answer = json::History {
            context: Source::new(&found.context, self.identity.as_ref().ok()),
            as_of: rfc3339(found.now),
            secret: found.secret.as_ref().map(|secret| &secret.id.arn),
            since: rfc3339(found.reached.since),
            complete: found.reached.covered.spans().map(Into::into).collect(),
            events: [],
            readers_counted_from: found.reached.whole_from().map(rfc3339),
            readers: tallies.iter().map(Into::into).collect(),
            since_rotation: followers.as_ref().map(|(moved, followers)| json::SinceJson {
                moved: rfc3339(*moved),
                readers: followers.iter().map(Into::into).collect(),
            }),
            unplaced: found.unplaced,
            dropped_until: found.events.dropped().map(rfc3339),
            faults,
        };
        answer.write(out, &self.shown, &found.reached.covered)?;
        Ok(())
    }

    /// How much there is, what is complete of it, and what was left out.
    fn last_line(&self) -> String {
        let shown = count(self.shown.len(), "event");
        let hidden = self.events.len() - self.shown.len();
        let metadata = self.events.iter().filter(|event| event.kind() == Kind::Metadata).count();
        let hint = if metadata == hidden { " that read metadata (--all shows them)" } else { "" };
        let hidden = (hidden > 0).then(|| format!(" · {} not shown{hint}", count(hidden, "event")));
        let provisional = self.shown.iter().filter(|event| !self.found.reached.covered.has(event.at)).count();
        let provisional =
            (provisional > 0).then(|| format!(" · {provisional} provisional (~): others may be missing there"));
        let latest = self.shown.first().map(|event| format!(" · last {}", ago(event.at, self.found.now)));
        format!(
            "{shown}{}{} · {}{} · {}",
            hidden.unwrap_or_default(),
            latest.unwrap_or_default(),
            self.complete(),
            provisional.unwrap_or_default(),
            foot(&self.found.context, self.identity.as_ref().ok(), self.found.now),
        )
    }

    /// What is complete; of groups also since when they are counted.
    fn complete(&self) -> String {
        let reached = &self.found.reached;
        let is_cut = |from: &DateTime<Utc>| *from > reached.since;
        let counted = match (self.args.group_by, reached.whole_from()) {
            (Some(_), Some(from)) if is_cut(&from) => format!(" · counted from {}", moment(from)),
            (Some(_), None) => " · nobody can be counted yet".to_owned(),
            _ => String::new(),
        };
        format!("{}{counted}", complete(&reached.covered, reached.since, reached.done))
    }
}

fn style(event: &TrailEvent) -> Style {
    match history::tone_of(event) {
        toned::Tone::Bad => AnsiColor::Red.on_default(),
        toned::Tone::Warn => AnsiColor::Yellow.on_default(),
        toned::Tone::Good => AnsiColor::Green.on_default(),
        toned::Tone::Dim => Style::new().dimmed(),
        _ => Style::new(),
    }
}
