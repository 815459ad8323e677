//! What would make somebody notice, as a CloudFormation template.
//!
//! Source of the types: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-events-rule.html>

use serde_json::{Map, Value, json};

use super::remedy::{NewRule, TARGET_ID, description, pattern};
use super::{Coverage, Recorded};

impl Coverage {
    /// A template with what is to be made; `None` where there is nothing to make. What is there already and only turned
    /// off can't be in it.
    pub fn cloudformation(&self, target: Option<&str>) -> Option<Value> {
        let (mut resources, mut parameters) = (Map::new(), Map::new());
        if self.recorded == Recorded::NoTrail {
            let about = "An S3 bucket whose policy lets cloudtrail.amazonaws.com write";
            parameters.insert("BucketName".to_owned(), json!({ "Type": "String", "Description": about }));
            resources.insert("Trail".to_owned(), trail());
        }
        let rules = self.rules_of_a_stack();
        if !rules.is_empty() {
            let about = "ARN of whoever is to be told, such as an SNS topic";
            let mut parameter = json!({ "Type": "String", "Description": about });
            if let (Some(target), Some(members)) = (target, parameter.as_object_mut()) {
                members.insert("Default".to_owned(), json!(target));
            }
            parameters.insert("TargetArn".to_owned(), parameter);
        }
        resources.extend(rules.iter().map(|new| (new.logical_id.to_owned(), rule(new))));
        (!resources.is_empty()).then(|| {
            json!({
                "AWSTemplateFormatVersion": "2010-09-09",
                "Description": "Tells somebody of secrets that are deleted and of rotations that fail",
                "Parameters": parameters,
                "Resources": resources,
            })
        })
    }
}

fn trail() -> Value {
    let properties = json!({
        "S3BucketName": { "Ref": "BucketName" },
        "IsLogging": true,
        "IsMultiRegionTrail": true,
        "IncludeGlobalServiceEvents": true,
    });
    json!({ "Type": "AWS::CloudTrail::Trail", "Properties": properties })
}

/// Without a name, so that CloudFormation makes one that no other rule has.
fn rule(new: &NewRule) -> Value {
    let properties = json!({
        "Description": description(&new.events),
        "EventPattern": pattern(&new.events),
        "State": "ENABLED",
        "Targets": [{ "Id": TARGET_ID, "Arn": { "Ref": "TargetArn" } }],
    });
    json!({ "Type": "AWS::Events::Rule", "Properties": properties })
}
