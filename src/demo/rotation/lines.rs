//! What AWS's templates for PostgreSQL log and raise, that for one user and that for two who take turns
//! (<https://github.com/aws-samples/aws-secrets-manager-rotation-lambdas>); code of one's own has other words.

use super::log::Level;
use super::raised::{CODE, Frame, Raised};
use super::{Step, own};
use crate::demo::database::User;
use crate::demo::function::{Function, Strategy};
use crate::demo::secret::Secret;
use crate::demo::seed::hash;
use crate::demo::world::Inner;

/// A line of the code's logger.
pub(super) type Said = (Level, String);

/// What the lines of a rotation name.
#[derive(Debug, Clone)]
pub(super) struct Lines {
    pub(super) arn: String,
    pub(super) version: String,
    pub(super) user: String,
    pub(super) host: String,
    /// Whose words they are.
    pub(super) strategy: Strategy,
    /// Who the function is for IAM.
    role: String,
}

/// Who sets the passwords of two users: the name that RDS proposes.
const SUPERUSER: &str = "postgres";

impl Lines {
    pub(super) fn of(world: &Inner, secret: &Secret, version: &str, function: &Function) -> Self {
        let slug = |text: &str| text.replace(|c: char| !c.is_ascii_alphanumeric(), "-").to_lowercase();
        let mut parts = secret.name.rsplit('/');
        let last = parts.next().unwrap_or_default();
        let user = slug(parts.next().unwrap_or(last));
        let id = format!("{:016x}", hash(secret.name.as_bytes()));
        let (region, account, function, strategy) = (&world.region, &world.account, &function.name, function.strategy);
        Self {
            arn: world.vault.arn(secret),
            version: version.to_owned(),
            user,
            host: format!("{}.c{}.{region}.rds.amazonaws.com", slug(&secret.name), id.get(..10).unwrap_or_default()),
            strategy,
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
        info(match self.strategy {
            Strategy::Custom => own::retrieved(),
            _ => format!("createSecret: Successfully retrieved secret for {}.", self.arn),
        })
    }

    pub(super) fn put(&self) -> Said {
        let (arn, version) = (&self.arn, &self.version);
        info(match self.strategy {
            Strategy::Custom => own::put(self),
            _ => format!("createSecret: Successfully put secret for ARN {arn} and version {version}."),
        })
    }

    /// Code of one's own doesn't tell that it has signed in.
    pub(super) fn connected(&self, user: User, has_tls: bool) -> Option<Said> {
        (self.strategy != Strategy::Custom).then(|| self.connected_as(&self.name(user), has_tls))
    }

    pub(super) fn superuser_connected(&self, has_tls: bool) -> Said {
        self.connected_as(SUPERUSER, has_tls)
    }

    fn connected_as(&self, user: &str, has_tls: bool) -> Said {
        let (tls, host) = (if has_tls { "SSL/TLS" } else { "non SSL/TLS" }, &self.host);
        info(format!("Successfully established {tls} connection as user '{user}' with host: '{host}'"))
    }

    pub(super) fn no_tls(&self) -> Option<Said> {
        let text = format!("Unable to establish SSL/TLS handshake, SSL/TLS is not enabled on the host: {}", self.host);
        (self.strategy != Strategy::Custom).then_some((Level::Error, text))
    }

    pub(super) fn already_set(&self) -> Said {
        let arn = &self.arn;
        info(match self.strategy {
            Strategy::Custom => own::already_set(self),
            _ => format!(
                "setSecret: AWSPENDING secret is already set as password in PostgreSQL DB for secret arn {arn}."
            ),
        })
    }

    pub(super) fn set(&self, user: User) -> Said {
        let (user, arn) = (self.name(user), &self.arn);
        info(match self.strategy {
            Strategy::Single => {
                format!("setSecret: Successfully set password for user {user} in PostgreSQL DB for secret arn {arn}.")
            }
            Strategy::Alternating => {
                format!("setSecret: Successfully set password for {user} in PostgreSQL DB for secret arn {arn}.")
            }
            Strategy::Custom => own::set(self),
        })
    }

    pub(super) fn tested(&self) -> Said {
        let arn = &self.arn;
        info(match self.strategy {
            Strategy::Custom => own::tested(self),
            _ => format!("testSecret: Successfully signed into PostgreSQL DB with AWSPENDING secret in {arn}."),
        })
    }

    pub(super) fn finished(&self) -> Said {
        let (version, arn) = (&self.version, &self.arn);
        info(match self.strategy {
            Strategy::Custom => own::finished(self),
            _ => format!("finishSecret: Successfully set AWSCURRENT stage to version {version} for secret {arn}."),
        })
    }

    /// Somebody has moved AWSCURRENT to the version since the handler looked.
    pub(super) fn already_finished(&self) -> Said {
        let (version, arn) = (&self.version, &self.arn);
        info(match self.strategy {
            Strategy::Custom => own::finished(self),
            _ => format!("finishSecret: Version {version} already marked as AWSCURRENT for {arn}"),
        })
    }

    pub(super) fn name(&self, user: User) -> String {
        match user {
            User::Own => self.user.clone(),
            User::Clone => format!("{}_clone", self.user),
        }
    }

    /// The handler refuses: it logs the reason and raises it, before any step.
    pub(super) fn refused(message: &str, line: u32) -> Raised {
        let code = format!("raise ValueError({message:?})");
        let frames = vec![Frame { file: CODE, line, function: "lambda_handler", code }];
        Raised { kind: "ValueError".into(), message: message.to_owned(), frames }
    }

    /// botocore's words for a refusal of IAM.
    pub(super) fn denied(&self, step: Step, operation: &str) -> Raised {
        let words = self.not_authorized(operation);
        let message =
            format!("An error occurred (AccessDeniedException) when calling the {operation} operation: {words}");
        Raised::by(step, "ClientError", &message)
    }

    /// The words of IAM, which CloudTrail has without those of the client.
    pub(super) fn not_authorized(&self, operation: &str) -> String {
        let (role, arn) = (&self.role, &self.arn);
        format!(
            "User: {role} is not authorized to perform: secretsmanager:{operation} on resource: {arn} because no \
             identity-based policy allows the secretsmanager:{operation} action"
        )
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
