//! A way out as the dialog asks about it: the change, the plan, and what the diagnosis says for and against it.

use chrono::{DateTime, Utc};

use super::diagnosis::{Diagnosis, Gap};
use crate::domain::change::{Change, ChangeKind, Fix, Move, Tested};
use crate::domain::plan::{Half, Plan};
use crate::domain::preflight::{Check, Checked, Grade, Preflight, Purpose, Rule};
use crate::domain::secret::Secret;

impl Diagnosis {
    /// What there is to read before a fix is confirmed.
    pub fn checked(&self, fix: Fix, tested: Option<Tested>) -> Checked {
        let purpose = Purpose::Fix(fix, tested);
        if let Err(why) = self.allows(fix, tested) {
            let rule = if self.lacks(fix).is_some() { Rule::Word } else { Rule::Verdict };
            return refused_by(rule, &self.secret, purpose, why, self.at);
        }
        let planned = self.change(fix, tested).zip(Plan::of(self, fix, tested));
        let Some((change, plan)) = planned else {
            return refused(&self.secret, purpose, self.nothing_to_move(fix), self.at);
        };
        let mut checks: Vec<_> = self.gaps.iter().map(gap).collect();
        checks.extend(tested.map(|tested| Rule::Verdict.warns(tested.statement())));
        checks.extend(change.if_wrong().map(|text| Rule::Verdict.warns(text)));
        checks.push(Rule::Verdict.notice(self.headline()));
        checks.extend(self.warnings(&plan).into_iter().map(|text| Rule::Consequence.notice(text)));
        let (secret, at) = (self.secret.clone(), self.at);
        Checked {
            change,
            preflight: sorted(purpose, checks),
            secret,
            function: None,
            inspection: None,
            plan: Some(plan),
            half: None,
            at,
        }
    }

    /// What there is to read before a way out takes the place of a plan that is half done.
    pub fn checked_instead(&self, fix: Fix, tested: Option<Tested>, half: &Half) -> Checked {
        let mut checked = self.checked(fix, tested);
        let Some(plan) = checked.plan.take() else { return checked };
        let purpose = checked.preflight.purpose;
        let Some(other) = half.instead(plan, &self.secret) else {
            let why = "A plan of this secret is half done: that comes first.";
            return refused(&self.secret, purpose, why.to_owned(), self.at);
        };
        let text = format!("{} This one takes its place.", half.sentence(&self.secret));
        checked.preflight.checks.push(Rule::Verdict.warns(text));
        let preflight = sorted(purpose, checked.preflight.checks);
        Checked { plan: Some(other.plan.clone()), half: Some(other), preflight, ..checked }
    }

    /// What there is to read before a plan that is half done is finished.
    pub fn checked_half(&self, half: &Half) -> Checked {
        let sentence = half.sentence(&self.secret);
        if half.goes_on(&self.secret).is_err() {
            return refused(&self.secret, Purpose::Finish, sentence, self.at);
        }
        let change = Change::of(&self.secret, ChangeKind::Move(half.plan.movement()));
        let change = change.on_ground(self.ground(half.plan.tested()));
        let mut checks: Vec<_> = half.plan.word().map(|text| Rule::Verdict.warns(text)).into_iter().collect();
        checks.extend(change.if_wrong().filter(|_| !half.is_moved(&self.secret)).map(|text| Rule::Verdict.warns(text)));
        checks.push(Rule::Verdict.notice(sentence));
        Checked {
            change,
            preflight: sorted(Purpose::Finish, checks),
            secret: self.secret.clone(),
            function: None,
            inspection: None,
            plan: Some(half.plan.clone()),
            half: Some(half.clone()),
            at: self.at,
        }
    }

    /// What there is to read before the last fix is taken back.
    pub fn checked_undo(&self, back: Result<Move, String>) -> Checked {
        let movement = match back {
            Ok(movement) => movement,
            Err(why) => return refused(&self.secret, Purpose::Undo, why, self.at),
        };
        let change = Change::of(&self.secret, ChangeKind::Move(movement));
        let mut checks: Vec<_> = change.if_wrong().map(|text| Rule::Verdict.warns(text)).into_iter().collect();
        if change.movement().is_some_and(|movement| movement.fix == Fix::RollBack) {
            let text =
                "Where setSecret has changed the password, the one that AWSCURRENT goes back to no longer works.";
            checks.push(Rule::Verdict.warns(text));
        }
        Checked {
            change,
            preflight: sorted(Purpose::Undo, checks),
            secret: self.secret.clone(),
            function: None,
            inspection: None,
            plan: None,
            half: None,
            at: self.at,
        }
    }
}

/// What can't be done, and why.
pub fn refused(secret: &Secret, purpose: Purpose, why: String, at: DateTime<Utc>) -> Checked {
    refused_by(Rule::Verdict, secret, purpose, why, at)
}

fn refused_by(rule: Rule, secret: &Secret, purpose: Purpose, why: String, at: DateTime<Utc>) -> Checked {
    let fix = match purpose {
        Purpose::Fix(fix, _) => fix,
        _ => Fix::PutBack,
    };
    let nothing = Move { fix, to: None, from: None };
    let movement = Move::of(fix, &secret.labels).unwrap_or(nothing);
    Checked {
        change: Change::of(secret, ChangeKind::Move(movement)),
        preflight: sorted(purpose, vec![rule.stops(why)]),
        secret: secret.clone(),
        function: None,
        inspection: None,
        plan: None,
        half: None,
        at,
    }
}

fn gap(gap: &Gap) -> Check {
    let check = Rule::Unseen.check(Grade::Unknown, format!("Not checked: {}. {}", gap.what, gap.why));
    Check { next_step: gap.next_step.clone(), missing: gap.missing, ..check }
}

fn sorted(purpose: Purpose, mut checks: Vec<Check>) -> Preflight {
    checks.sort_by_key(|check| check.grade.place());
    Preflight { purpose, checks }
}
