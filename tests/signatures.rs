//! The built-in signatures of failures: each text of AWS's has its own, each world of the demo the one that it should, and
//! what only looks alike has none.
#![expect(clippy::unwrap_used, clippy::panic, reason = "what can't be set up fails the test")]
#![expect(clippy::print_stdout, reason = "the matrix is to be read: `-- --nocapture`")]
#![expect(unreachable_pub, reason = "its modules are read by each other only")]

mod support;

mod signatures {
    pub(crate) mod made;
    mod misses;
    mod texts;
    mod timeouts;
    mod worlds;
}
