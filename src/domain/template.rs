//! What a line of AWS's rotation templates says: which step, of which secret and version, and how it went.
//!
//! The templates: <https://github.com/aws-samples/aws-secrets-manager-rotation-lambdas>. Functions of one's own are
//! mostly made after them, so a line that only begins as theirs do still names its step.

use std::sync::LazyLock;

use regex::{Captures, Regex, RegexSet};

use super::log::{Kind, Line};
use super::rotation::Step;
use super::version::VersionId;
use crate::text::AwsText;

mod rules;

use rules::{RULES, Rule};

/// What a line says about the rotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// How it went.
    pub what: What,
    /// The step, where the line names it or only that step says it.
    pub step: Option<Step>,
    /// The ARN of the secret that is being rotated. Superuser secrets and keytabs that a line names are not it.
    pub secret: Option<AwsText>,
    /// The version that is being brought in.
    pub version: Option<VersionId>,
    /// Whether it is a line of AWS's templates. Else it is the function's own, and tells only what is in these members.
    pub is_template: bool,
}

/// How it went, as far as one line can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The step did its work. Of setSecret: the pending password is live from here on.
    Succeeded,
    /// An earlier attempt has done its work already.
    AlreadyDone,
    /// It is under way, and nothing is decided.
    Underway,
    /// Something didn't work. Whether the step fails by it is not said: templates try other passwords, or go on
    /// without TLS, after they have logged an error.
    Setback,
    /// The function refused the call before any step.
    Refused,
    /// The step failed: the templates raise an exception right after it.
    Failed,
}

/// The rules with their expressions, made at first use.
static EXPRESSIONS: LazyLock<(RegexSet, Vec<(&Rule, Regex)>)> = LazyLock::new(|| {
    // Texts of errors, which some lines quote, may have several rows.
    let over_rows = |rule: &Rule| format!("(?s){}", rule.2);
    // A test compiles every expression: none is left out here.
    let each = RULES.iter().filter_map(|rule| Regex::new(&over_rows(rule)).ok().map(|regex| (rule, regex)));
    (RegexSet::new(RULES.iter().map(over_rows)).unwrap_or_default(), each.collect())
});

/// The event that the function was called with, where it logs that: keys of
/// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html>.
static CALLED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"["'](Step|SecretId|ClientRequestToken)\\*["']\s*:\s*\\*["']([^"'\\\s]+)"#).ok());

/// The function of a template, in a traceback, that has the step's name.
static FRAME: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\bin ((?:create|set|test|finish)_secret)\b").ok());

impl Said {
    /// What the line says; `None` if it is nothing that a template says.
    pub fn of(line: &Line) -> Option<Self> {
        if matches!(line.kind, Kind::Platform(_)) {
            return None;
        }
        let is_raised = line.kind == Kind::Uncaught;
        // Python puts the message of a KeyError into quotes.
        let text = line.message.raw().trim().trim_matches(|c| is_raised && (c == '"' || c == '\''));
        // Whether there is a full stop at the end differs between versions of the templates.
        let (named, rest) = Named::of(text.strip_suffix('.').unwrap_or(text));
        let said = by_rule(named.as_ref(), rest).or_else(|| freely(named.as_ref(), text));
        if !is_raised {
            return said;
        }
        let frame = line.trace.as_ref().and_then(|trace| step_in(trace.raw()));
        let said = said.or_else(|| frame.map(|_| Self::underway(None)))?;
        let what = if said.what == What::Refused { What::Refused } else { What::Failed };
        Some(Self { what, step: said.step.or(frame), ..said })
    }

    fn underway(step: Option<Step>) -> Self {
        Self { what: What::Underway, step, secret: None, version: None, is_template: false }
    }
}

/// The step that a text names at its beginning.
struct Named {
    step: Step,
    /// Of a keytab, which is a secret of its own beside the one that is being rotated.
    is_keytab: bool,
}

impl Named {
    /// `setSecret: `, `set_secret: ` or `setKeytab: ` and the text behind it.
    fn of(text: &str) -> (Option<Self>, &str) {
        let words = [("create", Step::Create), ("set", Step::Set), ("test", Step::Test), ("finish", Step::Finish)];
        let named = words.into_iter().find_map(|(word, step)| {
            let rest = text.strip_prefix(word)?;
            let rest = rest.strip_prefix('_').unwrap_or(rest);
            let keytab = rest.strip_prefix("Keytab: ").map(|rest| (Self { step, is_keytab: true }, rest));
            let secret = || rest.strip_prefix("Secret: ").or_else(|| rest.strip_prefix("secret: "));
            keytab.or_else(|| secret().map(|rest| (Self { step, is_keytab: false }, rest)))
        });
        named.map_or((None, text), |(named, rest)| (Some(named), rest))
    }
}

/// The step that a text names at its beginning, and the text behind that.
pub(super) fn after_step(text: &str) -> (Option<Step>, &str) {
    let (named, rest) = Named::of(text);
    (named.map(|named| named.step), rest)
}

fn by_rule(named: Option<&Named>, rest: &str) -> Option<Said> {
    let (set, each) = &*EXPRESSIONS;
    let mut fitting = set.matches(rest).into_iter().filter_map(|at| each.get(at));
    let (Rule(before, what, _), regex) = fitting.find(|(Rule(before, ..), _)| before.fits(named))?;
    let captures = regex.captures(rest)?;
    let part = |name| part(&captures, name).filter(|_| named.is_none_or(|named| !named.is_keytab));
    Some(Said {
        what: *what,
        step: named.map(|named| named.step).or(before.step()),
        secret: part("arn"),
        version: part("ver").map(VersionId),
        is_template: true,
    })
}

fn part(captures: &Captures<'_>, name: &str) -> Option<AwsText> {
    captures.name(name).map(|part| part.as_str().into())
}

/// What a line of no template tells by the name of its step and by the event that it shows.
fn freely(named: Option<&Named>, text: &str) -> Option<Said> {
    let mut said = Said::underway(named.map(|named| named.step));
    for captures in CALLED.as_ref()?.captures_iter(text) {
        let value = &captures[2];
        match &captures[1] {
            "Step" => said.step = said.step.or(Step::from_aws(value)),
            "SecretId" => said.secret = said.secret.or_else(|| value.starts_with("arn:").then(|| value.into())),
            _ => said.version = said.version.or_else(|| Some(VersionId(value.into()))),
        }
    }
    (said != Said::underway(None)).then_some(said)
}

fn step_in(trace: &str) -> Option<Step> {
    Step::from_aws(&FRAME.as_ref()?.captures(trace)?[1])
}

#[cfg(test)]
mod tests;
