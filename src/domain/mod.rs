//! The subject in AWS's words: pure types and rules. No I/O, no clock, no SDK, no terminal.

pub mod agenda;
pub mod calls;
pub mod change;
pub mod context;
pub mod facts;
pub mod fault;
pub mod few;
pub mod filter;
pub mod function;
pub mod handles;
pub mod inspection;
pub mod invocation;
pub mod log;
pub mod pending;
pub mod permission;
pub mod policy;
pub mod preflight;
mod refusal;
pub mod rotation;
pub mod schedule;
pub mod secret;
pub mod sort;
pub mod template;
pub mod timeline;
pub mod trail;
pub mod version;
pub mod words;
