//! The events that want to be noticed, each as EventBridge delivers it: its envelope, and in `detail` CloudTrail's record.
//!
//! Sources: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html>,
//! <https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html>

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::text::rfc3339;

/// Where CloudTrail says that they come from.
pub const SOURCE: &str = "secretsmanager.amazonaws.com";

/// What stands for the version of a rotation, and for ids.
const ID: &str = "7d0c1f0a-3f53-4f0e-9a0b-5d1c6f1f8e21";

/// The six characters behind the name in the ARN of a secret that is made up.
const SUFFIX: &str = "-AbCdEf";

/// An event of Secrets Manager.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Watched {
    /// A secret is scheduled for deletion.
    DeleteSecret,
    /// A rotation failed.
    RotationFailed,
    /// A value was put by hand while a rotation ran, which ended it.
    RotationAbandoned,
    /// The trial of a configuration (RotateImmediately=false) failed.
    TestRotationFailed,
    /// A secret's value is read.
    Read,
}

/// The account and Region of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The partition, as `aws`.
    pub partition: String,
    /// The Region, as `eu-west-1`.
    pub region: String,
    /// The twelve digits of the account.
    pub account: String,
}

/// The secret that an event is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Its name.
    pub name: String,
    /// Its whole ARN.
    pub arn: String,
}

/// How the caller named the secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Called {
    /// By its name.
    ByName,
    /// By its ARN.
    ByArn,
}

impl Watched {
    /// Those of which somebody should be told, those that matter most first.
    pub const ALERTS: [Self; 4] =
        [Self::DeleteSecret, Self::RotationFailed, Self::RotationAbandoned, Self::TestRotationFailed];

    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::DeleteSecret, Self::RotationFailed, Self::RotationAbandoned, Self::TestRotationFailed, Self::Read];

    /// CloudTrail's `eventName`.
    pub fn name(self) -> &'static str {
        match self {
            Self::DeleteSecret => "DeleteSecret",
            Self::RotationFailed => "RotationFailed",
            Self::RotationAbandoned => "RotationAbandoned",
            Self::TestRotationFailed => "TestRotationFailed",
            // In two pieces, so that no search for calls finds one here.
            Self::Read => concat!("GetSecret", "Value"),
        }
    }

    /// Whether it alone decides about an alert.
    pub fn is_main(self) -> bool {
        matches!(self, Self::DeleteSecret | Self::RotationFailed)
    }

    /// EventBridge's `detail-type`.
    pub fn detail_type(self) -> &'static str {
        if self.is_call() { "AWS API Call via CloudTrail" } else { "AWS Service Event via CloudTrail" }
    }

    /// Whether somebody calls it; else Secrets Manager does it by itself.
    pub fn is_call(self) -> bool {
        matches!(self, Self::DeleteSecret | Self::Read)
    }

    /// The whole event, JSON.
    pub fn event(self, place: &Place, subject: &Subject, called: Called, at: DateTime<Utc>) -> String {
        let detail =
            if self.is_call() { self.call(place, subject, called, at) } else { self.service(place, subject, at) };
        let event = json!({
            "version": "0",
            "id": ID,
            "detail-type": self.detail_type(),
            "source": "aws.secretsmanager",
            "account": place.account,
            "time": rfc3339(at),
            "region": place.region,
            "resources": [],
            "detail": detail,
        });
        event.to_string()
    }

    /// The record of a call by somebody in a role.
    fn call(self, place: &Place, subject: &Subject, called: Called, at: DateTime<Utc>) -> Value {
        let Place { partition, region, account } = place;
        let secret_id = match called {
            Called::ByName => &subject.name,
            Called::ByArn => &subject.arn,
        };
        let (input, answer) = if self == Self::DeleteSecret {
            // Not ISO 8601, but as that page has it.
            let date = at.format("%b %-d, %Y %-I:%M:%S %p").to_string();
            (
                json!({ "secretId": secret_id, "recoveryWindowInDays": 30 }),
                json!({ "name": subject.name, "deletionDate": date, "arn": subject.arn }),
            )
        } else {
            (json!({ "secretId": secret_id, "versionStage": "AWSCURRENT" }), Value::Null)
        };
        let identity = json!({
            "type": "AssumedRole",
            "principalId": "AROAEXAMPLE:session",
            "arn": format!("arn:{partition}:sts::{account}:assumed-role/example/session"),
            "accountId": account,
            "accessKeyId": "ASIAEXAMPLE",
            "sessionContext": {
                "sessionIssuer": {
                    "type": "Role",
                    "principalId": "AROAEXAMPLE",
                    "arn": format!("arn:{partition}:iam::{account}:role/example"),
                    "accountId": account,
                    "userName": "example",
                },
                "attributes": { "creationDate": rfc3339(at), "mfaAuthenticated": "false" },
            },
        });
        json!({
            "eventVersion": "1.11",
            "userIdentity": identity,
            "eventTime": rfc3339(at),
            "eventSource": SOURCE,
            "eventName": self.name(),
            "awsRegion": region,
            "sourceIPAddress": "203.0.113.17",
            "userAgent": "aws-cli/2.31.6",
            "requestParameters": input,
            "responseElements": answer,
            "requestID": ID,
            "eventID": ID,
            "readOnly": self == Self::Read,
            "eventType": "AwsApiCall",
            "managementEvent": true,
            "recipientAccountId": account,
            "eventCategory": "Management",
        })
    }

    /// The record of what Secrets Manager does by itself.
    fn service(self, place: &Place, subject: &Subject, at: DateTime<Utc>) -> Value {
        let Place { partition, region, account } = place;
        let step = if self == Self::TestRotationFailed { "testSecret" } else { "setSecret" };
        let message = format!(
            "Error when executing lambda arn:{partition}:lambda:{region}:{account}:function:example during {step} step"
        );
        let mut record = json!({
            "eventVersion": "1.08",
            "userIdentity": { "accountId": account, "invokedBy": SOURCE },
            "eventTime": rfc3339(at),
            "eventSource": SOURCE,
            "eventName": self.name(),
            "awsRegion": region,
            "sourceIPAddress": SOURCE,
            "userAgent": SOURCE,
            "errorMessage": message,
            "requestParameters": null,
            "responseElements": null,
            "additionalEventData": { "SecretId": subject.arn },
            "requestID": format!("Rotation-{}-{ID}", subject.arn),
            "eventID": ID,
            "readOnly": false,
            "eventType": "AwsServiceEvent",
            "managementEvent": true,
            "recipientAccountId": account,
            "eventCategory": "Management",
        });
        if let (Self::RotationAbandoned, Some(record)) = (self, record.as_object_mut()) {
            record.remove("errorMessage");
        }
        record
    }
}

impl Place {
    /// The place of this Region; the rest as an ARN of something there has it.
    pub fn of(region: &str, arn: Option<&str>) -> Self {
        let mut parts = arn.unwrap_or_default().split(':').map(str::to_owned);
        let (partition, account) = (parts.nth(1), parts.nth(2));
        let usual = || partition_of(region).to_owned();
        Self {
            partition: partition.filter(|text| !text.is_empty()).unwrap_or_else(usual),
            region: region.to_owned(),
            account: account.filter(|text| !text.is_empty()).unwrap_or_else(|| "111122223333".to_owned()),
        }
    }

    /// The ARN of a secret of this name that is made up.
    pub fn secret(&self, name: &str) -> Subject {
        let Self { partition, region, account } = self;
        let arn = format!("arn:{partition}:secretsmanager:{region}:{account}:secret:{name}{SUFFIX}");
        Subject { name: name.to_owned(), arn }
    }
}

/// The partition of a Region; of Regions that only some may see it is \[unverified\].
fn partition_of(region: &str) -> &'static str {
    match region {
        _ if region.starts_with("cn-") => "aws-cn",
        _ if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    }
}
