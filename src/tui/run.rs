//! The loop. Nothing is awaited between a key and its frame.
//!
//! ```text
//!  keyboard, signals ─┐
//!  replies of tasks ──┼─▶ Msg ─▶ update ─▶ Effect ─▶ runtime ─▶ task ─▶ AWS
//!  frame timer ───────┘            │
//!                                Model ─▶ view ─▶ terminal
//! ```

use std::time::Duration;

use crossterm::event::{Event, KeyEventKind};
use futures::{Stream, StreamExt};
use ratatui::backend::Backend;
use ratatui::layout::{Position, Rect, Size};
use ratatui::{Frame, Terminal};
use tokio::time::{Instant, sleep_until};

use super::model::Model;
use super::msg::{Effect, Ending, Msg};
use super::runtime::Runtime;
use super::update::{self, update};
use crate::exit::Exit;

/// The shortest time between two frames that data alone causes. A key's frame is due at once.
const FRAME: Duration = Duration::from_millis(33);

/// How often the time is looked at when nothing else happens: ages on the screen are in minutes at best.
const TICK: Duration = Duration::from_secs(30);

/// The same while something on the screen counts seconds.
const SECOND: Duration = Duration::from_secs(1);

/// What reaches the loop from the terminal and the operating system.
#[derive(Debug)]
pub enum Input {
    /// A key, a paste, another size.
    Event(Event),
    /// The shell, or a signal, wants the terminal back for a while.
    Suspend,
    /// A signal ends the program.
    End(Exit),
}

/// The terminal as a place that can be left and come back to.
pub trait Console {
    /// Asks the shell to take over; it answers with [`Input::Suspend`]. `false`: there is no shell that could.
    fn ask_shell(&mut self) -> std::io::Result<bool>;
    /// Puts a text on the clipboard.
    fn copy(&mut self, text: &str) -> std::io::Result<()>;
    /// Rings the bell.
    fn bell(&mut self) -> std::io::Result<()>;
    /// Takes the mouse, or leaves it to the terminal.
    fn mouse(&mut self, on: bool) -> std::io::Result<()>;
    /// Gives the terminal back, stops the process, and takes the terminal again when it goes on.
    fn suspend(&mut self) -> std::io::Result<()>;
}

/// How the loop is drawn. Production has one view; a test may give it one that panics.
pub type View = fn(&Model, &mut Frame<'_>);

/// Runs the dashboard until it ends; answers how, and what is to be said when the terminal is given back.
pub async fn run<B, C>(
    mut model: Model,
    terminal: &mut Terminal<B>,
    console: &mut C,
    mut runtime: Runtime,
    view: View,
    input: impl Stream<Item = Input>,
) -> std::io::Result<(Exit, Vec<String>)>
where
    B: Backend,
    B::Error: Send + Sync + 'static,
    C: Console,
{
    let mut input = std::pin::pin!(input);
    let mut inbox = Vec::new();
    let draw = |terminal: &mut Terminal<B>, model: &Model| -> std::io::Result<()> {
        terminal.draw(|frame| view(model, frame)).map(drop).map_err(std::io::Error::other)
    };
    let mut effects = update::start(&mut model);
    // The first frame stands before anything of AWS is opened.
    draw(terminal, &model)?;
    effects.extend(update(&mut model, Msg::Drawn));
    let (mut dirty, mut due) = (false, Instant::now() + FRAME);
    loop {
        for effect in effects.drain(..) {
            match effect {
                Effect::Start(slot, ticket, request) => runtime.start(slot, ticket, request),
                Effect::Stop(slot) => runtime.stop(slot),
                Effect::Copy(text) => console.copy(&text)?,
                Effect::Bell => console.bell()?,
                Effect::Mouse(on) => console.mouse(on)?,
                Effect::Suspend => {
                    if !console.ask_shell()? {
                        model.notify("there is no shell here that could bring secdash back");
                        dirty = true;
                    }
                }
                Effect::Quit(Ending::Done) => return Ok(left(&model, Exit::Fine)),
                Effect::Quit(Ending::Interrupted) => return Ok(left(&model, Exit::Interrupted)),
            }
        }
        if dirty && Instant::now() >= due {
            draw(terminal, &model)?;
            (dirty, due) = (false, Instant::now() + FRAME);
            // What is asked for by it is carried out before anything else is awaited.
            effects.extend(update(&mut model, Msg::Drawn));
            if !effects.is_empty() {
                continue;
            }
        }
        let tick = if model.counts() { SECOND } else { TICK };
        let wake = if dirty { due } else { Instant::now() + tick };
        tokio::select! { biased;
            happened = input.next() => match happened {
                Some(Input::Event(event)) => {
                    inbox.extend(message(&event));
                    due = Instant::now();
                }
                Some(Input::Suspend) => {
                    console.suspend()?;
                    repaint(terminal)?;
                    // The window's new size was told to whoever had the terminal meanwhile.
                    inbox.push(Msg::Resize(terminal.size().map_err(std::io::Error::other)?));
                    (dirty, due) = (true, Instant::now());
                }
                Some(Input::End(exit)) => return Ok(left(&model, exit)),
                // Without a keyboard nobody can leave any more.
                None => return Ok(left(&model, Exit::HungUp)),
            },
            received = runtime.receive(&mut inbox) => if received.is_err() { return Ok(left(&model, Exit::Panicked)) },
            () = sleep_until(wake) => {}
        }
        effects.extend(update(&mut model, Msg::Tick(runtime.now())));
        dirty |= !inbox.is_empty() || wake_is_a_tick(dirty, wake);
        for msg in inbox.drain(..) {
            effects.extend(update(&mut model, msg));
        }
    }
}

/// What is said by whoever leaves: which rotations go on in AWS.
fn left(model: &Model, exit: Exit) -> (Exit, Vec<String>) {
    (exit, model.goes_on())
}

/// Makes the next frame draw every cell. Unlike `Terminal::clear` it doesn't ask the terminal where its cursor is:
/// the answer would go to whoever reads the keyboard.
fn repaint<B: Backend>(terminal: &mut Terminal<B>) -> std::io::Result<()>
where
    B::Error: Send + Sync + 'static,
{
    let size = terminal.size().map_err(std::io::Error::other)?;
    terminal.resize(Rect::from((Position::ORIGIN, size))).map_err(std::io::Error::other)
}

/// Whether the loop woke because time passed, and not for a frame that was due.
fn wake_is_a_tick(dirty: bool, wake: Instant) -> bool {
    !dirty && Instant::now() >= wake
}

fn message(event: &Event) -> Option<Msg> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => Some(Msg::Key(*key)),
        Event::Paste(text) => Some(Msg::Paste(text.clone())),
        Event::Mouse(event) => Some(Msg::Mouse(*event)),
        Event::Resize(width, height) => Some(Msg::Resize(Size::new(*width, *height))),
        _ => None,
    }
}
