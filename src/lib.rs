//! A terminal dashboard for the rotation of AWS Secrets Manager secrets.
//!
//! | floor | what lives there |
//! |---|---|
//! | [`cli`] | the command line; nothing runs there |
//! | [`cmd`], [`tui`] | the commands, the dashboard |
//! | [`ops`], [`output`] | what the program can do; tables and JSON |
//! | [`aws`] | the only folder that names the AWS SDK |
//! | [`domain`] | the subject in AWS's words: pure types and rules |
//! | [`config`] | what the user has set: flags, variables, one file |
//! | [`text`], [`exit`], [`private`] | words for people, safe text; exit codes; files that only the user may read |
//! | [`demo`] | a small AWS that lives in memory and imports nothing of the others |
//!
//! Imports go downward only; `tests/layers.rs` proves it.

pub mod aws;
pub mod cli;
pub mod cmd;
pub mod config;
pub mod demo;
pub mod domain;
pub mod exit;
pub mod ops;
pub mod output;
pub mod private;
pub mod text;
pub mod tui;
