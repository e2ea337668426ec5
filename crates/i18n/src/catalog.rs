//! The messages of all languages, and how one is found.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use crate::Language;

/// What stands for a variable of a message: a text, or a number, by which it may choose a plural.
pub type Value<'a> = FluentValue<'a>;

type Bundle = FluentBundle<FluentResource>;

macro_rules! files {
    ($language:literal) => {
        [
            include_str!(concat!("../locales/", $language, "/bot.ftl")),
            include_str!(concat!("../locales/", $language, "/calendar.ftl")),
            include_str!(concat!("../locales/", $language, "/card.ftl")),
            include_str!(concat!("../locales/", $language, "/editor.ftl")),
            include_str!(concat!("../locales/", $language, "/filling.ftl")),
        ]
    };
}

static RU: LazyLock<Bundle> = LazyLock::new(|| bundle(Language::Ru, files!("ru")));
static FR: LazyLock<Bundle> = LazyLock::new(|| bundle(Language::Fr, files!("fr")));
static EN: LazyLock<Bundle> = LazyLock::new(|| bundle(Language::En, files!("en")));

/// Says a message in a language. A key that names no message is said as it is.
///
/// ```
/// # use i18n::{Language, t};
/// let values = [("weekday", 3.into())];
/// assert_eq!(t(Language::Ru, "calendar-weekday-for", &values), "среду");
/// assert_eq!(t(Language::Ru, "there-is-no-such-key", &[]), "there-is-no-such-key");
/// ```
#[must_use]
pub fn t(language: Language, key: &str, values: &[(&str, Value<'_>)]) -> String {
    let bundle = match language {
        Language::Ru => &*RU,
        Language::Fr => &*FR,
        Language::En => &*EN,
    };
    let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
        return key.to_owned();
    };
    let values: FluentArgs<'_> = values.iter().map(|(name, value)| (*name, value.clone())).collect();
    // What goes wrong leaves its mark in the text; the tests see to it that nothing does.
    bundle.format_pattern(pattern, Some(&values), &mut Vec::new()).into_owned()
}

fn bundle(language: Language, files: [&str; 5]) -> Bundle {
    let locale: LanguageIdentifier = language.tag().parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![locale]);
    // Texts are compared byte for byte, and all three languages run the same way: no marks around what is put in.
    bundle.set_use_isolating(false);
    for file in files {
        let resource = FluentResource::try_new(file.to_owned()).unwrap_or_else(|(readable, _)| readable);
        bundle.add_resource_overriding(resource);
    }
    bundle
}
