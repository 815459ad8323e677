//! A machine of its own for the program: an empty home, and none of the real one's variables.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

/// A home folder with an `.aws` that goes away with it.
pub struct Home {
    folder: PathBuf,
    env: Vec<(String, String)>,
}

impl Home {
    /// An empty home.
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::SeqCst);
        let folder = std::env::temp_dir().join(format!("secdash-test-{}-{number}", std::process::id()));
        fs::create_dir_all(folder.join(".aws/sso/cache")).unwrap();
        let path = std::env::var("PATH").unwrap_or_default();
        let env = [
            ("PATH", path.as_str()),
            ("HOME", &folder.to_string_lossy()),
            // The metadata service of an instance is not to be waited for where there is none.
            ("AWS_EC2_METADATA_DISABLED", "true"),
            ("TERM", "xterm-256color"),
            ("RUST_BACKTRACE", "0"),
        ];
        let env = env.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        Self { folder, env }
    }

    /// With a file below it.
    pub fn file(self, path: &str, text: &str) -> Self {
        fs::write(self.folder.join(path), text).unwrap();
        self
    }

    /// With a variable.
    pub fn var(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With keys that no real AWS knows.
    pub fn keys(self) -> Self {
        self.var("AWS_ACCESS_KEY_ID", "AKIDTEST").var("AWS_SECRET_ACCESS_KEY", "test")
    }

    /// The variables of a child.
    pub fn env(&self) -> &[(String, String)] {
        &self.env
    }

    /// Where it is.
    pub fn folder(&self) -> &std::path::Path {
        &self.folder
    }

    /// The program on this machine.
    pub fn secdash(&self, args: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command.env_clear().envs(self.env.iter().cloned()).args(args);
        command
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The program under test: the one that `SECDASH_BIN` names, else the one that was built with the tests.
pub fn binary() -> PathBuf {
    std::env::var_os("SECDASH_BIN").map_or_else(|| env!("CARGO_BIN_EXE_secdash").into(), PathBuf::from)
}
