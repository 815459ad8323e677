//! Why a step fails, and in which words: those of the code, or of the scenario.

use super::lines::{Lines, Said};
use super::log::Level;
use super::raised::Raised;
use super::{Step, own};
use crate::demo::database::User;
use crate::demo::function::Strategy;

/// What keeps setSecret and testSecret from their work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// None of the three passwords works.
    NoneWorks,
    /// Of two users, that of AWSCURRENT can't sign in.
    CurrentFails,
    /// Nor can the superuser, whose secret has this ARN.
    SuperuserFails(String),
    /// The version is made for another user than `than`, whom the words call this.
    OtherUser { pending: User, called: &'static str, than: User },
    /// The new password doesn't work.
    PendingFails,
}

impl Lines {
    /// How a step fails: what the code says there of itself, or the scenario's words. Words that begin with a type of
    /// exception are raised as they are; others are logged first, as the templates do.
    pub(super) fn failure(&self, step: Step, with: Option<&str>) -> (Option<Said>, Raised) {
        let words = match (with, step) {
            (Some(with), _) => self.filled(with),
            (None, Step::Create) => "KeyError: 'host key is missing from secret JSON'".to_owned(),
            (None, Step::Set) if self.strategy == Strategy::Alternating => self.words(&Fault::CurrentFails),
            (None, Step::Set) => self.words(&Fault::NoneWorks),
            (None, Step::Test) => self.words(&Fault::PendingFails),
            (None, Step::Finish) => return (None, self.denied(step, "UpdateSecretVersionStage")),
        };
        fails(step, &words)
    }

    /// The step can't do its work.
    pub(super) fn fault(&self, step: Step, fault: &Fault) -> (Option<Said>, Raised) {
        fails(step, &self.words(fault))
    }

    fn words(&self, fault: &Fault) -> String {
        if self.strategy == Strategy::Custom {
            return own::words(self, fault);
        }
        let arn = &self.arn;
        match fault {
            Fault::NoneWorks => {
                format!("Unable to log into database with previous, current, or pending secret of secret arn {arn}")
            }
            Fault::CurrentFails => format!("Unable to log into database using current credentials for secret {arn}"),
            Fault::SuperuserFails(arn) => {
                format!("Unable to log into database using credentials in master secret {arn}")
            }
            Fault::OtherUser { pending, called, than } => {
                format!("Attempting to modify user {} other than {called} {}", self.name(*pending), self.name(*than))
            }
            Fault::PendingFails => format!("Unable to log into database with pending secret of secret ARN {arn}"),
        }
    }

    /// The words of a scenario, which may name what they are about.
    fn filled(&self, words: &str) -> String {
        let names =
            [("{arn}", &self.arn), ("{version}", &self.version), ("{user}", &self.user), ("{host}", &self.host)];
        names.into_iter().fold(words.to_owned(), |words, (name, value)| words.replace(name, value))
    }
}

fn fails(step: Step, words: &str) -> (Option<Said>, Raised) {
    if let Some((kind, message)) = words.split_once(": ").filter(|(kind, _)| is_exception(kind)) {
        return (None, Raised::by(step, kind, message));
    }
    (Some((Level::Error, format!("{}: {words}", step.word()))), Raised::by(step, "ValueError", words))
}

fn is_exception(kind: &str) -> bool {
    let is_name = kind.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
    is_name && (kind.ends_with("Error") || kind.ends_with("Exception"))
}
