//! Toned lines, drawn in the theme's colours.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span, Text};
use ratatui::widgets::Clear;

use crate::domain::fault::Fault;
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::sheet::{self, Tone};

/// Draws lines, from one on.
pub(super) fn draw(model: &Model, lines: Vec<sheet::Line>, top: usize, area: Rect, frame: &mut Frame<'_>) {
    let shown = lines.into_iter().skip(top).take(usize::from(area.height));
    frame.render_widget(shown.map(|line| self::line(model, line)).collect::<Text<'_>>(), area);
}

/// Draws a fault as the whole content of a panel.
pub(super) fn fault(model: &Model, fault: &Fault, area: Rect, frame: &mut Frame<'_>) {
    draw(model, sheet::fault(fault, &model.start.keymap, usize::from(area.width)), 0, area, frame);
}

/// Draws a fault at the foot of a panel that has other things to show.
pub(super) fn foot(model: &Model, fault: &Fault, area: Rect, frame: &mut Frame<'_>) {
    let foot = layout::foot(area);
    frame.render_widget(Clear, foot);
    self::fault(model, fault, foot, frame);
}

pub(super) fn line(model: &Model, line: sheet::Line) -> Line<'static> {
    line.into_iter().map(|(tone, text)| Span::styled(text, style(model, tone))).collect()
}

fn style(model: &Model, tone: Tone) -> Style {
    let theme = model.start.theme;
    match tone {
        Tone::Plain => Style::new(),
        Tone::Strong => theme.strong(),
        Tone::Dim => theme.dim(),
        Tone::Key => theme.key(),
        Tone::Bad => theme.bad(),
        Tone::Warn => theme.warn(),
        Tone::Good => theme.good(),
        Tone::Cursor => theme.selected(),
        Tone::Found => theme.found(),
        Tone::State(state) => theme.state(state),
    }
}
