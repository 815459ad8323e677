//! What is to be mended before the next rotation, and what is left where no password works.

use super::causes::LOGIN_REFUSED;
use super::decision::Verdict;
use super::diagnosis::Diagnosis;
use super::words::uncapital;

/// The signature of a setSecret that waited for the database in vain: the way there is what is to be mended.
const NOT_REACHED: &str = "database-not-reached";

impl Diagnosis {
    /// What is to be mended, where anything is known of it, as an imperative.
    pub(super) fn mend(&self) -> String {
        let unheard = self.stuck.as_ref().is_some_and(|(_, case)| case.course.failing.is_none());
        let right = self.log_gap().and_then(|gap| gap.missing);
        let settings = || self.unasked().or_else(|| self.unasked_concurrency());
        let right = right.or_else(|| settings().filter(|_| unheard));
        self.mend_by(&right.map_or_else(|| "find".to_owned(), |action| format!("get {action} to look for")))
    }

    /// The same, where the cause is not known by these means.
    pub(super) fn mend_by(&self, find: &str) -> String {
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

    /// What is left to mend once the labels are right.
    pub(super) fn mend_before_next(&self) -> String {
        let mend = self.mend_by("find");
        let comma = if mend.contains(", ") { "," } else { "" };
        format!("{mend}{comma} before the next rotation")
    }

    /// Whether something is known that keeps AWS's next attempt from going better. One failed login has many causes that
    /// pass by themselves, as a replica that lags behind.
    pub(super) fn knows_what_to_mend(&self) -> bool {
        self.knows_cause() || self.perhaps().is_some() || self.was_changed() || self.log_gap().is_some()
    }

    /// Whether a signature tells what is to be mended: of one failed login it doesn't.
    pub(super) fn knows_cause(&self) -> bool {
        self.cause.as_ref().is_some_and(|cause| !LOGIN_REFUSED.contains(&cause.id.as_str()))
    }

    /// What is to be mended where a login from elsewhere works, and the function's doesn't.
    pub(super) fn way_in(&self) -> &'static str {
        if self.cause.as_ref().is_some_and(|cause| cause.id == NOT_REACHED) {
            "open the function's way there"
        } else {
            "see what keeps the function out (its way there, host, port, `ssl`, the age of its package)"
        }
    }

    /// What is left where no password works. Whether AWS has taken AWSPENDING off then is seen, not relied on: it does so of
    /// a rotation that is under way.
    /// Source: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html>
    pub(super) fn reset(&self) -> String {
        let is_open = self.verdict() == Some(Verdict::Unknown);
        let mend = if is_open && (self.cause.is_some() || self.perhaps().is_some()) {
            format!("{}, ", self.mend_by("find"))
        } else {
            String::new()
        };
        format!(
            "reset the password at the database or service, store it with PutSecretValue, take AWSPENDING off if it is still \
             there, {mend}and {}",
            self.rotate()
        )
    }

    /// Rotating turns rotation on.
    /// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html>
    pub(super) fn rotate(&self) -> &'static str {
        if self.is_on() { "rotate again" } else { "rotate again, which turns rotation on" }
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
}
