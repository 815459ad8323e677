//! Properties of the dashboard: whatever comes, in whatever order, what stands on the screen is true.
#![expect(clippy::unwrap_used, reason = "what can't be set up fails the test")]
#![expect(unreachable_pub, reason = "its modules are read by each other only")]

mod support;

mod properties {
    pub(crate) mod aws;
    mod cases;
    mod events;
    pub(crate) mod histories;
    pub(crate) mod made;
    mod orders;
    pub(crate) mod past;
    mod ration;
    pub(crate) mod rotations;
    mod steps;
    pub(crate) mod truth;
}
