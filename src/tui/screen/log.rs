//! Where the user is in a log: which of its lines are shown and how, what is searched, and whether the picture follows the
//! end or stands still. Held, it is anchored on lines and not on numbers: nothing that comes in moves it.

use std::collections::{BTreeSet, VecDeque};

use tui_input::Input;

use crate::domain::invocation::Attribution;
use crate::domain::log::Level;
use crate::domain::rotation::Step;
use crate::output::toned;
use crate::tui::known::{Line, Log, News, Place};

/// More lines at once than that are not put in one by one: those that lie back would each move all that came after them.
const MANY: usize = 600;

/// Whose lines are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Whose {
    /// This rotation's, and those within its time of which nobody can say that they are not.
    #[default]
    Rotation,
    /// All but those of other secrets.
    Secret,
    /// Everything in the log group.
    Group,
}

/// How the time of a line is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stamps {
    /// UTC.
    #[default]
    Utc,
    /// By the machine's own clocks.
    Local,
    /// Since the rotation began, or since the log was opened.
    Relative,
}

impl Whose {
    /// The words for it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Rotation => "of this rotation",
            Self::Secret => "of this secret",
            Self::Group => "of the whole group",
        }
    }
}

impl Stamps {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Utc => "UTC",
            Self::Local => "local",
            Self::Relative => "relative",
        }
    }
}

/// A picture that stands still.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The line with the cursor.
    pub cursor: Place,
    /// The lines that stand on the screen, from above.
    pub shown: Vec<Place>,
    /// What stands on the screen, as it was when it was held or the user last moved in it.
    pub rows: Vec<toned::Line>,
    /// How many lines stood above the log then, where a rotation is told of there.
    pub above: Option<usize>,
    /// How many rows of the first of them are above the screen.
    pub skip: usize,
    /// How many lines were shown, and how many there were, when it was held.
    pub counts: (usize, usize),
}

/// Where the user is in a log.
#[derive(Debug, Default)]
pub struct Pane {
    /// Whose lines are shown.
    pub whose: Whose,
    /// How grave a line must be; any where there is none.
    pub level: Option<Level>,
    /// The step that a line must be of; any where there is none.
    pub step: Option<Step>,
    /// Whether long lines are cut, and not broken.
    pub cut: bool,
    /// How times are shown.
    pub stamps: Stamps,
    /// Whether every line of JSON is unfolded.
    pub json: bool,
    /// Lines that are unfolded each by itself.
    pub unfolded: BTreeSet<Place>,
    /// What is searched.
    pub search: Input,
    /// Whether keys go to that.
    pub typing: bool,
    /// The picture, where it stands still; `None` where it follows the end.
    pub held: Option<Held>,
    order: VecDeque<Place>,
}

impl Pane {
    /// A pane on a log, that shows these lines and follows its end.
    pub fn on(log: &Log, whose: Whose, stamps: Stamps) -> Self {
        let mut pane = Self { whose, stamps, ..Self::default() };
        pane.arrange(log);
        pane
    }

    /// How many lines are shown, on the screen or outside of it.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// The line at a number, from 0.
    pub fn at(&self, number: usize) -> Option<Place> {
        self.order.get(number).copied()
    }

    /// The number of the last line.
    pub fn last(&self) -> usize {
        self.order.len().saturating_sub(1)
    }

    /// The number of a line; of the one that came before it, where it is not shown.
    pub fn number(&self, place: Place) -> usize {
        self.order.binary_search(&place).unwrap_or_else(|before| before.saturating_sub(1))
    }

    /// Whether a line is among those that are shown.
    pub fn shows(&self, place: Place) -> bool {
        self.order.binary_search(&place).is_ok()
    }

    /// The lines that stand on a picture that is held.
    pub fn looked_at(&self) -> &[Place] {
        self.held.as_ref().map_or(&[], |held| &held.shown)
    }

    /// What is searched, where anything is.
    pub fn wanted(&self) -> Option<&str> {
        Some(self.search.value()).filter(|wanted| !wanted.is_empty())
    }

    /// All lines again, for another choice of them.
    pub fn arrange(&mut self, log: &Log) {
        self.order = log.lines().filter(|(_, line)| self.passes(line)).map(|(place, _)| place).collect();
    }

    /// Takes in what has changed of the log.
    pub fn changed(&mut self, log: &Log, news: &News) {
        for place in &news.gone {
            if self.order.front() == Some(place) {
                self.order.pop_front();
            } else if let Ok(at) = self.order.binary_search(place) {
                self.order.remove(at);
            }
            self.unfolded.remove(place);
        }
        if news.came.len() + news.dealt.len() > MANY {
            return self.arrange(log);
        }
        for place in news.came.iter().chain(&news.dealt) {
            let passes = log.line(*place).is_some_and(|line| self.passes(line));
            match self.order.binary_search(place) {
                Err(at) if passes => {
                    self.order.insert(at, *place);
                }
                _ => {}
            }
        }
    }

    /// Whether a line is shown.
    fn passes(&self, line: &Line) -> bool {
        let is_theirs = match (self.whose, line.whose) {
            (Whose::Group, _) => true,
            (_, None) => false,
            (Whose::Secret, Some(whose)) => whose != Attribution::OtherSecret,
            (Whose::Rotation, Some(whose)) => {
                matches!(whose, Attribution::ThisRotation | Attribution::Unattributed { within: true })
            }
        };
        let is_grave = self.level.is_none_or(|least| line.grade().is_some_and(|level| level >= least));
        is_theirs && is_grave && self.step.is_none_or(|step| line.step == Some(step))
    }

    /// The next choice of lines; a log that is read by itself knows of no rotation.
    pub fn next_whose(&mut self, has_rotation: bool, log: &Log) {
        self.whose = match self.whose {
            Whose::Secret => Whose::Group,
            Whose::Group if has_rotation => Whose::Rotation,
            Whose::Rotation | Whose::Group => Whose::Secret,
        };
        self.arrange(log);
    }

    /// The next choice of levels: any, INFO and graver, WARN and graver, ERROR and graver.
    pub fn next_level(&mut self, log: &Log) {
        self.level = match self.level {
            None => Some(Level::Info),
            Some(Level::Info) => Some(Level::Warn),
            Some(Level::Warn) => Some(Level::Error),
            Some(_) => None,
        };
        self.arrange(log);
    }

    /// The next step, and after the last one any.
    pub fn next_step(&mut self, log: &Log) {
        self.step = match self.step {
            None => Some(Step::Create),
            Some(step) => Step::ALL.into_iter().find(|next| *next > step),
        };
        self.arrange(log);
    }

    /// The next kind of times.
    pub fn next_stamps(&mut self) {
        self.stamps = match self.stamps {
            Stamps::Utc => Stamps::Local,
            Stamps::Local => Stamps::Relative,
            Stamps::Relative => Stamps::Utc,
        };
    }

    /// Shows every line of this kind again that may hold what is looked for.
    pub fn show_all(&mut self, log: &Log) {
        (self.whose, self.level, self.step) = (Whose::Group, None, None);
        self.arrange(log);
    }
}

/// Where a text stands in another one, whatever the case of its ASCII letters.
pub fn find(text: &str, wanted: &str) -> Vec<std::ops::Range<usize>> {
    if wanted.is_empty() {
        return Vec::new();
    }
    // No byte of another letter is changed by this: places stay what they are.
    let (lower, wanted) = (text.to_ascii_lowercase(), wanted.to_ascii_lowercase());
    lower.match_indices(&wanted).map(|(at, found)| at..at + found.len()).collect()
}
