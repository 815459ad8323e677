//! The four steps of a rotation.

use serde::Deserialize;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(in crate::demo) enum Step {
    #[serde(rename = "createSecret")]
    Create,
    #[serde(rename = "setSecret")]
    Set,
    #[serde(rename = "testSecret")]
    Test,
    #[serde(rename = "finishSecret")]
    Finish,
}

impl Step {
    /// As the function is told it, and as the message of RotationFailed spells it.
    pub(in crate::demo) fn word(self) -> &'static str {
        match self {
            Self::Create => "createSecret",
            Self::Set => "setSecret",
            Self::Test => "testSecret",
            Self::Finish => "finishSecret",
        }
    }

    /// The function of AWS's templates that does it.
    pub(super) fn function(self) -> &'static str {
        match self {
            Self::Create => "create_secret",
            Self::Set => "set_secret",
            Self::Test => "test_secret",
            Self::Finish => "finish_secret",
        }
    }

    pub(super) fn next(self) -> Option<Self> {
        match self {
            Self::Create => Some(Self::Set),
            Self::Set => Some(Self::Test),
            Self::Test => Some(Self::Finish),
            Self::Finish => None,
        }
    }
}
