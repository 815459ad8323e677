//! What CloudTrail recorded: each record as an event with whose secret, who, from where, and what was done.
//!
//! Read from the answers of LookupEvents. Shapes:
//! <https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html>,
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>

mod client;
mod covered;
mod deed;
mod depth;
mod event;
mod kind;
#[cfg(test)]
mod made;
mod readers;
mod record;
mod rotation;
mod scene;
mod search;
mod store;
mod wanted;
mod who;
mod whose;

pub use self::covered::{Covered, Gap, HORIZON, KEPT, OVERLAP, Span};
pub use self::deed::{DELETE_SECRET, Deed, Phase, is_known};
pub use self::depth::Depth;
pub use self::event::{Listed, Outcome, Place, TrailEvent, Unplaced};
pub use self::kind::Kind;
pub use self::readers::{Follower, Standing, Tally, became_current, since, tally};
pub use self::record::Unreadable;
pub use self::rotation::{CANCEL_ROTATE_SECRET, Cancellation, ROTATION_FAILED, RotationFailure};
pub use self::scene::Scene;
pub use self::search::{By, KnownReads, News, Query, Reached, Scope, Search};
pub use self::store::{Events, Kept, MOST};
pub use self::wanted::{Ended, Wanted, What};
pub use self::who::{Caller, Reader, Who};
pub use self::whose::{Named, Whose};

/// The source of every event of Secrets Manager.
pub const SOURCE: &str = "secretsmanager.amazonaws.com";
