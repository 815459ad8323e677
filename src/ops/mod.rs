//! What the program can do, for the commands and the dashboard alike.

pub mod inspect;
pub mod lookup;
