//! The names of all secrets in lower case, one behind the other: a filter reads them all at each key, and there may be
//! 100,000 of them, which no cache holds if each lies elsewhere.

use memchr::memmem::Finder;

/// What stands behind each name. No word of a filter has white space in it, so none is found across two names.
const END: char = '\n';

/// The names, by the numbers of their rows.
#[derive(Debug, Default)]
pub struct Names {
    text: String,
    ends: Vec<usize>,
    /// Whether a name is in lower case as it came.
    exact: Vec<bool>,
}

impl Names {
    /// Adds the name of the next row.
    pub fn push(&mut self, name: &str) {
        let lower = name.to_lowercase();
        self.text.push_str(&lower);
        self.ends.push(self.text.len());
        self.exact.push(lower == name);
        self.text.push(END);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The name of a row, in lower case.
    pub fn get(&self, number: u32) -> &str {
        let number = number as usize;
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before] + END.len_utf8());
        &self.text[start..self.ends[number]]
    }

    /// The name of a row as AWS wrote it, if it is in lower case, as nearly all are.
    pub fn exact(&self, number: u32) -> Option<&str> {
        self.exact[number as usize].then(|| self.get(number))
    }

    /// Which names have this part, by number. All are searched as one text: a search that begins anew with each of many
    /// short texts takes ten times as long.
    pub(super) fn with(&self, part: &Finder<'_>) -> Vec<bool> {
        let text = self.text.as_bytes();
        let mut have = vec![false; self.len()];
        let (mut number, mut from) = (0, 0);
        while let Some(found) = text.get(from..).and_then(|rest| part.find(rest)) {
            let Some(ahead) = self.ends[number..].iter().position(|end| *end > from + found) else { break };
            number += ahead;
            have[number] = true;
            // One hit is enough: on with the next name.
            from = self.ends[number];
        }
        have
    }
}

impl<'a> FromIterator<&'a str> for Names {
    fn from_iter<I: IntoIterator<Item = &'a str>>(names: I) -> Self {
        let mut all = Self::default();
        for name in names {
            all.push(name);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_name_is_found_again_in_lower_case() {
        let names: Names = ["prod/Db", "", "É", "x"].into_iter().collect();
        assert_eq!([0, 1, 2, 3].map(|number| names.get(number)), ["prod/db", "", "é", "x"]);
        assert_eq!([0, 1, 2, 3].map(|number| names.exact(number)), [None, Some(""), None, Some("x")]);
    }

    proptest! {
        #[test]
        fn a_part_is_found_in_the_names_that_have_it(all in prop::collection::vec("[abé\n]{0,5}", 0..20), part in "[abé]{1,3}") {
            let names: Names = all.iter().map(String::as_str).collect();
            let have: Vec<bool> = all.iter().map(|name| name.contains(&part)).collect();
            prop_assert_eq!(names.with(&Finder::new(&part)), have);
        }
    }
}
