//! A change that is asked about: what is to be done to which secret, what the pre-flight says, and whether a key counts yet.

use tui_input::Input;

use super::scroll::Scroll;
use crate::domain::change::{Danger, RecoveryWindow};
use crate::domain::preflight::{Checked, Purpose};
use crate::domain::secret::{Secret, SecretId};
use crate::text::AwsText;

/// Whether a key may confirm the change. What was typed ahead, is held down or pasted must not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The pre-flight is under way, or its answer is not on the screen.
    Unread,
    /// It stands on the screen, for a shorter time than anybody reads it in.
    Reading,
    /// Whoever looks at it has had the time to.
    Ready,
    /// The word was given; it holds if no other key follows at once.
    Given,
    /// The call was made, under this number.
    Called(u32),
}

/// A change that is asked about.
#[derive(Debug, Clone)]
pub struct Confirm {
    /// The secret.
    pub secret: Box<Secret>,
    /// What is to be done.
    pub purpose: Purpose,
    /// What the pre-flight learned.
    pub checked: Option<Box<Checked>>,
    /// Whether a key counts.
    pub stage: Stage,
    /// Whether a key that would confirm came too soon: then it may be held down.
    pub was_hasty: bool,
    /// Whether the last letter was followed by a pause, as typing is and a paste isn't.
    pub is_alone: bool,
    /// The name that is being typed.
    pub typed: Input,
    /// The window over what there is to read.
    pub scroll: Scroll,
    /// How many lines of it have stood on the screen.
    pub seen: usize,
    /// What the last key didn't do, and why.
    pub remark: Option<String>,
}

impl Confirm {
    /// Asks about a change of a secret.
    pub fn of(secret: Secret, purpose: Purpose) -> Self {
        Self {
            secret: Box::new(secret),
            purpose,
            checked: None,
            stage: Stage::Unread,
            was_hasty: false,
            is_alone: true,
            typed: Input::default(),
            scroll: Scroll::default(),
            seen: 0,
            remark: None,
        }
    }

    /// The secret's id.
    pub fn id(&self) -> &SecretId {
        &self.secret.id
    }

    /// The secret's name.
    pub fn name(&self) -> &AwsText {
        &self.secret.name
    }

    /// Whether keys are letters of the name that must be typed. Also before the pre-flight has answered: letters are no
    /// commands then either.
    pub fn is_typed(&self) -> bool {
        let danger = match &self.checked {
            Some(checked) => checked.change.danger(),
            None if !self.purpose.begins() && self.purpose != Purpose::Restore => Danger::Typed,
            None => Danger::Plain,
        };
        danger == Danger::Typed && !self.is_stopped() && self.called().is_none()
    }

    /// Whether the pre-flight stands against it.
    pub fn is_stopped(&self) -> bool {
        self.checked.as_ref().is_some_and(|checked| checked.preflight.stops())
    }

    /// Whether the call was made.
    pub fn called(&self) -> Option<u32> {
        match self.stage {
            Stage::Called(number) => Some(number),
            _ => None,
        }
    }

    /// Whether there is something else that can be chosen here.
    pub fn has_choice(&self) -> bool {
        self.next_purpose() != self.purpose
    }

    /// Takes another recovery window for a deletion that was looked at already; all of it is to be read anew.
    pub fn choose_window(&mut self, window: RecoveryWindow) {
        self.purpose = Purpose::Delete(window);
        if let Some(checked) = self.checked.take() {
            self.checked = Some(Box::new(checked.with_window(window)));
        }
        self.typed.reset();
        (self.stage, self.seen, self.scroll.top) = (Stage::Unread, 0, 0);
    }

    /// What can be done to the secret instead: the others of rotating, testing, and turning rotation off or on; of a
    /// deletion the next recovery window.
    pub fn next_purpose(&self) -> Purpose {
        let is_on = self.secret.rotation_enabled == Some(true);
        match self.purpose {
            Purpose::Rotate if is_on => Purpose::TestOnly,
            Purpose::TestOnly => Purpose::TurnOff,
            Purpose::Rotate => Purpose::TurnOn,
            Purpose::TurnOff | Purpose::TurnOn => Purpose::Rotate,
            Purpose::Delete(window) => Purpose::Delete(window.next()),
            // A mark can only be taken off; another way out is chosen on the screen behind, by what is said there.
            Purpose::Restore | Purpose::Fix(..) | Purpose::Finish | Purpose::Undo => self.purpose,
        }
    }
}
