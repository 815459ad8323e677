//! Each screen's cursors, and what a key does to them.

pub mod secrets;
