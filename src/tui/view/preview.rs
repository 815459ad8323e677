//! The selected secret: verdict, versions, facts; and what could not be learned.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span, Text};
use ratatui::widgets::{Block, Paragraph, Wrap};

use super::fault;
use crate::domain::facts;
use crate::domain::inspection::Inspection;
use crate::domain::rotation::RotationState;
use crate::domain::secret::Secret;
use crate::domain::version::{Labelled, labelled};
use crate::domain::words;
use crate::text::{ago, day, fit, moment, time_of_day, truncate};
use crate::tui::known::{Fetch, Remote};
use crate::tui::model::Model;

/// Draws the preview with its border.
pub(super) fn draw(model: &Model, area: Rect, frame: &mut Frame<'_>) {
    let known = &model.known;
    let place = model.secrets.place(&known.secrets);
    let Some(listed) = known.secrets.at(place) else {
        return frame.render_widget(Block::bordered(), area);
    };
    let remote = known.inspected.get(&listed.id);
    let block = Block::bordered().title(title(model, listed, remote, area.width));
    let inner = block.inner(area);
    frame.render_widget(block, area);
    let lines = lines(model, listed, remote, inner.width);
    frame.render_widget(Paragraph::new(Text::from(lines)).wrap(Wrap { trim: false }), inner);
}

fn title(model: &Model, secret: &Secret, remote: Option<&Remote<Inspection>>, width: u16) -> Line<'static> {
    let listed = model.known.secrets.as_of.map(|at| format!("from the list, as of {}", time_of_day(at)));
    let asked = match remote {
        Some(Remote { state: Fetch::Loading, .. }) | None => Some("asking…".to_owned()),
        Some(Remote { value: Some((Inspection { secret: Ok(_), .. }, at)), .. }) => {
            Some(format!("as of {}", time_of_day(*at)))
        }
        Some(_) => listed,
    };
    let name = truncate(&secret.name.to_string(), usize::from(width).saturating_sub(40));
    Line::from(vec![
        Span::styled(format!(" {name} "), model.start.theme.strong()),
        Span::raw(asked.map_or_else(String::new, |asked| format!("· {asked} "))),
    ])
}

fn lines(model: &Model, listed: &Secret, remote: Option<&Remote<Inspection>>, width: u16) -> Vec<Line<'static>> {
    let inspection = remote.and_then(Remote::get);
    let secret = inspection.and_then(|inspection| inspection.secret.as_ref().ok()).unwrap_or(listed);
    let versions = inspection.and_then(|inspection| inspection.versions.as_deref().ok());
    let theme = model.start.theme;
    let state = RotationState::of(secret, model.now);
    let mut lines = vec![Line::from(vec![
        Span::styled(format!("{} {} ", state.symbol(), state.word()), theme.state(state)),
        Span::raw(words::verdict(secret, model.now)),
    ])];
    for fault in inspection.into_iter().flat_map(Inspection::faults) {
        lines.extend(fault::lines(model, fault));
    }
    lines.push(Line::default());
    lines.extend(labelled(&secret.labels, versions).iter().map(|row| version(model, row, width)));
    lines.push(Line::default());
    lines.extend(facts::of(secret, model.now).into_iter().map(|(name, value)| {
        let room = usize::from(width).saturating_sub(15);
        Line::from(vec![Span::styled(fit(name, 15), theme.dim()), Span::raw(truncate(&value, room))])
    }));
    lines
}

fn version(model: &Model, row: &Labelled, width: u16) -> Line<'static> {
    let theme = model.start.theme;
    let labels: Vec<_> = row.labels.iter().map(|label| label.text().to_string()).collect();
    let labels = if labels.is_empty() { "(deprecated)".to_owned() } else { labels.join(" ") };
    let created = row.created_words(|date| format!("{} · {}", ago(date, model.now), moment(date)));
    let read = row.last_accessed.map_or_else(String::new, |date| format!("  last read {}", day(date)));
    let mut spans = vec![
        Span::styled(format!("{} ", fit(&labels, 23)), theme.strong()),
        Span::raw(format!("{}  {}", fit(&row.id.short(), 9), created)),
        Span::styled(read, theme.dim()),
    ];
    while spans.iter().map(Span::width).sum::<usize>() > usize::from(width) {
        spans.pop();
    }
    Line::from(spans)
}
