//! Each screen's cursors, and what a key does to them.

pub mod command;
pub mod confirm;
pub mod history;
pub mod log;
pub mod scroll;
pub mod secrets;
pub mod timeline;
pub mod upcoming;
pub mod why;
