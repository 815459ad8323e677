//! Signing in: profile, Region, credentials, account, in the order that gives each failure its own words.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aws_config::BehaviorVersion;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::{self, ProfileFileCredentialsProvider, ProfileSet};
use aws_config::provider_config::ProviderConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_runtime::env_config::file::EnvConfigFiles;
use aws_types::SdkConfig;
use aws_types::os_shim_internal::{Env, Fs};
use aws_types::region::Region;

use super::config::{LiveTail, Options};
use super::{Aws, error};
use crate::domain::context::{Context, Identity, Origin, can_be_region};
use crate::domain::fault::{Cause, Fault};
use crate::domain::permission::Operation;

/// How long the source of credentials may take: a `credential_process`, instance metadata, IAM Identity Center.
const PATIENCE: Duration = Duration::from_secs(8);

/// Finds everything that a client needs, as the AWS CLI would find it, and proves that there are credentials.
pub(super) async fn sign_in(options: &Options) -> Result<(Context, SdkConfig, LiveTail), Fault> {
    let profiles = profile::load(&Fs::real(), &Env::real(), &EnvConfigFiles::default(), None)
        .await
        .map_err(|e| fault(Cause::UnreadableProfiles { detail: error::chain(&e).into() }))?;
    let profile = selected(options, &profiles)?;
    let config = load(options, profile.as_deref()).await;
    let region = region(&config, profile.as_deref())?;
    let endpoint = endpoint(options, &config)?;
    let live_tail = live_tail(options, &config, &profiles, profile.as_deref())?;
    if let Some(profile) = wants_mfa(options, &profiles, profile.as_deref()) {
        return Err(fault(Cause::MfaSerial { profile }));
    }
    // Keys in the environment go before every profile but one that was named by flag; then the profile is not who we are.
    let profile = profile.filter(|_| !uses_environment_keys(options));
    let config = prove(config, profile.as_deref()).await?;
    Ok((Context { origin: Origin::Account, profile, region, endpoint }, config, live_tail))
}

fn fault(cause: Cause) -> Fault {
    Fault::new(Operation::SignIn, cause)
}

fn uses_environment_keys(options: &Options) -> bool {
    options.profile.is_none() && variable("AWS_ACCESS_KEY_ID").is_some()
}

/// A variable of the environment; an empty one is as good as none.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The Region that is set, if it can be one: it becomes a part of the endpoint's name.
fn region(config: &SdkConfig, profile: Option<&str>) -> Result<String, Fault> {
    let region = config.region().map(ToString::to_string).filter(|region| !region.is_empty());
    let region = region.ok_or_else(|| fault(Cause::NoRegion { profile: profile.map(ToOwned::to_owned) }))?;
    if can_be_region(&region) { Ok(region) } else { Err(fault(Cause::BadRegion { region })) }
}

/// The endpoint that Secrets Manager is called at in place of AWS's own, if it can be one.
fn endpoint(options: &Options, config: &SdkConfig) -> Result<Option<String>, Fault> {
    let named = options.endpoint_url.clone().or_else(|| variable("AWS_ENDPOINT_URL_SECRETS_MANAGER"));
    let Some(url) = named.or_else(|| config.endpoint_url().map(ToOwned::to_owned)) else { return Ok(None) };
    if host(&url).is_some() { Ok(Some(url)) } else { Err(fault(Cause::BadEndpoint { url })) }
}

/// The host of a URL that can be an endpoint's.
fn host(url: &str) -> Option<String> {
    let uri: http::Uri = url.parse().ok()?;
    matches!(uri.scheme_str(), Some("http" | "https")).then(|| uri.host().map(ToOwned::to_owned)).flatten()
}

/// How Live Tail is reached. `stream-` stays in front of AWS's own name and of one that somebody else gave, as the SDK
/// has it, but not where the setting says so, or where no such name can be: in front of an address or of `localhost`.
fn live_tail(
    options: &Options,
    config: &SdkConfig,
    profiles: &ProfileSet,
    profile: Option<&str>,
) -> Result<LiveTail, Fault> {
    if let Some(url) = options.live_tail_endpoint_url.clone() {
        return match host(&url) {
            Some(_) => Ok(LiveTail { endpoint: Some(url), is_plain: true }),
            None => Err(fault(Cause::BadEndpoint { url })),
        };
    }
    let setting = || profiles.get_profile(profile?)?.get("disable_host_prefix_injection").map(ToOwned::to_owned);
    let setting = variable("AWS_DISABLE_HOST_PREFIX_INJECTION").or_else(setting);
    let flag = options.endpoint_url.clone();
    let url = flag.or_else(|| variable("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS")).or(config.endpoint_url().map(Into::into));
    let is_plain = setting.is_some_and(|setting| setting.eq_ignore_ascii_case("true"))
        || url.and_then(|url| host(&url)).is_some_and(|host| is_own(&host));
    Ok(LiveTail { endpoint: None, is_plain })
}

/// Whether a host is an address, or this machine.
fn is_own(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    address.parse::<std::net::IpAddr>().is_ok() || host == "localhost" || host.ends_with(".localhost")
}

/// The profile that counts: the flag, `AWS_PROFILE`, or `default` where it exists.
///
/// The SDK says only much later, and in prose, that a profile isn't there.
fn selected(options: &Options, profiles: &ProfileSet) -> Result<Option<String>, Fault> {
    // The AWS CLI knows a second variable, which the SDK doesn't.
    let second = variable("AWS_DEFAULT_PROFILE").filter(|_| variable("AWS_PROFILE").is_none());
    let asked = options.profile.as_deref().or(second.as_deref());
    let name = asked.unwrap_or_else(|| profiles.selected_profile());
    if profiles.get_profile(name).is_some() {
        return Ok(Some(name.to_owned()));
    }
    if asked.is_none() && name == "default" {
        return Ok(None);
    }
    let mut known: Vec<String> = profiles.profiles().map(ToOwned::to_owned).collect();
    known.sort();
    Err(fault(Cause::NoSuchProfile { profile: name.to_owned(), known }))
}

async fn load(options: &Options, profile: Option<&str>) -> SdkConfig {
    let mut loader = aws_config::defaults(BehaviorVersion::latest());
    if let Some(url) = &options.endpoint_url {
        loader = loader.endpoint_url(url);
    }
    if let Some(region) = &options.region {
        loader = loader.region(Region::new(region.clone()));
    }
    if let Some(profile) = profile {
        loader = loader.profile_name(profile);
    }
    let Some(flag) = &options.profile else { return loader.load().await };
    // A profile that was asked for by flag goes before keys in the environment, as with the AWS CLI.
    // The SDK's own chain would take the environment's keys, and so quietly work on another account.
    let region = RegionProviderChain::first_try(options.region.clone().map(Region::new))
        .or_else(profile::ProfileFileRegionProvider::builder().profile_name(flag).build())
        .or_default_provider()
        .region()
        .await;
    let provider = ProfileFileCredentialsProvider::builder()
        .configure(&ProviderConfig::without_region().with_region(region.clone()))
        .profile_name(flag)
        .build();
    loader.credentials_provider(provider).load().await
}

/// The profile in the chain of source profiles that wants a one-time password, if its role is the one to be assumed.
fn wants_mfa(options: &Options, profiles: &ProfileSet, selected: Option<&str>) -> Option<String> {
    if uses_environment_keys(options) {
        return None;
    }
    let mut name = selected?;
    // A chain can't be longer than there are profiles; one that leads round in a circle ends here too.
    for _ in profiles.profiles() {
        let profile = profiles.get_profile(name)?;
        profile.get("role_arn")?;
        if profile.get("mfa_serial").is_some() {
            return Some(name.to_owned());
        }
        name = profile.get("source_profile")?;
    }
    None
}

/// Asks the source for credentials without calling a service with them, and hands them on with the configuration.
async fn prove(config: SdkConfig, profile: Option<&str>) -> Result<SdkConfig, Fault> {
    let Some(source) = config.credentials_provider() else { return Err(fault(Cause::NoCredentials)) };
    let proven = match tokio::time::timeout(PATIENCE, source.provide_credentials()).await {
        Err(_) => return Err(fault(Cause::SignInTimedOut { seconds: PATIENCE.as_secs() })),
        Ok(Err(e)) => return Err(fault(error::sign_in(&e, profile))),
        Ok(Ok(credentials)) => credentials,
    };
    let proven = Proven { first: Mutex::new(Some(proven)), source };
    Ok(config.into_builder().credentials_provider(SharedCredentialsProvider::new(proven)).build())
}

/// A source of credentials that has been asked once already: a second question might ask a person a second time.
#[derive(Debug)]
struct Proven {
    first: Mutex<Option<Credentials>>,
    source: SharedCredentialsProvider,
}

impl ProvideCredentials for Proven {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let first = self.first.lock().unwrap_or_else(PoisonError::into_inner).take();
        match first {
            Some(credentials) => future::ProvideCredentials::ready(Ok(credentials)),
            None => self.source.provide_credentials(),
        }
    }
}

impl Aws {
    /// Who secdash is to AWS, and in which account.
    pub async fn identity(&self, context: &Context) -> Result<Identity, Fault> {
        let operation = Operation::GetCallerIdentity;
        let clients = self.clients(context, operation)?;
        let answer = clients.sts.get_caller_identity().send().await;
        let answer = answer.map_err(|e| error::fault(operation, context, &e))?;
        Ok(Identity { account: answer.account.unwrap_or_default().into(), arn: answer.arn.unwrap_or_default().into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How Live Tail is reached with these flags, and a setting of the profile.
    async fn reached(url: Option<&str>, own: Option<&str>, setting: &str) -> Result<LiveTail, Fault> {
        let file = format!("[default]\nregion = eu-west-1\n{setting}\n");
        let (fs, env) = (Fs::from_slice(&[("config", &file)]), Env::from_slice(&[("AWS_CONFIG_FILE", "config")]));
        let profiles = profile::load(&fs, &env, &EnvConfigFiles::default(), None).await.unwrap();
        let text = |url: Option<&str>| url.map(ToOwned::to_owned);
        let options = Options { endpoint_url: text(url), live_tail_endpoint_url: text(own), ..Options::default() };
        live_tail(&options, &SdkConfig::builder().build(), &profiles, Some("default"))
    }

    #[tokio::test]
    async fn the_prefix_of_live_tail_goes_where_no_such_name_can_be() {
        let off = "disable_host_prefix_injection = true";
        for (url, own, setting, is_plain) in [
            (None, None, "", false),
            (None, None, off, true),
            (None, None, "disable_host_prefix_injection = false", false),
            (Some("https://logs.example"), None, "", false),
            (Some("https://logs.example"), None, off, true),
            (Some("http://127.0.0.1:4566"), None, "", true),
            (Some("http://[::1]:4566"), None, "", true),
            (Some("http://localhost:4566"), None, "", true),
            (Some("http://localhost.example"), None, "", false),
            (None, Some("https://vpce-1.example"), "", true),
        ] {
            let live_tail = reached(url, own, setting).await.unwrap();
            assert_eq!((live_tail.is_plain, live_tail.endpoint.as_deref()), (is_plain, own), "{url:?} {setting}");
        }
        let fault = reached(None, Some("vpce-1.example"), "").await.unwrap_err();
        assert_eq!(fault.cause, Cause::BadEndpoint { url: "vpce-1.example".to_owned() });
    }
}
