//! Which operation a method and a path are, and what they name.

use bytes::Bytes;
use serde_json::{Map, Value};

use super::{CONCURRENCY, CONFIGURATION, POLICY};

/// Paths of Lambda begin with the date of an API and with this.
const FUNCTIONS: &str = "functions";

/// Operation and input of a request of Lambda; `None`: it is of another service. An operation that the world doesn't
/// know is named by its method and its path.
pub(in crate::demo) fn route(request: &http::Request<Bytes>) -> Option<(String, Value)> {
    let path = request.uri().path();
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let [version, FUNCTIONS, rest @ ..] = parts.as_slice() else { return None };
    let operation = match (request.method().as_str(), *version, rest) {
        ("GET", "2015-03-31", [_, "configuration"]) => CONFIGURATION.to_owned(),
        ("GET", "2015-03-31", [_, "policy"]) => POLICY.to_owned(),
        ("GET", "2019-09-30", [_, "concurrency"]) => CONCURRENCY.to_owned(),
        (method, ..) => format!("{method} {path}"),
    };
    let mut input = Map::new();
    input.extend(rest.first().map(|name| ("FunctionName".to_owned(), Value::from(decoded(name)))));
    for (key, value) in request.uri().query().unwrap_or_default().split('&').filter_map(|pair| pair.split_once('=')) {
        input.insert(decoded(key), Value::from(decoded(value)));
    }
    Some((operation, Value::Object(input)))
}

/// Percent-encoding undone; what isn't one stays as it is.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let digits = (*first == b'%').then(|| behind.get(..2)).flatten();
        let byte = digits.and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = behind.get(if byte.is_some() { 2 } else { 0 }..).unwrap_or_default();
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_name_operation_function_and_qualifier() {
        let request = |method, uri| http::Request::builder().method(method).uri(uri).body(Bytes::new()).unwrap();
        let arn = "arn%3Aaws%3Alambda%3Aeu-west-1%3A000000000000%3Afunction%3Af";
        let uri = format!("/2015-03-31/functions/{arn}/policy?Qualifier=%24LATEST");
        let (operation, input) = route(&request("GET", uri.as_str())).unwrap();
        assert_eq!(operation, "GetPolicy");
        let expected = r#"{"FunctionName":"arn:aws:lambda:eu-west-1:000000000000:function:f","Qualifier":"$LATEST"}"#;
        assert_eq!(input.to_string(), expected);
        let known = |method, uri| route(&request(method, uri)).map(|(operation, _)| operation);
        assert_eq!(known("DELETE", "/2015-03-31/functions/f").as_deref(), Some("DELETE /2015-03-31/functions/f"));
        assert_eq!(known("GET", "/").as_deref(), None);
        assert_eq!(decoded("100%"), "100%");
    }
}
