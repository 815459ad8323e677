//! AWS STS: GetCallerIdentity, in the query protocol with XML answers.

use crate::demo::seed::Seed;
use crate::demo::wire::answer::Refusal;
use crate::demo::wire::call::Call;
use crate::demo::world::Inner;

/// The `Version` every request names.
pub(in crate::demo) const API_VERSION: &str = "2011-06-15";

const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

pub(in crate::demo) fn answer(world: &Inner, call: &Call, request_id: &str) -> Result<String, Refusal> {
    match call.operation.as_str() {
        "GetCallerIdentity" => Ok(get_caller_identity(world, request_id)),
        _ => Err(Refusal::unknown_operation(call)),
    }
}

fn get_caller_identity(world: &Inner, request_id: &str) -> String {
    let (arn, user) = (escape(&world.caller), escape(&user_id(&world.caller)));
    let account = escape(&world.account);
    format!(
        "<GetCallerIdentityResponse xmlns=\"{NAMESPACE}\"><GetCallerIdentityResult>\
         <Arn>{arn}</Arn><UserId>{user}</UserId><Account>{account}</Account>\
         </GetCallerIdentityResult><ResponseMetadata><RequestId>{request_id}</RequestId>\
         </ResponseMetadata></GetCallerIdentityResponse>"
    )
}

/// The unique id of a principal: `AROA…:session` for an assumed role, `AIDA…` for a user
/// (IAM user guide, "IAM identifiers: unique IDs").
fn user_id(caller: &str) -> String {
    let letters = Seed::new(0).fork(caller).uuid().simple().to_string();
    let letters = letters.get(..17).unwrap_or_default().to_uppercase();
    match caller.rsplit_once('/') {
        Some((role, session)) if role.contains(":assumed-role/") => {
            format!("AROA{letters}:{session}")
        }
        _ => format!("AIDA{letters}"),
    }
}

/// The body of an error in the query protocol.
pub(in crate::demo) fn refuse(refusal: &Refusal, request_id: &str) -> String {
    let blame = if refusal.status < 500 { "Sender" } else { "Receiver" };
    let code = escape(&refusal.code);
    let message = escape(refusal.message.as_deref().unwrap_or_default());
    format!(
        "<ErrorResponse xmlns=\"{NAMESPACE}\"><Error><Type>{blame}</Type><Code>{code}</Code>\
         <Message>{message}</Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>"
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
