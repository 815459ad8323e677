//! Who notices a deletion or a failed rotation, as lines: read by `view` to draw them and by `update` to scroll and copy.

use super::known::Fetch;
use super::model::Model;
use super::sheet::{Line, Tone};
use crate::domain::coverage::Coverage;
use crate::domain::handles::Handle;
use crate::output::alerts;
use crate::output::toned;

/// Everything that there is to say, as wide as this. A command that doesn't fit goes on in the next row; copied it is whole.
pub fn lines(model: &Model, width: usize) -> Vec<Line> {
    let known = &model.known.alerts;
    match (known.get(), &known.state) {
        (Some(coverage), _) => {
            let rows = alerts::rows(coverage, None);
            rows.iter().flat_map(|row| toned::within(&row.line, width, row.indent.unwrap_or(2))).collect()
        }
        (None, Fetch::Loading) => {
            vec![vec![(
                Tone::Dim,
                "Asking CloudTrail for trails, and EventBridge for rules and what they catch…".to_owned(),
            )]]
        }
        (None, _) => Vec::new(),
    }
}

/// The commands that would help, to be copied.
pub fn handles(coverage: &Coverage) -> Vec<Handle> {
    let rows = alerts::rows(coverage, None);
    let commands = rows.into_iter().filter(|row| row.indent.is_none());
    let text = |line: Line| line.into_iter().map(|(_, text)| text).collect::<String>();
    commands.map(|row| Handle { what: "command".to_owned(), text: text(row.line) }).collect()
}
