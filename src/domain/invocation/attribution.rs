//! Whose invocation it is: of this rotation, of this secret, of another one, or nobody knows.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{Entry, Invocation, Invocations};
use crate::domain::log::Kind;
use crate::domain::version::VersionId;
use crate::text::AwsText;

/// The rotation that log lines are asked for. Times are UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The ARN of the secret.
    pub secret: AwsText,
    /// The version that it brings in: the ClientRequestToken. `None`: any rotation of the secret in that time.
    pub version: Option<VersionId>,
    /// Since when.
    pub from: DateTime<Utc>,
    /// Until when, `None` if it still runs.
    pub until: Option<DateTime<Utc>>,
}

/// Whose invocation, or whose line, it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attribution {
    /// Its lines carry the version's id; or, within the time of the rotation, the secret's ARN and no other version.
    ThisRotation,
    /// Its lines carry the secret's ARN, but it is of another version, or of another time.
    ThisSecret,
    /// Its lines say that it is about another secret.
    OtherSecret,
    /// Its lines carry neither. A time-out before the first line is like that.
    Unattributed {
        /// Whether it lies within the time of the rotation, and so may well belong to it.
        within: bool,
    },
}

impl Run {
    /// Whether a time reaches into the rotation's.
    fn meets(&self, first: DateTime<Utc>, last: DateTime<Utc>) -> bool {
        last >= self.from && self.until.is_none_or(|until| first <= until)
    }

    /// Judges lines that belong together by what is said of the secret and the version, else by what they mention.
    pub(super) fn judge(
        &self,
        signs: Signs,
        said: (Option<&AwsText>, Option<&VersionId>),
        within: bool,
    ) -> Attribution {
        let (secret, version) = said;
        if secret.is_some_and(|secret| *secret != self.secret) {
            return Attribution::OtherSecret;
        }
        let is_ours = secret.is_some() || signs.is_ours;
        let is_version = match (&self.version, version) {
            (Some(wanted), Some(version)) => Some(wanted == version),
            (Some(_), None) => signs.is_version.then_some(true),
            (None, _) => None,
        };
        match is_version {
            Some(true) => Attribution::ThisRotation,
            None if is_ours && within => Attribution::ThisRotation,
            _ if is_ours => Attribution::ThisSecret,
            _ if signs.is_others => Attribution::OtherSecret,
            _ => Attribution::Unattributed { within: within && is_version.is_none() },
        }
    }
}

/// What lines that belong together mention, seen from one rotation.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Signs {
    /// The secret's ARN.
    is_ours: bool,
    /// The version's id.
    is_version: bool,
    /// The ARN of some secret, in a line that the function logged. An exception doesn't count: it may well name the
    /// superuser secret that it could not read.
    is_others: bool,
}

impl Signs {
    /// Takes in what one more line mentions.
    pub(super) fn add(&mut self, run: &Run, entry: &Entry) {
        self.is_ours |= entry.mentions.contains(&run.secret);
        self.is_version = self.is_version || run.version.as_ref().is_some_and(|version| has(entry, version));
        self.is_others |= entry.line.kind == Kind::Logged && !entry.mentions.is_empty();
    }

    /// What all these lines mention.
    pub(super) fn of<'a>(run: &Run, entries: impl IntoIterator<Item = &'a Arc<Entry>>) -> Self {
        let mut signs = Self::default();
        entries.into_iter().for_each(|entry| signs.add(run, entry));
        signs
    }
}

/// Whether the text of an event has the version's id as a word.
fn has(entry: &Entry, version: &VersionId) -> bool {
    let (text, id) = (entry.event.message.raw(), version.0.raw());
    let goes_on = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '-' || c == '_');
    let is_word =
        |at: usize| !goes_on(text[..at].chars().next_back()) && !goes_on(text[at + id.len()..].chars().next());
    !id.is_empty() && text.match_indices(id).any(|(at, _)| is_word(at))
}

impl Invocation {
    /// Whose invocation it is, seen from one rotation.
    pub fn attribution(&self, run: &Run) -> Attribution {
        self.attribution_by(run, Signs::of(run, &self.entries))
    }

    /// As [`attribution`](Self::attribution), where it is known already what its lines mention.
    pub(super) fn attribution_by(&self, run: &Run, signs: Signs) -> Attribution {
        let within = run.meets(self.started, self.last());
        run.judge(signs, (self.secret.as_ref(), self.version.as_ref()), within)
    }
}

impl Entry {
    /// Whose a line is that belongs to no invocation, seen from one rotation.
    pub(super) fn attribution(self: &Arc<Self>, run: &Run) -> Attribution {
        let said = self.said.as_ref();
        let names = (said.and_then(|said| said.secret.as_ref()), said.and_then(|said| said.version.as_ref()));
        run.judge(Signs::of(run, [self]), names, run.meets(self.event.at, self.event.at))
    }
}

impl Invocations {
    /// Every line in order of time, with whose it is, seen from one rotation.
    pub fn cut(&self, run: &Run) -> Vec<(Attribution, &Arc<Entry>)> {
        let dealt = self.iter().flat_map(|invocation| {
            let attribution = invocation.attribution(run);
            invocation.entries.iter().map(move |entry| (attribution, entry))
        });
        let loose = self.loose().map(|entry| (entry.attribution(run), entry));
        let mut lines: Vec<_> = dealt.chain(loose).collect();
        lines.sort_by_key(|(_, entry)| entry.place());
        lines
    }
}
