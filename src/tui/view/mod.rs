//! Drawing: pure functions of the model. Nothing here fails, sleeps, or looks at the clock.
//!
//! ```text
//! header   account, Region, counts, age
//! ┌ Secrets ───────────────────────────┐
//! │ rows                               │
//! │ fault of the list, if there is one │   or one secret, a rotation or log, the
//! └────────────────────────────────────┘   agenda, or the API calls, in their place
//! ┌ selected secret ───────────────────┐
//! │ verdict, versions, facts           │
//! └────────────────────────────────────┘
//! footer   keys, or a notice
//! ```

mod alerts;
mod calls;
mod confirm;
mod footer;
mod header;
mod history;
mod log;
mod overlay;
mod secret;
mod secrets;
mod sheet;
mod upcoming;
mod why;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::symbols::border;
use ratatui::text::Line;
use ratatui::widgets::{Block, Paragraph};

use super::layout::{self, SMALLEST};
use super::model::{Model, Screen};

/// Draws the whole screen.
pub fn view(model: &Model, frame: &mut Frame<'_>) {
    let screen = frame.area();
    let Some(areas) = layout::areas(screen) else { return too_small(screen, frame) };
    header::draw(model, areas.header, frame);
    match model.screen() {
        Screen::Secrets => {
            secrets::draw(model, areas.list, frame);
            if let Some(preview) = areas.preview {
                secret::preview(model, preview, frame);
            }
        }
        Screen::Secret => secret::draw(model, areas.body, frame),
        Screen::Watch(_) => log::watch(model, areas.body, frame),
        Screen::Log => log::draw(model, areas.body, frame),
        Screen::Why => why::draw(model, areas.body, frame),
        Screen::History => history::draw(model, frame),
        Screen::Alerts => alerts::draw(model, areas.body, frame),
        Screen::Upcoming => upcoming::draw(model, areas.body, frame),
        Screen::Calls => calls::draw(model, areas.body, frame),
    }
    footer::draw(model, areas.footer, frame);
    overlay::draw(model, screen, frame);
}

/// A panel's border.
fn panel<'a>(model: &Model) -> Block<'a> {
    let ascii = border::Set {
        top_left: "+",
        top_right: "+",
        bottom_left: "+",
        bottom_right: "+",
        vertical_left: "|",
        vertical_right: "|",
        horizontal_top: "-",
        horizontal_bottom: "-",
    };
    Block::bordered().border_set(if model.start.ascii { ascii } else { border::PLAIN })
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
