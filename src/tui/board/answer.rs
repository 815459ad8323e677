//! What came of a call, in sentences, where that isn't a rotation which can be followed.

use crate::domain::change::{Changed, Outcome};
use crate::domain::fault::Fault;
use crate::output::rotation::labels;
use crate::tui::sheet::{self, Line, Tone};

/// What came of a call where that isn't a rotation which can be followed.
pub fn answer(changed: &Changed, name: &str, width: usize) -> Vec<Line> {
    let said = |lead: (Tone, &str), text: &str| sheet::hanging(lead, (Tone::Plain, text), width);
    let step = |text: &str| said((Tone::Key, "   try: "), text);
    let of_fault = |lead: (Tone, &str), begin: &str, fault: &Fault, try_first: Option<&str>| {
        let mut lines = said(lead, &format!("{begin} {}", fault.sentence()));
        lines.extend(step(try_first.unwrap_or(&fault.next_step())));
        lines.extend(
            fault.aws_says().into_iter().flat_map(|words| said((Tone::Dim, "   AWS says: "), &words.to_string())),
        );
        lines.extend(fault.request_id.iter().map(|id| vec![(Tone::Dim, format!("   request id {id}"))]));
        lines
    };
    match &changed.outcome {
        Outcome::Accepted { request_id } => {
            let id = request_id.as_ref().map_or_else(String::new, |id| format!(" Request id {id}."));
            said((Tone::Good, " ✔ "), &format!("AWS took it: the rotation of {name} is off.{id}"))
        }
        Outcome::Refused(fault) => of_fault((Tone::Bad, " ✖ "), "Nothing was changed: AWS refused it.", fault, None),
        Outcome::NotSent(fault) => {
            of_fault((Tone::Bad, " ✖ "), "Nothing was changed: the call was not sent.", fault, None)
        }
        Outcome::NotDescribed(fault) => {
            let begin = "Nothing was changed: the secret couldn't be looked at right before the call.";
            of_fault((Tone::Bad, " ✖ "), begin, fault, None)
        }
        Outcome::Moved(seen) => {
            let text = format!(
                "Nothing was changed: {name} is not as it was when you were asked. Its labels or its rotation moved; now {}.",
                labels(&seen.labels)
            );
            let mut lines = said((Tone::Bad, " ✖ "), &text);
            lines.extend(step("look at it again, and ask once more"));
            lines
        }
        Outcome::ReadOnly => {
            let mut lines = said((Tone::Bad, " ✖ "), "Nothing was changed: secdash is read-only here.");
            lines.extend(step("`secdash config --effective` tells what sets read_only"));
            lines
        }
        Outcome::Unknown(fault) => {
            let next = "look at the secret before you try again: r asks for it anew";
            of_fault((Tone::Warn, " ? "), "It isn't known whether the change was made.", fault, Some(next))
        }
    }
}
