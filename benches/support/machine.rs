//! A machine of its own for the program: an empty home, no variables of the real one, and a demo world behind a port.
#![expect(dead_code, reason = "each benchmark uses a part of it")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use super::stats::{Result, progress};

/// The program as `cargo bench` built it: with the release profile.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_secdash");

/// A home folder that goes away with it.
#[derive(Debug)]
pub(crate) struct Home(PathBuf);

impl Home {
    /// An empty home.
    pub(crate) fn new() -> Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::SeqCst);
        let folder = std::env::temp_dir().join(format!("secdash-bench-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }

    /// A file in it with this text, by its path.
    pub(crate) fn file(&self, name: &str, text: &str) -> Result<String> {
        let path = self.0.join(name);
        fs::write(&path, text)?;
        Ok(path.to_string_lossy().into_owned())
    }

    /// All variables of a child; the keys are known to no real AWS.
    pub(crate) fn env(&self) -> [(&'static str, String); 5] {
        [
            ("HOME", self.0.to_string_lossy().into_owned()),
            ("TERM", "xterm-256color".to_owned()),
            ("AWS_ACCESS_KEY_ID", "AKIDBENCH".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "bench".to_owned()),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
        ]
    }

    /// The program on this machine.
    pub(crate) fn secdash(&self, args: &[String]) -> Command {
        let mut command = Command::new(PROGRAM);
        command.env_clear().envs(self.env()).args(args);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A demo world behind a port of this machine, in a process of its own that ends with it.
#[derive(Debug)]
pub(crate) struct Demo {
    child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// How many secrets it has.
    pub(crate) secrets: usize,
    /// The home of the programs that call it.
    pub(crate) home: Home,
}

impl Demo {
    /// Starts one with so many secrets, and waits until it listens.
    pub(crate) fn start(secrets: usize) -> Result<Self> {
        progress("a world is made", secrets);
        Self::on(&format!("secrets:{secrets}"), secrets)
    }

    /// Starts the world of this name or file, which has so many secrets.
    pub(crate) fn on(world: &str, secrets: usize) -> Result<Self> {
        let home = Home::new()?;
        let args = [format!("--demo={world}"), "demo".into(), "--listen".into(), "127.0.0.1:0".into()];
        let mut child = home.secdash(&args).stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line)?;
        }
        let address = line.trim().rsplit("http://").next().and_then(|address| address.parse().ok());
        let Some(address) = address else {
            child.kill()?;
            child.wait()?;
            return Err(format!("the demo world said where it listens in words unknown here: {line}").into());
        };
        Ok(Self { child, address, secrets, home })
    }

    /// The global options with which the program calls it.
    pub(crate) fn door(&self) -> [String; 4] {
        Self::door_at(self.address)
    }

    /// The same, where it is called through a port before it.
    pub(crate) fn door_at(address: SocketAddr) -> [String; 4] {
        let url = format!("http://{address}");
        ["--region".to_owned(), "eu-west-1".to_owned(), "--endpoint-url".to_owned(), url]
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
