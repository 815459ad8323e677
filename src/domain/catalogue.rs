//! Why an invocation failed: a catalogue of signatures, each with a cause and a remedy, held against its lines.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock, OnceLock};

use super::invocation::{Entry, Invocation};
use super::rotation::Step;
use crate::text::AwsText;

mod case;
mod place;
mod read;
mod sentence;
mod signature;

#[cfg(test)]
mod tests;

use case::{Case, Spoken};

pub use read::SignatureError;
pub use signature::Signature;

/// The signatures that come with the program, as a file with a comment on every key.
pub const BUILTIN: &str = include_str!("../../assets/signatures.toml");

/// [`BUILTIN`], read at first use. A test reads it: nothing is left out here.
static READ: LazyLock<Vec<Arc<Signature>>> =
    LazyLock::new(|| read::read("signatures.toml", BUILTIN).unwrap_or_default());

/// Signatures of failures. The user's own go before those that come with the program.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    own: Vec<Arc<Signature>>,
    /// Those that come with the program, once they are asked for: the first frame of the dashboard doesn't wait for them.
    builtin: Arc<OnceLock<Vec<Arc<Signature>>>>,
}

/// A signature that fits, and what it says of this invocation.
#[derive(Debug, Clone)]
pub struct Match {
    /// The signature.
    pub signature: Arc<Signature>,
    /// The line that it was found in; the line that tells of the time-out where the function itself wrote none.
    pub entry: Arc<Entry>,
    /// Why it failed. What is quoted of the log is masked.
    pub cause: AwsText,
    /// What to do. What is quoted of the log is masked.
    pub remedy: AwsText,
}

impl Catalogue {
    /// The signatures that come with the program.
    pub fn builtin() -> Self {
        Self::default()
    }

    /// The signatures of the user's own file before the built-in ones; one with the id of a built-in takes its place.
    pub fn with_own(file: &str, text: &str) -> Result<Self, SignatureError> {
        Ok(Self { own: read::read(file, text)?, ..Self::default() })
    }

    /// Those that come with the program, without the ones whose place a signature of the user's own has taken.
    fn others(&self) -> &[Arc<Signature>] {
        self.builtin.get_or_init(|| {
            let own: BTreeSet<&str> = self.own.iter().map(|signature| signature.id()).collect();
            READ.iter().filter(|signature| !own.contains(signature.id())).cloned().collect()
        })
    }

    /// Every signature, in the order in which they go before each other.
    pub fn signatures(&self) -> impl Iterator<Item = &Arc<Signature>> {
        self.own.iter().chain(self.others())
    }

    /// The signature that explains why an invocation failed or timed out; none for one that did neither.
    ///
    /// `secret` is the ARN of the secret that is asked about, `step` the step that was due; what the invocation's own
    /// lines say of its step goes before that.
    pub fn cause(&self, invocation: &Invocation, secret: Option<&AwsText>, step: Option<Step>) -> Option<Match> {
        let case = Case::of(invocation, secret, step)?;
        self.fitting(&case).next()
    }

    /// Every signature that fits, each once. The first is the one that [`cause`](Self::cause) answers.
    pub fn causes(&self, invocation: &Invocation, secret: Option<&AwsText>, step: Option<Step>) -> Vec<Match> {
        let Some(case) = Case::of(invocation, secret, step) else { return Vec::new() };
        let mut seen = BTreeSet::new();
        self.fitting(&case).filter(|found| seen.insert(found.signature.id().to_owned())).collect()
    }

    /// What fits: the user's own signatures first, and of each the lines by which the invocation failed first.
    fn fitting<'a>(&'a self, case: &'a Case<'a>) -> impl Iterator<Item = Match> + 'a {
        let lines = |is_failing| case.lines.iter().filter(move |line| line.is_failing == is_failing);
        let each = [self.own.as_slice(), self.others()].into_iter().flat_map(move |signatures| {
            let all = lines(true).flat_map(move |line| signatures.iter().map(move |signature| (line, signature)));
            let setbacks = signatures.iter().filter(|signature| signature.is_setback());
            let before = lines(false).flat_map(move |line| setbacks.clone().map(move |signature| (line, signature)));
            all.chain(before)
        });
        each.filter_map(move |(line, signature)| Match::of(signature, case, line))
    }
}

impl Match {
    fn of(signature: &Arc<Signature>, of: &Case<'_>, line: &Spoken<'_>) -> Option<Self> {
        let [cause, remedy] = signature.explain(of, line)?;
        Some(Self { signature: Arc::clone(signature), entry: Arc::clone(line.entry), cause, remedy })
    }
}
