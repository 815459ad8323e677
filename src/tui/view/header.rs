//! The first line: where we are on the left, how things stand on the right.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::domain::rotation::RotationState;
use crate::text::{count, safe, time_of_day};
use crate::tui::model::Model;

/// Draws the header.
pub(super) fn draw(model: &Model, area: Rect, frame: &mut Frame<'_>) {
    let standing = Line::from(standing(model)).right_aligned();
    let place = place(model);
    // Where both don't fit, the place stays whole: nobody may mistake the account.
    let place_width = u16::try_from(place.width()).unwrap_or(u16::MAX).min(area.width);
    if standing.width() < usize::from(area.width - place_width) {
        frame.render_widget(standing, area);
    }
    frame.render_widget(place, Rect { width: place_width, ..area });
}

fn place(model: &Model) -> Line<'static> {
    let theme = model.start.theme;
    let context = model.known.context.get();
    let profile = context.map_or(&model.start.profile, |context| &context.profile);
    let region = context.map(|context| &context.region).or(model.start.region.as_ref());
    let account = model.known.identity.get().map(|identity| identity.account.to_string());
    let endpoint = context.and_then(|context| context.endpoint.as_ref());
    let words = [profile.as_ref().map(|p| safe(p)), account, region.map(|r| safe(r)), endpoint.map(|e| safe(e))];
    let words: Vec<String> = words.into_iter().flatten().collect();
    let mut spans = vec![Span::styled(" secdash ", theme.strong())];
    if model.start.demo {
        spans.extend([Span::raw(" "), Span::styled(" DEMO ", theme.demo())]);
    }
    spans.push(Span::raw(format!(" {} ", words.join(" · "))));
    Line::from(spans)
}

fn standing(model: &Model) -> Vec<Span<'static>> {
    let theme = model.start.theme;
    let secrets = &model.known.secrets;
    let mut spans = Vec::new();
    if model.known.calls.throttles > 0 {
        spans.push(Span::styled(format!("throttled {}×", model.known.calls.throttles), theme.warn()));
    }
    let Some(as_of) = secrets.as_of else { return joined(spans) };
    let more = if secrets.complete { "" } else { "+" };
    spans.push(Span::raw(format!("{}{more}", count(secrets.len(), "secret"))));
    for state in [RotationState::Overdue, RotationState::Cancelled, RotationState::Pending] {
        let number = secrets.number(state);
        if number > 0 {
            spans.push(Span::styled(format!("{number} {}", state.word()), theme.state(state)));
        }
    }
    spans.push(Span::raw(format!("as of {} ", time_of_day(as_of))));
    joined(spans)
}

fn joined(spans: Vec<Span<'static>>) -> Vec<Span<'static>> {
    let mut line = Vec::new();
    for span in spans {
        if !line.is_empty() {
            line.push(Span::raw(" · "));
        }
        line.push(span);
    }
    line
}
