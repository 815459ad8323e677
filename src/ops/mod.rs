//! What the program can do, for the commands and the dashboard alike.

pub mod alerts;
pub mod attempts;
pub mod diagnose;
pub mod fix;
pub mod follow;
pub mod history;
pub mod inspect;
pub mod join;
pub mod judge;
pub mod log_group;
pub mod logs;
pub mod lookup;
pub mod plans;
pub mod preflight;
pub mod readers;
pub mod rotate;
pub mod save;
pub mod usual;
