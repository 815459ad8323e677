//! What lies over a screen: the keys, a command that is being typed, what can be copied.

use ratatui::Frame;
use ratatui::layout::{Rect, Size};
use ratatui::text::{Line, Span, Text};
use ratatui::widgets::{Clear, Paragraph};
use tui_input::Input;

use super::panel;
use crate::domain::handles::Handle;
use crate::text::{fit, safe, truncate};
use crate::tui::keymap::{SCOPES, lines};
use crate::tui::layout;
use crate::tui::model::{Model, Overlay, Screen};
use crate::tui::screen::command;

/// Draws what lies over the screen, if anything does.
pub(super) fn draw(model: &Model, screen: Rect, frame: &mut Frame<'_>) {
    match &model.overlay {
        Some(Overlay::Help(scroll)) => help(model, scroll.top, layout::help(screen), frame),
        Some(Overlay::Command(input)) => commands(model, input, screen, frame),
        Some(Overlay::Confirm(confirm)) => super::confirm::draw(model, confirm, screen, frame),
        Some(Overlay::Save(input)) => save(model, input, screen, frame),
        Some(Overlay::Copy(handles, at)) => copy(model, handles, *at, screen, frame),
        None => {}
    }
}

pub(super) fn over(model: &Model, title: &str, text: Text<'_>, area: Rect, frame: &mut Frame<'_>) {
    frame.render_widget(Clear, area);
    frame.render_widget(Paragraph::new(text).block(panel(model).title(format!(" {title} "))), area);
}

fn help(model: &Model, top: usize, area: Rect, frame: &mut Frame<'_>) {
    let theme = model.start.theme;
    let mut text: Vec<Line<'_>> = Vec::new();
    for scope in SCOPES {
        text.push(Line::from(Span::styled(scope.title(), theme.strong())));
        let rows = model.start.keymap.rows().filter(|row| row.scope == scope);
        text.extend(rows.map(|row| {
            let keys = format!("  {}", fit(&row.keys.join(" "), 20));
            Line::from(vec![Span::styled(keys, theme.key()), Span::raw(row.help)])
        }));
        text.push(Line::default());
    }
    let page = usize::from(area.height.saturating_sub(2));
    let more = lines().saturating_sub(top + page);
    let title = if more > 1 { format!("Keys · j: {more} more lines") } else { "Keys".to_owned() };
    over(model, &title, text.split_off(top.min(text.len())).into(), area, frame);
}

fn commands(model: &Model, input: &Input, screen: Rect, frame: &mut Frame<'_>) {
    let theme = model.start.theme;
    let mut text = vec![Line::from(vec![
        Span::styled(":", theme.key()),
        Span::raw(safe(input.value())),
        Span::styled(" ", theme.selected()),
    ])];
    text.extend(command::matching(input.value()).map(|(name, values, does)| {
        Line::from(vec![
            Span::styled(format!("  {}", fit(name, 10)), theme.strong()),
            Span::styled(format!("{} ", fit(values, 39)), theme.dim()),
            Span::raw(*does),
        ])
    }));
    let height = u16::try_from(command::COMMANDS.len() + 3).unwrap_or(u16::MAX);
    let area = layout::middle(screen, Size::new(100, height));
    let page = usize::from(layout::inside(area).height);
    if text.len() > page {
        let more = text.len() + 1 - page;
        text.truncate(page.saturating_sub(1));
        text.push(Line::from(Span::styled(format!("  … and {more} more: type the first letters"), theme.dim())));
    }
    over(model, "Command", text.into(), area, frame);
}

fn save(model: &Model, input: &Input, screen: Rect, frame: &mut Frame<'_>) {
    let theme = model.start.theme;
    let (what, how) = match model.screen() {
        Screen::History => ("events", "Markdown if it ends in .md, else JSON"),
        _ => ("lines", "values are masked"),
    };
    let text = vec![
        Line::from(vec![Span::raw(format!(" {}", safe(input.value()))), Span::styled(" ", theme.selected())]),
        Line::from(Span::styled(" in the folder where secdash was started; no file is overwritten", theme.dim())),
        Line::from(Span::styled(format!(" {how}"), theme.dim())),
    ];
    over(
        model,
        &format!("Save the {what} that are shown to"),
        text.into(),
        layout::middle(screen, Size::new(100, 5)),
        frame,
    );
}

fn copy(model: &Model, handles: &[Handle], at: usize, screen: Rect, frame: &mut Frame<'_>) {
    let theme = model.start.theme;
    let height = u16::try_from(handles.len() + 2).unwrap_or(u16::MAX);
    let area = layout::middle(screen, Size::new(140, height));
    let page = usize::from(area.height.saturating_sub(2)).max(1);
    let room = usize::from(area.width).saturating_sub(34);
    let lines = handles.iter().enumerate().skip((at + 1).saturating_sub(page)).map(|(number, handle)| {
        let line = Line::from(vec![
            Span::styled(format!(" {} ", fit(&safe(&handle.what), 28)), theme.strong()),
            Span::raw(fit(&truncate(&safe(&handle.text), room), room)),
        ]);
        if number == at { line.style(theme.selected()) } else { line }
    });
    over(model, "Copy", lines.collect::<Vec<_>>().into(), area, frame);
}
