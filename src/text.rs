//! Words for people: text from AWS made safe to show, ages and dates, widths of a terminal's cells.

pub mod zone;

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, NaiveDateTime, NaiveTime, SecondsFormat, TimeDelta, Utc};
use serde::{Serialize, Serializer};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

mod mask;

pub use mask::mask;

/// Text that came from AWS, and so from anybody: names, descriptions, tags, messages.
///
/// It can only be *shown* through [`fmt::Display`], which takes from it whatever could drive a terminal
/// or lie about the order of letters. Compare, sort and serialise with the [`raw`](Self::raw) text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct AwsText(Arc<str>);

impl AwsText {
    /// The text as AWS sent it. Never write it to a terminal.
    pub fn raw(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Its rows, whatever their ends are: `\n`, `\r\n` or `\r` alone, as logs of container images have it.
    pub fn rows(&self) -> impl Iterator<Item = Self> {
        self.0.split('\n').flat_map(|row| row.strip_suffix('\r').unwrap_or(row).split('\r')).map(Into::into)
    }
}

impl<T: Into<Arc<str>>> From<T> for AwsText {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for AwsText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if is_plain(&self.0) {
            return f.pad(&self.0);
        }
        f.pad(&safe(&self.0))
    }
}

impl fmt::Debug for AwsText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&safe(&self.0), f)
    }
}

impl Serialize for AwsText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Printable ASCII only: nearly every text of AWS, and nothing to neutralise in it.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|b| (0x20..0x7f).contains(&b))
}

/// A text with every character that could drive the terminal replaced by one that only shows.
///
/// Control characters become their pictures (`␛`), line ends and tabs a space, bidi controls and
/// invisible characters `␦`, so that two names which differ only in those still look different.
pub fn safe(text: &str) -> String {
    text.chars().filter_map(stand_in).collect()
}

/// What is shown for a character without a look. Not U+FFFD: terminals differ in how wide that is, and some drop it.
const STAND_IN: char = '\u{2426}';

/// What is shown for a character; `None` for those that only choose between two looks of the one before.
fn stand_in(c: char) -> Option<char> {
    match c {
        '\t' | '\n' | '\r' => Some(' '),
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(c)),
        '\x7f' => Some('\u{2421}'),
        '\u{fe0e}' | '\u{fe0f}' => None,
        _ if is_hostile(c) => Some(STAND_IN),
        _ => Some(c),
    }
}

/// Characters that have no look of their own but change how others are read or laid out.
///
/// Unicode's bidi controls, joiners, separators, invisible operators, variation selectors, tags and C1 controls.
pub fn is_hostile(c: char) -> bool {
    matches!(c,
        '\u{80}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Columns that a text takes in a terminal, counted by grapheme as ratatui lays it out.
pub fn width(text: &str) -> usize {
    if is_plain(text) { text.len() } else { text.graphemes(true).map(UnicodeWidthStr::width).sum() }
}

/// The text cut to `columns`, with `…` where something was cut off.
pub fn truncate(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut cut = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        used += grapheme.width();
        if used + 1 > columns {
            break;
        }
        cut.push_str(grapheme);
    }
    if columns > 0 {
        cut.push('…');
    }
    cut
}

/// The text cut or filled with spaces to exactly `columns`.
pub fn fit(text: &str, columns: usize) -> String {
    let mut fitted = truncate(text, columns);
    let missing = columns.saturating_sub(width(&fitted));
    fitted.extend(std::iter::repeat_n(' ', missing));
    fitted
}

/// The text in lines of at most `columns`, broken between words, and within a word that is longer.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut line, mut used) = (String::new(), 0);
    for word in text.split_inclusive(' ') {
        let bare = width(word.trim_end_matches(' '));
        if used > 0 && used + bare > columns {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        let whole = width(word);
        if used + whole <= columns {
            line.push_str(word);
            used += whole;
            continue;
        }
        for grapheme in word.graphemes(true) {
            let is_full = used + grapheme.width() > columns;
            if is_full && grapheme == " " {
                break;
            }
            if is_full {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push_str(grapheme);
            used += grapheme.width();
        }
    }
    lines.push(line);
    for line in &mut lines {
        line.truncate(line.trim_end_matches(' ').len());
    }
    lines
}

/// A moment in UTC, and in the machine's own time zone where that is wished for: the zone of `TZ` or `/etc/localtime`.
pub fn both_clocks(then: DateTime<Utc>, local: bool) -> String {
    if !local {
        return moment(then);
    }
    format!("{} ({} here)", moment(then), then.with_timezone(&chrono::Local).format("%Y-%m-%d %H:%M:%S %:z"))
}

/// A time from a moment to another in UTC: `2026-12-15 16:00–18:00Z`, for a whole day `2026-12-15`; and in the machine's
/// own time zone where that is wished for.
pub fn period(start: DateTime<Utc>, end: DateTime<Utc>, local: bool) -> String {
    let is_day = start.time() == NaiveTime::MIN && end - start == TimeDelta::days(1);
    let utc = if is_day { day(start) } else { format!("{}Z", clocks(start.naive_utc(), end.naive_utc())) };
    if !local {
        return utc;
    }
    let [here, until] = [start, end].map(|moment| moment.with_timezone(&chrono::Local));
    format!("{utc} ({} {} here)", clocks(here.naive_local(), until.naive_local()), here.format("%:z"))
}

/// `2026-12-15 16:00–18:00`; midnight ends a day as 24:00, and an end on another day has its date.
fn clocks(start: NaiveDateTime, end: NaiveDateTime) -> String {
    let minute = "%Y-%m-%d %H:%M";
    let is_midnight = end.time() == NaiveTime::MIN;
    match end.date() - start.date() {
        days if days.is_zero() => format!("{}–{}", start.format(minute), end.format("%H:%M")),
        days if is_midnight && days == TimeDelta::days(1) => format!("{}–24:00", start.format(minute)),
        _ => format!("{} – {}", start.format(minute), end.format(minute)),
    }
}

/// A span of time in one unit, rounded down: `41 s`, `12 min`, `5 h`, `33 d`.
pub fn span(time: TimeDelta) -> String {
    let seconds = time.num_seconds().abs();
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        3_600..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} d", seconds / 86_400),
    }
}

/// When something was, seen from `now`: `33 d ago`; a moment yet to come says `in 2 h`.
pub fn ago(then: DateTime<Utc>, now: DateTime<Utc>) -> String {
    if then > now { format!("in {}", span(then - now)) } else { format!("{} ago", span(now - then)) }
}

/// A moment in UTC to the second: `2026-11-20 09:14:03Z`.
pub fn moment(then: DateTime<Utc>) -> String {
    then.format("%Y-%m-%d %H:%M:%SZ").to_string()
}

/// A time of day in UTC: `09:14:03Z`.
pub fn time_of_day(then: DateTime<Utc>) -> String {
    then.format("%H:%M:%SZ").to_string()
}

/// A day in UTC: `2026-11-20`. For AWS's dates that have no time of day (LastAccessedDate).
pub fn day(then: DateTime<Utc>) -> String {
    then.format("%Y-%m-%d").to_string()
}

/// A moment as JSON has it: RFC 3339, UTC, with milliseconds where there are any.
pub fn rfc3339(then: DateTime<Utc>) -> String {
    then.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// A number with its noun: `1 secret`, `412 secrets`, `100,000 secrets`.
pub fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(number))
}

/// Words one after the other: `a`, `a and b`, `a, b and c`.
pub fn listed<T: AsRef<str>>(words: &[T]) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    match words.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// A number with a comma at every thousand.
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_could_drive_a_terminal_only_shows() {
        for (raw, shown) in [
            ("prod/db", "prod/db"),
            ("\x1b[31mred", "␛[31mred"),
            ("\x1b]52;c;aGk=\x07", "␛]52;c;aGk=␇"),
            ("nul\0byte", "nul␀byte"),
            ("rm\u{202e}fdp", "rm␦fdp"),
            ("zero\u{200b}width", "zero␦width"),
            ("c1\u{9b}31m", "c1␦31m"),
            ("two\r\nlines\tand tab", "two  lines and tab"),
            ("tick ✔\u{fe0f}", "tick ✔"),
            ("del\x7f", "del␡"),
            ("日本語", "日本語"),
        ] {
            assert_eq!(AwsText::from(raw).to_string(), shown);
        }
    }

    #[test]
    fn rows_end_in_several_ways() {
        let rows = |text: &str| AwsText::from(text).rows().map(|row| row.raw().to_owned()).collect::<Vec<_>>();
        assert_eq!(rows("a\nb\r\nc\rd\n\re"), ["a", "b", "c", "d", "", "e"]);
        assert_eq!((rows(""), rows("a\n")), (vec![String::new()], vec!["a".to_owned(), String::new()]));
    }

    #[test]
    fn two_names_that_differ_only_in_what_is_invisible_look_different() {
        assert_ne!(safe("admin"), safe("ad\u{200b}min"));
    }

    #[test]
    fn spans_have_one_unit() {
        for (seconds, words) in [
            (0, "0 s"),
            (59, "59 s"),
            (60, "1 min"),
            (3_599, "59 min"),
            (3_600, "1 h"),
            (172_799, "47 h"),
            (172_800, "2 d"),
        ] {
            assert_eq!(span(TimeDelta::seconds(seconds)), words);
            assert_eq!(span(TimeDelta::seconds(-seconds)), words);
        }
    }

    #[test]
    fn a_period_says_its_day_once() {
        for (start, end, words) in [
            ("2026-12-15T16:00:00Z", "2026-12-15T18:00:00Z", "2026-12-15 16:00–18:00Z"),
            ("2026-12-15T08:00:00Z", "2026-12-16T00:00:00Z", "2026-12-15 08:00–24:00Z"),
            ("2026-12-15T00:00:00Z", "2026-12-16T00:00:00Z", "2026-12-15"),
            ("2026-12-15T22:00:00Z", "2026-12-16T02:00:00Z", "2026-12-15 22:00 – 2026-12-16 02:00Z"),
            ("2026-12-15T08:00:00Z", "2026-12-17T00:00:00Z", "2026-12-15 08:00 – 2026-12-17 00:00Z"),
        ] {
            let [start, end] = [start, end].map(|moment| moment.parse().unwrap());
            assert_eq!(period(start, end, false), words);
        }
    }

    #[test]
    fn numbers_are_grouped() {
        for (n, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (100_000, "100,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(n), text);
        }
        assert_eq!(count(1, "secret"), "1 secret");
        assert_eq!(count(2, "secret"), "2 secrets");
    }

    #[test]
    fn words_are_listed_with_an_and() {
        for (words, text) in [(&[][..], ""), (&["a"], "a"), (&["a", "b"], "a and b"), (&["a", "b", "c"], "a, b and c")]
        {
            assert_eq!(listed(words), text);
        }
    }

    #[test]
    fn lines_break_between_words_and_within_long_ones() {
        for (text, columns, lines) in [
            ("one two three", 7, &["one two", "three"][..]),
            ("one two", 3, &["one", "two"]),
            ("abcdefgh", 3, &["abc", "def", "gh"]),
            ("a abcdefgh", 4, &["a", "abcd", "efgh"]),
            ("", 5, &[""]),
        ] {
            assert_eq!(wrap(text, columns), lines, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn wrapped_lines_fit_and_lose_nothing_but_spaces(raw in any::<String>(), columns in 2_usize..40) {
            let text = safe(&raw);
            let lines = wrap(&text, columns);
            // A grapheme that is wider than the line can't be broken.
            prop_assert!(lines.iter().all(|line| width(line) <= columns || line.graphemes(true).count() == 1));
            let letters = |text: &str| text.chars().filter(|c| *c != ' ').collect::<String>();
            prop_assert_eq!(letters(&lines.concat()), letters(&text));
        }

        #[test]
        fn safe_text_holds_no_control_and_is_its_own_safe_text(raw in any::<String>()) {
            let shown = safe(&raw);
            prop_assert!(!shown.chars().any(|c| c.is_control() || is_hostile(c)));
            prop_assert_eq!(safe(&shown), shown.clone());
        }

        #[test]
        fn fitted_text_has_exactly_its_columns(raw in any::<String>(), columns in 0_usize..80) {
            prop_assert_eq!(width(&fit(&safe(&raw), columns)), columns);
        }
    }
}
