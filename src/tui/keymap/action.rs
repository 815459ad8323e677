//! Everything that a key can ask for.

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// The line above.
    Up,
    /// The line below.
    Down,
    /// Half a page up.
    HalfUp,
    /// Half a page down.
    HalfDown,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// The first line.
    Top,
    /// The last line.
    Bottom,
    /// Opens the selected secret, or does what is selected.
    Open,
    /// Types a filter.
    Filter,
    /// Sorts by the next column.
    Sort,
    /// Turns the order round.
    Reverse,
    /// Chooses what to copy.
    Copy,
    /// Unfolds AWS's answer to the letter.
    Raw,
    /// The moment before, in a timeline.
    Earlier,
    /// The moment after.
    Later,
    /// A long step back in time.
    MuchEarlier,
    /// A long step forward.
    MuchLater,
    /// The next version.
    NextVersion,
    /// The version before.
    PreviousVersion,
    /// A shorter time, larger.
    ZoomIn,
    /// A longer time, smaller.
    ZoomOut,
    /// Shows versions without labels, or hides them.
    Deprecated,
    /// Asks about rotating a secret now.
    Rotate,
    /// Asks about running testSecret only.
    TestOnly,
    /// Asks about turning rotation off, or on again.
    Turn,
    /// Asks about deleting a secret, or about restoring it where it is marked for deletion.
    Mark,
    /// Asks about deleting a secret.
    Delete,
    /// Asks about restoring a secret.
    Restore,
    /// Watches the rotation of a secret that runs.
    Watch,
    /// Shows the log of the rotation function.
    Logs,
    /// Says why a rotation isn't done.
    Why,
    /// Unfolds the line of this number, from 1, by which a diagnosis is proven; folds it again.
    Nth(u8),
    /// Says which version's password the user logged in with.
    Say,
    /// Asks about dropping AWSPENDING.
    DropPending,
    /// Asks about promoting the pending version.
    Promote,
    /// Asks about rolling AWSCURRENT back.
    RollBack,
    /// Asks about finishing a plan that is half done.
    Finish,
    /// Asks about undoing the last fix.
    Undo,
    /// Confirms the change that is asked about.
    Confirm,
    /// Copies the call that is asked about, for the AWS CLI.
    CopyForm,
    /// Asks about something else that can be done.
    NextChoice,
    /// Holds the picture, or follows the end again.
    Hold,
    /// Types what is searched.
    Search,
    /// The next line with what is searched.
    NextMatch,
    /// The line before with what is searched.
    PreviousMatch,
    /// The line that says how it ended.
    Evidence,
    /// Other lines: of the rotation, of the secret, of the whole log group.
    Whose,
    /// Only lines that are as grave.
    Level,
    /// Only lines of one step.
    Step,
    /// Breaks long lines, or cuts them.
    Wrap,
    /// Other times.
    Stamps,
    /// Reads the log from further back.
    Further,
    /// Saves the lines to a file.
    Save,
    /// Shows what rotates next.
    Upcoming,
    /// Shows the event history of a secret.
    History,
    /// Shows the event history of the account and Region.
    Activity,
    /// Shows whether anything notices a deletion or a failed rotation.
    Alerts,
    /// Only events of one kind.
    Kind,
    /// Puts events together by who it was, or shows each again.
    ByReader,
    /// Shows reads of metadata, or hides them.
    Metadata,
    /// Hides what the rotation function did itself, or shows it.
    NoFunction,
    /// Ends the search.
    Stop,
    /// Shows the calls of AWS.
    Calls,
    /// Types a command.
    Command,
    /// Completes what is typed.
    Complete,
    /// Asks AWS again.
    Refresh,
    /// Shows the keys.
    Help,
    /// Closes what lies on top, or goes back.
    Back,
    /// Hands the terminal back to the shell.
    Suspend,
    /// Leaves.
    Quit,
    /// Leaves at once.
    Interrupt,
}

/// The names of the keys for lines.
const NTH: [&str; 9] = ["line_1", "line_2", "line_3", "line_4", "line_5", "line_6", "line_7", "line_8", "line_9"];

impl Action {
    /// The name by which the configuration binds it. Never changes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::HalfUp => "half_up",
            Self::HalfDown => "half_down",
            Self::PageUp => "page_up",
            Self::PageDown => "page_down",
            Self::Top => "top",
            Self::Bottom => "bottom",
            Self::Open => "open",
            Self::Filter => "filter",
            Self::Sort => "sort",
            Self::Reverse => "reverse",
            Self::Copy => "copy",
            Self::Raw => "raw",
            Self::Earlier => "earlier",
            Self::Later => "later",
            Self::MuchEarlier => "much_earlier",
            Self::MuchLater => "much_later",
            Self::NextVersion => "next_version",
            Self::PreviousVersion => "previous_version",
            Self::ZoomIn => "zoom_in",
            Self::ZoomOut => "zoom_out",
            Self::Deprecated => "deprecated",
            Self::Rotate => "rotate",
            Self::TestOnly => "test_only",
            Self::Turn => "turn",
            Self::Mark => "delete_or_restore",
            Self::Delete => "delete",
            Self::Restore => "restore",
            Self::Watch => "watch",
            Self::Logs => "logs",
            Self::Why => "why",
            Self::Nth(number) => NTH.get(usize::from(number).wrapping_sub(1)).copied().unwrap_or("line"),
            Self::Say => "say",
            Self::DropPending => "drop_pending",
            Self::Promote => "promote",
            Self::RollBack => "roll_back",
            Self::Finish => "finish",
            Self::Undo => "undo",
            Self::Confirm => "confirm",
            Self::CopyForm => "copy_form",
            Self::NextChoice => "next_choice",
            Self::Hold => "hold",
            Self::Search => "search",
            Self::NextMatch => "next_match",
            Self::PreviousMatch => "previous_match",
            Self::Evidence => "evidence",
            Self::Whose => "whose",
            Self::Level => "level",
            Self::Step => "step",
            Self::Wrap => "wrap",
            Self::Stamps => "stamps",
            Self::Further => "further",
            Self::Save => "save",
            Self::Upcoming => "upcoming",
            Self::History => "history",
            Self::Activity => "activity",
            Self::Alerts => "alerts",
            Self::Kind => "kind",
            Self::ByReader => "by_reader",
            Self::Metadata => "metadata",
            Self::NoFunction => "no_function",
            Self::Stop => "stop",
            Self::Calls => "calls",
            Self::Command => "command",
            Self::Complete => "complete",
            Self::Refresh => "refresh",
            Self::Help => "help",
            Self::Back => "back",
            Self::Suspend => "suspend",
            Self::Quit => "quit",
            Self::Interrupt => "interrupt",
        }
    }
}
