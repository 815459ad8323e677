//! Where the user is in a secret's timeline: how far back it reaches, which version and which moment is looked at.

use chrono::{DateTime, Utc};

use crate::domain::timeline::Timeline as Facts;
use crate::domain::version::VersionId;
use crate::output::timeline::{Axis, Zoom};
use crate::tui::keymap::Action;

/// How many columns a long step of the cursor takes.
const STRIDE: usize = 10;

/// The cursors in a timeline. They hold a version and a moment, not a line and a column.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Timeline {
    /// How far back; until the user chooses, as far as the versions with labels reach.
    pub zoom: Option<Zoom>,
    /// The version that the user chose; until they choose, the one that matters most.
    pub version: Option<VersionId>,
    /// The moment that is looked at (UTC).
    pub moment: Option<DateTime<Utc>>,
    /// Whether versions without labels are shown.
    pub deprecated: bool,
}

impl Timeline {
    /// How far back the timeline is shown.
    pub fn zoom(&self, facts: &Facts) -> Zoom {
        self.zoom.unwrap_or_else(|| Zoom::reaching(facts.begin(false), facts.until))
    }

    /// The number of the lane that is looked at.
    pub fn lane(&self, facts: &Facts) -> usize {
        let chosen = self.version.as_ref();
        chosen
            .and_then(|id| facts.lanes.iter().position(|lane| lane.version.id == *id))
            .unwrap_or_else(|| facts.foremost())
    }

    /// Moves as the action says. `false`: it is no movement.
    pub fn go(&mut self, action: Action, facts: &Facts, axis: &Axis) -> bool {
        match action {
            Action::Earlier => self.shift(axis, |column| column.saturating_sub(1)),
            Action::Later => self.shift(axis, |column| column + 1),
            Action::MuchEarlier => self.shift(axis, |column| column.saturating_sub(STRIDE)),
            Action::MuchLater => self.shift(axis, |column| column + STRIDE),
            Action::NextVersion => self.choose(facts, 1),
            Action::PreviousVersion => self.choose(facts, -1),
            Action::ZoomIn => self.zoom = Some(self.zoom(facts).step(true)),
            Action::ZoomOut => self.zoom = Some(self.zoom(facts).step(false)),
            Action::Deprecated => self.deprecated = !self.deprecated,
            _ => return false,
        }
        true
    }

    /// Moves the moment by columns; it starts from now, and goes no further than that.
    fn shift(&mut self, axis: &Axis, to: impl Fn(usize) -> usize) {
        let column = self.moment.map_or(axis.present(), |moment| axis.nearest(moment));
        self.moment = Some(axis.moment(to(column).min(axis.present())));
    }

    /// Chooses the next lane that is shown, or the one before.
    fn choose(&mut self, facts: &Facts, step: isize) {
        let is_shown = |number: &usize| self.deprecated || !facts.lanes[*number].is_deprecated();
        let shown: Vec<usize> = (0..facts.lanes.len()).filter(is_shown).collect();
        let lane = self.lane(facts);
        let place = shown.iter().position(|number| *number == lane).unwrap_or(0);
        let other = place.saturating_add_signed(step).min(shown.len().saturating_sub(1));
        self.version = shown.get(other).map(|number| facts.lanes[*number].version.id.clone());
    }
}
