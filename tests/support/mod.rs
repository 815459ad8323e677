//! What the tests share. Each test file uses a part of it.
#![expect(dead_code, unreachable_pub, reason = "each test file takes it in and uses a part of it")]

pub mod cmd;
pub mod home;
pub mod pty;
pub mod tui;
