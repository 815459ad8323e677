//! What must be known before a way out is confirmed: the diagnosis, or what is half done, or what the record says.

use super::diagnose::{Wish, diagnosis};
use super::plans::under_way;
use crate::aws::Aws;
use crate::domain::catalogue::Catalogue;
use crate::domain::change::Move;
use crate::domain::doctor::{Diagnosis, refused};
use crate::domain::plan::{Half, Under, Undoing};
use crate::domain::preflight::{Checked, Purpose};
use crate::domain::secret::Secret;
use crate::domain::undo::undo;

/// Judges a way out. Changes nothing.
pub async fn judge(aws: &Aws, secret: &Secret, purpose: Purpose) -> Checked {
    let diagnosis = match diagnosis(aws, secret, None, &Catalogue::builtin(), Wish::Verdict).await {
        Ok(diagnosis) => diagnosis,
        Err(fault) => return refused(secret, purpose, fault.sentence(), aws.now()),
    };
    let stops = |why: &str| refused(&diagnosis.secret, purpose, why.to_owned(), diagnosis.at);
    match (purpose, under_way(aws, &diagnosis.secret)) {
        (_, Some(under @ (Under::Unread { .. } | Under::Way(_)))) => stops(&under.sentence(&diagnosis.secret)),
        (Purpose::Finish, Some(Under::Half(half))) => diagnosis.checked_half(&half),
        (Purpose::Finish, None) => stops("No plan of this secret is half done."),
        (Purpose::Undo, half) => {
            let half = match half {
                Some(Under::Half(half)) => Some(half),
                _ => None,
            };
            let back = way_back(aws, &diagnosis, half.as_ref()).await;
            Checked { half, ..diagnosis.checked_undo(back) }
        }
        (Purpose::Fix(fix, tested), Some(Under::Half(half))) => diagnosis.checked_instead(fix, tested, &half),
        (Purpose::Fix(fix, tested), None) => diagnosis.checked(fix, tested),
        _ => stops("It is no way out."),
    }
}

/// The label's way back: of what is half done, else of the last fix in the record.
async fn way_back(aws: &Aws, diagnosis: &Diagnosis, half: Option<&Half>) -> Result<Move, String> {
    let secret = &diagnosis.secret;
    let Some(half) = half else {
        let versions = aws.versions(&secret.id).await;
        let recorded = aws.guard().record.read().map_err(|e| e.to_string())?;
        return undo(&recorded.actions, secret, versions.as_deref().ok());
    };
    match half.undoing(diagnosis) {
        Undoing::Label { movement, .. } => Ok(movement),
        Undoing::Closed(why) => Err(why),
        undoing => Err(format!(
            "The plan that is half done has moved no label, so none goes back. `secdash fix {} --undo` {}.",
            secret.name,
            undoing.words()
        )),
    }
}
