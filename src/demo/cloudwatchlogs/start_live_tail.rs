//! StartLiveTail (API_StartLiveTail.html): what is asked for, and the session that answers.

use std::sync::Arc;

use serde::Deserialize;

use super::pattern::Pattern;
use super::session::{Session, Tail};
use super::{check_class, find, invalid, name, no_such_group};
use crate::demo::wire::answer::{Answer, Refusal};
use crate::demo::wire::call::Call;
use crate::demo::world::Inner;

const MOST_GROUPS: usize = 10;
const LONGEST_PATTERN: usize = 1024;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Input {
    #[serde(rename = "logGroupIdentifiers")]
    groups: Option<Vec<String>>,
    #[serde(rename = "logStreamNames")]
    streams: Option<Vec<String>>,
    #[serde(rename = "logStreamNamePrefixes")]
    prefixes: Option<Vec<String>>,
    #[serde(rename = "logEventFilterPattern")]
    pattern: Option<String>,
}

pub(super) fn answer(world: &Arc<Inner>, call: &Call, input: Input, request_id: &str) -> Result<Answer, Refusal> {
    input.check()?;
    let pattern = Pattern::parse(input.pattern.as_deref().unwrap_or_default())?;
    let arns = input.groups.unwrap_or_default();
    let mut groups = Vec::with_capacity(arns.len());
    for arn in arns {
        let name = name(world, call, &arn).ok_or_else(no_such_group)?.to_owned();
        let class = find(world, call, &name, |group| group.class)?;
        check_class(call, &name, class)?;
        groups.push((name, arn));
    }
    let tail = Tail {
        groups,
        streams: input.streams.unwrap_or_default(),
        prefixes: input.prefixes.unwrap_or_default(),
        text: input.pattern.unwrap_or_default(),
        pattern,
    };
    let text = "You have reached the maximum number of resources that can be created.";
    let session = Session::open(world, tail, call.ending.as_ref(), request_id);
    session
        .map(|body| Answer::events(world, request_id, body))
        .ok_or_else(|| Refusal::common("LimitExceededException", text))
}

impl Input {
    /// Groups by ARN, and without the `:*` that DescribeLogGroups' `arn` ends in; streams of a single group only.
    fn check(&self) -> Result<(), Refusal> {
        let ids = self.groups.as_deref().unwrap_or_default();
        let has_streams = [&self.streams, &self.prefixes].map(Option::is_some);
        let text = match ids {
            [] => "Value null at 'logGroupIdentifiers' failed to satisfy constraint: Member must not be null",
            _ if ids.len() > MOST_GROUPS => {
                "Value at 'logGroupIdentifiers' failed to satisfy constraint: Member must have length less than or \
                 equal to 10"
            }
            _ if ids.iter().any(|id| !id.starts_with("arn:") || id.ends_with('*')) => {
                "The log group identifiers must be log group ARNs and can't end with an asterisk (*)."
            }
            _ if has_streams == [true, true] => {
                "logStreamNames and logStreamNamePrefixes are mutually exclusive parameters."
            }
            _ if ids.len() > 1 && has_streams != [false, false] => {
                "Log streams can be specified only together with a single log group."
            }
            _ if self.pattern.as_ref().is_some_and(|text| text.chars().count() > LONGEST_PATTERN) => {
                "The filter pattern can have at most 1024 characters."
            }
            _ => return Ok(()),
        };
        Err(invalid(text))
    }
}
