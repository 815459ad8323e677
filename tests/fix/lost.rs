//! Calls of a fix that fail once, or whose answers are lost.

use secdash::exit::Exit;

use super::made::{
    ALTERNATING, AT_TEST, BEFORE_SET, Case, DROP, NEVER, NO_LOG, PROMOTE_TESTED, ROLL_BACK, SUCCEEDS, Stage,
};

const OPERATIONS: [&str; 3] = ["CancelRotateSecret", "UpdateSecretVersionStage", "RotateSecret"];

/// The same case, with a call of this operation that goes wrong like that.
fn with_fault(case: Case, operation: &str, kind: &str) -> Case {
    // The rotation that gets stuck begins with a call of its own.
    let after = usize::from(operation == "RotateSecret");
    let more = case.more;
    let fault =
        format!("{more}[[fault]]\noperation = \"{operation}\"\nkind = \"{kind}\"\nafter = {after}\ntimes = 1\n");
    Case { more: fault.leak(), ..case }
}

async fn fixed(case: Case, operation: &str, kind: &str) -> (Stage, Exit) {
    let stage = with_fault(case, operation, kind).stage(BEFORE_SET, NEVER).await;
    let said = stage.fix(case.args).await;
    let what = format!("{case:?} {operation} {kind}");
    if said.exit == Exit::Fine {
        assert!(said.out.contains("Verified") && stage.plans().is_empty(), "{what}: {said:?}");
        assert!(stage.works() && stage.is_on().await, "{what}: {said:?}");
    }
    // What was in doubt is in doubt for whoever comes next, too.
    let is_doubted = said.err.contains("It isn't known whether the call was made");
    assert!(!is_doubted || !stage.plans().is_empty() || said.err.contains("Rotation is still off"), "{what}: {said:?}");
    stage.is_well_left(&said, &what).await;
    (stage, said.exit)
}

#[tokio::test(start_paused = true)]
async fn a_call_that_goes_wrong_is_told_and_can_be_gone_on_from() {
    let cases = [
        Case::of(BEFORE_SET, DROP),
        Case { more: NO_LOG, ..Case::of(AT_TEST, PROMOTE_TESTED) },
        Case { more: ALTERNATING, ..Case::of(SUCCEEDS, ROLL_BACK) },
    ];
    for case in cases {
        for operation in OPERATIONS {
            for kind in ["throttle", "deny", "error", "unavailable", "reset", "malformed", "hang", "unreachable"] {
                let (stage, exit) = Box::pin(fixed(case, operation, kind)).await;
                assert!(stage.plans().is_empty());
                // The call was made, and the secret tells so.
                let is_made = matches!(kind, "reset" | "malformed") && operation != "CancelRotateSecret";
                assert!(!is_made || exit == Exit::Fine, "{case:?} {operation} {kind}");
            }
        }
    }
}
