//! A span of time on the command line.

use std::time::Duration;

/// As long as CloudTrail keeps events; nothing else is looked at for longer.
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html>
const LONGEST: Duration = Duration::from_hours(24 * 90);

/// Seconds, minutes, hours or days.
pub(super) fn parse(text: &str) -> Result<Duration, &'static str> {
    let wrong = "write seconds, minutes, hours or days, such as 90s, 15m, 1h or 7d";
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let number: u32 = digits.parse().map_err(|_| wrong)?;
    let each = match &text[digits.len()..] {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return Err(wrong),
    };
    let span = Duration::from_secs(u64::from(number) * each);
    if span > LONGEST {
        return Err("90d is the longest");
    }
    if span.is_zero() { Err(wrong) } else { Ok(span) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_has_a_number_and_a_unit() {
        for (text, seconds) in [("90s", Some(90)), ("15m", Some(900)), ("1h", Some(3_600)), ("7d", Some(604_800))] {
            assert_eq!(parse(text).ok().map(|span| span.as_secs()), seconds, "{text}");
        }
        for wrong in ["", "0s", "15", "m", "-1h", "1w", "1.5h", "91d", "99999999999s"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(parse("90d").unwrap(), LONGEST);
        assert_eq!(parse("200d"), Err("90d is the longest"));
    }
}
