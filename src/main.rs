//! The `secdash` program.

fn main() {}
