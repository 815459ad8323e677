//! Equal words of many secrets kept once: tags, functions and schedules repeat, and there may be half a million secrets.

use std::collections::HashSet;
use std::sync::Arc;

use crate::text::AwsText;

/// The longest text that is looked up; longer ones hardly ever repeat.
const LONGEST: usize = 160;

/// The words of one list.
#[derive(Debug, Default)]
pub(super) struct Words(HashSet<Arc<str>>);

impl Words {
    /// The text, shared with every equal one before it.
    pub(super) fn share(&mut self, text: String) -> AwsText {
        if text.len() > LONGEST {
            return text.into();
        }
        if let Some(known) = self.0.get(text.as_str()) {
            return Arc::clone(known).into();
        }
        let new: Arc<str> = text.into();
        self.0.insert(Arc::clone(&new));
        new.into()
    }

    /// The same for what may be absent.
    pub(super) fn some(&mut self, text: Option<String>) -> Option<AwsText> {
        text.map(|text| self.share(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_words_are_one() {
        let mut words = Words::default();
        let (a, b) = (words.share("team".to_owned()), words.share("team".to_owned()));
        assert!(std::ptr::eq(a.raw(), b.raw()));
        assert!(!std::ptr::eq(words.share("x".repeat(200)).raw(), words.share("x".repeat(200)).raw()));
    }
}
