//! Event patterns, as far as rules about CloudTrail's events need them (eb-create-pattern-operators.html): a member names
//! the values that its field may have, all members must fit, and of a field that is a list one element is enough.

use serde_json::{Map, Value};

/// A pattern that AWS would take.
#[derive(Debug)]
pub(in crate::demo) struct Pattern(Node);

#[derive(Debug)]
enum Node {
    /// All of these members, and one of the alternatives of each `$or`.
    Members(Vec<(String, Node)>, Vec<Vec<Node>>),
    /// One of these.
    Tests(Vec<Test>),
}

#[derive(Debug)]
enum Test {
    Exactly(Value),
    Text(Fit, String),
    AnythingBut(Vec<Test>),
    Numeric(Vec<(Compare, f64)>),
    Exists(bool),
}

/// How a text fits.
#[derive(Debug, Clone, Copy)]
enum Fit {
    Prefix,
    Suffix,
    PrefixIgnoreCase,
    SuffixIgnoreCase,
    EqualsIgnoreCase,
    Wildcard,
}

#[derive(Debug, Clone, Copy)]
enum Compare {
    Less,
    LessOrEqual,
    Equal,
    GreaterOrEqual,
    Greater,
}

impl Pattern {
    /// Reads a pattern; the error says what is wrong.
    pub(in crate::demo) fn parse(text: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(text).map_err(|_| "Filter is not valid JSON".to_owned())?;
        let members = value.as_object().ok_or("Filter is not an object")?;
        parse_members(members).map(Self)
    }

    pub(in crate::demo) fn matches(&self, event: &Value) -> bool {
        self.0.fits(Some(event))
    }
}

fn parse_members(members: &Map<String, Value>) -> Result<Node, String> {
    if members.is_empty() {
        return Err("Empty objects are not allowed".to_owned());
    }
    let (mut all, mut either) = (Vec::new(), Vec::new());
    for (key, value) in members {
        match value {
            Value::Array(list) if key == "$or" => {
                let objects = list.iter().map(|one| one.as_object().ok_or("\"$or\" must be an array of objects"));
                let nodes = objects.map(|one| parse_members(one?)).collect::<Result<Vec<_>, String>>()?;
                if nodes.len() < 2 {
                    return Err("\"$or\" must have two elements or more".to_owned());
                }
                either.push(nodes);
            }
            Value::Object(inner) => all.push((key.clone(), parse_members(inner)?)),
            Value::Array(list) if !list.is_empty() => {
                all.push((key.clone(), Node::Tests(list.iter().map(parse_test).collect::<Result<_, _>>()?)));
            }
            Value::Array(_) => return Err("Empty arrays are not allowed".to_owned()),
            _ => return Err(format!("\"{key}\" must be an object or an array")),
        }
    }
    Ok(Node::Members(all, either))
}

fn parse_test(value: &Value) -> Result<Test, String> {
    let operator = match value {
        Value::Object(operator) => operator,
        Value::Array(_) => return Err("Array within match array".to_owned()),
        exactly => return Ok(Test::Exactly(exactly.clone())),
    };
    let mut members = operator.iter();
    let (Some((name, given)), None) = (members.next(), members.next()) else {
        return Err("Only one key allowed in match expression".to_owned());
    };
    match name.as_str() {
        "exists" => given
            .as_bool()
            .map(Test::Exists)
            .ok_or_else(|| "exists match pattern must be either true or false.".to_owned()),
        "numeric" => parse_numeric(given).map(Test::Numeric),
        "anything-but" => parse_anything_but(given).map(Test::AnythingBut),
        _ => parse_text(name, given),
    }
}

fn parse_text(name: &str, given: &Value) -> Result<Test, String> {
    let (name, text) = match given {
        Value::Object(inner) if inner.len() == 1 && ["prefix", "suffix"].contains(&name) => {
            (format!("{name} equals-ignore-case"), inner.get("equals-ignore-case"))
        }
        _ => (name.to_owned(), Some(given)),
    };
    let fit = match name.as_str() {
        "prefix" => Fit::Prefix,
        "suffix" => Fit::Suffix,
        "prefix equals-ignore-case" => Fit::PrefixIgnoreCase,
        "suffix equals-ignore-case" => Fit::SuffixIgnoreCase,
        "equals-ignore-case" => Fit::EqualsIgnoreCase,
        "wildcard" => Fit::Wildcard,
        _ => return Err(format!("Unrecognized match type {name}")),
    };
    let text = text.and_then(Value::as_str).ok_or_else(|| format!("{name} match pattern must be a string"))?;
    Ok(Test::Text(fit, text.to_owned()))
}

/// `[">", 0, "<=", 5]`: one comparison, or the two ends of a range.
fn parse_numeric(given: &Value) -> Result<Vec<(Compare, f64)>, String> {
    let list = given.as_array().filter(|list| [2, 4].contains(&list.len()));
    let list = list.ok_or("Value of numeric must be an array of one comparison or two.")?;
    let pairs = list.chunks(2).map(|pair| {
        let [operator, number] = pair else { return None };
        let compare = match operator.as_str()? {
            "<" => Compare::Less,
            "<=" => Compare::LessOrEqual,
            "=" => Compare::Equal,
            ">=" => Compare::GreaterOrEqual,
            ">" => Compare::Greater,
            _ => return None,
        };
        Some((compare, number.as_f64()?))
    });
    pairs.collect::<Option<_>>().ok_or_else(|| "Bad comparison in numeric.".to_owned())
}

/// What it may not be: a value, several, or what an operator on texts fits, whose texts may be several too.
fn parse_anything_but(given: &Value) -> Result<Vec<Test>, String> {
    match given {
        Value::Array(list) if !list.is_empty() && list.iter().all(|one| one.is_string() || one.is_number()) => {
            Ok(list.iter().cloned().map(Test::Exactly).collect())
        }
        Value::String(_) | Value::Number(_) => Ok(vec![Test::Exactly(given.clone())]),
        Value::Object(inner) if inner.len() == 1 => {
            let several = inner.iter().flat_map(|(name, given)| {
                let texts = given.as_array().map_or_else(|| vec![given], |list| list.iter().collect());
                texts.into_iter().map(|text| parse_text(name, text)).collect::<Vec<_>>()
            });
            several.collect()
        }
        _ => Err("Value of anything-but must be a string, a number, an array of them, or an operator.".to_owned()),
    }
}

impl Node {
    /// `None`: there is no such field.
    fn fits(&self, value: Option<&Value>) -> bool {
        match (self, value) {
            (Self::Tests(tests), value) => tests.iter().any(|test| test.fits(value)),
            (Self::Members(..), Some(Value::Array(list))) => list.iter().any(|one| self.fits(Some(one))),
            (Self::Members(all, either), value) => {
                all.iter().all(|(key, node)| node.fits(value.and_then(|value| value.get(key))))
                    && either.iter().all(|nodes| nodes.iter().any(|node| node.fits(value)))
            }
        }
    }
}

impl Test {
    fn fits(&self, value: Option<&Value>) -> bool {
        match (self, value) {
            (Self::Exists(wanted), value) => *wanted == value.is_some_and(|value| !value.is_object()),
            (_, None) => false,
            (test, Some(Value::Array(list))) => list.iter().any(|one| test.fits_one(one)),
            (test, Some(one)) => test.fits_one(one),
        }
    }

    fn fits_one(&self, value: &Value) -> bool {
        match self {
            // Numbers are compared as they are written: 300 is not 300.0.
            Self::Exactly(exactly) => exactly == value,
            Self::Text(fit, wanted) => value.as_str().is_some_and(|text| fit.fits(wanted, text)),
            Self::AnythingBut(tests) => !value.is_object() && !tests.iter().any(|test| test.fits_one(value)),
            Self::Numeric(pairs) => {
                value.as_f64().is_some_and(|number| pairs.iter().all(|(compare, to)| compare.holds(number, *to)))
            }
            Self::Exists(wanted) => *wanted,
        }
    }
}

impl Fit {
    fn fits(self, wanted: &str, text: &str) -> bool {
        match self {
            Self::Prefix => text.starts_with(wanted),
            Self::Suffix => text.ends_with(wanted),
            Self::PrefixIgnoreCase => text.to_lowercase().starts_with(&wanted.to_lowercase()),
            Self::SuffixIgnoreCase => text.to_lowercase().ends_with(&wanted.to_lowercase()),
            Self::EqualsIgnoreCase => text.to_lowercase() == wanted.to_lowercase(),
            Self::Wildcard => wildcard(wanted, text),
        }
    }
}

impl Compare {
    fn holds(self, number: f64, to: f64) -> bool {
        match self {
            Self::Less => number < to,
            Self::LessOrEqual => number <= to,
            Self::Equal => (number - to).abs() < f64::EPSILON,
            Self::GreaterOrEqual => number >= to,
            Self::Greater => number > to,
        }
    }
}

/// `*` stands for any characters, `\*` for a star.
fn wildcard(wanted: &str, text: &str) -> bool {
    let Some((first, rest)) = wanted.split_once('*') else { return wanted == text };
    if let Some(star) = first.strip_suffix('\\') {
        let literal = format!("{star}*");
        return text.strip_prefix(&literal).is_some_and(|text| wildcard(rest, text));
    }
    let Some(text) = text.strip_prefix(first) else { return false };
    let starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    starts.into_iter().any(|at| text.get(at..).is_some_and(|text| wildcard(rest, text)))
}

#[cfg(test)]
mod tests;
