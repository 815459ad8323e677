//! The whole dashboard without a terminal: keys go in as strings, screens come out as text, time is paused.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::home::Home;
use crossterm::event::{Event, KeyEvent, KeyModifiers, MouseEvent, MouseEventKind};
use futures::stream;
use ratatui::Terminal;
use ratatui::backend::{Backend, ClearType, TestBackend, WindowSize};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Size};
use secdash::aws::{Aws, Guard, Record};
use secdash::demo::World;
use secdash::exit::Exit;
use secdash::tui::keymap;
use secdash::tui::model::{Model, Start};
use secdash::tui::run::{Console, Input, run};
use secdash::tui::runtime::Runtime;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// How long, in the world's time, something may take to show.
const PATIENCE: Duration = Duration::from_mins(5);

/// A dashboard over a demo world.
pub struct Tui {
    pub world: World,
    screen: Glass,
    /// What was put on the clipboard.
    pub copied: Arc<Mutex<Vec<String>>>,
    input: mpsc::UnboundedSender<Input>,
    task: JoinHandle<std::io::Result<(Exit, Vec<String>)>>,
    // The record of actions is there for as long as this is held.
    _home: Home,
}

impl Tui {
    /// The dashboard on a world of `tests/worlds`, or on a built-in one.
    pub fn on(world: &str, columns: u16, rows: u16) -> Self {
        let path = format!("{}/tests/worlds/{world}.toml", env!("CARGO_MANIFEST_DIR"));
        let world = if std::path::Path::new(&path).exists() { path } else { world.to_owned() };
        Self::over(World::load(&world).unwrap(), columns, rows)
    }

    /// The dashboard on a world.
    pub fn over(world: World, columns: u16, rows: u16) -> Self {
        Self::wishing(world, columns, rows, |_| {})
    }

    /// The dashboard on a world, as the user wishes for it.
    pub fn wishing(world: World, columns: u16, rows: u16, wish: impl FnOnce(&mut Start)) -> Self {
        Self::at(world, Home::new(), columns, rows, wish)
    }

    /// The same with a home that was there before.
    pub fn at(world: World, home: Home, columns: u16, rows: u16, wish: impl FnOnce(&mut Start)) -> Self {
        let record = Record::at(home.folder().join("state/secdash/actions.jsonl"));
        let aws = Aws::demo_seeded(world.sdk_config(), world.client_seed()).guarded(Guard { read_only: false, record });
        let screen = Glass(Arc::new(Mutex::new(TestBackend::new(columns, rows))));
        let mut start = Start { size: Size::new(columns, rows), ..secdash::tui::before(&aws) };
        wish(&mut start);
        let model = Model::new(start);
        let (input, keys) = mpsc::unbounded_channel();
        let keys = Box::pin(stream::unfold(keys, |mut keys| async move { Some((keys.recv().await?, keys)) }));
        let glass = screen.clone();
        let mut console = NoShell::default();
        let copied = Arc::clone(&console.0);
        let task = tokio::spawn(async move {
            let mut terminal = Terminal::new(glass).unwrap();
            run(model, &mut terminal, &mut console, Runtime::new(aws), secdash::tui::view::view, keys).await
        });
        Self { world, screen, copied, input, task, _home: home }
    }

    /// Presses keys: `jjG <pgdn> <ctrl-c>`; white space only separates.
    pub fn keys(&self, keys: &str) {
        for word in keys.split_whitespace() {
            match word.strip_prefix('<').and_then(|word| word.strip_suffix('>')) {
                Some(name) => self.press(name),
                None => word.chars().for_each(|c| self.press(&c.to_string())),
            }
        }
    }

    fn press(&self, name: &str) {
        let (code, modifiers) = keymap::parse(name).unwrap();
        self.input.send(Input::Event(Event::Key(KeyEvent::new(code, modifiers)))).unwrap();
    }

    /// Does something with the mouse at a place of the screen.
    pub fn mouse(&self, kind: MouseEventKind, column: u16, row: u16) {
        let event = MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE };
        self.input.send(Input::Event(Event::Mouse(event))).unwrap();
    }

    /// Pastes.
    pub fn paste(&self, text: &str) {
        self.input.send(Input::Event(Event::Paste(text.to_owned()))).unwrap();
    }

    /// Gives the screen another size.
    pub fn resize(&self, columns: u16, rows: u16) {
        self.screen.0.lock().unwrap().resize(columns, rows);
        self.input.send(Input::Event(Event::Resize(columns, rows))).unwrap();
    }

    /// Waits, in the world's time, until the screen shows a text, wherever its lines end.
    pub async fn wait(&self, text: &str) {
        let step = Duration::from_millis(10);
        for _ in 0..PATIENCE.as_millis() / step.as_millis() {
            if super::pty::flat(&self.text()).contains(text) {
                return;
            }
            tokio::time::sleep(step).await;
        }
        panic!("`{text}` did not come:\n{}", self.text());
    }

    /// Lets the world's time pass.
    pub async fn pass(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }

    /// Waits until everything asked for has been answered.
    pub async fn rest(&self) {
        self.pass(Duration::from_secs(2)).await;
    }

    /// What stands on the screen.
    pub fn text(&self) -> String {
        let screen = self.screen.0.lock().unwrap();
        let buffer = screen.buffer();
        let lines = buffer.content().chunks(usize::from(buffer.area.width).max(1));
        let lines = lines.map(|cells| cells.iter().map(Cell::symbol).collect::<String>().trim_end().to_owned());
        lines.collect::<Vec<_>>().join("\n")
    }

    /// What stands on the screen, cell by cell.
    pub fn buffer(&self) -> Buffer {
        self.screen.0.lock().unwrap().buffer().clone()
    }

    /// What stands where the cursor is: whatever is reversed below the first line, from there to the end of its line.
    pub fn reversed(&self) -> String {
        let screen = self.screen.0.lock().unwrap();
        let buffer = screen.buffer();
        let lines = buffer.content().chunks(usize::from(buffer.area.width).max(1)).skip(1);
        let reversed = |cell: &&Cell| cell.modifier.contains(ratatui::style::Modifier::REVERSED);
        let words = lines.flat_map(|cells| cells.iter().filter(reversed).map(Cell::symbol));
        words.collect::<String>().trim_end().to_owned()
    }

    /// What stands on the screen, and one line that changes with any colour.
    pub fn snapshot(&self) -> String {
        let screen = self.screen.0.lock().unwrap();
        let styles =
            screen.buffer().content().iter().map(|cell| format!("{:?}{:?}{:?}", cell.fg, cell.bg, cell.modifier));
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for byte in styles.collect::<String>().bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        }
        drop(screen);
        format!("{}\nstyles: {hash:016x}", self.text())
    }

    /// Waits for the end of the dashboard.
    pub async fn end(self) -> Exit {
        self.ended().await.0
    }

    /// Waits for the end of the dashboard, and answers what is said then.
    pub async fn ended(self) -> (Exit, Vec<String>) {
        self.task.await.unwrap().unwrap()
    }
}

/// A console without a shell above it.
#[derive(Clone, Default)]
struct NoShell(Arc<Mutex<Vec<String>>>);

impl Console for NoShell {
    fn ask_shell(&mut self) -> std::io::Result<bool> {
        Ok(false)
    }

    fn copy(&mut self, text: &str) -> std::io::Result<()> {
        self.0.lock().unwrap().push(text.to_owned());
        Ok(())
    }

    fn bell(&mut self) -> std::io::Result<()> {
        self.0.lock().unwrap().push("\u{7}".to_owned());
        Ok(())
    }

    fn mouse(&mut self, _: bool) -> std::io::Result<()> {
        Ok(())
    }

    fn suspend(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A screen that the dashboard draws on while the test looks at it.
#[derive(Clone)]
struct Glass(Arc<Mutex<TestBackend>>);

impl Backend for Glass {
    type Error = Infallible;

    fn draw<'a, I: Iterator<Item = (u16, u16, &'a Cell)>>(&mut self, content: I) -> Result<(), Infallible> {
        self.0.lock().unwrap().draw(content)
    }

    fn hide_cursor(&mut self) -> Result<(), Infallible> {
        self.0.lock().unwrap().hide_cursor()
    }

    fn show_cursor(&mut self) -> Result<(), Infallible> {
        self.0.lock().unwrap().show_cursor()
    }

    fn get_cursor_position(&mut self) -> Result<Position, Infallible> {
        self.0.lock().unwrap().get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> Result<(), Infallible> {
        self.0.lock().unwrap().set_cursor_position(position)
    }

    fn clear(&mut self) -> Result<(), Infallible> {
        self.0.lock().unwrap().clear()
    }

    fn clear_region(&mut self, clear_type: ClearType) -> Result<(), Infallible> {
        self.0.lock().unwrap().clear_region(clear_type)
    }

    fn size(&self) -> Result<Size, Infallible> {
        self.0.lock().unwrap().size()
    }

    fn window_size(&mut self) -> Result<WindowSize, Infallible> {
        self.0.lock().unwrap().window_size()
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        self.0.lock().unwrap().flush()
    }
}
