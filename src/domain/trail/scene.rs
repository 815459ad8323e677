//! What many events have in common, and is kept once for all of them.

use super::client::client;
use super::record::Record;
use super::who::{Caller, Who};
use super::whose::Whose;
use crate::text::AwsText;

/// Whose secret, who, from where, with what client.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Scene {
    /// Which secrets it is about.
    pub whose: Whose,
    /// Who did it.
    pub who: Who,
    /// The address or the service that the call came from.
    pub from: Option<AwsText>,
    /// The client in short.
    pub client: Option<AwsText>,
}

impl Scene {
    /// The scene of a record; `resources` are those that LookupEvents lists beside it.
    pub(super) fn of(record: &Record, resources: &[String]) -> Self {
        Self {
            whose: Whose::of(record, resources),
            who: Who::of(record),
            from: record.text(&["sourceIPAddress"]).map(Into::into),
            client: client(record),
        }
    }

    /// All that it may be looked for by, in small letters: who, from where, with what, which secret.
    pub fn words(&self) -> String {
        let Self { who, whose, from, client } = self;
        let caller = Some(who.caller).filter(|caller| *caller != Caller::Unknown).map(Caller::word);
        let of_who = [Some(&who.name), who.role.as_ref(), who.account.as_ref(), from.as_ref(), client.as_ref()];
        let texts = of_who.into_iter().flatten().chain(&whose.arn).chain(&whose.given).map(AwsText::raw);
        // No word that is typed has a line end in it, so none is found across two of these.
        texts.chain(caller).collect::<Vec<_>>().join("\n").to_lowercase()
    }

    /// What LookupEvents alone tells.
    pub(super) fn listed(username: Option<&str>, resources: &[String]) -> Self {
        let given = resources.iter().filter(|name| !name.is_empty()).map(|name| name.as_str().into()).collect();
        Self { whose: Whose { arn: None, given }, who: Who::listed(username), from: None, client: None }
    }
}
