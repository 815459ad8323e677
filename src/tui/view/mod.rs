//! Drawing: pure functions of the model. Nothing here fails, sleeps, or looks at the clock.
//!
//! ```text
//! header   account, Region, counts, age
//! ┌ Secrets ───────────────────────────┐
//! │ rows                               │
//! │ fault of the list, if there is one │
//! └────────────────────────────────────┘
//! ┌ selected secret ───────────────────┐
//! │ verdict, versions, facts           │
//! └────────────────────────────────────┘
//! footer   keys, or a notice
//! ```

mod fault;
mod footer;
mod header;
mod help;
mod preview;
mod secrets;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use super::layout::{self, SMALLEST};
use super::model::{Model, Overlay};

/// Draws the whole screen.
pub fn view(model: &Model, frame: &mut Frame<'_>) {
    let screen = frame.area();
    let Some(areas) = layout::areas(screen) else { return too_small(screen, frame) };
    header::draw(model, areas.header, frame);
    secrets::draw(model, areas.list, frame);
    if let Some(preview) = areas.preview {
        preview::draw(model, preview, frame);
    }
    footer::draw(model, areas.footer, frame);
    if let Some(Overlay::Help(line)) = model.overlay {
        help::draw(model, line, layout::help(screen), frame);
    }
}

fn too_small(screen: Rect, frame: &mut Frame<'_>) {
    let (width, height) = SMALLEST;
    let lines = [
        format!("too small: {}×{}", screen.width, screen.height),
        format!("secdash needs {width}×{height}"),
        "q quits".to_owned(),
    ];
    frame.render_widget(Paragraph::new(lines.map(Line::from).to_vec()), screen);
}
