//! A change that is asked about, over the screen.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Text};
use ratatui::widgets::{Clear, Paragraph};

use super::{panel, sheet};
use crate::domain::change::Fix;
use crate::domain::preflight::Purpose;
use crate::tui::keymap::Action;
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::proposal;
use crate::tui::screen::confirm::Confirm;

/// Draws what there is to read, and at the foot what a key does.
pub(super) fn draw(model: &Model, confirm: &Confirm, screen: Rect, frame: &mut Frame<'_>) {
    let Some((proposal, page)) = model.proposal() else { return };
    let area = layout::confirm(screen);
    let title = match confirm.purpose {
        Purpose::TurnOff if confirm.called().is_some() => " Turn rotation off ",
        Purpose::Delete(_) if confirm.called().is_some() => " Delete ",
        Purpose::Restore if confirm.called().is_some() => " Restore ",
        Purpose::Rotate => " Rotate now? ",
        Purpose::TestOnly => " Test the rotation? ",
        Purpose::TurnOff => " Turn rotation off? ",
        Purpose::TurnOn => " Turn rotation on? ",
        Purpose::Delete(_) => " Delete? ",
        Purpose::Restore => " Restore? ",
        Purpose::Fix(Fix::Drop, _) => " Drop AWSPENDING? ",
        Purpose::Fix(Fix::Promote, _) => " Promote the pending version? ",
        Purpose::Fix(Fix::RollBack, _) => " Roll AWSCURRENT back? ",
        Purpose::Fix(Fix::PutBack, _) | Purpose::Undo => " Undo the last fix? ",
        Purpose::Finish => " Finish the plan? ",
    };
    let block = panel(model).title(Line::styled(title, model.start.theme.strong()));
    let top = confirm.scroll.top.min(proposal.lines.len().saturating_sub(page));
    let more = proposal.lines.len().saturating_sub(top + page);
    let block = if more > 0 {
        let down = model.start.keymap.key(model.scope(), Action::Down);
        block.title_bottom(Line::from(format!(" {down}: {more} more lines ")).right_aligned())
    } else {
        block
    };
    let foot = sheet::line(model, proposal::foot(model, confirm, &proposal, page));
    let inner = block.inner(area);
    frame.render_widget(Clear, area);
    frame.render_widget(block, area);
    let lines = proposal.lines.into_iter().skip(top).take(page).map(|line| sheet::line(model, line));
    let text: Text<'_> = lines.collect();
    frame.render_widget(Paragraph::new(text), Rect { height: inner.height.saturating_sub(1), ..inner });
    if inner.height > 0 {
        frame.render_widget(foot, Rect { y: inner.bottom() - 1, height: 1, ..inner });
    }
}
