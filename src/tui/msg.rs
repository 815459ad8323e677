//! The words in which the dashboard is told what happened and asks for what it wants. Plain values, all comparable.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use crossterm::event::{KeyEvent, MouseEvent};
use ratatui::layout::Size;

use crate::domain::calls::Call;
use crate::domain::context::{Context, Identity};
use crate::domain::fault::Fault;
use crate::domain::inspection::Inspection;
use crate::domain::secret::{Secret, SecretId};
use crate::domain::trail::{Cancellation, RotationFailure};

/// Everything that can happen to the dashboard.
#[derive(Debug, Clone, PartialEq)]
pub enum Msg {
    /// A key was pressed.
    Key(KeyEvent),
    /// A text was pasted.
    Paste(String),
    /// The mouse did something; only when it is switched on.
    Mouse(MouseEvent),
    /// The terminal has another size.
    Resize(Size),
    /// The time, UTC: the only way in which it enters the model.
    Tick(DateTime<Utc>),
    /// An answer to the request that was made in this slot under this ticket.
    Reply(Slot, Ticket, Reply),
    /// AWS was called.
    Call(Call),
}

/// Everything that the dashboard may ask of the outside world.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Makes a request in a slot, in place of what runs there.
    Start(Slot, Ticket, Request),
    /// Ends what runs in a slot.
    Stop(Slot),
    /// Puts a text on the clipboard, through the terminal.
    Copy(String),
    /// Takes the mouse, or leaves it to the terminal.
    Mouse(bool),
    /// Gives the terminal back to the shell until it calls again.
    Suspend,
    /// Ends the program.
    Quit(Ending),
}

/// Why the user ends the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Done.
    Done,
    /// Interrupted with ctrl-c.
    Interrupted,
}

/// A place for one running request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Slot {
    /// Opening the door to AWS.
    Door,
    /// Who we are.
    Identity,
    /// The list.
    Secrets,
    /// The selected secret.
    Secret,
    /// The event history of the account and Region.
    Trail,
    /// A secret with AWSPENDING that is looked at further; a few at a time.
    Look(u8),
}

/// The number of a request. A reply under another ticket than the awaited one is late, and ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ticket(pub u64);

/// A question to AWS.
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    /// Opens the door after a while.
    Open(Duration),
    /// Asks who we are.
    Identity(Arc<Context>),
    /// Lists the secrets, page by page.
    List(Arc<Context>),
    /// Looks up failed rotations and cancellations since then (UTC), newest first.
    Trail(Arc<Context>, DateTime<Utc>),
    /// Looks at one secret after a while, so that a moving cursor asks once.
    Inspect(SecretId, Duration),
}

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// The door is open, or stays shut.
    Opened(Result<Arc<Context>, Fault>),
    /// Who we are.
    Identity(Result<Identity, Fault>),
    /// A page of the list.
    Page(Vec<Secret>),
    /// The list has ended: complete, or with a fault.
    Listed(Result<(), Fault>),
    /// Failed rotations of the account and Region.
    Failures(Vec<RotationFailure>),
    /// Who turned rotation off.
    Cancellations(Vec<Cancellation>),
    /// The look-up has ended.
    Trailed(Result<(), Fault>),
    /// What was learned about a secret.
    Inspected(SecretId, Box<Inspection>),
}
