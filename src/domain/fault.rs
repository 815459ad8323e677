//! What went wrong, told apart by what a person can do about it: a sentence, and the next step.

use std::fmt;

use super::context::Context;
use super::permission::Operation;
use crate::text::AwsText;

/// A question to AWS that got no answer, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What was asked.
    pub operation: Operation,
    /// Why there is no answer.
    pub cause: Cause,
    /// AWS's id of the request, for its support.
    pub request_id: Option<AwsText>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// The profile isn't in `~/.aws`; `known` are those that are.
    NoSuchProfile {
        /// The name that was asked for.
        profile: String,
        /// The names that exist.
        known: Vec<String>,
    },
    /// The files of `~/.aws` can't be read or parsed.
    UnreadableProfiles {
        /// The reader's words.
        detail: AwsText,
    },
    /// No Region is set anywhere.
    NoRegion {
        /// The profile that has none.
        profile: Option<String>,
    },
    /// The Region that is set can't be one.
    BadRegion {
        /// What is set.
        region: String,
    },
    /// The endpoint that is set can't be one.
    BadEndpoint {
        /// What is set.
        url: String,
    },
    /// No credentials were found in any of the usual places.
    NoCredentials,
    /// The profile signs in with IAM Identity Center, and its token has expired or was never there.
    SsoExpired {
        /// The profile.
        profile: Option<String>,
    },
    /// The profile wants a one-time password (`mfa_serial`), which the SDK cannot ask for.
    MfaSerial {
        /// The profile that has the key.
        profile: String,
    },
    /// The source of credentials failed: a `credential_process`, a role that can't be assumed, a web identity.
    SignInFailed {
        /// The SDK's words.
        detail: AwsText,
    },
    /// The source of credentials did not answer in time.
    SignInTimedOut {
        /// How long secdash waited, in seconds.
        seconds: u64,
    },
    /// The session credentials have expired.
    Expired {
        /// The profile they came from.
        profile: Option<String>,
    },
    /// AWS doesn't accept the credentials, or the clock of this machine is wrong.
    BadCredentials {
        /// AWS's error code.
        code: AwsText,
        /// AWS's words.
        message: AwsText,
    },
    /// An IAM, resource, or endpoint policy forbids it.
    Denied {
        /// AWS's words; they name the principal and the action.
        message: AwsText,
    },
    /// There is no such secret.
    NotFound {
        /// What was looked for.
        what: AwsText,
    },
    /// There is no such log group.
    NoLogGroup {
        /// Its name.
        name: AwsText,
    },
    /// There is no such function.
    NoFunction {
        /// Its ARN.
        arn: AwsText,
    },
    /// AWS throttled it, and each retry too.
    Throttled,
    /// Nothing listens at the endpoint.
    Refused {
        /// Where it was tried, if the user had set it.
        endpoint: Option<String>,
    },
    /// The endpoint's name has no address.
    NoAddress {
        /// The endpoint, if the user had set it.
        endpoint: Option<String>,
        /// The Region that names AWS's own endpoint.
        region: String,
    },
    /// No answer came in time.
    TimedOut,
    /// The connection was cut before the answer was whole.
    Cut,
    /// The connection failed in another way: TLS, a proxy, the network.
    Unreachable {
        /// The SDK's words.
        detail: AwsText,
    },
    /// The answer isn't what AWS's API promises.
    Malformed {
        /// The SDK's words.
        detail: AwsText,
    },
    /// A list whose pages never end.
    EndlessPages {
        /// How many pages had come.
        pages: usize,
    },
    /// AWS answered with another error.
    Service {
        /// AWS's error code, or the HTTP status.
        code: AwsText,
        /// AWS's words.
        message: AwsText,
    },
    /// A question about something that was seen through a door that is not open.
    NotOpen(Context),
}

impl Fault {
    /// A fault without a request id.
    pub fn new(operation: Operation, cause: Cause) -> Self {
        Self { operation, cause, request_id: None }
    }

    /// Whether a sign-in outside of secdash can heal it.
    pub fn is_sign_in(&self) -> bool {
        use Cause::{
            BadCredentials, Expired, MfaSerial, NoCredentials, NoRegion, NoSuchProfile, SignInFailed, SignInTimedOut,
            SsoExpired, UnreadableProfiles,
        };
        matches!(
            self.cause,
            NoCredentials
                | SsoExpired { .. }
                | MfaSerial { .. }
                | SignInFailed { .. }
                | SignInTimedOut { .. }
                | Expired { .. }
                | BadCredentials { .. }
                | NoSuchProfile { .. }
                | UnreadableProfiles { .. }
                | NoRegion { .. }
        )
    }

    /// Whether it may heal while secdash runs, because somebody signs in in another window. Keys in the environment
    /// of a process don't change.
    pub fn heals_elsewhere(&self) -> bool {
        matches!(self.cause, Cause::SsoExpired { .. } | Cause::Expired { profile: Some(_) })
    }

    /// AWS's own words, where they say more than the sentence does.
    pub fn aws_says(&self) -> Option<&AwsText> {
        match &self.cause {
            Cause::Denied { message } => Some(message),
            _ => None,
        }
    }

    /// The IAM action that is missing, if that is what is wrong: the one that AWS names, where the operation needs
    /// several.
    pub fn permission(&self) -> Option<&'static str> {
        let Cause::Denied { message } = &self.cause else { return None };
        let mut actions = self.operation.grants().iter().map(|grant| grant.action);
        let named = actions.clone().find(|action| message.raw().contains(&format!("perform: {action}")));
        named.or_else(|| actions.next())
    }

    /// What happened, as a sentence.
    pub fn sentence(&self) -> String {
        let operation = self.operation.name();
        match &self.cause {
            Cause::NoSuchProfile { profile, .. } => format!("There is no profile `{}` in ~/.aws.", safe(profile)),
            Cause::UnreadableProfiles { detail } => format!("The profiles in ~/.aws can't be read: {detail}"),
            Cause::NoRegion { profile: Some(profile) } => {
                format!("No Region is set, neither in the environment nor in the profile `{}`.", safe(profile))
            }
            Cause::NoRegion { profile: None } => "No Region is set.".to_owned(),
            Cause::NoCredentials => "No AWS credentials were found.".to_owned(),
            Cause::SsoExpired { profile: Some(profile) } => {
                format!(
                    "The sign-in of the profile `{}` (IAM Identity Center) has expired or was never made.",
                    safe(profile)
                )
            }
            Cause::SsoExpired { profile: None } => {
                "The sign-in with IAM Identity Center has expired or was never made.".to_owned()
            }
            Cause::MfaSerial { profile } => {
                format!(
                    "The profile `{}` wants a one-time password (mfa_serial), which secdash can't ask for.",
                    safe(profile)
                )
            }
            Cause::SignInFailed { detail } => format!("The source of the AWS credentials failed: {detail}"),
            Cause::SignInTimedOut { seconds } => {
                format!("The source of the AWS credentials gave no answer within {seconds} s.")
            }
            Cause::Expired { .. } => "The AWS session has expired.".to_owned(),
            Cause::BadCredentials { code, message } => {
                format!("AWS does not accept the credentials ({code}: {message})")
            }
            Cause::Denied { .. } => format!("AWS denied {operation}."),
            Cause::NotFound { what } => format!("There is no secret `{what}` in this account and Region."),
            Cause::NoLogGroup { name } => format!("There is no log group `{name}` in this account and Region."),
            Cause::NoFunction { arn } => format!("There is no function `{arn}`: it was deleted or renamed."),
            Cause::Throttled => format!("AWS throttled {operation}, and every retry of it."),
            Cause::BadEndpoint { url } => format!("The endpoint `{}` is no URL.", safe(url)),
            Cause::BadRegion { region } => format!("`{}` is no Region.", safe(region)),
            Cause::Refused { endpoint: Some(url) } => format!("Nothing listens at {}.", safe(url)),
            Cause::Refused { endpoint: None } => format!("The connection for {operation} was refused."),
            Cause::NoAddress { endpoint: Some(url), .. } => format!("The name in {} has no address.", safe(url)),
            Cause::NoAddress { endpoint: None, region } => {
                format!("AWS's endpoint in the Region `{}` has no address.", safe(region))
            }
            Cause::TimedOut => format!("{operation} got no answer in time."),
            Cause::Cut => format!("The connection was cut in the middle of the answer to {operation}."),
            Cause::Unreachable { detail } => format!("AWS can't be reached for {operation}: {detail}"),
            Cause::Malformed { detail } => format!("The answer to {operation} can't be read: {detail}"),
            Cause::EndlessPages { pages } => {
                format!("{operation} keeps sending page tokens that lead nowhere; secdash stopped after page {pages}.")
            }
            Cause::Service { code, message } => format!("{operation} failed with {code}: {message}"),
            Cause::NotOpen(context) => format!("The connection to {} is closed.", safe(&context.region)),
        }
    }

    /// What to do next, as an imperative.
    pub fn next_step(&self) -> String {
        if let Some(step) = super::refusal::next_step(self) {
            return step;
        }
        match &self.cause {
            Cause::NoSuchProfile { known, .. } if known.is_empty() => "run `aws configure` to make one".to_owned(),
            Cause::NoSuchProfile { known, .. } => format!("use --profile with one of: {}", safe(&known.join(", "))),
            Cause::UnreadableProfiles { .. } => "mend the file; AWS_CONFIG_FILE names another one".to_owned(),
            Cause::NoRegion { .. } => "add --region eu-west-1, set AWS_REGION, or `region` in the profile".to_owned(),
            Cause::NoCredentials => {
                "run `aws configure` or `aws sso login`, or name a profile with --profile".to_owned()
            }
            Cause::SsoExpired { profile } => format!("run `aws sso login{}`", profile_flag(profile.as_deref())),
            Cause::MfaSerial { profile } => format!(
                "run `eval \"$(aws configure export-credentials --profile {} --format env)\"`, then secdash without --profile; \
                 or use a credential_process",
                safe(profile)
            ),
            Cause::SignInFailed { .. } => "check the profile with `aws sts get-caller-identity`".to_owned(),
            Cause::SignInTimedOut { .. } => {
                "check what the profile runs or asks (credential_process, IAM Identity Center, instance metadata)"
                    .to_owned()
            }
            Cause::Expired { profile: Some(profile) } => {
                format!("sign in again, for example with `aws sso login{}`", profile_flag(Some(profile)))
            }
            Cause::Expired { profile: None } => {
                "set new AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, and start secdash again"
                    .to_owned()
            }
            Cause::BadCredentials { .. } => {
                "check the access key, the session token and the clock of this machine".to_owned()
            }
            Cause::Denied { .. } => match self.permission() {
                Some(action) => format!("ask for the IAM action {action}"),
                None => "ask who looks after the account's policies".to_owned(),
            },
            Cause::NotFound { .. } => "see `secdash list`; check --profile and --region".to_owned(),
            Cause::NoLogGroup { .. } => {
                "check that the function has run, and that its role may write logs (logs:CreateLogGroup, \
                 logs:CreateLogStream, logs:PutLogEvents)"
                    .to_owned()
            }
            Cause::NoFunction { .. } => {
                "deploy the function again, or set the secret's rotation function anew".to_owned()
            }
            Cause::Throttled => "wait a minute, then try again".to_owned(),
            Cause::NoAddress { .. } | Cause::Refused { .. } if self.operation == Operation::StartLiveTail => {
                "let that name through (DNS, proxy, a VPC endpoint for stream-logs), or set --live-tail-endpoint-url or \
                 AWS_DISABLE_HOST_PREFIX_INJECTION=true"
                    .to_owned()
            }
            Cause::Refused { endpoint: Some(_) } => {
                "start what should listen there, or change --endpoint-url".to_owned()
            }
            Cause::NoAddress { endpoint: Some(_), .. } => "check --endpoint-url or AWS_ENDPOINT_URL".to_owned(),
            Cause::NoAddress { endpoint: None, .. } => "check the Region's name and the network (VPN, DNS)".to_owned(),
            Cause::Refused { endpoint: None } | Cause::TimedOut | Cause::Cut | Cause::Unreachable { .. } => {
                "check the network (VPN, proxy), then try again".to_owned()
            }
            Cause::Malformed { .. } => "check that the endpoint is AWS and no proxy in between".to_owned(),
            Cause::EndlessPages { .. } => "check that the endpoint is AWS".to_owned(),
            Cause::Service { code, .. } if is_outage(code) => {
                "try again; AWS's health page tells of outages".to_owned()
            }
            Cause::Service { .. } => "check what was asked for, and the endpoint".to_owned(),
            Cause::BadEndpoint { .. } => "give it as http://HOST:PORT or https://HOST".to_owned(),
            Cause::BadRegion { .. } => "give it as eu-west-1".to_owned(),
            Cause::NotOpen(_) => "refresh".to_owned(),
        }
    }
}

/// Whether an error's code speaks of a fault on AWS's side.
fn is_outage(code: &AwsText) -> bool {
    let code = code.raw();
    code.starts_with("HTTP 5") || code.starts_with("Internal") || code.starts_with("ServiceUnavailable")
}

/// ` --profile NAME`, ready to be put behind a command.
fn profile_flag(profile: Option<&str>) -> String {
    profile.map_or_else(String::new, |profile| format!(" --profile {}", safe(profile)))
}

fn safe(text: &str) -> String {
    crate::text::safe(text)
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence())
    }
}

impl std::error::Error for Fault {}
