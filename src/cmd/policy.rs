//! `secdash policy`: the least IAM policy that secdash needs.

use clap::builder::PossibleValuesParser;

use super::{Failure, Streams};
use crate::config::Sources;
use crate::domain::context::can_be_region;
use crate::domain::fault::{Cause, Fault};
use crate::domain::permission::Operation;
use crate::domain::policy::{Policy, Scope};
use crate::exit::Exit;
use crate::output::json;

/// Arguments of `secdash policy`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Add what secdash needs to change something
    #[arg(long)]
    write: bool,
    /// Only the secrets of this account; `--region` limits it to those of a Region
    #[arg(long, value_name = "ID", value_parser = account)]
    account: Option<String>,
    /// A log group that a function writes to by its own choice, beside /aws/lambda/*; may be given again
    #[arg(long, value_name = "NAME", value_parser = log_group)]
    log_group: Vec<String>,
    /// Partition of the account
    #[arg(long, default_value = "aws", value_parser = PossibleValuesParser::new(["aws", "aws-cn", "aws-us-gov"]))]
    partition: String,
}

/// The twelve digits of an account.
fn account(text: &str) -> Result<String, &'static str> {
    let can_be = text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit());
    if can_be { Ok(text.to_owned()) } else { Err("an account has twelve digits") }
}

/// A log group's name.
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html>
fn log_group(text: &str) -> Result<String, &'static str> {
    let can_be = |c: char| c.is_ascii_alphanumeric() || "_-/.#".contains(c);
    let is_name = (1..=512).contains(&text.len()) && text.chars().all(can_be);
    if is_name { Ok(text.to_owned()) } else { Err("a log group's name has letters, digits and _-/.# only") }
}

/// Prints the policy; needs no AWS. Only the flag `--region` counts: one that is set to look at a Region says nothing
/// of what a role is for.
pub fn run(args: &Args, sources: &Sources, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let region = sources.flags.region.as_deref();
    if let Some(region) = region.filter(|region| !can_be_region(region)) {
        return Err(Fault::new(Operation::SignIn, Cause::BadRegion { region: region.to_owned() }).into());
    }
    let (partition, log_groups) = (args.partition.as_str(), args.log_group.as_slice());
    let scope = Scope { partition, region, account: args.account.as_deref(), log_groups };
    json::write(streams.out, &Policy::least(scope, args.write))?;
    streams.out.flush()?;
    writeln!(streams.err, "The least that secdash needs. sts:GetCallerIdentity needs no permission.")?;
    Ok(Exit::Fine)
}
