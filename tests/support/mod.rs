//! What the tests share. Each test file uses a part of it.
#![expect(dead_code, reason = "each test file takes it in and uses a part of it")]
#![expect(unreachable_pub, reason = "each test file takes it in as a module of its own")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "what can't be set up fails the test")]

pub mod cmd;
pub mod home;
pub mod pty;
pub mod server;
pub mod svg;
pub mod tui;
