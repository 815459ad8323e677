//! What the benchmarks share: numbers and their table, and the program with a demo world behind a port.

pub(crate) mod machine;
pub(crate) mod stats;
