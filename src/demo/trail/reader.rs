//! Who reads secrets again and again. The reads are not stored but counted out when somebody looks: a reader who comes
//! every minute has left 130,000 of them in the event history.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::event::{Act, Called, Event};
use crate::demo::seed::Seed;

/// The event of a read, and that of KMS beside it.
pub(in crate::demo) const VALUE: &str = "GetSecretValue";
pub(in crate::demo) const DECRYPT: &str = "Decrypt";

/// What KMS is asked: of the secret, and of the version, which is named nowhere else (security-encryption.html).
pub(in crate::demo) fn decrypts(secret_arn: Option<&str>, version: Option<&str>) -> Value {
    let context = json!({ "SecretARN": secret_arn, "SecretVersionId": version });
    json!({ "encryptionContext": context, "encryptionAlgorithm": "SYMMETRIC_DEFAULT" })
}

/// What a reader is; how CloudTrail tells of it follows from that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::demo) enum Kind {
    Lambda,
    Container,
    Instance,
    /// Through IAM Identity Center.
    Person,
    /// An IAM user.
    User,
    Ci,
    /// Of another account.
    Foreign,
    /// An AWS service.
    Service,
    Root,
}

#[derive(Debug)]
pub(in crate::demo) struct Reader {
    pub(in crate::demo) kind: Kind,
    /// Session name, user name, or the host name of a service.
    pub(in crate::demo) name: String,
    /// The role's name, where it is in one.
    pub(in crate::demo) role: String,
    /// Twelve digits.
    pub(in crate::demo) account: String,
    /// `userAgent`, if it is not as usual for its kind.
    pub(in crate::demo) agent: Option<String>,
    pub(in crate::demo) called: Called,
    /// `versionStage` of the request.
    pub(in crate::demo) label: Option<String>,
    /// IAM denies its reads.
    pub(in crate::demo) is_refused: bool,
    /// Its records have `Resources`.
    pub(in crate::demo) has_resources: bool,
    /// What it reads with one BatchGetSecretValue; empty: it reads one by one.
    pub(in crate::demo) batch: Vec<String>,
    pub(in crate::demo) pace: Pace,
}

/// When it reads: the k-th time at `from` + k × `every` and up to half of `every` later, out of the seed. So the order
/// always holds.
#[derive(Debug, Clone)]
pub(in crate::demo) struct Pace {
    /// Seconds since 1970.
    pub(in crate::demo) from: i64,
    /// The last second at which it may still read; `None`: it goes on.
    pub(in crate::demo) until: Option<i64>,
    /// Seconds, 1 or more.
    pub(in crate::demo) every: i64,
    pub(in crate::demo) seed: Seed,
}

/// What one read leaves in the trail, beside others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::demo) enum Part {
    Batch,
    Value,
    /// Of the customer's key that the value is encrypted with.
    Decrypt,
}

/// All records of one kind that a reader leaves about one secret: one at each read, and all alike.
#[derive(Debug)]
pub(in crate::demo) struct Track {
    pub(in crate::demo) reader: Arc<Reader>,
    pub(in crate::demo) part: Part,
    /// The secret's name; a batch has none.
    pub(in crate::demo) secret: Option<String>,
    /// `versionId` of the request.
    pub(in crate::demo) version: Option<String>,
    /// Nothing was read before (seconds since 1970): there was no secret yet.
    pub(in crate::demo) since: i64,
    pub(in crate::demo) seed: Seed,
}

impl Pace {
    /// When the k-th read happens, in seconds since 1970.
    fn at(&self, nth: i64) -> i64 {
        let room = u64::try_from(self.every / 2).unwrap_or_default().max(1);
        let later = self.seed.nth(nth).below(room);
        self.from + nth * self.every + i64::try_from(later).unwrap_or_default()
    }

    /// The reads from one second to another one, the newest first.
    fn between(&self, oldest: i64, newest: i64) -> impl Iterator<Item = (i64, i64)> + '_ {
        let newest = newest.min(self.until.unwrap_or(i64::MAX));
        let first = (oldest.saturating_sub(self.from) / self.every - 1).max(0);
        let last = newest.saturating_sub(self.from).div_euclid(self.every);
        let all = (first..=last).rev().map(|nth| (nth, self.at(nth)));
        all.skip_while(move |(_, at)| *at > newest).take_while(move |(_, at)| *at >= oldest)
    }
}

impl Track {
    pub(in crate::demo) fn name(&self) -> &'static str {
        match self.part {
            Part::Batch => "BatchGetSecretValue",
            Part::Value => VALUE,
            Part::Decrypt => DECRYPT,
        }
    }

    /// The records from one second to another one (both since 1970), the newest first.
    pub(in crate::demo) fn events(self: &Arc<Self>, oldest: i64, newest: i64) -> impl Iterator<Item = Event> {
        let reads = self.reader.pace.between(oldest.max(self.since), newest);
        reads.map(|(nth, at)| self.event(nth, at))
    }

    /// One record, which all others are like.
    pub(in crate::demo) fn sample(self: &Arc<Self>) -> Event {
        self.event(0, self.since)
    }

    fn event(self: &Arc<Self>, nth: i64, at: i64) -> Event {
        Event {
            id: self.seed.nth(nth).uuid().to_string(),
            at: DateTime::<Utc>::from_timestamp(at, 0).unwrap_or_default(),
            secret: self.secret.clone(),
            act: Act::Read(Arc::clone(self)),
            record: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(every: i64, until: Option<i64>) -> Pace {
        Pace { from: 1_000, until, every, seed: Seed::new(7) }
    }

    #[test]
    fn reads_come_in_order_and_none_twice() {
        for every in [1, 2, 3, 59, 3_600] {
            let pace = pace(every, None);
            let all: Vec<_> = pace.between(0, 1_000 + every * 1_000).map(|(_, at)| at).collect();
            assert!(all.is_sorted_by(|a, b| a > b), "every {every} s");
            assert!((999..=1_001).contains(&all.len()), "{} reads every {every} s", all.len());
        }
    }

    #[test]
    fn a_part_of_the_reads_is_what_the_whole_has_there() {
        let pace = pace(60, Some(5_000));
        let whole: Vec<_> = pace.between(0, 1_000_000).collect();
        assert!(whole.iter().all(|(_, at)| (1_000..=5_000).contains(at)));
        for (oldest, newest) in
            [(0, 999), (1_000, 1_100), (1_029, 1_031), (2_000, 4_000), (4_900, 9_000), (6_000, 7_000)]
        {
            let part: Vec<_> = pace.between(oldest, newest).collect();
            let expected: Vec<_> = whole.iter().filter(|(_, at)| (oldest..=newest).contains(at)).copied().collect();
            assert_eq!(part, expected, "{oldest}..={newest}");
        }
    }
}
