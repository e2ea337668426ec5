//! The languages, and which of them somebody reads.

/// A language that Cartable speaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    /// Russian.
    #[default]
    Ru,
    /// French.
    Fr,
    /// English.
    En,
}

impl Language {
    /// All of them.
    pub const ALL: [Language; 3] = [Language::Ru, Language::Fr, Language::En];

    /// Its tag, for `lang` and for addresses.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Language::Ru => "ru",
            Language::Fr => "fr",
            Language::En => "en",
        }
    }

    /// What those who speak it call it.
    #[must_use]
    pub fn own_name(self) -> &'static str {
        match self {
            Language::Ru => "Русский",
            Language::Fr => "Français",
            Language::En => "English",
        }
    }

    /// The language of a tag, whatever its region: `fr`, `fr-CA`, `EN_us`.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next()?;
        Language::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(primary))
    }

    /// What an `Accept-Language` header likes best of what we speak: by weight, then by order.
    #[must_use]
    pub fn accepted(header: &str) -> Option<Self> {
        let mut best = None;
        let mut most = 0.0;
        for range in header.split(',') {
            let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
            let weight = match parameters.trim().strip_prefix("q=") {
                Some(weight) => weight.trim().parse::<f32>().ok().filter(|weight| *weight <= 1.0).unwrap_or(0.0),
                None => 1.0,
            };
            if let Some(language) = Language::of_tag(tag)
                && weight > most
            {
                (best, most) = (Some(language), weight);
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Language;

    #[test]
    fn a_browser_gets_the_language_it_likes_best() {
        for (header, language) in [
            ("fr", Some(Language::Fr)),
            ("fr-FR,fr;q=0.9,en;q=0.8", Some(Language::Fr)),
            ("en;q=0.8, ru", Some(Language::Ru)),
            ("de-DE, en;q=0.5, fr;q=0.7", Some(Language::Fr)),
            ("RU_ru", Some(Language::Ru)),
            ("en;q=0", None),
            ("fr;q=2, en;q=0.1", Some(Language::En)),
            ("fr;q=nan, en ; q=0.1", Some(Language::En)),
            ("uk, be;q=0.5, *", None),
            ("french", None),
            ("", None),
        ] {
            assert_eq!(Language::accepted(header), language, "{header}");
        }
    }

    #[test]
    fn a_tag_names_its_language() {
        for language in Language::ALL {
            assert_eq!(Language::of_tag(language.tag()), Some(language));
        }
    }

    proptest! {
        #[test]
        fn any_header_is_read_without_a_panic(header in ".*") {
            let _ = Language::accepted(&header);
        }
    }
}
