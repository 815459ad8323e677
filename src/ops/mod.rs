//! What the program can do, for the commands and the dashboard alike.

pub mod attempts;
pub mod inspect;
pub mod lookup;
