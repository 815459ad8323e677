//! What may be done, and how sure it is, as sentences.

use super::causes::LOGIN_REFUSED;
use super::code::Code;
use super::course::Sight;
use super::decision::{Case, Offer, Verdict};
use super::diagnosis::Diagnosis;
use super::quiet::Quiet;
use super::unlogged::Unlogged;
use super::words::uncapital;
use crate::domain::change::{Fix, Tested};
use crate::domain::preflight::Rule;
use crate::domain::rotation::Step;
use crate::domain::version::Value;
use crate::text::moment;

/// What is left where no password works: writing a value by hand ends the rotation, and AWS takes AWSPENDING off.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html>
const RESET: &str = "reset the password at the database or service, store it with PutSecretValue, and rotate again";

/// The same while rotation is off: nothing says that a value that is put takes AWSPENDING off then, and rotating turns
/// rotation on.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CancelRotateSecret.html>,
/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html>
const RESET_OFF: &str = "reset the password at the database or service, store it with PutSecretValue, take AWSPENDING off, \
     and rotate again, which turns rotation on";

impl Diagnosis {
    /// What to do, as an imperative; nothing where all is well.
    pub fn advice(&self) -> Option<String> {
        let Some((_, case)) = &self.stuck else { return self.advice_at_rest() };
        if let Some(elsewhere) = self.elsewhere() {
            return Some(elsewhere);
        }
        let what = match (case.verdict(), case.value) {
            (Verdict::Unknown, _) if !self.awaited.is_empty() => {
                return Some("wait until all have answered".to_owned());
            }
            (Verdict::Current, Value::Empty) if case.course.code == Code::Custom => format!(
                "see at the service whether createSecret has made something there, {}, drop AWSPENDING, and rotate again",
                self.mend()
            ),
            (Verdict::Current, _) => format!("{}, drop AWSPENDING, and rotate again", self.mend()),
            (Verdict::Pending, Value::Unknown) => {
                "promote the pending version if you can log in with its password; don't drop AWSPENDING".to_owned()
            }
            (Verdict::Pending, _) if self.secret.rotation_enabled == Some(true) => {
                format!("promote the pending version, or {} and let AWS try again; don't drop AWSPENDING", self.mend())
            }
            (Verdict::Pending, _) => "promote the pending version; don't drop AWSPENDING".to_owned(),
            (Verdict::LikelyPending, _) => self.after_set(case),
            (Verdict::Neither, _) if self.secret.rotation_enabled == Some(true) => Self::not_let_in(case),
            (Verdict::Unknown, Value::Empty) => "find out what the function did with it first".to_owned(),
            (Verdict::Neither | Verdict::Unknown, _) => self.log_in(case),
        };
        if let Quiet::No { until } = case.quiet {
            return Some(format!("wait until {}; if it is still stuck then, {what}", moment(until)));
        }
        let on = match case.verdict() {
            _ if self.secret.rotation_enabled == Some(true) => String::new(),
            Verdict::Current => ", which turns rotation on too".to_owned(),
            _ => format!("; `secdash rotation on {}` turns rotation on after a fix, if it should be", self.secret.name),
        };
        let restore = if self.secret.deleted.is_some() {
            format!(
                "`secdash restore {}` if anybody still needs it, for no label moves before; then ",
                self.secret.name
            )
        } else {
            String::new()
        };
        Some(format!("{restore}{what}{on}"))
    }

    /// What a signature says is to be done about the cause. A value that is put by hand ends the rotation, and the pending
    /// password may be the one in use: it comes last then.
    pub fn remedy(&self) -> Option<String> {
        let remedy = self.cause.as_ref()?.remedy.to_string();
        let has_set = self.stuck.as_ref().is_some_and(|(_, case)| case.course.has_set());
        let is_put = remedy.contains("PutSecretValue") && self.verdict() == Some(Verdict::Neither);
        Some(if has_set && is_put {
            format!("Only if the pending password, which setSecret had set, doesn't work: {}", uncapital(&remedy))
        } else {
            remedy
        })
    }

    /// Where it can be done, if not here: a secret of another service, or a replica.
    fn elsewhere(&self) -> Option<String> {
        let secret = &self.secret;
        match (&secret.owning_service, self.replica_of()) {
            (_, Some(home)) => Some(format!("look at it in {home}, where its primary rotates")),
            (Some(service), None) => {
                Some(format!("see what {service} says of it, which rotates it and moves its labels"))
            }
            (None, None) => None,
        }
    }

    /// No password let setSecret in: wrong ones look like a way that is shut, and a login from elsewhere tells.
    fn not_let_in(case: &Case) -> String {
        if case.course.has_set() {
            return format!(
                "log in with the pending password from a host that reaches the database: if it works, promote the pending \
                 version, then open the function's way there; if no login works, {RESET}; don't drop AWSPENDING"
            );
        }
        format!(
            "log in with each password from a host that reaches the database: if one works, open the function's way there \
             and let AWS try again; if none does, {RESET}"
        )
    }

    /// What is to be mended, where anything is known of it, as an imperative.
    fn mend(&self) -> String {
        let right = self.log_gap().and_then(|gap| gap.missing);
        self.mend_by(&right.map_or_else(|| "find".to_owned(), |action| format!("get {action} to see")))
    }

    /// The same, where the cause is not known by these means.
    fn mend_by(&self, find: &str) -> String {
        match self.perhaps().and_then(|check| check.next_step.clone()) {
            Some(step) if self.keeps_from_running().is_some() => step,
            Some(step) => format!("{step}, which may be the cause"),
            None if self.cause.is_some() => "mend the cause".to_owned(),
            None => {
                let changed =
                    if self.was_changed() { " (the function was changed before this rotation began)" } else { "" };
                format!("{find} the cause and mend it{changed}")
            }
        }
    }

    /// setSecret has done its work: whether AWS's next attempt can help depends on how many have not.
    fn after_set(&self, case: &Case) -> String {
        let course = &case.course;
        let failed = self.failures.iter().filter(|failure| failure.step == Some(Step::Test)).count();
        let is_stubborn = course.refusals.max(failed) > 1;
        if course.was_let_in() && matches!(course.tested, Some((false, _))) {
            return "log in with the pending password, and promote the pending version if it works, so that readers get it; \
                    don't drop AWSPENDING; why testSecret's login fails and setSecret's works, see in the database's own log"
                .to_owned();
        }
        if is_stubborn {
            return "log in with the pending password, and promote the pending version if it works; if not, see in the \
                    database's own log why; don't drop AWSPENDING"
                .to_owned();
        }
        if self.secret.rotation_enabled != Some(true) {
            return "promote the pending version if a login with it works; don't drop AWSPENDING".to_owned();
        }
        // One failed login has many causes that pass by themselves, as a replica that lags behind.
        let is_known = self.cause.as_ref().is_some_and(|cause| cause.id != LOGIN_REFUSED);
        let first = match () {
            () if is_known || self.perhaps().is_some() || self.was_changed() => {
                format!("{} and let AWS try again", self.mend())
            }
            () if self.log_gap().is_some() => format!("{} and let AWS try again", self.mend()),
            () => "let AWS try again".to_owned(),
        };
        format!("{first}; promote the pending version only if a login with it works; don't drop AWSPENDING")
    }

    /// A login with each password decides what the evidence doesn't; whoever gets the right that is missing needs none.
    fn log_in(&self, case: &Case) -> String {
        let rights = self.rights(case).join(" and ");
        let right = if rights.is_empty() { rights } else { format!("get {rights} and ask again, or ") };
        let drops = case.offers().iter().any(|offer| offer.fix == Fix::Drop);
        let is_on = self.secret.rotation_enabled == Some(true);
        let current = match (drops, case.value) {
            (true, _) => format!("{}, drop AWSPENDING, and rotate again", self.mend_by("find")),
            (false, Value::Unknown) => {
                "leave AWSPENDING until the versions can be listed (readers can log in)".to_owned()
            }
            (false, _) if is_on => {
                format!("leave AWSPENDING (readers can log in), {}, and let AWS try again", self.mend_by("find"))
            }
            (false, _) => "leave AWSPENDING (readers can log in)".to_owned(),
        };
        format!(
            "{right}log in with each password: if the pending one works, promote the pending version; if only AWSCURRENT's \
             does, {current}; if none does, {}",
            if is_on { RESET } else { RESET_OFF }
        )
    }

    /// The rights without which the verdict is not known.
    fn rights(&self, case: &Case) -> Vec<&'static str> {
        let is_unlisted = case.value == Value::Unknown && !case.is_used;
        let versions = self.gaps.iter().find(|gap| gap.what.starts_with("the versions")).and_then(|gap| gap.missing);
        let log = self.log_gap().and_then(|gap| gap.missing);
        // Of code of one's own no line tells what it did, whichever are there.
        let settings = self.unasked().filter(|_| case.course.code != Code::Custom);
        let is_untold = matches!(case.unlogged, Some(Unlogged::Returned(_)));
        let trail = self.trail_gap().filter(|_| is_untold).and_then(|gap| gap.missing);
        // So few at once would say why there is no line.
        let is_lost = matches!(case.unlogged, Some(Unlogged::Failed(_))) && case.course.sight == Sight::Whole;
        let throttle =
            self.function.iter().find(|check| check.rule == Rule::Concurrency).and_then(|check| check.missing);
        let more = trail.into_iter().chain(throttle.filter(|_| is_lost));
        versions.filter(|_| is_unlisted).into_iter().chain(log).chain(settings).chain(more).collect()
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
