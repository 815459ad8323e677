//! RotationRules of a request (API_RotationRulesType.html).

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::check::Check;
use crate::demo::rotation::schedule;
use crate::demo::secret::Rotation;
use crate::demo::wire::answer::Refusal;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Input {
    automatically_after_days: Option<i64>,
    duration: Option<String>,
    schedule_expression: Option<String>,
}

impl Input {
    /// What the model says of the members.
    pub(super) fn check(&self, check: &mut Check) {
        if let Some(days) = self.automatically_after_days {
            check.range("rotationRules.automaticallyAfterDays", days, 1, 1000);
        }
        if let Some(text) = &self.duration {
            check.length("rotationRules.duration", text, 2, 3);
            let is_right = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'h');
            check.pattern("rotationRules.duration", text, is_right, "[0-9h]+");
        }
        if let Some(text) = &self.schedule_expression {
            check.length("rotationRules.scheduleExpression", text, 1, 256);
            let is_right = text.chars().all(|c| c.is_ascii_alphanumeric() || "()#?*-/, ".contains(c));
            check.pattern("rotationRules.scheduleExpression", text, is_right, r"[0-9A-Za-z\(\)#\?\*\-\/, ]+");
        }
    }

    /// The rules, if AWS takes them; its texts vary and are not known \[unverified\].
    pub(super) fn read(&self, now: DateTime<Utc>) -> Result<Rotation, Refusal> {
        let invalid = |text: &str| Err(Refusal::of_model("InvalidParameterException", text));
        if self.automatically_after_days.is_some() && self.schedule_expression.is_some() {
            return invalid("You can't specify both AutomaticallyAfterDays and ScheduleExpression in RotationRules.");
        }
        let mut rules = Rotation {
            enabled: true,
            days: self.automatically_after_days.and_then(|days| days.try_into().ok()),
            expression: self.schedule_expression.clone().map(Into::into),
            duration: self.duration.clone().map(Into::into),
        };
        if !schedule::is_valid(&rules) {
            return invalid("The rotation schedule is not valid.");
        }
        // AWS works the days out where an expression is given.
        rules.days = rules.days.or_else(|| schedule::days(&rules, now));
        Ok(rules)
    }
}
