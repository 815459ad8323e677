//! Rotation rules of a scenario, and the next date where a schedule in days gives it.

use chrono::{DateTime, TimeDelta, Utc};
use toml::Spanned;

use super::Flaw;
use super::file::RotationKeys;
use crate::demo::secret::Rotation;

/// The rules, and the date of the next rotation where a schedule in days gives it.
pub(super) fn rotation(
    keys: &Spanned<RotationKeys>,
    last: DateTime<Utc>,
    next: Option<DateTime<Utc>>,
) -> Result<(Option<Rotation>, Option<DateTime<Utc>>), Flaw> {
    let rules = keys.get_ref();
    if let (Some(rate), Some(_)) = (&rules.rate, &rules.cron) {
        return Err(Flaw::at(rate, "a schedule is either a rate or a cron expression"));
    }
    let expression = rules.rate.as_ref().or(rules.cron.as_ref());
    let rate_days = rules.rate.as_ref().and_then(|rate| days_of_rate(rate.get_ref()));
    let duration = match &rules.duration {
        Some(duration) => Some(
            hours(duration.get_ref())
                .ok_or_else(|| Flaw::at(duration, "a duration is a number of hours from 1 to 24, such as \"3h\""))?,
        ),
        None => None,
    };
    let days = rules.days.or(rate_days);
    let counted = days.filter(|_| rules.cron.is_none());
    let next = next.or(counted.and_then(|days| end_of_window(last, days, duration)));
    if rules.enabled && next.is_none() && expression.is_some() {
        return Err(Flaw::at(keys, "this schedule needs a `next_rotation`; only one in days is worked out"));
    }
    let rotation = Rotation {
        enabled: rules.enabled,
        days,
        expression: expression.map(|text| text.get_ref().clone().into()),
        duration: rules.duration.as_ref().map(|text| text.get_ref().clone().into()),
    };
    Ok((Some(rotation), next))
}

fn days_of_rate(rate: &str) -> Option<u16> {
    let inner = rate.strip_prefix("rate(")?.strip_suffix(')')?;
    match inner.split_once(' ')? {
        (number, "day" | "days") => number.parse().ok(),
        _ => None,
    }
}

fn hours(duration: &str) -> Option<i64> {
    let hours = duration.strip_suffix('h')?.parse().ok()?;
    (1..=24).contains(&hours).then_some(hours)
}

/// The window's last second: the window opens at 00:00Z, so many days after the UTC date of the
/// last rotation, and lasts to the end of the day if no duration is set
/// (observed, <https://github.com/cloud-custodian/cloud-custodian/issues/9254>).
fn end_of_window(last: DateTime<Utc>, days: u16, hours: Option<i64>) -> Option<DateTime<Utc>> {
    let date = last.date_naive() + TimeDelta::days(i64::from(days));
    let opens = date.and_hms_opt(0, 0, 0)?.and_utc();
    Some(opens + TimeDelta::hours(hours.unwrap_or(24)) - TimeDelta::seconds(1))
}
