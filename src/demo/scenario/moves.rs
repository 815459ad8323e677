//! One move of a secret's history as a scenario writes it: what was done, and the keys that go with it.

use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use super::Flaw;
use super::file::CalledBy;
use super::moment::Moment;
use crate::demo::rotation::Step;

/// `tests/worlds/timeline.toml` has examples. A version's name is its id if it has 32 to 64 characters; a shorter one stands for a UUID from the seed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MoveKeys {
    pub(super) at: Spanned<Moment>,
    /// CreateSecret, or PutSecretValue by hand: a new version with a value.
    put: Option<Spanned<String>>,
    /// RotateSecret, or the schedule: a new version without a value.
    rotate: Option<Spanned<String>>,
    /// createSecret's PutSecretValue: the pending version gets its value.
    fill: Option<Spanned<String>>,
    /// finishSecret: the pending version becomes AWSCURRENT, and the rotation counts as done.
    finish: Option<Spanned<String>>,
    /// Whether AWSPENDING stays on it then; by default it does.
    pending: Option<Spanned<After>>,
    /// An attempt to rotate the pending version in failed, in a `step`.
    fail: Option<Spanned<String>>,
    step: Option<Spanned<Step>>,
    /// UpdateSecretVersionStage: this label goes `to` a version, `from` the one that it sits on.
    r#move: Option<Spanned<String>>,
    to: Option<Spanned<String>>,
    from: Option<Spanned<String>>,
    /// CancelRotateSecret.
    cancel: Option<Spanned<bool>>,
    /// Session name of the person who called; by default the world's caller.
    by: Option<Spanned<String>>,
    called: Option<Spanned<CalledBy>>,
}

/// What becomes of AWSPENDING when a rotation is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum After {
    Stays,
    Goes,
}

/// What can be done, by the names of the keys.
const DEEDS: [&str; 7] = ["put", "rotate", "fill", "finish", "fail", "move", "cancel"];

/// What was done.
#[derive(Debug, Clone, Copy)]
pub(super) enum Deed<'a> {
    Put(&'a Spanned<String>),
    Rotate(&'a Spanned<String>),
    Fill(&'a Spanned<String>),
    Finish(&'a Spanned<String>, After),
    Fail(&'a Spanned<String>, Step),
    Move { label: &'a Spanned<String>, to: Option<&'a Spanned<String>>, from: Option<&'a Spanned<String>> },
    Cancel { key: &'a Spanned<bool>, by: Option<&'a str>, called: Option<CalledBy> },
}

/// Where the value of a key stands, if it is there.
fn span<T>(key: Option<&Spanned<T>>) -> Option<Range<usize>> {
    key.map(Spanned::span)
}

impl MoveKeys {
    /// The one thing that was done.
    pub(super) fn deed(&self) -> Result<Deed<'_>, Flaw> {
        let names = [&self.put, &self.rotate, &self.fill, &self.finish, &self.fail, &self.r#move];
        self.check(names)?;
        Ok(match (names, &self.cancel) {
            ([Some(name), ..], _) => Deed::Put(name),
            ([_, Some(name), ..], _) => Deed::Rotate(name),
            ([_, _, Some(name), ..], _) => Deed::Fill(name),
            ([_, _, _, Some(name), ..], _) => Deed::Finish(name, value(self.pending.as_ref()).unwrap_or(After::Stays)),
            ([_, _, _, _, Some(name), _], _) => match value(self.step.as_ref()) {
                Some(step) => Deed::Fail(name, step),
                None => return Err(Flaw::at(name, "say in which `step`")),
            },
            ([.., Some(label)], _) => Deed::Move { label, to: self.to.as_ref(), from: self.from.as_ref() },
            (_, Some(key)) => Deed::Cancel {
                key,
                by: self.by.as_ref().map(|by| by.get_ref().as_str()),
                called: value(self.called.as_ref()),
            },
            _ => {
                let deeds = DEEDS.map(|deed| format!("`{deed}`")).join(", ");
                return Err(Flaw::at(&self.at, format!("say what was done: one of {deeds}")));
            }
        })
    }

    /// Refuses two things at once, and keys that go with something else.
    fn check(&self, names: [&Option<Spanned<String>>; 6]) -> Result<(), Flaw> {
        let spans = names.into_iter().map(|name| span(name.as_ref())).chain([span(self.cancel.as_ref())]);
        let mut given = DEEDS.into_iter().zip(spans).filter_map(|(deed, span)| Some((deed, span?)));
        let deed = given.next().map(|(deed, _)| deed);
        if let Some((_, span)) = given.next() {
            return Err(Flaw { span, message: "one move does one thing".to_owned() });
        }
        let companions = [
            ("finish", "pending", span(self.pending.as_ref())),
            ("fail", "step", span(self.step.as_ref())),
            ("move", "to", span(self.to.as_ref())),
            ("move", "from", span(self.from.as_ref())),
            ("cancel", "by", span(self.by.as_ref())),
            ("cancel", "called", span(self.called.as_ref())),
        ];
        for (owner, key, span) in companions {
            if let Some(span) = span.filter(|_| deed.is_some_and(|deed| deed != owner)) {
                return Err(Flaw { span, message: format!("`{key}` goes with `{owner}`") });
            }
        }
        Ok(())
    }
}

fn value<T: Copy>(key: Option<&Spanned<T>>) -> Option<T> {
    key.map(|key| *key.get_ref())
}
