//! Where everything stands on the screen, from its size alone. Read by `view` to draw and by `update` to page.

use ratatui::layout::{Constraint, Layout, Position, Rect, Size};

/// The smallest screen on which the list can be read.
pub const SMALLEST: (u16, u16) = (60, 12);

/// The areas of the home screen. Other screens take the place of list and preview together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Areas {
    /// The line with account and counts.
    pub header: Rect,
    /// The list with its border.
    pub list: Rect,
    /// The selected secret with its border; nothing where there is no room.
    pub preview: Option<Rect>,
    /// Everything between header and footer.
    pub body: Rect,
    /// The line with the keys.
    pub footer: Rect,
}

/// The height of a fault at the foot of a panel that has other things to show.
pub const FOOT: u16 = 4;

/// The lines of a panel that belong to its border, and its columns.
pub const BORDER: u16 = 2;

/// The areas of a screen; `None` if it is too small.
pub fn areas(screen: Rect) -> Option<Areas> {
    if screen.width < SMALLEST.0 || screen.height < SMALLEST.1 {
        return None;
    }
    let preview = match screen.height {
        ..18 => 0,
        18..36 => screen.height * 2 / 5,
        _ => screen.height / 2,
    };
    let [header, body, footer] =
        Layout::vertical([Constraint::Length(1), Constraint::Min(5), Constraint::Length(1)]).areas(screen);
    let [list, preview] = Layout::vertical([Constraint::Min(5), Constraint::Length(preview)]).areas(body);
    Some(Areas { header, list, preview: (preview.height > 0).then_some(preview), body, footer })
}

impl Areas {
    /// How many secrets the list shows at once: without border, column titles, and the fault if there is one.
    pub fn page(&self, has_fault: bool) -> usize {
        rows(self.list, has_fault)
    }

    /// How many columns a screen of lines has.
    pub fn columns(&self) -> usize {
        usize::from(self.body.width.saturating_sub(BORDER)).max(1)
    }

    /// The line of the list at a place of the screen, from 0.
    pub fn row_at(&self, at: Position) -> Option<usize> {
        let first = self.list.y + 2;
        (self.list.contains(at) && at.y >= first && at.y + 1 < self.list.bottom()).then(|| usize::from(at.y - first))
    }
}

/// How many rows a panel shows at once under the titles of its columns, and over a fault if there is one.
pub fn rows(panel: Rect, has_fault: bool) -> usize {
    let foot = if has_fault { FOOT } else { 0 };
    usize::from(panel.height.saturating_sub(BORDER + 1 + foot)).max(1)
}

/// How many lines a panel shows at once.
pub fn lines(panel: Rect) -> usize {
    usize::from(panel.height.saturating_sub(BORDER)).max(1)
}

/// How high the timeline of a secret may be at most, of what is between header and footer.
pub fn most_of(body: Rect) -> u16 {
    body.height * 3 / 5
}

/// The areas of a secret's own screen: the timeline of so many lines, and the facts under it.
pub fn secret(body: Rect, lines: usize) -> (Rect, Rect) {
    let wanted = u16::try_from(lines).unwrap_or(u16::MAX).saturating_add(BORDER).min(most_of(body));
    let [timeline, facts] = Layout::vertical([Constraint::Length(wanted), Constraint::Min(BORDER + 1)]).areas(body);
    (timeline, facts)
}

/// The areas of the event history: the events, and under them the record that is unfolded.
pub fn history(body: Rect, is_unfolded: bool) -> (Rect, Option<Rect>) {
    if !is_unfolded {
        return (body, None);
    }
    let [list, record] = Layout::vertical([Constraint::Fill(2), Constraint::Fill(3)]).areas(body);
    (list, Some(record))
}

/// How many lines there may be above the log of a rotation.
pub fn board_lines(body: Rect) -> usize {
    usize::from(most_of(body).saturating_sub(BORDER)).max(1)
}

/// The areas of a rotation that is watched: so many lines, and the log under them.
pub fn watch(body: Rect, lines: usize) -> (Rect, Rect) {
    secret(body, lines)
}

/// What a border leaves.
pub fn inside(panel: Rect) -> Rect {
    let (width, height) = (panel.width.saturating_sub(BORDER), panel.height.saturating_sub(BORDER));
    Rect { x: panel.x + (panel.width - width) / 2, y: panel.y + (panel.height - height) / 2, width, height }
}

/// The area of a change that is asked about.
pub fn confirm(screen: Rect) -> Rect {
    middle(screen, Size::new(110, 36))
}

/// The foot of a panel.
pub fn foot(panel: Rect) -> Rect {
    let height = FOOT.min(panel.height);
    Rect { y: panel.bottom() - height, height, ..panel }
}

/// The area of a box over the screen, in its middle, at most this large.
pub fn middle(screen: Rect, size: Size) -> Rect {
    let width = screen.width.saturating_sub(4).min(size.width);
    let height = screen.height.saturating_sub(2).min(size.height);
    Rect { x: screen.x + (screen.width - width) / 2, y: screen.y + (screen.height - height) / 2, width, height }
}

/// The area of the overlay with the keys.
pub fn help(screen: Rect) -> Rect {
    middle(screen, Size::new(76, 40))
}

/// How many lines of keys the overlay shows at once.
pub fn help_lines(screen: Size) -> usize {
    usize::from(help(Rect::from((Position::ORIGIN, screen))).height.saturating_sub(BORDER)).max(1)
}
