//! The subject in AWS's words: pure types and rules. No I/O, no clock, no SDK, no terminal.

pub mod change;
pub mod context;
pub mod fault;
pub mod permission;
pub mod rotation;
pub mod secret;
pub mod version;
