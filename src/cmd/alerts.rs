//! `secdash alerts`: does anything in this account and Region notice a deletion, or a rotation that fails?

use super::{Failure, Output, Streams, beside_identity, foot, tell};
use crate::aws::Aws;
use crate::domain::context::{Context, Identity};
use crate::domain::coverage::{Coverage, Recorded};
use crate::domain::fault::Fault;
use crate::exit::Exit;
use crate::ops::alerts::coverage;
use crate::ops::lookup::lookup;
use crate::output::{alerts, json, toned};

/// Arguments of `secdash alerts`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Ask about this secret alone: its name, its ARN, or an unambiguous part of the name
    #[arg(value_name = "SECRET", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    secret: Option<String>,
    /// Whoever is to be told, for the commands that are printed, such as an SNS topic
    #[arg(long, value_name = "ARN", value_parser = arn)]
    target: Option<String>,
    /// Print a CloudFormation template of what is missing, and nothing else
    #[arg(long)]
    cloudformation: bool,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t, conflicts_with = "cloudformation")]
    pub(super) output: Output,
}

/// An ARN, which has six parts or more.
fn arn(text: &str) -> Result<String, &'static str> {
    let is_plain = text.chars().all(|c| !c.is_control() && !c.is_whitespace() && c != ',');
    let is_arn = text.starts_with("arn:") && text.splitn(6, ':').filter(|part| !part.is_empty()).count() >= 5;
    if is_arn && is_plain {
        Ok(text.to_owned())
    } else {
        Err("give an ARN, such as arn:aws:sns:eu-west-1:111122223333:on-call")
    }
}

/// Says who notices, and what would help. Exit code 3 where nobody does, 4 where it isn't known; changes nothing.
pub async fn run(args: Args, aws: &Aws, mut streams: Streams<'_>) -> Result<Exit, Failure> {
    let context = aws.open().await?;
    let secret = match &args.secret {
        Some(typed) => Some(lookup(aws, &context, typed).await?),
        None => None,
    };
    let asked = coverage(aws, &context, secret.as_ref());
    let (mut coverage, identity) = beside_identity(aws, &context, Box::pin(asked)).await;
    if let Ok(identity) = &identity {
        coverage.facts.account = Some(identity.account.clone());
    }
    let target = args.target.as_deref();
    match args.output {
        _ if args.cloudformation => template(&coverage, target, &mut streams)?,
        Output::Json => {
            let source = json::Source::new(&context, identity.as_ref().ok());
            let answer = alerts::Alerts::new(source, &coverage, target);
            json::write(streams.out, &answer.with(identity.as_ref().err().map(Into::into)))?;
            streams.out.flush()?;
        }
        Output::Table => table(&coverage, target, &context, identity.as_ref(), &mut streams)?,
    }
    Ok(match (coverage.has_gap(), coverage.is_unknown()) {
        (true, _) => Exit::Findings,
        (false, true) => Exit::NotKnown,
        (false, false) => Exit::Fine,
    })
}

fn table(
    coverage: &Coverage,
    target: Option<&str>,
    context: &Context,
    identity: Result<&Identity, &Fault>,
    streams: &mut Streams<'_>,
) -> Result<(), Failure> {
    for row in alerts::rows(coverage, target) {
        match row.indent {
            Some(indent) => streams.line(&row.line, indent)?,
            None => toned::write(streams.out, &row.line)?,
        }
    }
    streams.out.flush()?;
    writeln!(streams.err, "\n{}", foot(context, identity.ok(), coverage.facts.at))?;
    Ok(())
}

/// The template alone goes to standard output; what it can't hold is said beside.
fn template(coverage: &Coverage, target: Option<&str>, streams: &mut Streams<'_>) -> Result<(), Failure> {
    match coverage.cloudformation(target) {
        Some(template) => json::write(streams.out, &template)?,
        None => writeln!(streams.err, "There is nothing that a stack could add.")?,
    }
    streams.out.flush()?;
    for alert in coverage.main() {
        writeln!(streams.err, "{}", coverage.sentence(alert))?;
    }
    if coverage.recorded == Recorded::Stopped {
        writeln!(
            streams.err,
            "A stack can't turn the logging of a trail on: `secdash alerts` prints the command that does."
        )?;
    }
    for fault in coverage.faults() {
        tell(streams.err, fault)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_an_arn() {
        for text in ["arn:aws:sns:eu-west-1:111122223333:on-call", "arn:aws-cn:sqs:cn-north-1:111122223333:q"] {
            assert!(arn(text).is_ok(), "{text}");
        }
        for text in ["", "on-call", "arn:aws:sns", "arn:aws:sns:eu-west-1:111122223333:a b", "arn:aws:sns:r:1:a,Id=2"] {
            assert!(arn(text).is_err(), "{text}");
        }
    }
}
