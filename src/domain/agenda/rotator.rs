//! Who rotates a secret: its function, or the service or the role that does it without one.

use std::collections::HashMap;

use crate::domain::secret::Secret;
use crate::domain::words::NOTHING;
use crate::text::AwsText;

/// What carries rotations out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotator {
    /// What it is called: the function's own name, `managed by rds`, `role NAME`.
    pub name: AwsText,
    /// The function's ARN without a version or an alias, if it is one: its concurrency is shared by all of them.
    pub function: Option<AwsText>,
}

/// What a rotator is known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum By<'a> {
    Function(&'a str),
    Service(&'a str),
    Role(&'a str),
    Partner(&'a str),
    Nobody,
}

impl<'a> By<'a> {
    fn of(secret: &'a Secret) -> Self {
        let role = || secret.external_rotation.as_ref()?.role.as_ref();
        let function = secret.rotation_function.as_ref().map(|arn| Self::Function(arn.raw()));
        let service = || secret.owning_service.as_ref().map(|service| Self::Service(service.raw()));
        let role = || role().map(|arn| Self::Role(arn.raw()));
        let partner = || secret.external_type.as_ref().map(|kind| Self::Partner(kind.raw()));
        function.or_else(service).or_else(role).or_else(partner).unwrap_or(Self::Nobody)
    }

    /// Versions and aliases of a function are the same one.
    fn unqualified(self) -> Self {
        if let Self::Function(arn) = self { Self::Function(unqualified(arn)) } else { self }
    }

    fn rotator(self) -> Rotator {
        let name = match self {
            Self::Function(arn) => last(arn, ':').into(),
            Self::Service(service) => format!("managed by {service}").into(),
            Self::Role(arn) => format!("role {}", last(arn, '/')).into(),
            Self::Partner(kind) => format!("managed by {kind}").into(),
            Self::Nobody => NOTHING.into(),
        };
        let function = if let Self::Function(arn) = self { Some(arn.into()) } else { None };
        Rotator { name, function }
    }
}

/// An ARN of a function without its eighth part, which is a version or an alias.
/// Source: <https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html>
fn unqualified(arn: &str) -> &str {
    arn.match_indices(':').nth(6).map_or(arn, |(at, _)| &arn[..at])
}

fn last(text: &str, separator: char) -> &str {
    text.rsplit(separator).next().filter(|name| !name.is_empty()).unwrap_or(text)
}

/// Rotators, each once.
#[derive(Debug, Default)]
pub(super) struct Rotators<'a> {
    /// By the whole ARN, so that it is taken apart once for each and not for each secret.
    numbers: HashMap<By<'a>, usize>,
    unqualified: HashMap<By<'a>, usize>,
    all: Vec<Rotator>,
}

impl<'a> Rotators<'a> {
    /// The number of a secret's rotator.
    pub(super) fn of(&mut self, secret: &'a Secret) -> usize {
        let Self { numbers, unqualified, all } = self;
        let by = By::of(secret);
        *numbers.entry(by).or_insert_with(|| {
            let by = by.unqualified();
            *unqualified.entry(by).or_insert_with(|| {
                all.push(by.rotator());
                all.len() - 1
            })
        })
    }
}

impl From<Rotators<'_>> for Vec<Rotator> {
    fn from(rotators: Rotators<'_>) -> Self {
        rotators.all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_and_aliases_are_the_same_function() {
        for (by, name) in [
            (By::Function(unqualified("arn:aws:lambda:eu-west-1:000000000000:function:rotate")), "rotate"),
            (By::Function(unqualified("arn:aws:lambda:eu-west-1:000000000000:function:rotate:live")), "rotate"),
            (By::Function(unqualified("rotate")), "rotate"),
            (By::Function(unqualified("")), ""),
            (By::Service("rds"), "managed by rds"),
            (By::Role("arn:aws:iam::000000000000:role/path/partner"), "role partner"),
            (By::Partner("SalesforceClientSecret"), "managed by SalesforceClientSecret"),
            (By::Nobody, "–"),
        ] {
            assert_eq!(by.rotator().name.raw(), name);
        }
    }
}
