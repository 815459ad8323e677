//! From what was learned to how each event stands: the best trail and the best rule count.

use super::{Alert, Catch, Facts, Recorded, Rule, RuleState, Ruled, Standing, Watched};

/// Whether the events of the Region come to EventBridge.
pub(super) fn recorded(facts: &Facts) -> Recorded {
    let Ok(trails) = &facts.trails else { return Recorded::Unknown };
    let here: Vec<_> = trails.iter().filter(|trail| trail.records(&facts.context.region)).collect();
    if here.iter().any(|trail| trail.logging == Ok(true)) {
        return Recorded::Logging;
    }
    match here.as_slice() {
        [] => Recorded::NoTrail,
        _ if here.iter().any(|trail| trail.logging.is_err()) => Recorded::Unknown,
        _ => Recorded::Stopped,
    }
}

/// How one event stands.
pub(super) fn alert(facts: &Facts, recorded: Recorded, watched: Watched) -> Alert {
    let each: Vec<Ruled> = facts.rules.iter().map(|rule| stands(rule, watched)).collect();
    let best = each.iter().copied().min().unwrap_or(Ruled::NoRule);
    let may_be_more = facts.unread.is_some() || facts.untested > 0;
    let ruled = if may_be_more && best > Ruled::Unknown { Ruled::Unknown } else { best };
    let those = (0..each.len()).filter(|at| each.get(*at) == Some(&ruled)).collect();
    // What is missing for certain goes before what isn't known: nobody is told, whatever the rest is.
    let standing = match (recorded, ruled) {
        (Recorded::NoTrail, _) => Standing::NoTrail,
        (Recorded::Stopped, _) => Standing::NotLogging,
        (Recorded::Logging, Ruled::Covered) => Standing::Covered,
        (_, Ruled::Unknown) | (Recorded::Unknown, Ruled::Covered) => Standing::Unknown,
        (_, ruled) => Standing::Rules(ruled),
    };
    Alert { watched, ruled, rules: those, standing }
}

/// How one rule stands to an event.
fn stands(rule: &Rule, watched: Watched) -> Ruled {
    let Ok(catches) = &rule.catches else { return Ruled::Unknown };
    let whole = match catches.get(&watched) {
        None => return Ruled::Unknown,
        Some(Catch::No) if rule.caught().is_empty() => return Ruled::NoRule,
        Some(Catch::No) => return Ruled::OtherEvent,
        Some(Catch::All) => Ruled::Covered,
        Some(Catch::Only(_)) => Ruled::SomeOnly,
    };
    match (&rule.state, &rule.targets) {
        (RuleState::Disabled, _) => Ruled::Disabled,
        (_, Some(Ok(targets))) if targets.is_empty() => Ruled::NoTarget,
        // However the rest stands, it is of no use to the other secrets.
        _ if whole == Ruled::SomeOnly => Ruled::SomeOnly,
        (RuleState::Other(_), _) | (_, None | Some(Err(_))) => Ruled::Unknown,
        _ => Ruled::Covered,
    }
}
