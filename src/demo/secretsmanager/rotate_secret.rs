//! RotateSecret (API_RotateSecret.html).
//!
//! It answers when the rotation has begun, not when it is done: what becomes of it is seen by the labels and the events.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::check::Check;
use super::state::{changeable, refused};
use super::{find, rules};
use crate::demo::labels::{self, Refused};
use crate::demo::life::Queue;
use crate::demo::rotation::function::Called;
use crate::demo::rotation::{Kind, start};
use crate::demo::secret::{Rotation, Secret, Text};
use crate::demo::wire::answer::Refusal;
use crate::demo::wire::call::Call;
use crate::demo::world::Inner;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Input {
    secret_id: Option<String>,
    client_request_token: Option<String>,
    #[serde(rename = "RotationLambdaARN")]
    rotation_lambda_arn: Option<String>,
    rotation_rules: Option<rules::Input>,
    rotate_immediately: Option<bool>,
}

/// What is asked for, with what is known of its secret.
struct Order {
    secret: String,
    arn: String,
    token: String,
    function: Option<String>,
    rules: Option<Rotation>,
    kind: Kind,
}

pub(super) fn answer(world: &Inner, call: &Call, input: &Input) -> Result<Value, Refusal> {
    input.check()?;
    let given = input.client_request_token.clone();
    let token = given.unwrap_or_else(|| world.roll(|dice| dice.uuid().to_string()));
    world.act(|queue, at| {
        let (order, secret) = input.order(world, call, token)?;
        let body = json!({ "ARN": order.arn, "Name": order.secret, "VersionId": order.token });
        // The same request once more: nothing is done again.
        let is_known = queue.courses.get(&order.secret).is_some_and(|course| course.version == order.token)
            || secret.versions.iter().any(|version| version.id == order.token);
        if is_known {
            return Ok(body);
        }
        if labels::incomplete(&secret.versions).is_some() {
            start::announce(world, queue, &order.secret, at);
            return Err(refused(&order.arn, &Refused::Incomplete));
        }
        order.carry_out(world, queue, at).map_err(|why| refused(&order.arn, &why))?;
        Ok(body)
    })
}

impl Input {
    fn check(&self) -> Result<(), Refusal> {
        let mut check = Check::default();
        check.secret_id(self.secret_id.as_deref());
        if let Some(token) = &self.client_request_token {
            check.length("clientRequestToken", token, 32, 64);
        }
        if let Some(arn) = &self.rotation_lambda_arn {
            check.length("rotationLambdaARN", arn, 0, 2048);
        }
        if let Some(rules) = &self.rotation_rules {
            rules.check(&mut check);
        }
        check.finish()
    }

    /// The order, and the secret as it is, where nothing but its labels can refuse it.
    fn order(&self, world: &Inner, call: &Call, token: String) -> Result<(Order, Secret), Refusal> {
        let secrets = world.vault.read();
        let secret = find(world, &secrets, call, self.secret_id.as_deref().unwrap_or_default())?;
        changeable(world, secret)?;
        let arn = world.vault.arn(secret);
        let given = self.rotation_lambda_arn.as_deref().filter(|id| !id.is_empty());
        let function = given.or(secret.function.as_deref());
        match function {
            Some(id) => invocable(world, id, &arn)?,
            None if secret.external.is_some() => {}
            None => {
                // observed, <https://github.com/localstack/localstack>
                let text = "No Lambda rotation function ARN is associated with this secret.";
                return Err(Refusal::invalid_request(text));
            }
        }
        let rules = self.rotation_rules.as_ref().map(|rules| rules.read(world.clock.utc())).transpose()?;
        let name = secret.name.clone();
        let kind = if self.rotate_immediately == Some(false) { Kind::Trial } else { Kind::Rotation };
        Ok((Order { secret: name, arn, token, function: given.map(str::to_owned), rules, kind }, secret.clone()))
    }
}

impl Order {
    fn carry_out(&self, world: &Inner, queue: &mut Queue, at: DateTime<Utc>) -> Result<(), Refused> {
        let counts_anew = world.vault.change(&self.secret, |secret| self.configure(world, secret));
        start::start(world, queue, &self.secret, &self.token, self.kind, at)?;
        if counts_anew == Some(true) {
            start::count_from(world, queue, &self.secret, at);
        }
        Ok(())
    }

    /// Turns rotation on, with what the request says about it. Whether the schedule counts from now.
    fn configure(&self, world: &Inner, secret: &mut Secret) -> bool {
        if let Some(id) = &self.function {
            // One of our own is known by its name.
            let name = id.strip_prefix(&world.function_arn("")).filter(|name| !name.contains(':'));
            secret.function = Some(Text::from(name.unwrap_or(id).to_owned()));
        }
        let was_on = secret.rotation.as_ref().is_some_and(|rules| rules.enabled);
        let rules = self.rules.clone().or_else(|| secret.rotation.clone());
        let rules = rules.unwrap_or(Rotation { enabled: true, days: None, expression: None, duration: None });
        secret.rotation = Some(Rotation { enabled: true, ..rules });
        self.rules.is_some() || !was_on
    }
}

/// Whether whoever calls may invoke the function (rotate-secrets_now.html), and whether the service may
/// (observed, troubleshoot_rotation.html and <https://github.com/hashicorp/terraform-provider-aws>).
fn invocable(world: &Inner, id: &str, secret_arn: &str) -> Result<(), Refusal> {
    let called = Called::of(world, id);
    let action = "lambda:InvokeFunction";
    if let Some(Err(denial)) = world.policy.as_ref().map(|policy| policy.judge(action, &called.arn)) {
        return Err(Refusal::not_authorized(world, action, Some(&called.arn), denial));
    }
    if called.admits(world, secret_arn) {
        return Ok(());
    }
    let text = "Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants \
                access to the principal secretsmanager.amazonaws.com.";
    Err(Refusal::of_model("AccessDeniedException", text))
}
