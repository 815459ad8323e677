//! The names of all secrets in lower case, one behind the other: a filter reads them all at each key, and there may be
//! 100,000 of them, which no cache holds if each lies elsewhere.

/// The names, by the numbers of their rows.
#[derive(Debug, Default)]
pub(super) struct Names {
    text: String,
    ends: Vec<usize>,
}

impl Names {
    /// Adds the name of the next row.
    pub(super) fn push(&mut self, name: &str) {
        self.text.push_str(&name.to_lowercase());
        self.ends.push(self.text.len());
    }

    /// The name of a row.
    pub(super) fn get(&self, number: u32) -> &str {
        let number = number as usize;
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..self.ends[number]]
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

    #[test]
    fn each_name_is_found_again_in_lower_case() {
        let names: Names = ["prod/Db", "", "É", "x"].into_iter().collect();
        assert_eq!([0, 1, 2, 3].map(|number| names.get(number)), ["prod/db", "", "é", "x"]);
    }
}
