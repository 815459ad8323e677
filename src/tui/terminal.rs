//! The terminal's guard: takes it, and gives it back as it was, however the program ends.

use std::fs::File;
use std::io::{self, BufWriter, Stdout, Write};
use std::panic::{self, PanicHookInfo};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use crossterm::clipboard::CopyToClipboard;
use crossterm::cursor::{Hide, Show};
use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture, EventStream,
};
use crossterm::execute;
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use futures::{Stream, StreamExt, stream};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use rustix::process::{Signal, getpgid, getpgrp, getpid, getsid, kill_current_process_group};
use rustix::stdio::dup2_stdin;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGTSTP};
use tokio::signal::unix::{SignalKind, signal};

use super::quiet::Quiet;
use super::run::{Console, Input};
use crate::exit::Exit;

/// The terminal that the dashboard draws on. Frames are written in one go.
pub type Screen = Terminal<Quiet<CrosstermBackend<BufWriter<Stdout>>>>;

/// Room for a whole frame, so that it goes out in one write.
const FRAME: usize = 1 << 16;

/// Whether a guard holds the terminal, so that a panic's words must wait.
static HELD: AtomicBool = AtomicBool::new(false);

/// What panics said while the terminal was held.
static SAID: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Holds the terminal. Dropping it gives the terminal back, and then says what panics had to say.
#[derive(Debug)]
pub struct Guard {
    mouse: bool,
}

impl Guard {
    /// Takes the terminal: raw mode, the alternate screen, no cursor, pastes told from typing.
    pub fn take() -> io::Result<Self> {
        keep_panics_quiet();
        HELD.store(true, Ordering::SeqCst);
        let guard = Self { mouse: false };
        enter()?;
        Ok(guard)
    }

    /// The screen to draw on.
    pub fn screen(&self) -> io::Result<Screen> {
        Terminal::new(Quiet::new(CrosstermBackend::new(BufWriter::with_capacity(FRAME, io::stdout()))))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        leave();
        HELD.store(false, Ordering::SeqCst);
        let said = std::mem::take(&mut *SAID.lock().unwrap_or_else(PoisonError::into_inner));
        let mut err = io::stderr().lock();
        for words in said {
            // Where standard error is gone there is nobody to tell.
            let _ = writeln!(err, "{words}");
        }
    }
}

impl Console for Guard {
    fn ask_shell(&mut self) -> io::Result<bool> {
        if !has_shell()? {
            return Ok(false);
        }
        // The whole group, as the terminal itself would do it: what started the program must stop too.
        kill_current_process_group(Signal::TSTP)?;
        Ok(true)
    }

    fn copy(&mut self, text: &str) -> io::Result<()> {
        execute!(io::stdout(), CopyToClipboard::to_clipboard_from(text))
    }

    fn bell(&mut self) -> io::Result<()> {
        let mut out = io::stdout();
        out.write_all(b"\x07")?;
        out.flush()
    }

    fn mouse(&mut self, on: bool) -> io::Result<()> {
        self.mouse = on;
        if on { execute!(io::stdout(), EnableMouseCapture) } else { execute!(io::stdout(), DisableMouseCapture) }
    }

    fn suspend(&mut self) -> io::Result<()> {
        if !has_shell()? {
            return Ok(());
        }
        leave();
        signal_hook::low_level::emulate_default_handler(SIGTSTP)?;
        enter()?;
        self.mouse(self.mouse)
    }
}

/// Keeps keys from children: a `credential_process` that reads its standard input would take them away from the
/// dashboard, which reads the controlling terminal itself from here on.
///
/// Where there is no such terminal to open, standard input stays what it is.
fn keep_keys() {
    let nothing = File::open("/dev/null").ok().filter(|_| File::open("/dev/tty").is_ok());
    if let Some(nothing) = nothing {
        // What fails leaves things as they were.
        let _ = dup2_stdin(nothing);
    }
}

/// Whether a shell with job control is above this process group, which alone could let it go on again.
///
/// Such a shell leads the session and puts what it starts in groups of their own. `sh -c`, containers and terminals that
/// start a program directly don't.
fn has_shell() -> io::Result<bool> {
    let leader = getsid(None)?;
    Ok(leader != getpid() && getpgid(Some(leader))? != getpgrp())
}

fn enter() -> io::Result<()> {
    enable_raw_mode()?;
    execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste, Hide)
}

/// Gives everything back that any part of the program may have taken; a step that fails doesn't keep the next.
fn leave() {
    let mut out = io::stdout();
    let _ = execute!(out, DisableMouseCapture, DisableBracketedPaste);
    let _ = execute!(out, LeaveAlternateScreen, Show);
    let _ = disable_raw_mode();
}

/// Panics speak after the terminal was given back. The hook that was there before keeps its work outside of that time.
fn keep_panics_quiet() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if HELD.load(Ordering::SeqCst) {
                SAID.lock().unwrap_or_else(PoisonError::into_inner).push(words(info));
            } else {
                before(info);
            }
        }));
    });
}

fn words(info: &PanicHookInfo<'_>) -> String {
    let trace = std::backtrace::Backtrace::capture();
    let trace = match trace.status() {
        std::backtrace::BacktraceStatus::Captured => format!("\n{trace}"),
        _ => "\nSet RUST_BACKTRACE=1 for more.".to_owned(),
    };
    format!("secdash stopped: this is a bug in it. Nothing in AWS was changed by stopping.\n{info}{trace}")
}

/// Keys, sizes and signals as one stream.
pub fn input() -> io::Result<impl Stream<Item = Input>> {
    keep_keys();
    // A terminal that can't be read any more is gone; its errors would come for ever.
    let keys = EventStream::new().map(Result::ok).take_while(|event| std::future::ready(event.is_some()));
    let keys = keys.filter_map(|event| std::future::ready(event.map(Input::Event)));
    let signals = [
        on(SIGTERM, || Input::End(Exit::Terminated))?,
        on(SIGHUP, || Input::End(Exit::HungUp))?,
        on(SIGINT, || Input::End(Exit::Interrupted))?,
        on(SIGTSTP, || Input::Suspend)?,
    ];
    // The keyboard is the stream that ends; signals alone would keep the loop waiting for ever.
    let keys = keys.map(Some).chain(stream::once(std::future::ready(None)));
    let signals = stream::select_all(signals).map(Some);
    Ok(stream::select(keys, signals)
        .take_while(|input| std::future::ready(input.is_some()))
        .filter_map(std::future::ready))
}

fn on(number: i32, input: fn() -> Input) -> io::Result<impl Stream<Item = Input> + Unpin> {
    let signal = signal(SignalKind::from_raw(number))?;
    Ok(Box::pin(stream::unfold(signal, move |mut signal| async move {
        signal.recv().await?;
        Some((input(), signal))
    })))
}
