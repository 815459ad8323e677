//! What AWS's template for PostgreSQL with a single user logs and raises
//! (<https://github.com/aws-samples/aws-secrets-manager-rotation-lambdas>).

use super::Step;
use super::log::Level;
use super::raised::{Frame, Raised};
use crate::demo::secret::Secret;
use crate::demo::seed::hash;
use crate::demo::world::Inner;

/// A line of the code's logger.
pub(super) type Said = (Level, String);

/// What the lines of a rotation name.
#[derive(Debug, Clone)]
pub(super) struct Lines {
    arn: String,
    version: String,
    user: String,
    host: String,
    /// Who the function is for IAM.
    role: String,
}

const CODE: &str = "/var/task/lambda_function.py";
const BOTOCORE: &str = "/var/lang/lib/python3.12/site-packages/botocore/client.py";

/// Where the handler calls a step, and where that raises.
const CALLS: [(Step, u32, u32); 4] =
    [(Step::Create, 68, 109), (Step::Set, 71, 188), (Step::Test, 74, 249), (Step::Finish, 77, 283)];

impl Lines {
    pub(super) fn of(world: &Inner, secret: &Secret, version: &str, function: &str) -> Self {
        let slug = |text: &str| text.replace(|c: char| !c.is_ascii_alphanumeric(), "-").to_lowercase();
        let mut parts = secret.name.rsplit('/');
        let last = parts.next().unwrap_or_default();
        let user = slug(parts.next().unwrap_or(last));
        let id = format!("{:016x}", hash(secret.name.as_bytes()));
        let (region, account) = (&world.region, &world.account);
        Self {
            arn: world.vault.arn(secret),
            version: version.to_owned(),
            user,
            host: format!("{}.c{}.{region}.rds.amazonaws.com", slug(&secret.name), id.get(..10).unwrap_or_default()),
            role: format!("arn:aws:sts::{account}:assumed-role/{function}-role/{function}"),
        }
    }

    pub(super) fn is_off(&self) -> String {
        format!("Secret {} is not enabled for rotation", self.arn)
    }

    pub(super) fn has_no_stage(&self) -> String {
        format!("Secret version {} has no stage for rotation of secret {}.", self.version, self.arn)
    }

    pub(super) fn is_not_pending(&self) -> String {
        format!("Secret version {} not set as AWSPENDING for rotation of secret {}.", self.version, self.arn)
    }

    pub(super) fn is_current(&self) -> Said {
        info(format!("Secret version {} already set as AWSCURRENT for secret {}.", self.version, self.arn))
    }

    pub(super) fn retrieved(&self) -> Said {
        info(format!("createSecret: Successfully retrieved secret for {}.", self.arn))
    }

    pub(super) fn put(&self) -> Said {
        info(format!("createSecret: Successfully put secret for ARN {} and version {}.", self.arn, self.version))
    }

    pub(super) fn connected(&self, has_tls: bool) -> Said {
        let tls = if has_tls { "SSL/TLS" } else { "non SSL/TLS" };
        let (user, host) = (&self.user, &self.host);
        info(format!("Successfully established {tls} connection as user '{user}' with host: '{host}'"))
    }

    pub(super) fn no_tls(&self) -> Said {
        let text = format!("Unable to establish SSL/TLS handshake, SSL/TLS is not enabled on the host: {}", self.host);
        (Level::Error, text)
    }

    pub(super) fn already_set(&self) -> Said {
        let arn = &self.arn;
        info(format!("setSecret: AWSPENDING secret is already set as password in PostgreSQL DB for secret arn {arn}."))
    }

    pub(super) fn set(&self) -> Said {
        let (user, arn) = (&self.user, &self.arn);
        info(format!("setSecret: Successfully set password for user {user} in PostgreSQL DB for secret arn {arn}."))
    }

    pub(super) fn tested(&self) -> Said {
        info(format!("testSecret: Successfully signed into PostgreSQL DB with AWSPENDING secret in {}.", self.arn))
    }

    pub(super) fn finished(&self) -> Said {
        let (version, arn) = (&self.version, &self.arn);
        info(format!("finishSecret: Successfully set AWSCURRENT stage to version {version} for secret {arn}."))
    }

    /// The handler refuses: it logs the reason and raises it, before any step.
    pub(super) fn refused(message: &str, line: u32) -> Raised {
        let code = format!("raise ValueError({message:?})");
        let frames = vec![Frame { file: CODE, line, function: "lambda_handler", code }];
        Raised { kind: "ValueError".into(), message: message.to_owned(), frames }
    }

    /// How a step fails: what the template says there of itself, or the scenario's words. Words that begin with a type
    /// of exception are raised as they are; others are logged first, as the template does.
    pub(super) fn failure(&self, step: Step, with: Option<&str>) -> (Option<Said>, Raised) {
        let arn = &self.arn;
        let words = match (with, step) {
            (Some(with), _) => self.filled(with),
            (None, Step::Create) => "KeyError: 'host key is missing from secret JSON'".to_owned(),
            (None, Step::Set) => {
                format!("Unable to log into database with previous, current, or pending secret of secret arn {arn}")
            }
            (None, Step::Test) => format!("Unable to log into database with pending secret of secret ARN {arn}"),
            (None, Step::Finish) => return (None, self.denied(step, "UpdateSecretVersionStage")),
        };
        if let Some((kind, message)) = words.split_once(": ").filter(|(kind, _)| is_exception(kind)) {
            return (None, raised(step, kind, message));
        }
        (Some((Level::Error, format!("{}: {words}", step.word()))), raised(step, "ValueError", &words))
    }

    /// botocore's words for a refusal of IAM.
    pub(super) fn denied(&self, step: Step, operation: &str) -> Raised {
        let (role, arn) = (&self.role, &self.arn);
        let message = format!(
            "An error occurred (AccessDeniedException) when calling the {operation} operation: User: {role} is not \
             authorized to perform: secretsmanager:{operation} on resource: {arn} because no identity-based policy \
             allows the secretsmanager:{operation} action"
        );
        raised(step, "ClientError", &message)
    }

    /// The words of a scenario, which may name what they are about.
    fn filled(&self, words: &str) -> String {
        let names =
            [("{arn}", &self.arn), ("{version}", &self.version), ("{user}", &self.user), ("{host}", &self.host)];
        names.into_iter().fold(words.to_owned(), |words, (name, value)| words.replace(name, value))
    }
}

/// The code can't be loaded: the managed runtime has moved, and what was built for the old one hasn't.
pub(super) fn cannot_import() -> Raised {
    let message = "Unable to import module 'lambda_function': No module named '_pg'".to_owned();
    Raised { kind: "Runtime.ImportModuleError".to_owned(), message, frames: Vec::new() }
}

/// The first line of botocore in an environment.
pub(super) fn found_credentials() -> Said {
    info("Found credentials in environment variables.".to_owned())
}

fn info(message: String) -> Said {
    (Level::Info, message)
}

fn is_exception(kind: &str) -> bool {
    let is_name = kind.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
    is_name && (kind.ends_with("Error") || kind.ends_with("Exception"))
}

fn raised(step: Step, kind: &str, message: &str) -> Raised {
    let (_, call, raise) = CALLS.into_iter().find(|(found, ..)| *found == step).unwrap_or((step, 68, 109));
    let called = format!("{}(service_client, arn, token)", step.function());
    let of_code = |line, function, code| Frame { file: CODE, line, function, code };
    let mut frames = vec![of_code(call, "lambda_handler", called)];
    match kind {
        "ValueError" => frames.push(of_code(raise, step.function(), format!("raise ValueError({message:?})"))),
        "ClientError" => {
            frames.push(of_code(raise, step.function(), "response = call(SecretId=arn)".to_owned()));
            let code = "raise error_class(parsed_response, operation_name)".to_owned();
            frames.push(Frame { file: BOTOCORE, line: 1078, function: "_make_api_call", code });
        }
        _ => {
            let code = "secret_dict = get_secret_dict(service_client, arn, stage, token)".to_owned();
            frames.push(of_code(raise, step.function(), code));
        }
    }
    Raised { kind: kind.to_owned(), message: message.to_owned(), frames }
}
