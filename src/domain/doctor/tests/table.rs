//! Every cell of the table of verdicts, through the very lines that its evidence consists of.

use std::collections::BTreeMap;

use super::made::{refused, *};
use super::*;
use crate::domain::catalogue::Catalogue;
use crate::domain::change::{Fix, Tested};
use crate::domain::rotation::Step;
use crate::domain::version::Value;

const TABLE: &str = include_str!("../../../../tests/doctor/verdicts.tsv");

const STEPS: [&str; 8] = ["empty", "created", "refused", "no-login", "unclear", "set", "test-failed", "test-passed"];
const CODES: [(&str, Code); 3] =
    [("single", Code::Single), ("alternating", Code::Alternating), ("custom", Code::Custom)];
const LOGS: [&str; 5] = ["complete", "cut", "warn", "denied", "elsewhere"];
const TRAILS: [&str; 3] = ["there", "late", "denied"];
const ACTIVITIES: [&str; 2] = ["quiet", "running"];

type Row = Vec<&'static str>;

fn rows() -> Vec<Row> {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines.map(|line| line.split('\t').collect()).collect()
}

fn fits(row: &Row, cell: [&str; 5]) -> bool {
    row.iter().zip(cell).all(|(pattern, value)| *pattern == "*" || pattern.split('|').any(|one| one == value))
}

fn cells() -> impl Iterator<Item = [&'static str; 5]> {
    STEPS.into_iter().flat_map(|step| {
        let codes = CODES.map(|(code, _)| code);
        codes.into_iter().flat_map(move |code| {
            LOGS.into_iter().flat_map(move |log| {
                TRAILS.into_iter().flat_map(move |trail| ACTIVITIES.map(|activity| [step, code, log, trail, activity]))
            })
        })
    })
}

/// The last attempt of a cell as a log has it, and the step in which CloudTrail says that it failed. Every attempt but
/// the first finds the value there already.
fn attempt(writer: &mut Writer, step: &str, code: Code, began: i64, again: bool, hides: bool) -> Step {
    let mut write = |nth: i64, told: &Told| writer.write(began + nth * 3, told, hides);
    if step == "empty" {
        write(0, &Told { lines: Vec::new(), ..fails(Step::Create, "") }.raising("KeyError: 'SecretString'"));
        return Step::Create;
    }
    write(0, &well(code, Step::Create, again));
    let set = match step {
        "created" => return Step::Set,
        "refused" => refused(code),
        "no-login" => no_login(code),
        "unclear" => unclear(Step::Set, code),
        _ => well(code, Step::Set, again),
    };
    write(1, &set);
    if set.ends != Ends::Well {
        return Step::Set;
    }
    let arn = secret().id.arn.raw().to_owned();
    match step {
        "test-failed" => {
            let words = format!("Unable to log into database with pending secret of secret ARN {arn}");
            write(2, &if code == Code::Custom { custom(Step::Test) } else { fails(Step::Test, &words) });
            Step::Test
        }
        "test-passed" => {
            write(2, &well(code, Step::Test, again));
            let refusal = "ClientError: An error occurred (AccessDeniedException) when calling the \
                           UpdateSecretVersionStage operation: no";
            let denied = Told { lines: Vec::new(), raised: None, ends: Ends::Raises }.raising(refusal);
            write(3, &if code == Code::Custom { custom(Step::Finish) } else { denied.tracing(&arn) });
            Step::Finish
        }
        _ => Step::Test,
    }
}

fn custom(step: Step) -> Told {
    let arn = secret().id.arn.raw().to_owned();
    let lines = vec![("ERROR", format!("{}: no luck with {arn}", step.word()))];
    Told { lines, raised: Some("OSError: no".to_owned()), ends: Ends::Raises }
}

impl Told {
    fn raising(self, words: &str) -> Self {
        Self { raised: Some(words.to_owned()), ..self }
    }

    /// As botocore's exception, in whose traceback the template's function stands, and whose words name the secret.
    fn tracing(self, arn: &str) -> Self {
        let raised = self.raised.unwrap_or_default();
        let trace =
            "Traceback (most recent call last):\n  File \"/var/task/lambda_function.py\", line 283, in finish_secret";
        Self { raised: Some(format!("{raised} on resource: {arn}\n{trace}")), ..self }
    }
}

/// What is made of what there is to see in a cell.
fn seen<T>(cell: [&str; 5], see: impl FnOnce(&Facts<'_>) -> T) -> T {
    seen_by(true, cell, see)
}

/// The same for whoever may list the versions, or may not.
fn seen_by<T>(lists: bool, cell: [&str; 5], see: impl FnOnce(&Facts<'_>) -> T) -> T {
    let [step, code, log, trail, activity] = cell;
    let code = CODES.into_iter().find(|(word, _)| *word == code).map_or(Code::Unknown, |(_, code)| code);
    let (hides, is_cut) = (log == "warn", log == "cut");
    let mut writer = Writer::default();
    let first = attempt(&mut writer, step, code, 0, false, hides);
    let last = attempt(&mut writer, step, code, 7200, true, hides);
    let now = if activity == "running" { 7230 } else { 20_000 };
    let read = writer.read_from(if is_cut { 7200 } else { -1000 });
    let failures = [failure(first, 60), failure(last, 7260)];
    let (secret, versions, function) = (secret(), versions(step != "empty"), function(hides));
    let is_dark = matches!(log, "denied" | "elsewhere");
    // Where no line tells that nothing runs, only a rotation that was turned off for long enough is quiet.
    let off_since = (is_dark || hides).then(|| at(7230)).filter(|_| activity == "quiet");
    let secret = crate::domain::secret::Secret { rotation_enabled: Some(off_since.is_none()), ..secret };
    let facts = Facts {
        versions: Some(versions.as_slice()).filter(|_| lists),
        function: Some(&function).filter(|_| log != "elsewhere"),
        log: Some(&read).filter(|_| !is_dark),
        failures: if trail == "there" { &failures } else { &[] },
        off_since,
        ..facts(&secret, now)
    };
    see(&facts)
}

/// What secdash concludes in a cell: the letter, what it offers without and with a statement.
fn concluded(cell: [&str; 5]) -> (String, String, String) {
    let case = seen(cell, |facts| facts.case(&pending()));
    let word = |offer: &Offer| {
        let tested = match offer.tested {
            Some(tested) => format!("{}:", tested.word()),
            None => String::new(),
        };
        let waits = if offer.waits { "after " } else { "" };
        format!("{waits}{tested}{}", offer.fix.word().trim_end_matches("-pending"))
    };
    let (free, stated): (Vec<_>, Vec<_>) = case.offers().into_iter().partition(|offer| offer.tested.is_none());
    let words = |offers: Vec<Offer>| {
        let words: Vec<_> = offers.iter().map(word).collect();
        if words.is_empty() { "-".to_owned() } else { words.join(" ") }
    };
    (case.verdict().letter().to_owned(), words(free), words(stated))
}

#[test]
fn every_cell_is_met_by_one_row_and_every_row_by_a_cell() {
    let rows = rows();
    let mut met = BTreeMap::new();
    for cell in cells() {
        let fitting: Vec<_> = (0..rows.len()).filter(|at| fits(&rows[*at], cell)).collect();
        assert_eq!(fitting.len(), 1, "{cell:?}");
        *met.entry(fitting[0]).or_insert(0) += 1;
    }
    assert_eq!(met.len(), rows.len(), "a row that no cell meets");
    assert!(rows.iter().all(|row| row.len() == 9 && !row[8].is_empty()), "a row without a reason");
}

#[test]
fn no_sentence_of_a_cell_says_more_than_its_verdict() {
    let catalogue = Catalogue::builtin();
    for cell in cells() {
        let diagnosis = seen(cell, |facts| Diagnosis::of(facts, &catalogue, Vec::new(), Vec::new()));
        let Some((_, case)) = &diagnosis.stuck else { panic!("{cell:?} is stuck") };
        let (first, advice) = (diagnosis.headline(), diagnosis.advice().unwrap_or_default());
        let verdict = case.verdict();
        let says = |words: &str| first.contains(words);
        let what = format!("{cell:?}: {first} To do: {advice}.");
        assert_eq!(says("should still work"), verdict == Verdict::Current && case.value != Value::Empty, "{what}");
        assert_eq!(says("hich password is in use isn't known"), verdict == Verdict::Unknown, "{what}");
        let is_hedged = says("is likely") || says("likely works");
        assert_eq!(is_hedged, matches!(verdict, Verdict::LikelyPending | Verdict::Pending), "{what}");
        // What CloudTrail doesn't say doesn't contradict the log.
        assert!(!says("don't go together") || case.failed_at > Some(Step::Set), "{what}");
        let drops = case.offers().iter().any(|offer| offer.fix == Fix::Drop);
        let is_advised = advice.contains("drop AWSPENDING") && !advice.contains("don't drop AWSPENDING");
        assert!(!is_advised || drops, "{what}");
        let now = diagnosis.quiet().unwrap_or_default();
        let is_on = diagnosis.secret.rotation_enabled == Some(true);
        assert!(is_on || !now.contains("AWS may begin"), "{cell:?}: {now}");
        assert_ne!(diagnosis.surety(), None);
    }
}

#[test]
fn every_cell_comes_to_what_the_table_says() {
    let rows = rows();
    let mut wrong = Vec::new();
    for cell in cells() {
        let [step, code, log, trail, activity] = cell;
        let row = |cell| rows.iter().find(|row| fits(row, cell)).cloned().unwrap_or_default();
        let (quiet, said) = (row([step, code, log, trail, "quiet"]), row(cell));
        let after = |words: &str| match (said[6], words) {
            ("after", "-") | ("-", _) => "-".to_owned(),
            ("after", words) => words.split(' ').map(|one| format!("after {one}")).collect::<Vec<_>>().join(" "),
            _ => words.to_owned(),
        };
        let expected = match activity {
            "running" => (quiet[5].to_owned(), after(quiet[6]), after(quiet[7])),
            _ => (said[5].to_owned(), said[6].to_owned(), said[7].to_owned()),
        };
        let got = concluded(cell);
        if got != expected {
            wrong.push(format!("{cell:?}: expected {expected:?}, got {got:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of 720 cells\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn without_the_versions_no_cell_is_bolder_none_drops_and_a_promotion_needs_a_word() {
    let mut proven = 0;
    for cell in cells() {
        let case = seen_by(false, cell, |facts| facts.case(&pending()));
        let listed = seen(cell, |facts| facts.case(&pending()));
        let verdict = case.verdict();
        assert!(verdict == Verdict::Unknown || verdict == listed.verdict(), "{cell:?}: {verdict:?}");
        let promotes = |offer: &Offer| offer.fix == Fix::Promote && offer.tested == Some(Tested::Pending);
        assert!(case.offers().iter().all(promotes), "{cell:?}: {:?}", case.offers());
        // A login with the pending password, or its setSecret, proves that there is one.
        let is_proven = case.is_used;
        let [step, code, log, ..] = cell;
        let should = step.starts_with("test-passed") || step == "test-failed" || step == "set";
        let is_seen = matches!(log, "complete" | "cut");
        assert_eq!(is_proven, should && is_seen && code != "custom", "{cell:?}");
        proven += usize::from(verdict != Verdict::Unknown);
        let sentence = seen_by(false, cell, |facts| {
            Diagnosis::of(facts, &Catalogue::builtin(), Vec::new(), Vec::new()).headline()
        });
        assert_eq!(sentence.contains("hich password is in use isn't known"), verdict == Verdict::Unknown, "{sentence}");
    }
    assert!(proven > 0);
}
