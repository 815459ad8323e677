//! What to do, as sentences, and what may be done.

use super::code::Code;
use super::course::Sight;
use super::decision::{Case, Offer, Verdict};
use super::diagnosis::Diagnosis;
use super::quiet::Quiet;
use super::unlogged::Unlogged;
use crate::domain::change::{Fix, Tested};
use crate::domain::preflight::Rule;
use crate::domain::rotation::Step;
use crate::domain::version::Value;
use crate::text::moment;

impl Diagnosis {
    /// What to do, as an imperative; nothing where all is well.
    pub fn advice(&self) -> Option<String> {
        let Some((_, case)) = &self.stuck else { return self.advice_at_rest() };
        if let Some(elsewhere) = self.elsewhere() {
            return Some(elsewhere);
        }
        if case.verdict() == Verdict::Unknown && !self.awaited.is_empty() {
            return Some("wait until all have answered".to_owned());
        }
        let what = self.what_to_do(case);
        let restore = if self.secret.deleted.is_some() {
            format!(
                "`secdash restore {}` if anybody still needs it, for no label moves before; then ",
                self.secret.name
            )
        } else {
            String::new()
        };
        let wait = match case.quiet {
            Quiet::No { until } => format!("wait until {}; if it is still stuck then, ", moment(until)),
            Quiet::Yes { .. } | Quiet::Unknown => String::new(),
        };
        let promotes = case.offers().iter().any(|offer| offer.fix == Fix::Promote);
        let on = if promotes && !self.is_on() {
            format!("; after a promotion `secdash rotation on {}` turns rotation on, if it should be", self.secret.name)
        } else {
            String::new()
        };
        Some(format!("{restore}{wait}{what}{on}"))
    }

    fn what_to_do(&self, case: &Case) -> String {
        match (case.verdict(), case.value) {
            (Verdict::Current, Value::Empty) if case.course.code == Code::Custom => format!(
                "see at the service whether createSecret has made something there, drop AWSPENDING, then {}, and {}",
                self.mend(),
                self.rotate()
            ),
            (Verdict::Current, _) => format!("drop AWSPENDING, then {}, and {}", self.mend(), self.rotate()),
            (Verdict::Pending, Value::Unknown) => {
                let rights = self.rights(case).join(" and ");
                let else_ask =
                    if rights.is_empty() { String::new() } else { format!("; else get {rights} and ask again") };
                format!(
                    "promote the pending version if you can log in with its password, and {}{else_ask}; don't drop AWSPENDING",
                    self.mend_before_next()
                )
            }
            (Verdict::Pending, _) if self.is_on() => format!(
                "promote the pending version, or {} and let AWS try again; mend it before the next rotation either way; don't \
                 drop AWSPENDING",
                self.mend()
            ),
            (Verdict::Pending, _) => format!(
                "promote the pending version if you can log in with its password, and {} before rotation is turned on; don't \
                 drop AWSPENDING",
                self.mend()
            ),
            (Verdict::LikelyPending, _) => self.after_set(case),
            (Verdict::Neither, _) if self.is_on() || case.course.has_set() => self.not_let_in(case),
            (Verdict::Unknown, Value::Empty) => "find out what the function did with it first".to_owned(),
            (Verdict::Neither | Verdict::Unknown, _) => self.log_in(case),
        }
    }

    pub(super) fn is_on(&self) -> bool {
        self.secret.rotation_enabled == Some(true)
    }

    /// Where it can be done, if not here: a secret of another service, or a replica.
    fn elsewhere(&self) -> Option<String> {
        let secret = &self.secret;
        match (&secret.owning_service, self.replica_of()) {
            (_, Some(home)) => Some(format!("look at it in {home}, where its primary rotates")),
            (Some(service), None) => Some(at_service(service.raw(), "rotates it and moves its labels")),
            (None, None) => None,
        }
    }

    /// No password let setSecret in: wrong ones look like a way that is shut, and a login from elsewhere tells.
    fn not_let_in(&self, case: &Case) -> String {
        let (way, again) = (self.way_in(), if self.is_on() { " and let AWS try again" } else { "" });
        if case.course.has_set() {
            return format!(
                "log in with the pending password from a host that reaches the database: if it works, promote the pending \
                 version, so that readers get it, then {way}; if no login works, {}; don't drop AWSPENDING before",
                self.reset()
            );
        }
        let user = if case.course.code == Code::Alternating { "user and " } else { "" };
        format!(
            "log in with AWSCURRENT's {user}password from a host that reaches the database: if it works, {way}{again}; if it \
             doesn't, readers can't log in either: {}",
            self.reset()
        )
    }

    /// setSecret has done its work: a login tells whether readers can be given the password now. Where users take turns
    /// nobody waits for it.
    fn after_set(&self, case: &Case) -> String {
        let course = &case.course;
        let failed = self.failures.iter().filter(|failure| failure.step == Some(Step::Test)).count();
        let is_stubborn = course.refusals.max(failed) > 1 || !self.is_on();
        let is_hit = course.code != Code::Alternating;
        if !is_hit && !is_stubborn {
            let first = if self.knows_what_to_mend() { format!("{} and ", self.mend()) } else { String::new() };
            return format!(
                "{first}let AWS try again; promote the pending version only if a login with it works; don't drop AWSPENDING"
            );
        }
        let readers = if is_hit { ", so that readers get it" } else { "" };
        let then = match () {
            () if self.knows_cause() && self.is_on() => format!("{} and let AWS try again", self.mend()),
            () if self.knows_cause() => self.mend(),
            () if is_stubborn && course.was_let_in() => {
                "see in the database's own log why testSecret's login fails and setSecret's works".to_owned()
            }
            () if is_stubborn => "see in the database's own log why".to_owned(),
            () if self.knows_what_to_mend() => format!("{} and let AWS try again", self.mend()),
            () => "let AWS try again".to_owned(),
        };
        let later = self.mend_before_next();
        format!(
            "log in with the pending password, and promote the pending version if it works{readers} (and {later}); if it \
             doesn't, {then}; if no login works even so, {}; don't drop AWSPENDING before",
            self.reset()
        )
    }

    /// A login with each password decides what the evidence doesn't; whoever gets the right that is missing needs none.
    fn log_in(&self, case: &Case) -> String {
        let rights = self.rights(case).join(" and ");
        let right = if rights.is_empty() { rights } else { format!("get {rights} and ask again, or ") };
        let drops = case.offers().iter().any(|offer| offer.fix == Fix::Drop);
        // What a login has told is true at once, and not any more when AWS has tried again.
        let current = match (drops, case.value) {
            (true, _) => {
                let safely = if case.quiet == Quiet::Unknown && self.is_on() {
                    ", with secdash, which turns rotation off first and may ask for that login again"
                } else {
                    ""
                };
                format!("drop AWSPENDING at once{safely}, then {}, and {}", self.mend_by("find"), self.rotate())
            }
            (false, Value::Unknown) => {
                "leave AWSPENDING until the versions can be listed (readers can log in)".to_owned()
            }
            // A finishSecret that goes well gives readers what the pending version has, whatever the code before it has tested.
            (false, _) if self.is_on() && case.is_at_finish() => {
                "leave AWSPENDING (readers can log in), and find out why the pending password doesn't work before anything lets \
                 finishSecret give it to readers"
                    .to_owned()
            }
            (false, _) if self.is_on() => {
                format!("leave AWSPENDING (readers can log in), {}, and let AWS try again", self.mend_by("find"))
            }
            // RotateSecret is refused while AWSPENDING is there, and AWS begins nothing while rotation is off.
            (false, _) => "readers can log in: find out why the pending password doesn't work, and only then take AWSPENDING \
                           off, with UpdateSecretVersionStage, which secdash doesn't do behind a setSecret that returned"
                .to_owned(),
        };
        let promote = format!("promote the pending version, and {}", self.mend_before_next());
        // A value that was written later is the newer will.
        let ways = if case.is_overtaken {
            format!("if AWSCURRENT's works, {current}; if only the pending one does, {promote}")
        } else {
            format!("if the pending one works, {promote}; if only AWSCURRENT's does, {current}")
        };
        format!("{right}log in with each password: {ways}; if none does, {}", self.reset())
    }

    /// The rights without which the verdict is not known.
    fn rights(&self, case: &Case) -> Vec<&'static str> {
        let is_unlisted = case.value == Value::Unknown;
        let versions = self.gaps.iter().find(|gap| gap.what.starts_with("the versions")).and_then(|gap| gap.missing);
        let log = self.log_gap().and_then(|gap| gap.missing);
        // Of code of one's own no line tells what it did, whichever are there.
        let settings = self.unasked().filter(|_| case.course.code != Code::Custom);
        // How far an attempt came CloudTrail may tell where its own lines don't.
        let is_nameless = case.course.failing.as_ref().is_some_and(|failing| !failing.is_ours);
        let is_untold = is_nameless || matches!(case.unlogged, Some(Unlogged::Returned(_)));
        let trail = self.trail_gap().filter(|_| is_untold).and_then(|gap| gap.missing);
        // So few at once would say why there is no line.
        let is_lost = matches!(case.unlogged, Some(Unlogged::Failed(_))) && case.course.sight == Sight::Whole;
        let more = trail.into_iter().chain(self.unasked_concurrency().filter(|_| is_lost));
        versions.filter(|_| is_unlisted).into_iter().chain(log).chain(settings).chain(more).collect()
    }

    /// The right that is missing to ask how much concurrency is reserved for the function.
    pub(super) fn unasked_concurrency(&self) -> Option<&'static str> {
        self.function.iter().find(|check| check.rule == Rule::Concurrency).and_then(|check| check.missing)
    }

    /// Why a fix is not offered.
    pub(super) fn speaks_against(&self, fix: Fix) -> String {
        let headline = self.headline();
        match fix {
            Fix::Drop => format!("AWSPENDING can't be dropped safely. {headline}"),
            _ => format!("The pending version can't be promoted safely. {headline}"),
        }
    }

    pub(super) fn nothing_to_move(&self, fix: Fix) -> String {
        match fix {
            Fix::RollBack => "There is nothing to roll back to: AWSPREVIOUS is on no other version.".to_owned(),
            _ => self.nothing_pending(),
        }
    }

    /// What a person would have to say.
    pub(super) fn needs(&self, tested: Tested) -> String {
        let label = match tested {
            Tested::Pending => "AWSPENDING",
            Tested::Current => "AWSCURRENT",
            Tested::Previous => "AWSPREVIOUS",
        };
        let why = if self.stuck.is_some() {
            self.headline()
        } else {
            "That the one before works is in no evidence.".to_owned()
        };
        format!("{why} It needs your word that you logged in with the password of the version with {label}.")
    }
}

/// Where a service says how the rotation of its secrets stands. Source for RDS:
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_MasterUserSecret.html>
pub(super) fn at_service(service: &str, what: &str) -> String {
    let place = if service == "rds" { " (MasterUserSecret.SecretStatus of its instance or cluster)" } else { "" };
    format!("see what {service} says of it{place}, which {what}")
}

impl Offer {
    /// The fix, in words for a list of ways out.
    pub fn words(&self) -> String {
        let what = match self.fix {
            Fix::Drop => "drop AWSPENDING",
            Fix::Promote => "promote the pending version",
            Fix::RollBack => "roll AWSCURRENT back",
            Fix::PutBack => "put AWSPENDING back",
        };
        let label = match self.tested {
            Some(Tested::Pending) => "AWSPENDING",
            Some(Tested::Current) => "AWSCURRENT",
            Some(Tested::Previous) => "AWSPREVIOUS",
            None => return what.to_owned(),
        };
        format!("{what}, if you logged in with the password of {label}")
    }
}
