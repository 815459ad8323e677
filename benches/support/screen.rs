//! The dashboard on a pseudo terminal, where each byte has the time at which it came.
#![expect(dead_code, reason = "each benchmark uses a part of it")]

use std::fs;
use std::io::{Read, Write};
use std::net::SocketAddr;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use crate::support::machine::{Demo, PROGRAM};
use crate::support::stats::{Result, now};

/// The size of the terminal.
const COLUMNS: u16 = 200;
const ROWS: u16 = 50;

/// A frame has ended when nothing came for so long.
pub(crate) const GAP: Duration = Duration::from_millis(3);

/// How long a screen may take to come.
const PATIENCE: Duration = Duration::from_mins(2);

/// Bytes that were read at once.
struct Chunk {
    at: Instant,
    bytes: Vec<u8>,
}

/// A dashboard that runs.
pub(crate) struct Dashboard {
    child: Box<dyn Child + Send + Sync>,
    writer: Box<dyn Write + Send>,
    chunks: Receiver<Chunk>,
    /// The first bytes of the next frame, if they came before the last one was known to have ended.
    early: Option<Chunk>,
    parser: vt100::Parser,
    started: Instant,
    // The terminal is there for as long as this is held.
    _master: Box<dyn MasterPty + Send>,
}

impl Dashboard {
    /// Starts it against a demo world.
    pub(crate) fn start(demo: &Demo) -> Result<Self> {
        Self::through(demo, demo.address)
    }

    /// Starts it against a demo world, through a port before it.
    pub(crate) fn through(demo: &Demo, address: SocketAddr) -> Result<Self> {
        let pair =
            native_pty_system().openpty(PtySize { rows: ROWS, cols: COLUMNS, pixel_width: 0, pixel_height: 0 })?;
        let mut command = CommandBuilder::new(PROGRAM);
        command.env_clear();
        command.args(Demo::door_at(address));
        for (name, value) in demo.home.env() {
            command.env(name, value);
        }
        let (mut reader, writer) = (pair.master.try_clone_reader()?, pair.master.take_writer()?);
        let (sender, chunks) = channel();
        std::thread::spawn(move || read(&mut reader, &sender));
        let size = |cells| std::num::NonZero::new(cells).ok_or("a terminal without cells");
        let parser = vt100::Parser::new(size(ROWS)?, size(COLUMNS)?, 0);
        let started = now();
        let child = pair.slave.spawn_command(command)?;
        drop(pair.slave);
        Ok(Self { child, writer, chunks, early: None, parser, started, _master: pair.master })
    }

    /// Its process.
    pub(crate) fn id(&self) -> Result<u32> {
        self.child.process_id().ok_or_else(|| "the dashboard has ended".into())
    }

    /// Waits until the screen is as it should be: the time from the start to the byte that made it so.
    pub(crate) fn wait(&mut self, what: &str, holds: impl Fn(&str) -> bool) -> Result<Duration> {
        let until = now() + PATIENCE;
        while let Some(chunk) = self.next(until)? {
            self.parser.process(&chunk.bytes);
            if holds(&self.contents()) {
                return Ok(chunk.at - self.started);
            }
        }
        Err(format!("no {what} on\n{}", self.contents()).into())
    }

    /// What stands on the screen.
    pub(crate) fn contents(&self) -> String {
        self.parser.screen().contents()
    }

    /// Takes in what comes until then; how many bytes that were.
    pub(crate) fn pass(&mut self, time: Duration) -> Result<usize> {
        let (until, mut bytes) = (now() + time, 0);
        while let Some(chunk) = self.next(until)? {
            self.parser.process(&chunk.bytes);
            bytes += chunk.bytes.len();
        }
        Ok(bytes)
    }

    /// Types, and waits for the frame that shows it: the time from before the key to the frame's last byte.
    ///
    /// Frames that are not the key's answer may come first; `shows` tells them apart by screen and bytes.
    pub(crate) fn press(&mut self, key: &str, shows: impl Fn(&str, &[u8]) -> bool) -> Result<Duration> {
        let (start, until) = (now(), now() + PATIENCE);
        self.writer.write_all(key.as_bytes())?;
        self.writer.flush()?;
        let mut last: Option<Instant> = None;
        let mut frame = Vec::new();
        loop {
            // Longer than the gap itself, for bytes that were read in time and are told of late.
            let next = self.next(last.map_or(until, |last| last + 2 * GAP))?;
            let is_same = |chunk: &Chunk| last.is_none_or(|last| chunk.at - last <= GAP);
            match next {
                Some(chunk) if is_same(&chunk) => {
                    self.parser.process(&chunk.bytes);
                    frame.extend_from_slice(&chunk.bytes);
                    last = Some(chunk.at);
                }
                other => {
                    let Some(end) = last else { return Err(format!("no answer to {key:?}").into()) };
                    if end > start && shows(&self.contents(), &frame) {
                        self.early = other;
                        return Ok(end - start);
                    }
                    self.early = other;
                    last = None;
                    frame.clear();
                }
            }
        }
    }

    /// The time on a processor, in hundredths of a second.
    pub(crate) fn used(&self) -> Result<u64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.id()?))?;
        // The name in parentheses may have spaces; after it come the third field and so on.
        let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
        let field =
            |number: usize| fields.get(number - 3).ok_or("a short line of /proc")?.parse::<u64>().map_err(Into::into);
        let (user, system): (Result<u64>, Result<u64>) = (field(14), field(15));
        Ok(user? + system?)
    }

    /// The most memory that it ever held.
    pub(crate) fn peak(&self) -> Result<String> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id()?))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kibibytes: u32 = line.and_then(|line| line.split_whitespace().next()).unwrap_or_default().parse()?;
        Ok(format!("{:.1} MB", f64::from(kibibytes) * 1_024.0 / 1_000_000.0))
    }

    /// Looks at the screen after everything that comes until then, with the time at which it came.
    pub(crate) fn watch(&mut self, time: Duration, mut look: impl FnMut(&vt100::Screen, Instant)) -> Result<()> {
        let until = now() + time;
        while let Some(chunk) = self.next(until)? {
            self.parser.process(&chunk.bytes);
            look(self.parser.screen(), chunk.at);
        }
        Ok(())
    }

    fn next(&mut self, until: Instant) -> Result<Option<Chunk>> {
        if let Some(chunk) = self.early.take() {
            return Ok(Some(chunk));
        }
        match self.chunks.recv_timeout(until.saturating_duration_since(now())) {
            Ok(chunk) => Ok(Some(chunk)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => Err(format!("the dashboard ended:\n{}", self.contents()).into()),
        }
    }
}

impl Drop for Dashboard {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(reader: &mut dyn Read, sender: &Sender<Chunk>) {
    let mut buffer = vec![0; 65_536];
    while let Ok(length @ 1..) = reader.read(&mut buffer) {
        let chunk = Chunk { at: now(), bytes: buffer[..length].to_vec() };
        if sender.send(chunk).is_err() {
            return;
        }
    }
}
