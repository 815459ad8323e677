//! Where everything stands on the screen, from its size alone. Read by `view` to draw and by `update` to page.

use ratatui::layout::{Constraint, Layout, Rect};

/// The smallest screen on which the list can be read.
pub const SMALLEST: (u16, u16) = (60, 12);

/// The areas of the home screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Areas {
    /// The line with account and counts.
    pub header: Rect,
    /// The list with its border.
    pub list: Rect,
    /// The selected secret with its border; nothing where there is no room.
    pub preview: Option<Rect>,
    /// The line with the keys.
    pub footer: Rect,
}

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
    let rows = [Constraint::Length(1), Constraint::Min(5), Constraint::Length(preview), Constraint::Length(1)];
    let [header, list, preview, footer] = Layout::vertical(rows).areas(screen);
    Some(Areas { header, list, preview: (preview.height > 0).then_some(preview), footer })
}

/// The height of a fault at the foot of a panel that has other things to show.
const FOOT: u16 = 4;

impl Areas {
    /// How many secrets the list shows at once: without border, column titles, and the fault if there is one.
    pub fn page(&self, has_fault: bool) -> usize {
        let foot = if has_fault { FOOT } else { 0 };
        usize::from(self.list.height.saturating_sub(3 + foot)).max(1)
    }
}

/// The foot of a panel.
pub fn foot(panel: Rect) -> Rect {
    let height = FOOT.min(panel.height);
    Rect { y: panel.bottom() - height, height, ..panel }
}

/// The area of the overlay with the keys.
pub fn help(screen: Rect) -> Rect {
    let width = screen.width.saturating_sub(4).min(72);
    let height = screen.height.saturating_sub(2).min(24);
    Rect { x: screen.x + (screen.width - width) / 2, y: screen.y + (screen.height - height) / 2, width, height }
}
