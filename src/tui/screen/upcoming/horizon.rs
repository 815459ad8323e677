//! How far the agenda looks ahead.

use chrono::TimeDelta;

use crate::tui::keymap::Action;

/// How far the agenda looks ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Horizon {
    /// 24 hours.
    #[default]
    Day,
    /// 7 days.
    Week,
    /// 30 days.
    Month,
}

impl Horizon {
    /// The time that it takes.
    pub fn length(self) -> TimeDelta {
        TimeDelta::days(match self {
            Self::Day => 1,
            Self::Week => 7,
            Self::Month => 30,
        })
    }

    /// The nearer one, and the farther one, as an action asks for.
    pub(super) fn zoomed(self, action: Action) -> Self {
        match (action, self) {
            (Action::ZoomIn, Self::Month) | (Action::ZoomOut, Self::Day) => Self::Week,
            (Action::ZoomIn, _) => Self::Day,
            (Action::ZoomOut, _) => Self::Month,
            _ => self,
        }
    }
}
