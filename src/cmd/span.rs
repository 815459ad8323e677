//! A span of time on the command line.

use std::time::Duration;

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
    // Three months are as long as anything is kept that is looked at here.
    if span.is_zero() || span > Duration::from_hours(24 * 92) { Err(wrong) } else { Ok(span) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_has_a_number_and_a_unit() {
        for (text, seconds) in [("90s", Some(90)), ("15m", Some(900)), ("1h", Some(3_600)), ("7d", Some(604_800))] {
            assert_eq!(parse(text).ok().map(|span| span.as_secs()), seconds, "{text}");
        }
        for wrong in ["", "0s", "15", "m", "-1h", "1w", "1.5h", "93d", "99999999999s"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
