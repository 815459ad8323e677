//! The words in which the dashboard is told what happened and asks for what it wants. Plain values, all comparable.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use crossterm::event::{KeyEvent, MouseEvent};
use ratatui::layout::Size;

use crate::domain::calls::Call;
use crate::domain::change::{Changed, Word};
use crate::domain::context::{Context, Identity};
use crate::domain::coverage::Coverage;
use crate::domain::doctor::Diagnosis;
use crate::domain::fault::Fault;
use crate::domain::inspection::Inspection;
use crate::domain::invocation::Entry;
use crate::domain::plan::{Half, Plan, Told, Under};
use crate::domain::preflight::{Begin, Check, Checked, Purpose};
use crate::domain::progress::{Followed, LogUpdate, Update};
use crate::domain::secret::{Secret, SecretId};
use crate::domain::tail::{Found, NoLog};
use crate::domain::timeline::Attempt;
use crate::domain::trail::{Cancellation, Covered, Depth, News, RotationFailure, Scope, TrailEvent};
use crate::output::history::About;
use crate::text::AwsText;

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
    /// The model as it is stands on the screen. Nobody has read what was not drawn.
    Drawn,
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
    /// Rings the terminal's bell.
    Bell,
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
    /// The pre-flight of the change that is asked about.
    Confirm,
    /// The time that somebody needs to read.
    Pause,
    /// A change, and the rotation that it begins, by its number. What runs there is never replaced.
    Rotation(u32),
    /// The log that is read by itself.
    Log,
    /// A file that is written.
    Save,
    /// Why a secret's rotation isn't done.
    Why,
    /// A fix that is carried out. What runs there is never replaced.
    Fix,
    /// Plans that were left half done.
    Left,
    /// The event history of a secret, or of the account and Region.
    History,
    /// What changed secrets, by the event history.
    Changes,
    /// The record of one event.
    Record,
    /// Whether anything notices a deletion or a failed rotation.
    Alerts,
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
    /// Looks up failed rotations, cancellations and deletions since then (UTC), newest first.
    Trail(Arc<Context>, DateTime<Utc>),
    /// Looks at one secret after a while, so that a moving cursor asks once.
    Inspect(SecretId, Duration),
    /// Learns what must be known before a change: the secret as it is known, what is to be done, attempts that failed.
    Preflight(Box<Secret>, Purpose, Vec<Attempt>),
    /// Waits.
    Pause(Duration),
    /// Carries out what was confirmed, and follows the rotation that begins with it.
    Change(Box<Begin>),
    /// Follows the rotation that runs already.
    Follow(Box<Secret>),
    /// Reads the log of a secret's function since then (UTC), and goes on with what is written.
    Log(Box<Secret>, DateTime<Utc>),
    /// Writes log events to a file that isn't there yet.
    Save(PathBuf, Vec<Arc<Entry>>),
    /// Looks for plans that were left half done.
    Left,
    /// Learns why a secret's rotation isn't done.
    Why(Box<Secret>),
    /// Carries out a plan that was confirmed with this word.
    Fix(Box<Plan>, Box<Secret>, Word),
    /// Finishes a plan that is half done.
    Finish(Box<Half>, Box<Secret>, Word),
    /// Searches the event history back to then (UTC), beside what was covered before.
    History(Box<Scope>, Depth, DateTime<Utc>, Covered),
    /// Looks up one event by its id, for its record.
    Record(Arc<Context>, AwsText),
    /// Learns whether anything notices a deletion or a failed rotation.
    Alerts(Arc<Context>),
    /// Writes events to a file that isn't there yet.
    Export(PathBuf, Box<Export>),
}

/// Events that are to be written to a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Export {
    /// What they are.
    pub about: About,
    /// The events, the newest first.
    pub events: Vec<Arc<TrailEvent>>,
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
    /// Secrets that were scheduled for deletion.
    Deletions(Vec<TrailEvent>),
    /// The look-up has ended.
    Trailed(Result<(), Fault>),
    /// What was learned about a secret.
    Inspected(SecretId, Box<Inspection>),
    /// What must be known before a change.
    Checked(Box<Checked>),
    /// Who reads the secret of the change that is asked about.
    Readers(Box<Check>),
    /// The time has passed.
    Paused,
    /// Which log group it is, or why there is none.
    Found(Box<Result<Found, NoLog>>),
    /// What came of a change.
    Changed(Box<Changed>),
    /// The rotation that is followed from here on.
    Begun(Box<Followed>),
    /// No rotation runs that could be followed; what was learned about the secret.
    NotRunning,
    /// News of a rotation.
    Rotation(Box<Update>),
    /// News of a log.
    Log(Box<LogUpdate>),
    /// The log can't come any further.
    LogEnded,
    /// A file was written, with so many lines or events; or why not.
    Saved(Result<(PathBuf, usize, &'static str), String>),
    /// What is known so far of why a rotation isn't done, and the plan that somebody began.
    Why(Result<Box<Diagnosis>, Fault>, Option<Box<Under>>),
    /// Plans that were left half done, and files of plans that can't be read.
    Left(Vec<Under>),
    /// News of the fix that is carried out.
    Fix(Box<Told>),
    /// News of the search through the event history.
    History(Box<News>),
    /// The search has ended.
    Searched,
    /// Who notices what.
    Alerts(Box<Coverage>),
    /// One event with its record; `None` if the history has it no more.
    Record(Box<Result<Option<TrailEvent>, Fault>>),
}
