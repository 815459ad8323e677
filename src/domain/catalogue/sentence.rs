//! A sentence with places for what a pattern captures.

use regex::{Captures, Regex};

use crate::text::{AwsText, mask};

/// What stands where nothing was captured.
const NOTHING: &str = "…";

/// What stands where what was captured is part of something that is masked.
const MASKED: &str = "***";

/// A sentence in which `{name}` stands for a group of the pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sentence(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Words(String),
    Group(String),
}

impl Sentence {
    /// Reads it; the error names the braces that are no group of the pattern.
    pub(super) fn read(text: &str, pattern: &Regex) -> Result<Self, String> {
        let (mut parts, mut rest) = (Vec::new(), text);
        while let Some((words, behind)) = rest.split_once('{') {
            let Some((name, behind)) = behind.split_once('}') else {
                return Err("`{` has no `}` behind it".to_owned());
            };
            if !pattern.capture_names().flatten().any(|group| group == name) {
                return Err(format!("the pattern captures no `{name}`"));
            }
            parts.extend([Part::Words(words.to_owned()), Part::Group(name.to_owned())]);
            rest = behind;
        }
        parts.push(Part::Words(rest.to_owned()));
        Ok(Self(parts))
    }

    /// The sentence with what was captured in a line, masked as the line itself is when it is shown.
    pub(super) fn fill(&self, captures: &Captures<'_>, line: &str) -> AwsText {
        let shown = mask(line);
        let part = |part: &Part| match part {
            Part::Words(words) => words.clone(),
            Part::Group(name) => captures.name(name).map_or(NOTHING.to_owned(), |group| masked(group.as_str(), &shown)),
        };
        self.0.iter().map(part).collect::<String>().into()
    }

    /// The sentence as it was written.
    pub(super) fn written(&self) -> String {
        let part = |part: &Part| match part {
            Part::Words(words) => words.clone(),
            Part::Group(name) => format!("{{{name}}}"),
        };
        self.0.iter().map(part).collect()
    }
}

/// What was captured, masked. Of a value alone nobody could see that it is one: the line tells by what stands before it.
fn masked(captured: &str, shown: &str) -> String {
    if shown.contains(captured) {
        return captured.to_owned();
    }
    let masked = mask(captured);
    if masked == captured { MASKED.to_owned() } else { masked.into_owned() }
}
