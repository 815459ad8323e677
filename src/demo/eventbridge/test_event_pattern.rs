//! TestEventPattern (API_TestEventPattern.html): whether a pattern would catch an event. Nothing of a world counts for it.

use serde_json::{Value, json};

use super::pattern::Pattern;
use super::rules::invalid;
use crate::demo::wire::answer::Refusal;

/// The members that an event must have, same page.
const MEMBERS: [&str; 7] = ["id", "account", "source", "time", "region", "resources", "detail-type"];

pub(super) fn answer(input: &Value) -> Result<Value, Refusal> {
    let text = |key: &str| input.get(key).and_then(Value::as_str).ok_or_else(Refusal::serialization);
    let pattern = Pattern::parse(text("EventPattern")?).map_err(|wrong| invalid(&wrong))?;
    let event: Value = serde_json::from_str(text("Event")?).map_err(|_| bad("it is not JSON"))?;
    if let Some(missing) = MEMBERS.into_iter().find(|member| event.get(member).is_none()) {
        return Err(bad(&format!("{missing} is missing")));
    }
    Ok(json!({ "Result": pattern.matches(&event) }))
}

/// The model declares nothing for it \[unverified\].
fn bad(wrong: &str) -> Refusal {
    Refusal::common("ValidationException", &format!("Parameter Event is not valid. Reason: {wrong}."))
}
