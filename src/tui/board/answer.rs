//! What came of a call, in sentences, where that isn't a rotation which can be followed.

use super::Wish;
use crate::domain::change::{Changed, Outcome};
use crate::domain::fault::Fault;
use crate::output::rotation::labels;
use crate::tui::keymap::{Action, Scope};
use crate::tui::sheet::{self, Line, Tone};

/// What came of a call where that isn't a rotation which can be followed.
///
/// `done` is what is the case now if AWS took it.
pub fn answer(changed: &Changed, name: &str, done: &str, wish: Wish<'_>) -> Vec<Line> {
    let width = wish.size.0;
    let (good, bad) = if wish.ascii { (" + ", " X ") } else { (" ✔ ", " ✖ ") };
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
            said((Tone::Good, good), &format!("AWS took it: {done}.{id}"))
        }
        Outcome::Refused(fault) => of_fault((Tone::Bad, bad), "Nothing was changed: AWS refused it.", fault, None),
        Outcome::NotSent(fault) => {
            of_fault((Tone::Bad, bad), "Nothing was changed: the call was not sent.", fault, None)
        }
        Outcome::NotDescribed(fault) => {
            let begin = "Nothing was changed: the secret couldn't be looked at right before the call.";
            of_fault((Tone::Bad, bad), begin, fault, None)
        }
        Outcome::Moved(seen) => {
            let text = format!(
                "Nothing was changed: {name} is not as it was when you were asked. Its labels, its rotation or its mark for deletion changed; now {}{}.",
                labels(&seen.labels),
                seen.mark()
            );
            let mut lines = said((Tone::Bad, bad), &text);
            lines.extend(step("look at it again, and ask once more"));
            lines
        }
        Outcome::ReadOnly => {
            let mut lines = said((Tone::Bad, bad), "Nothing was changed: secdash is read-only here.");
            lines.extend(step("`secdash config --effective` tells what sets read_only"));
            lines
        }
        Outcome::Unknown(fault) => {
            let key = wish.keys.key(Scope::Any, Action::Refresh);
            let next = format!("look at the secret before you try again: {key} asks for it anew");
            of_fault((Tone::Warn, " ? "), "It isn't known whether the change was made.", fault, Some(&next))
        }
    }
}

/// The same in few words, for whoever is elsewhere.
pub fn in_short(changed: &Changed) -> &'static str {
    match &changed.outcome {
        Outcome::Accepted { .. } => "AWS took the call",
        Outcome::Refused(_) => "nothing was changed, AWS refused the call",
        Outcome::NotSent(_) | Outcome::NotDescribed(_) => "nothing was changed, AWS wasn't reached",
        Outcome::Moved(_) => "nothing was changed, it is not as it was when you were asked",
        Outcome::ReadOnly => "nothing was changed, secdash is read-only",
        Outcome::Unknown(_) => "it isn't known whether AWS took the call",
    }
}
