//! How one attempt to rotate ends, as the table of a scenario writes it.

use serde::Deserialize;
use toml::Spanned;

use super::Flaw;
use super::moment::Span;
use super::outcome::Word;
use crate::demo::rotation::Step;
use crate::demo::rotation::behaviour::{Death, Ending, Marks, Pace, Way};

/// One of `fails_at`, `times_out_at`, `abandoned_at` and `ends`, or none: then it succeeds.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TableKeys {
    fails_at: Option<Spanned<Step>>,
    /// What the function raises; `{arn}`, `{version}`, `{user}` and `{host}` stand for what they are. Words that begin
    /// with a type of exception are raised only, others logged first. By default AWS's template's own.
    with: Option<Spanned<String>>,
    times_out_at: Option<Spanned<Step>>,
    /// setSecret dies so when it has changed the password, and before it says so; an attempt that finds it changed doesn't.
    changed: Option<Spanned<bool>>,
    /// It fails so because the network drops what is sent to the database: after a long time, which may be a time-out.
    unreachable: Option<Spanned<bool>>,
    marks: Option<Spanned<MarksKeys>>,
    /// Somebody sets a value by hand meanwhile.
    abandoned_at: Option<Spanned<Step>>,
    /// One of the words.
    ends: Option<Spanned<Word>>,
    /// So many attempts of each rotation end like that, and the next one succeeds.
    flaky: Option<Spanned<u32>>,
    /// How long each step takes.
    step: Option<Spanned<Span>>,
    /// The same, of the step `at`; without it of each.
    slow: Option<Spanned<Span>>,
    at: Option<Spanned<Step>>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum MarksKeys {
    Task,
    Report,
    Both,
}

impl TableKeys {
    /// How an attempt goes, and how many do.
    pub(super) fn read(self) -> Result<(Way, Option<Spanned<u32>>), Flaw> {
        self.check()?;
        self.check_companions()?;
        let step = |step: &Option<Spanned<Step>>| step.as_ref().map(|step| *step.get_ref());
        let takes = self.slow.as_ref().or(self.step.as_ref()).map(|span| span.get_ref().0);
        let pace = takes.map(|takes| Pace { takes, step: step(&self.at) });
        let flaky = self.flaky.clone();
        Ok((Way { ending: self.ending(), pace }, flaky))
    }

    fn ending(self) -> Ending {
        let marks = self.marks.map_or(Marks::Both, |marks| match marks.into_inner() {
            MarksKeys::Task => Marks::Task,
            MarksKeys::Report => Marks::Report,
            MarksKeys::Both => Marks::Both,
        });
        let (changed, unreachable) = (is_set(self.changed.as_ref()), is_set(self.unreachable.as_ref()));
        let with = self.with.map(Spanned::into_inner);
        let step = |step: Option<Spanned<Step>>| step.map(Spanned::into_inner);
        match (step(self.fails_at), step(self.times_out_at), step(self.abandoned_at), self.ends) {
            (Some(_), ..) if changed => Ending::Dies(Death::Raises(with)),
            (Some(at), ..) if unreachable => Ending::Unreachable { at, with },
            (Some(at), ..) => Ending::Fails { at, with },
            (_, Some(_), ..) if changed => Ending::Dies(Death::Hangs(marks)),
            (_, Some(at), ..) => Ending::TimesOut { at, marks },
            (_, _, Some(at), _) => Ending::Abandoned { at },
            (.., Some(word)) => word.into_inner().ending(),
            _ => Ending::Succeeds,
        }
    }

    /// Refuses two endings at once, and keys that go with something else.
    fn check(&self) -> Result<(), Flaw> {
        let endings = [
            self.fails_at.as_ref().map(Spanned::span),
            self.times_out_at.as_ref().map(Spanned::span),
            self.abandoned_at.as_ref().map(Spanned::span),
            self.ends.as_ref().map(Spanned::span),
        ];
        if let Some(span) = endings.iter().flatten().nth(1) {
            return Err(Flaw { span: span.clone(), message: "a rotation ends in one way".to_owned() });
        }
        let wrong = |message: &str| message.to_owned();
        if let Some(with) = self.with.as_ref().filter(|_| self.fails_at.is_none()) {
            return Err(Flaw::at(with, wrong("`with` goes with `fails_at`")));
        }
        if let Some(marks) = self.marks.as_ref().filter(|_| self.times_out_at.is_none()) {
            return Err(Flaw::at(marks, wrong("`marks` goes with `times_out_at`")));
        }
        if let Some(at) = self.at.as_ref().filter(|_| self.slow.is_none()) {
            return Err(Flaw::at(at, wrong("`at` goes with `slow`")));
        }
        match (&self.slow, &self.step) {
            (Some(slow), Some(_)) => Err(Flaw::at(slow, wrong("leave out either `slow` or `step`"))),
            _ => Ok(()),
        }
    }

    /// Refuses what can't have happened in the step.
    fn check_companions(&self) -> Result<(), Flaw> {
        let fails = self.fails_at.as_ref().map(|step| *step.get_ref());
        let ends = fails.or(self.times_out_at.as_ref().map(|step| *step.get_ref()));
        if let Some(changed) = self.changed.as_ref().filter(|_| ends != Some(Step::Set)) {
            return Err(Flaw::at(changed, "`changed` goes with `fails_at` or `times_out_at` setSecret"));
        }
        match &self.unreachable {
            Some(flag) if !matches!(fails, Some(Step::Set | Step::Test)) => {
                Err(Flaw::at(flag, "`unreachable` goes with `fails_at` setSecret or testSecret"))
            }
            Some(flag) if is_set(self.changed.as_ref()) && *flag.get_ref() => {
                Err(Flaw::at(flag, "leave out either `changed` or `unreachable`"))
            }
            _ => Ok(()),
        }
    }
}

fn is_set(flag: Option<&Spanned<bool>>) -> bool {
    flag.is_some_and(|flag| *flag.get_ref())
}
