//! A fault in the panel that it concerns: what happened, and what to do next.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span, Text};
use ratatui::widgets::{Clear, Paragraph, Wrap};

use crate::domain::fault::{Cause, Fault};
use crate::tui::layout;
use crate::tui::model::{LOOK_AGAIN, Model};

/// The fault as the whole content of a panel.
pub(super) fn whole(model: &Model, fault: &Fault, area: Rect, frame: &mut Frame<'_>) {
    frame.render_widget(paragraph(model, fault), area);
}

/// The fault at the foot of a panel that has other things to show.
pub(super) fn foot(model: &Model, fault: &Fault, area: Rect, frame: &mut Frame<'_>) {
    let foot = layout::foot(area);
    frame.render_widget(Clear, foot);
    frame.render_widget(paragraph(model, fault), foot);
}

/// The fault as lines among others.
pub(super) fn lines(model: &Model, fault: &Fault) -> Vec<Line<'static>> {
    let theme = model.start.theme;
    let mut lines = vec![
        Line::from(vec![Span::styled("✖ ", theme.bad()), Span::raw(fault.sentence())]),
        Line::from(vec![Span::styled("  try: ", theme.key()), Span::raw(fault.next_step())]),
        Line::from(Span::styled(format!("  {}", again(fault)), theme.dim())),
    ];
    lines.extend(
        fault.request_id.as_ref().map(|id| Line::from(Span::styled(format!("  request id {id}"), theme.dim()))),
    );
    lines
}

fn paragraph<'a>(model: &Model, fault: &Fault) -> Paragraph<'a> {
    Paragraph::new(Text::from(lines(model, fault))).wrap(Wrap { trim: false })
}

/// How the question is asked again.
fn again(fault: &Fault) -> String {
    match fault.cause {
        Cause::SsoExpired { .. } | Cause::Expired { .. } => {
            format!("secdash looks again every {} s; r looks now", LOOK_AGAIN.as_secs())
        }
        _ => "r asks again".to_owned(),
    }
}
