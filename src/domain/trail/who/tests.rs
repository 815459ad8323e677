//! Every kind of identity that CloudTrail tells of, and what it is called.

use serde_json::{Value, json};

use super::*;
use crate::domain::trail::made::{ACCOUNT, call, read, session};

const ELSEWHERE: &str = "444455556666";

fn who(identity: &Value, agent: &str) -> Who {
    read(&call("GetSecretValue", json!({ "userIdentity": identity, "userAgent": agent }))).scene.who.clone()
}

/// The identity, the client, and what it is read as: kind, words, the reader's words.
fn table() -> Vec<(Value, &'static str, Caller, &'static str, &'static str)> {
    let lambda = "Boto3/1.34.0 exec-env/AWS_Lambda_python3.12";
    let fargate = "aws-sdk-java/2.25.1 exec-env/AWS_ECS_FARGATE";
    let plain = "Boto3/1.34.0";
    let person = || session("AWSReservedSSO_OnCall_6f1d2c3b4a598071", "kim@example.com");
    let federated = json!({
        "type": "FederatedUser",
        "principalId": format!("{ACCOUNT}:bob"),
        "arn": format!("arn:aws:sts::{ACCOUNT}:federated-user/bob"),
        "accountId": ACCOUNT,
    });
    let foreign = json!({ "type": "AWSAccount", "principalId": "AROAEXAMPLE:etl", "accountId": ELSEWHERE });
    vec![
        (session("orders-role", "orders-api"), lambda, Caller::Function, "orders-api", "orders-api"),
        (session("web", "0f1e2d3c4b5a"), fargate, Caller::Container, "web", "web"),
        (session("web", "i-0a1b2c3d"), plain, Caller::Instance, "i-0a1b2c3d (web)", "web"),
        (session("web", "i-am-no-instance"), plain, Caller::Role, "i-am-no-instance (web)", "web"),
        (session("ci", "build-77"), plain, Caller::Role, "build-77 (ci)", "ci"),
        (session("ci", "ci"), plain, Caller::Role, "ci", "ci"),
        (person(), "Mozilla/5.0", Caller::Person, "kim@example.com (OnCall)", "kim@example.com"),
        (person(), lambda, Caller::Person, "kim@example.com (OnCall)", "kim@example.com"),
        (federated, plain, Caller::Role, "bob", "bob"),
        (
            json!({ "type": "IAMUser", "userName": "backup", "arn": format!("arn:aws:iam::{ACCOUNT}:user/ops/backup") }),
            plain,
            Caller::User,
            "backup",
            "backup",
        ),
        (
            json!({ "type": "IAMUser", "arn": format!("arn:aws:iam::{ACCOUNT}:user/ops/b") }),
            plain,
            Caller::User,
            "b",
            "b",
        ),
        (
            json!({ "type": "Root", "principalId": ACCOUNT, "arn": format!("arn:aws:iam::{ACCOUNT}:root") }),
            plain,
            Caller::Root,
            "root",
            "root",
        ),
        (foreign, plain, Caller::Account, "etl of 444455556666", "etl of 444455556666"),
        (
            json!({ "type": "AWSAccount", "accountId": ELSEWHERE }),
            plain,
            Caller::Account,
            "444455556666 of 444455556666",
            "444455556666 of 444455556666",
        ),
        (
            json!({ "type": "AWSService", "invokedBy": "rds.amazonaws.com" }),
            "rds.amazonaws.com",
            Caller::Service,
            "rds",
            "rds",
        ),
        (
            json!({ "accountId": ACCOUNT, "invokedBy": "secretsmanager.amazonaws.com" }),
            plain,
            Caller::Service,
            "Secrets Manager",
            "Secrets Manager",
        ),
        (
            json!({ "type": "IdentityCenterUser", "userName": "kim", "accountId": ACCOUNT }),
            plain,
            Caller::Person,
            "kim",
            "kim",
        ),
        (json!({ "type": "SAMLUser", "userName": "kim" }), plain, Caller::Unknown, "kim", "kim"),
        (json!({ "type": "Martian", "principalId": "AROAEXAMPLE:zork" }), plain, Caller::Unknown, "zork", "zork"),
        (json!({ "type": "Martian", "accountId": ACCOUNT }), plain, Caller::Unknown, ACCOUNT, ACCOUNT),
        (json!({}), plain, Caller::Unknown, "unknown", "unknown"),
        (Value::Null, plain, Caller::Unknown, "unknown", "unknown"),
        (json!("root"), plain, Caller::Unknown, "unknown", "unknown"),
        (json!({ "type": "AssumedRole" }), plain, Caller::Role, "unknown", "unknown"),
        (json!({ "type": 7, "arn": ["x"] }), plain, Caller::Unknown, "unknown", "unknown"),
    ]
}

#[test]
fn each_identity_has_a_name_that_people_know() {
    for (identity, agent, caller, words, reader) in table() {
        let who = who(&identity, agent);
        assert_eq!((who.caller, who.words().as_str()), (caller, words), "{identity}");
        assert_eq!((who.reader().caller, who.reader().words().as_str()), (caller, reader), "{identity}");
    }
}

#[test]
fn sessions_of_a_role_are_one_reader_but_functions_and_people_are_each_their_own() {
    let reader = |identity: &Value, agent| who(identity, agent).reader();
    let (lambda, plain) = ("x exec-env/AWS_Lambda_go1.x", "x");
    assert_eq!(reader(&session("web", "i-0a"), plain), reader(&session("web", "i-0b"), plain));
    assert_eq!(reader(&session("ci", "build-1"), plain), reader(&session("ci", "build-2"), plain));
    assert_ne!(reader(&session("web", "a"), lambda), reader(&session("web", "b"), lambda));
    let sso = "AWSReservedSSO_OnCall_6f1d2c3b4a598071";
    assert_ne!(reader(&session(sso, "kim"), plain), reader(&session(sso, "sam"), plain));
    let mut abroad = session("ci", "build-1");
    abroad["accountId"] = json!(ELSEWHERE);
    assert_ne!(reader(&session("ci", "build-1"), plain), reader(&abroad, plain));
}

#[test]
fn a_function_is_known_by_its_session_even_where_its_client_says_nothing() {
    let plain = "aws-sdk-rust/1.3.3 os/linux lang/rust/1.94.1";
    for (identity, agent, is_it) in [
        (session("rotator-role", "rotator"), "Boto3/1.34.0 exec-env/AWS_Lambda_python3.9", true),
        (session("rotator-role", "rotator"), plain, true),
        (session("rotator-role", "rotator-2"), plain, false),
        (session("rotator", "build-77"), plain, false),
        (session("AWSReservedSSO_OnCall_6f1d2c3b4a598071", "rotator"), plain, false),
        (json!({ "type": "IAMUser", "userName": "rotator" }), plain, false),
    ] {
        assert_eq!(who(&identity, agent).is_function("rotator"), is_it, "{identity} {agent}");
    }
}

#[test]
fn each_kind_of_caller_has_a_word_of_its_own() {
    let all = [
        Caller::Person,
        Caller::Function,
        Caller::Container,
        Caller::Instance,
        Caller::Role,
        Caller::User,
        Caller::Root,
        Caller::Service,
        Caller::Account,
        Caller::Unknown,
    ];
    let words = "person function container instance role user root service account unknown";
    assert_eq!(all.map(Caller::word).join(" "), words);
}
