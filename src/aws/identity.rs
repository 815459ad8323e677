//! Signing in: profile, Region, credentials, account, in the order that gives each failure its own words.

use std::time::Duration;

use aws_config::BehaviorVersion;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::{self, ProfileFileCredentialsProvider, ProfileSet};
use aws_config::provider_config::ProviderConfig;
use aws_credential_types::provider::ProvideCredentials;
use aws_runtime::env_config::file::EnvConfigFiles;
use aws_types::SdkConfig;
use aws_types::os_shim_internal::{Env, Fs};
use aws_types::region::Region;

use super::config::Options;
use super::{Aws, error};
use crate::domain::context::{Context, Identity, Origin};
use crate::domain::fault::{Cause, Fault};
use crate::domain::permission::Operation;

/// How long the source of credentials may take: a `credential_process`, instance metadata, IAM Identity Center.
const PATIENCE: Duration = Duration::from_secs(8);

/// Finds everything that a client needs, as the AWS CLI would find it, and proves that there are credentials.
pub(super) async fn sign_in(options: &Options) -> Result<(Context, SdkConfig), Fault> {
    let profiles = profile::load(&Fs::real(), &Env::real(), &EnvConfigFiles::default(), None)
        .await
        .map_err(|e| Fault::new(Operation::SignIn, Cause::UnreadableProfiles { detail: error::chain(&e).into() }))?;
    let profile = selected(options, &profiles)?;
    let config = load(options, profile.as_deref()).await;
    let Some(region) = config.region().map(ToString::to_string) else {
        return Err(Fault::new(Operation::SignIn, Cause::NoRegion { profile }));
    };
    if let Some(profile) = wants_mfa(options, &profiles, profile.as_deref()) {
        return Err(Fault::new(Operation::SignIn, Cause::MfaSerial { profile }));
    }
    prove(&config, profile.as_deref()).await?;
    let endpoint = config.endpoint_url().map(ToOwned::to_owned);
    Ok((Context { origin: Origin::Account, profile, region, endpoint }, config))
}

/// The profile that counts: the flag, `AWS_PROFILE`, or `default` where it exists.
///
/// The SDK says only much later, and in prose, that a profile isn't there.
fn selected(options: &Options, profiles: &ProfileSet) -> Result<Option<String>, Fault> {
    let name = options.profile.as_deref().unwrap_or_else(|| profiles.selected_profile());
    if profiles.get_profile(name).is_some() {
        return Ok(Some(name.to_owned()));
    }
    if options.profile.is_none() && name == "default" {
        return Ok(None);
    }
    let mut known: Vec<String> = profiles.profiles().map(ToOwned::to_owned).collect();
    known.sort();
    Err(Fault::new(Operation::SignIn, Cause::NoSuchProfile { profile: name.to_owned(), known }))
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
    let keys_in_environment = std::env::var_os("AWS_ACCESS_KEY_ID").is_some();
    if options.profile.is_none() && keys_in_environment {
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

/// Asks the source for credentials without calling a service with them.
async fn prove(config: &SdkConfig, profile: Option<&str>) -> Result<(), Fault> {
    let fault = |cause| Err(Fault::new(Operation::SignIn, cause));
    let Some(provider) = config.credentials_provider() else { return fault(Cause::NoCredentials) };
    match tokio::time::timeout(PATIENCE, provider.provide_credentials()).await {
        Err(_) => fault(Cause::SignInTimedOut { seconds: PATIENCE.as_secs() }),
        Ok(Err(e)) => fault(error::sign_in(&e, profile)),
        Ok(Ok(_)) => Ok(()),
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
