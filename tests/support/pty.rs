//! A real program on a real pseudo terminal, and a real terminal's understanding of what it writes.

use std::io::{Read, Write};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};

use super::home::Home;

/// How long a screen may take to come; it is waited for, never slept.
const PATIENCE: Duration = Duration::from_secs(30);

/// A program on a terminal.
pub struct Pty {
    master: Option<Box<dyn MasterPty + Send>>,
    child: Box<dyn Child + Send + Sync>,
    writer: Option<Box<dyn Write + Send>>,
    shared: Arc<(Mutex<Seen>, Condvar)>,
    before: String,
}

struct Seen {
    parser: vt100::Parser,
    raw: Vec<u8>,
    ended: bool,
    let_go: bool,
}

impl Pty {
    /// Starts a program with these arguments on a terminal of this size.
    pub fn start(home: &Home, program: &std::path::Path, args: &[&str], columns: u16, rows: u16) -> Self {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let before = format!("{:?}", pair.master.get_termios());
        let mut command = CommandBuilder::new(program);
        command.env_clear();
        command.args(args);
        for (name, value) in home.env() {
            command.env(name, value);
        }
        command.cwd(env!("CARGO_MANIFEST_DIR"));
        let child = pair.slave.spawn_command(command).unwrap();
        // The slave stays open here until the child has its own; dropping it lets the end be seen.
        drop(pair.slave);
        let parser = vt100::Parser::new(cells(rows), cells(columns), 0);
        let shared =
            Arc::new((Mutex::new(Seen { parser, raw: Vec::new(), ended: false, let_go: false }), Condvar::new()));
        let reader = pair.master.try_clone_reader().unwrap();
        let theirs = Arc::clone(&shared);
        std::thread::spawn(move || read(reader, &theirs));
        let writer = pair.master.take_writer().unwrap();
        Self { master: Some(pair.master), child, writer: Some(writer), shared, before }
    }

    /// Types.
    pub fn keys(&mut self, keys: &str) {
        let writer = self.writer.as_mut().unwrap();
        writer.write_all(keys.as_bytes()).unwrap();
        writer.flush().unwrap();
    }

    /// Gives the terminal another size.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.shared.0.lock().unwrap().parser.screen_mut().set_size(cells(rows), cells(columns));
        self.master.as_ref().unwrap().resize(PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }).unwrap();
    }

    /// Sends a signal to the program.
    pub fn signal(&self, name: &str) {
        let id = self.child.process_id().unwrap().to_string();
        assert!(std::process::Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
    }

    /// Waits until the screen shows a text; line ends and borders count as one space.
    pub fn wait(&self, text: &str) -> String {
        self.wait_until(text, |screen| flat(&screen.contents()).contains(text))
    }

    /// Waits until the screen is as it should be.
    pub fn wait_until(&self, what: &str, holds: impl Fn(&vt100::Screen) -> bool) -> String {
        let (seen, changed) = &*self.shared;
        let (seen, timeout) = changed
            .wait_timeout_while(seen.lock().unwrap(), PATIENCE, |seen| !holds(seen.parser.screen()) && !seen.ended)
            .unwrap();
        let contents = seen.parser.screen().contents();
        let (held, ended) = (holds(seen.parser.screen()), seen.ended);
        drop(seen);
        assert!(held, "no `{what}` ({timeout:?}, ended: {ended}) on\n{contents}");
        contents
    }

    /// Waits for the end; then what stands on the terminal, and how the program ended.
    pub fn end(&mut self) -> (String, ExitStatus) {
        let (seen, changed) = &*self.shared;
        let (seen, _) = changed.wait_timeout_while(seen.lock().unwrap(), PATIENCE, |seen| !seen.ended).unwrap();
        let contents = seen.parser.screen().contents();
        if !seen.ended {
            drop(seen);
            panic!("it goes on:\n{contents}");
        }
        drop(seen);
        (contents, self.child.wait().unwrap())
    }

    /// Takes the terminal away; how the program ended after that.
    pub fn hang_up(mut self) -> u32 {
        // The reader holds the terminal too; it lets go with the next thing that it reads.
        self.shared.0.lock().unwrap().let_go = true;
        self.keys("?");
        let (seen, changed) = &*self.shared;
        drop(changed.wait_timeout_while(seen.lock().unwrap(), PATIENCE, |seen| !seen.ended).unwrap());
        drop((self.writer.take(), self.master.take()));
        self.child.wait().unwrap().exit_code()
    }

    /// Every byte that the program wrote.
    pub fn raw(&self) -> Vec<u8> {
        self.shared.0.lock().unwrap().raw.clone()
    }

    /// What is different from the terminal that the program was given: nothing, if it was given back as it was.
    pub fn left_behind(&self) -> Vec<String> {
        let seen = self.shared.0.lock().unwrap();
        let screen = seen.parser.screen();
        let after = format!("{:?}", self.master.as_ref().unwrap().get_termios());
        [
            (after != self.before, "modes"),
            (screen.alternate_screen(), "alternate screen"),
            (screen.hide_cursor(), "hidden cursor"),
            (screen.mouse_protocol_mode() != vt100::MouseProtocolMode::None, "mouse reporting"),
            (screen.bracketed_paste(), "bracketed paste"),
            (screen.application_cursor(), "application cursor"),
        ]
        .into_iter()
        .filter(|(left, _)| *left)
        .map(|(_, what)| what.to_owned())
        .collect()
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

fn read(mut reader: Box<dyn Read + Send>, shared: &(Mutex<Seen>, Condvar)) {
    let mut buffer = [0; 4096];
    loop {
        let read = reader.read(&mut buffer);
        let mut seen = shared.0.lock().unwrap();
        match read {
            Ok(0) | Err(_) => seen.ended = true,
            Ok(n) => {
                seen.parser.process(&buffer[..n]);
                seen.raw.extend_from_slice(&buffer[..n]);
                seen.ended = seen.let_go;
            }
        }
        shared.1.notify_all();
        if seen.ended {
            return;
        }
    }
}

/// A screen's words as one line, so that a wrapped sentence can be found.
pub fn flat(screen: &str) -> String {
    let no_borders: String = screen.chars().map(|c| if "│┌┐└┘─\n".contains(c) { ' ' } else { c }).collect();
    no_borders.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn cells(number: u16) -> std::num::NonZero<u16> {
    std::num::NonZero::new(number).unwrap()
}
