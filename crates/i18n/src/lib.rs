//! Speaks Russian, French and English: the messages of `locales/`, and one [`t`] that finds them.
//!
//! ```
//! use i18n::{Language, t};
//! use jiff::civil::date;
//!
//! let language = Language::accepted("de, fr-CA;q=0.8, en;q=0.5").unwrap_or_default();
//! assert_eq!(language, Language::Fr);
//! assert_eq!(t(language, "bot-changes-none", &[]), "Aucun changement");
//! assert_eq!(i18n::date(language, date(2026, 9, 1)), "1er septembre");
//! ```
//!
//! A message is written in [Fluent](https://projectfluent.org), so that each language has the plurals it needs. Its key
//! begins with the name of its file: `bot-`, `card-`, `editor-`, `calendar-`, `filling-`. The tests keep the three languages
//! alike, with the same keys and variables, and see that no message is left unused.

mod calendar;
mod catalog;
mod language;

pub use crate::calendar::{
    date, date_with_year, weekday, weekday_and_date, weekday_and_date_for, weekday_for, weekday_short,
};
pub use crate::catalog::{Value, t};
pub use crate::language::Language;
