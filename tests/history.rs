//! The event history over demo worlds: everything that happened is found once and told, within AWS's ration, and nothing
//! is claimed that isn't so.
#![expect(clippy::unwrap_used, reason = "what can't be set up fails the test")]
#![expect(unreachable_pub, reason = "its modules are read by each other only")]

mod support;

mod history {
    mod found;
    mod printed;
    mod ration;
    pub(crate) mod search;
    mod truth;
}
