//! A small AWS that lives in memory, below the AWS SDK: for `--demo`, for the screenshots and for
//! the tests. It imports nothing of the program and speaks only AWS's wire words, so what the
//! program misunderstands about AWS cannot be repeated here.
//!
//! ```text
//! SDK ── sdk_config ─ seam ──┐                           ┌─ secretsmanager ─┐
//!                            ├─ wire: call, fault ───────┼─ cloudtrail ─────┤
//! any client ── listener ────┘        answer, journal    ├─ cloudwatchlogs ─┼─ vault, trail, functions, logs, trails,
//!                                                        ├─ eventbridge ────┤  bus, clock
//!                                                        ├─ lambda ─────────┤
//!                                                        └─ sts ────────────┘
//! ```
//!
//! No type here can hold the value of a secret: a version knows only whether it has one, and the database behind a secret
//! which version's password it takes.

mod bus;
mod clock;
mod cloudtrail;
mod cloudwatchlogs;
mod database;
mod eventbridge;
mod function;
mod labels;
mod lambda;
mod life;
mod logs;
mod page;
mod ration;
mod rotation;
mod scenario;
mod secret;
mod secretsmanager;
mod seed;
mod sts;
mod trail;
mod trails;
mod vault;
mod wire;
mod world;

#[cfg(test)]
mod tests;

pub use labels::Move;
pub use logs::LogLine;
pub use scenario::ScenarioError;
pub use trail::Recorded;
pub use wire::journal::Entry;
pub use wire::listener::Listener;
pub use world::World;
