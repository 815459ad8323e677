//! How sure a verdict is, and whether anything may run, as sentences.

use super::code::Code;
use super::course::Sight;
use super::decision::Verdict;
use super::diagnosis::Diagnosis;
use super::failed::Whose;
use super::quiet::Quiet;
use crate::domain::version::Value;
use crate::text::{moment, span};

impl Diagnosis {
    /// How sure the verdict is, in few words.
    pub fn surety(&self) -> Option<&'static str> {
        let (_, case) = self.stuck.as_ref()?;
        Some(match case.verdict() {
            Verdict::Unknown => "not known",
            _ if !self.awaited.is_empty() => "not everything has answered yet",
            Verdict::Current if case.value == Value::Empty => {
                "certain that it has no value: DescribeSecret has the version, ListSecretVersionIds doesn't"
            }
            Verdict::Current if case.course.refused.is_some() => {
                "seen in the log, read without a gap since the value was put"
            }
            Verdict::Current if self.not_started().is_some() => {
                "inferred: Lambda writes no line of an invocation that it refuses to start; it holds only if no line was lost"
            }
            Verdict::Current if self.whose().is_some_and(|whose| whose != Whose::Ours) => {
                "inferred: the line by which it ended doesn't name this secret, and would be another one's if its own were lost"
            }
            Verdict::Current => "inferred: a line of setSecret that never reached the log would not be seen",
            Verdict::Pending => "seen in the log; what was done to the database since was not",
            Verdict::LikelyPending if case.course.set.is_some() && case.course.tested.is_some() => {
                "setSecret was seen in the log; testSecret didn't pass"
            }
            Verdict::LikelyPending if case.course.set.is_some() && self.failed_test().is_some() => {
                "setSecret was seen in the log; that testSecret failed is CloudTrail's word"
            }
            Verdict::LikelyPending if case.course.set.is_some() => {
                "setSecret was seen in the log; how testSecret ended was not"
            }
            Verdict::LikelyPending if case.course.sight == Sight::Hidden => {
                "inferred: testSecret runs only after setSecret has returned; the function's log level hides the lines of steps \
                 that go well"
            }
            Verdict::LikelyPending => "inferred: testSecret runs only after setSecret has returned",
            Verdict::Neither if case.course.code == Code::Alternating => {
                "seen in the log; why it was not let in is not"
            }
            Verdict::Neither if self.cause.is_some() => {
                "seen in the log; the cause is told by the words and how long it took"
            }
            Verdict::Neither => "seen in the log; which of both is not",
        })
    }

    /// Whether anything may run, as a sentence; nothing where nothing is pending.
    pub fn quiet(&self) -> Option<String> {
        let (_, case) = self.stuck.as_ref()?;
        let is_on = self.secret.rotation_enabled == Some(true);
        Some(match case.quiet {
            Quiet::Yes { since } if self.secret.deleted.is_some() => format!(
                "No attempt is seen to run; the last sign came {}. While the secret is marked for deletion none can get or put \
                 its value.",
                moment(since)
            ),
            Quiet::Yes { since } if is_on => format!(
                "No attempt is seen to run; the last sign came {}. AWS may begin another one at any time.",
                moment(since)
            ),
            Quiet::Yes { since } => {
                format!("Rotation is off, and nothing is seen to run: the last sign came {}.", moment(since))
            }
            Quiet::No { until } => {
                let wait = span((until - self.at).max(chrono::TimeDelta::zero()));
                format!("An attempt may run until {}, in {wait}, if no other sign comes.", moment(until))
            }
            Quiet::Unknown if self.secret.deleted.is_some() => {
                "Whether an attempt runs can't be seen. While the secret is marked for deletion none can get or put its value."
                    .to_owned()
            }
            Quiet::Unknown if is_on && case.course.sight == Sight::Hidden => {
                "Whether an attempt runs can't be seen: the function's log level hides where invocations begin and end."
                    .to_owned()
            }
            Quiet::Unknown if is_on => {
                "Whether an attempt runs can't be seen: AWS tries again at times that it tells nobody.".to_owned()
            }
            Quiet::Unknown => {
                "Rotation is off: AWS begins no attempt. Whether one that it began still runs can't be seen.".to_owned()
            }
        })
    }
}
