//! A secret's history, lived through move by move. What AWS refuses is refused here with the line that says it, and so
//! is what no page of AWS tells the outcome of.

use std::collections::BTreeMap;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use serde_json::{Value, json};
use toml::Spanned;

use super::Flaw;
use super::event::{called_as, cancelled, failed, told};
use super::file::SecretKeys;
use super::moment::Moment;
use super::moves::{After, Deed, MoveKeys};
use super::secret::Place;
use crate::demo::labels::{self, CURRENT, Move, PENDING, PREVIOUS, Refused};
use crate::demo::rotation::Step;
use crate::demo::secret::{Text, Version};
use crate::demo::seed::Seed;
use crate::demo::trail::{Act, Answer, By, Called, Request, Service, Why};

/// So long after LastChangedDate LastRotatedDate was seen to lie
/// (observed, <https://github.com/cloud-custodian/cloud-custodian/issues/9254>).
const RECORDED: TimeDelta = TimeDelta::milliseconds(50);

/// What CloudTrail recorded, and when.
pub(super) type Recorded = (DateTime<Utc>, Act);

/// What a history makes of a secret.
#[derive(Debug, Default)]
pub(super) struct Life {
    pub(super) versions: Vec<Version>,
    pub(super) moves: Vec<Move>,
    pub(super) acts: Vec<Recorded>,
    /// When its first value was put.
    pub(super) created: Option<DateTime<Utc>>,
    pub(super) changed: Option<DateTime<Utc>>,
    pub(super) rotated: Option<DateTime<Utc>>,
    /// From when the schedule counts: the last rotation, or the last value set by hand, which counts as one
    /// (rotate-secrets_schedule.html).
    pub(super) counted: Option<DateTime<Utc>>,
    /// Whether rotation is on; `None`: never configured.
    pub(super) is_on: Option<bool>,
    /// The ids of the versions by their names.
    ids: BTreeMap<String, String>,
}

/// What the moves of a secret need to know of it.
struct Stage<'a> {
    seed: Seed,
    secret: &'a str,
    /// Session name of whoever calls, unless the move says otherwise.
    caller: &'a str,
    /// Name of the rotation function; without one the service does all by itself.
    function: Option<&'a str>,
}

impl Place<'_> {
    /// Lives through the history of a secret, up to the versions that AWS keeps of it.
    pub(super) fn live(&self, keys: &SecretKeys, history: &[MoveKeys]) -> Result<Life, Flaw> {
        let mut life = Life { is_on: keys.rotation.as_ref().map(|_| true), ..Life::default() };
        let secret = keys.name.get_ref();
        let function = keys.function.as_deref().map(|id| id.rsplit(':').next().unwrap_or(id));
        let stage = Stage { seed: self.seed.fork(secret), secret, caller: self.caller, function };
        // The wire has milliseconds: what is finer could not be told apart there.
        let utc = |moment: Moment| moment.utc(self.start).trunc_subsecs(3);
        let mut last = keys.created.map_or(DateTime::<Utc>::MIN_UTC, utc);
        for keys in history {
            let at = utc(*keys.at.get_ref());
            if at < last {
                let than = if life.created.is_some() { "the move before it" } else { "the secret" };
                return Err(Flaw::at(&keys.at, format!("this is earlier than {than}")));
            }
            last = at;
            life.take(&stage, keys.deed()?, at)?;
        }
        labels::prune(&mut life.versions, self.start);
        Ok(life)
    }
}

impl Life {
    /// A secret of whose versions nobody tells how they came about.
    pub(super) fn of(versions: Vec<Version>) -> Self {
        Self { versions, ..Self::default() }
    }

    fn take(&mut self, stage: &Stage<'_>, deed: Deed<'_>, at: DateTime<Utc>) -> Result<(), Flaw> {
        match deed {
            Deed::Put(name) => self.put(stage, name, at)?,
            Deed::Rotate(name) => self.rotate(stage, name, at)?,
            Deed::Fill(name) => self.fill(stage, name, at)?,
            Deed::Finish(name, after) => self.finish(stage, name, after, at)?,
            // Nothing of the secret is modified by an attempt that failed.
            Deed::Fail(name, step) => return self.fail(name, step, at),
            Deed::Move { label, to, from } => self.update(stage, label, to, from, at)?,
            Deed::Cancel { key, by, called } => {
                let by = by.unwrap_or(stage.caller).to_owned().into();
                self.cancel(key, by, called.map_or(Called::Name, called_as), at)?;
            }
        }
        self.changed = Some(at);
        Ok(())
    }

    fn put(&mut self, stage: &Stage<'_>, name: &Spanned<String>, at: DateTime<Utc>) -> Result<(), Flaw> {
        let is_pending = labels::holder(&self.versions, PENDING).is_some();
        let is_rotating = labels::incomplete(&self.versions).is_some() && self.is_on == Some(true);
        if is_pending && !is_rotating {
            return Err(Flaw::at(name, "what becomes of AWSPENDING then is not documented; take it off first"));
        }
        let id = self.name(stage, name)?;
        let abandoned = labels::incomplete(&self.versions).map(|version| version.id.clone());
        let moves = labels::put(&mut self.versions, &id, at).map_err(|refused| flaw(name, &refused))?;
        self.moves.extend(moves);
        self.acts.push((at, stage.by_hand(put(stage, &id, self.created.is_none()))));
        self.acts.extend(abandoned.map(|version| (at, Service::Abandoned.act(Some(version), None))));
        self.created.get_or_insert(at);
        self.counted = Some(at);
        Ok(())
    }

    fn rotate(&mut self, stage: &Stage<'_>, name: &Spanned<String>, at: DateTime<Utc>) -> Result<(), Flaw> {
        if self.is_on.is_none() {
            return Err(Flaw::at(name, "the secret has no `rotation`"));
        }
        if labels::holder(&self.versions, CURRENT).is_none() {
            return Err(Flaw::at(name, "there is no AWSCURRENT yet to rotate; `put` one"));
        }
        let id = self.name(stage, name)?;
        let moves = labels::rotate(&mut self.versions, &id, at).map_err(|refused| flaw(name, &refused))?;
        self.moves.extend(moves);
        self.acts.push((at, Service::Started.act(Some(id), None)));
        self.is_on = Some(true);
        Ok(())
    }

    fn fill(&mut self, stage: &Stage<'_>, name: &Spanned<String>, at: DateTime<Utc>) -> Result<(), Flaw> {
        let id = self.pending(name)?;
        labels::fill(&mut self.versions, &id, at).map_err(|refused| flaw(name, &refused))?;
        let input = json!({ "clientRequestToken": id, "versionStages": [PENDING] });
        self.acts.extend(stage.by_function("PutSecretValue", input).map(|act| (at, act)));
        Ok(())
    }

    fn finish(
        &mut self,
        stage: &Stage<'_>,
        name: &Spanned<String>,
        after: After,
        at: DateTime<Utc>,
    ) -> Result<(), Flaw> {
        let id = self.pending(name)?;
        let current = labels::holder(&self.versions, CURRENT).map(|version| version.id.clone());
        self.filled(name, &id)?;
        self.relabel(name, CURRENT, Some(&id), current.as_deref(), at)?;
        if after == After::Goes {
            self.relabel(name, PENDING, None, Some(&id), at)?;
        }
        let input = relabels(CURRENT, Some(&id), current.as_deref());
        self.acts.extend(stage.by_function("UpdateSecretVersionStage", input).map(|act| (at, act)));
        self.acts.push((at + RECORDED, Service::Succeeded.act(Some(id), None)));
        self.rotated = Some(at + RECORDED);
        self.counted = self.rotated;
        Ok(())
    }

    fn fail(&mut self, name: &Spanned<String>, step: Step, at: DateTime<Utc>) -> Result<(), Flaw> {
        let version = self.pending(name)?;
        self.acts.push((at, failed(version, Why::Step(step.word()))));
        Ok(())
    }

    fn update(
        &mut self,
        stage: &Stage<'_>,
        label: &Spanned<String>,
        to: Option<&Spanned<String>>,
        from: Option<&Spanned<String>>,
        at: DateTime<Utc>,
    ) -> Result<(), Flaw> {
        let word = label.get_ref().as_str();
        let sits = labels::holder(&self.versions, word).map(|version| version.id.clone());
        let target = to.map(|name| self.id(name)).transpose()?;
        let source = from.map(|name| self.id(name)).transpose()?;
        match (word, to, &target) {
            (PREVIOUS, ..) => return Err(Flaw::at(label, "AWS moves AWSPREVIOUS by itself, with AWSCURRENT")),
            (PENDING, Some(_), _) => return Err(Flaw::at(label, "only `rotate` puts AWSPENDING on a version")),
            (_, None, _) if from.is_none() => return Err(Flaw::at(label, "say `to` or `from` which version")),
            (_, Some(name), id) if *id == sits => return Err(Flaw::at(name, "the label is there already")),
            (_, Some(name), Some(id)) => self.filled(name, id)?,
            _ => {}
        }
        self.relabel(label, word, target.as_deref(), source.as_deref(), at)?;
        let input = relabels(word, target.as_deref(), source.as_deref());
        self.acts.push((at, stage.by_hand(("UpdateSecretVersionStage", input, Value::Null))));
        Ok(())
    }

    /// The schedule goes off and AWSPENDING stays where it is (API_CancelRotateSecret.html).
    fn cancel(&mut self, key: &Spanned<bool>, by: Text, called: Called, at: DateTime<Utc>) -> Result<(), Flaw> {
        if !key.get_ref() {
            return Err(Flaw::at(key, "leave it out, or say true"));
        }
        if self.is_on != Some(true) {
            return Err(Flaw::at(key, "rotation is off already"));
        }
        let version = labels::incomplete(&self.versions).map(|version| version.id.clone());
        self.acts.push((at, cancelled(by, called, version)));
        (self.is_on, self.rotated) = (Some(false), None);
        Ok(())
    }

    fn relabel(
        &mut self,
        place: &Spanned<String>,
        label: &str,
        to: Option<&str>,
        from: Option<&str>,
        at: DateTime<Utc>,
    ) -> Result<(), Flaw> {
        let moves = labels::update(&mut self.versions, label, to, from, at).map_err(|refused| flaw(place, &refused))?;
        self.moves.extend(moves);
        Ok(())
    }

    /// The id of a new version.
    fn name(&mut self, stage: &Stage<'_>, name: &Spanned<String>) -> Result<String, Flaw> {
        let word = name.get_ref();
        let id = match word.chars().count() {
            0..32 => stage.seed.fork(&format!("{} {word}", stage.secret)).uuid().to_string(),
            32..=64 => word.clone(),
            _ => return Err(Flaw::at(name, "a version id has 32 to 64 characters, and a name fewer")),
        };
        if self.ids.insert(word.clone(), id.clone()).is_some() {
            return Err(Flaw::at(name, "another version has this name"));
        }
        Ok(id)
    }

    fn id(&self, name: &Spanned<String>) -> Result<String, Flaw> {
        let id = self.ids.get(name.get_ref()).cloned();
        id.ok_or_else(|| Flaw::at(name, "no version has this name yet"))
    }

    /// The version that is being rotated in, if this is it and rotation is on.
    fn pending(&self, name: &Spanned<String>) -> Result<String, Flaw> {
        let id = self.id(name)?;
        if self.is_on != Some(true) || labels::incomplete(&self.versions).is_none_or(|version| version.id != id) {
            return Err(Flaw::at(name, "this version is not being rotated in"));
        }
        Ok(id)
    }

    /// What a label on a version without a value would mean is not documented, but for AWSPENDING.
    fn filled(&self, name: &Spanned<String>, id: &str) -> Result<(), Flaw> {
        match self.versions.iter().find(|version| version.id == id) {
            Some(version) if version.has_value => Ok(()),
            _ => Err(Flaw::at(name, "this version has no value yet")),
        }
    }
}

/// A call: its name, `requestParameters` but for the secret's id, and what `responseElements` have more.
type Deal = (&'static str, Value, Value);

impl Stage<'_> {
    /// A call of the person who looks after the secret.
    fn by_hand(&self, (name, input, more): Deal) -> Act {
        let called = if name == "CreateSecret" { None } else { Some(Called::Name) };
        let answer = Answer::told(more);
        let by = By::Person(self.caller.to_owned().into());
        Act::Call(Box::new(Request { name: name.into(), by, called, input, answer, error: None }))
    }

    fn by_function(&self, name: &'static str, input: Value) -> Option<Act> {
        let by = By::Function(self.function?.to_owned());
        Some(told(name, by, Called::Arn, input, Value::Null))
    }
}

/// The first value came with the secret itself.
fn put(stage: &Stage<'_>, id: &str, is_first: bool) -> Deal {
    if is_first {
        let input = json!({ "name": stage.secret, "clientRequestToken": id });
        return ("CreateSecret", input, json!({ "versionId": id }));
    }
    ("PutSecretValue", json!({ "clientRequestToken": id }), Value::Null)
}

/// `requestParameters` of UpdateSecretVersionStage.
fn relabels(label: &str, to: Option<&str>, from: Option<&str>) -> Value {
    let ids = [("moveToVersionId", to), ("removeFromVersionId", from)];
    let ids = ids.into_iter().filter_map(|(key, id)| Some((key.to_owned(), Value::from(id?))));
    Value::Object([("versionStage".to_owned(), Value::from(label))].into_iter().chain(ids).collect())
}

fn flaw(name: &Spanned<String>, refused: &Refused) -> Flaw {
    Flaw::at(name, refused.to_string())
}
