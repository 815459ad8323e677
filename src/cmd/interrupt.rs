//! Ctrl-c, heard from a moment on: what comes after that ends the watching and not the program.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Hears ctrl-c from when it is made.
pub(super) struct Interrupt(Signal);

impl Interrupt {
    /// Begins to hear. Before that, ctrl-c ends the program as it ends any other.
    pub(super) fn hear() -> io::Result<Self> {
        signal(SignalKind::interrupt()).map(Self)
    }

    /// Waits for it.
    pub(super) async fn came(&mut self) {
        self.0.recv().await;
    }
}
