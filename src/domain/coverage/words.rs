//! A coverage put into words, the same for a command and the dashboard.

use super::{Alert, Catch, Coverage, Only, Recorded, Rule, RuleState, Ruled, Standing, Trail, Watched};
use crate::text::{count, listed};

impl Standing {
    /// One word for programs; stable.
    pub fn word(self) -> &'static str {
        match self {
            Self::Covered => "covered",
            Self::Unknown => "unknown",
            Self::NoTrail => "no-trail",
            Self::NotLogging => "not-logging",
            Self::Rules(ruled) => ruled.word(),
        }
    }
}

impl Ruled {
    /// One word for programs; stable.
    pub fn word(self) -> &'static str {
        match self {
            Self::Covered => "covered",
            Self::Unknown => "unknown",
            Self::SomeOnly => "some-only",
            Self::NoTarget => "no-target",
            Self::Disabled => "disabled",
            Self::OtherEvent => "other-event",
            Self::NoRule => "no-rule",
        }
    }
}

impl Recorded {
    /// One word for programs; stable.
    pub fn word(self) -> &'static str {
        match self {
            Self::Logging => "logging",
            Self::Stopped => "stopped",
            Self::NoTrail => "no-trail",
            Self::Unknown => "unknown",
        }
    }
}

impl RuleState {
    /// AWS's word for it.
    pub fn word(&self) -> String {
        match self {
            Self::Enabled => "ENABLED".to_owned(),
            Self::EnabledForAll => "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS".to_owned(),
            Self::Disabled => "DISABLED".to_owned(),
            Self::Other(word) => word.to_string(),
        }
    }
}

impl Catch {
    /// One word for programs; stable.
    pub fn word(&self) -> &'static str {
        match self {
            Self::No => "no",
            Self::All => "all",
            Self::Only(_) => "some",
        }
    }
}

impl Only {
    /// Which events, behind a verb.
    pub fn words(&self) -> String {
        match self {
            Self::Secrets(name) => format!("only for secrets such as `{name}`"),
            Self::ByName => "only where the caller names the secret by its name".to_owned(),
            Self::ByArn => "only where the caller names the secret by its ARN".to_owned(),
            Self::Fields(fields) => {
                let names: Vec<_> = fields.iter().map(|field| format!("`{field}`")).collect();
                let verb = if names.len() == 1 { "is" } else { "are" };
                format!("only where {} {verb} as its pattern asks", listed(&names))
            }
        }
    }
}

impl Watched {
    /// What happens.
    pub fn words(self) -> &'static str {
        match self {
            Self::DeleteSecret => "a secret is deleted",
            Self::RotationFailed => "a rotation fails",
            Self::RotationAbandoned => "a rotation is abandoned",
            Self::TestRotationFailed => "the test of a rotation fails",
            Self::Read => "a secret is read",
        }
    }
}

impl Coverage {
    /// How an event stands, as a sentence; two where neither a trail nor the rules are as they should be.
    pub fn sentence(&self, alert: &Alert) -> String {
        let what = match &self.facts.secret {
            Some(secret) => format!("{} of `{secret}`", alert.watched.name()),
            None => alert.watched.name().to_owned(),
        };
        let rules = self.rules_words(alert);
        match alert.standing {
            Standing::Covered => format!("EventBridge tells of {what}: {rules} (whether it arrives isn't checked)."),
            Standing::Unknown => format!("Whether EventBridge tells of {what} isn't known."),
            Standing::Rules(Ruled::SomeOnly) => format!("EventBridge doesn't tell of every {what}: {rules}."),
            Standing::Rules(_) => format!("EventBridge doesn't tell of {what}: {rules}."),
            Standing::NoTrail | Standing::NotLogging => {
                let more = if alert.ruled > Ruled::Unknown { format!(" And {rules}.") } else { String::new() };
                format!("EventBridge doesn't tell of {what}: {}.{more}", self.trail_words())
            }
        }
    }

    /// Why no event comes to EventBridge.
    fn trail_words(&self) -> String {
        let trails: Vec<_> = self.trails().map(|trail| format!("`{}`", trail.name)).collect();
        match trails.len() {
            0 => format!("no trail records {}", self.facts.context.region),
            1 => format!("logging of the trail {} is stopped", listed(&trails)),
            _ => format!("logging of the trails {} is stopped", listed(&trails)),
        }
    }

    /// What the rules do about an event.
    fn rules_words(&self, alert: &Alert) -> String {
        let rules = self.named(alert);
        let verb = |one: &'static str, many: &'static str| if alert.rules.len() == 1 { one } else { many };
        let catch = verb("catches", "catch");
        match alert.ruled {
            Ruled::Covered => format!("{rules} {catch} it"),
            Ruled::Unknown => "what the rules catch isn't known".to_owned(),
            Ruled::SomeOnly => self.partly(alert),
            Ruled::NoTarget => format!("{rules} {catch} it, and {} no target", verb("has", "have")),
            Ruled::Disabled => format!("{rules} would catch it, but {} DISABLED", verb("is", "are")),
            Ruled::OtherEvent => format!("{rules} {catch} other events of Secrets Manager only"),
            Ruled::NoRule => "no rule of the default event bus catches it".to_owned(),
        }
    }

    /// Its rules: `rule `a``, `rules `a` and `b``.
    fn named(&self, alert: &Alert) -> String {
        let rules = alert.rules.iter().filter_map(|at| self.facts.rules.get(*at));
        let names: Vec<_> = rules.map(|rule| format!("`{}`", rule.name)).collect();
        let noun = if names.len() == 1 { "rule" } else { "rules" };
        format!("{noun} {}", listed(&names))
    }

    fn partly(&self, alert: &Alert) -> String {
        let rules = alert.rules.iter().filter_map(|at| self.facts.rules.get(*at));
        let parts = rules.filter_map(|rule| match rule.catch(alert.watched) {
            Some(Catch::Only(only)) => Some(format!("rule `{}` catches it {}", rule.name, only.words())),
            _ => None,
        });
        listed(&parts.collect::<Vec<_>>())
    }

    /// What else there is to say: of the other events of rotations, of reads, of trails.
    pub fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        let extra = self.alerts.iter().filter(|alert| !alert.watched.is_main());
        let main = self.alert(Watched::RotationFailed).map(|alert| alert.standing);
        // Where RotationFailed stands as badly, its own sentence says what there is to say.
        let uncovered = extra.filter(|alert| alert.is_gap() && main == Some(Standing::Covered));
        remarks.extend(uncovered.map(|alert| self.sentence(alert)));
        remarks.extend(self.deaf_to_reads().map(|rule| {
            format!(
                "Rule `{}` catches reads of secrets, but its State is ENABLED: only calls that change something come as \
                 far as it, and reads never do.",
                rule.name
            )
        }));
        let heard: Vec<&Trail> = self.trails().filter(|trail| trail.logging == Ok(true)).collect();
        if !heard.is_empty() && heard.iter().all(|trail| trail.has_selectors) {
            let names: Vec<_> = heard.iter().map(|trail| format!("`{}`", trail.name)).collect();
            remarks.push(format!(
                "The trail {} has event selectors of its own, which secdash doesn't read: see that it records management \
                 events that write.",
                listed(&names)
            ));
        }
        if self.facts.untested > 0 {
            let more = count(self.facts.untested, "more rule");
            remarks.push(format!(
                "There are {more}, which secdash didn't test: it tests {} at most.",
                self.facts.rules.len()
            ));
        }
        remarks
    }
}

/// What was done to learn it, and what wasn't.
pub const METHOD: &str = "EventBridge itself judged each pattern, with an event of each kind that secdash made up. Not \
    looked at: which events a trail records, whether a target takes what it is sent, other event buses, and alarms on logs or metrics.";

impl Trail {
    /// What it is, as words behind its name.
    pub fn words(&self) -> String {
        let logging = match &self.logging {
            Ok(true) => "logs",
            Ok(false) => "logging is stopped",
            Err(_) => "whether it logs isn't known",
        };
        let reach = if self.is_multi_region { "all Regions" } else { "its home Region" };
        let owner = if self.is_organization { " · of the organization" } else { "" };
        format!("{logging} · {reach} · at home in {}{owner}", self.home)
    }
}

impl Rule {
    /// What it is, as words behind its name.
    pub fn words(&self, caught: &[Watched]) -> String {
        let what: Vec<_> = caught
            .iter()
            .map(|watched| match self.catch(*watched) {
                Some(Catch::Only(only)) => format!("{} {}", watched.name(), only.words()),
                _ => watched.name().to_owned(),
            })
            .collect();
        format!("{} · {}", self.state.word(), what.join(", "))
    }

    /// Where it sends what it catches.
    pub fn targets_words(&self) -> String {
        match &self.targets {
            Some(Ok(targets)) if targets.is_empty() => "no target".to_owned(),
            Some(Ok(targets)) => targets.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
            Some(Err(_)) | None => "targets not known".to_owned(),
        }
    }
}
