//! What a portal asks a person, and what they answer (portals §5 R17).

use std::fmt;

use jiff::civil::Date;
use secrecy::{ExposeSecret as _, SecretString};

use crate::error::Kind;

/// What a portal asks a person; never answered by anything but the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// The date of birth: of the pupil who signs in; of one child, where a guardian does.
    BirthDate,
    /// The code that the portal has just sent, or that an application shows.
    Code,
    /// Which of these: accounts, schools, or ways to sign in, as the portal names them.
    Choice {
        /// The names, in the portal's order.
        options: Vec<String>,
    },
}

/// An answer that fits its question.
#[derive(Clone)]
pub struct Answer(SecretString);

/// A text that does not answer the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotAnAnswer(&'static str);

/// The longest code taken: longer than any that is sent or shown.
const LONGEST_CODE: usize = 32;

impl Question {
    /// Reads a person's answer: a date as `DD/MM/YYYY` or `YYYY-MM-DD`, a code, the number of a choice counted from 1.
    ///
    /// # Errors
    /// The text is none of it.
    pub fn answer(&self, text: &str) -> Result<Answer, NotAnAnswer> {
        let text = text.trim();
        match self {
            Question::BirthDate => {
                let date = date(text).ok_or(NotAnAnswer("a date is written as DD/MM/YYYY"))?;
                Ok(Answer(date.to_string().into()))
            }
            Question::Code => {
                let code: String = text.chars().filter(|c| !c.is_whitespace()).collect();
                let fits = !code.is_empty() && code.len() <= LONGEST_CODE && code.chars().all(|c| c.is_ascii_graphic());
                if fits { Ok(Answer(code.into())) } else { Err(NotAnAnswer("this is not a code")) }
            }
            Question::Choice { options } => match text.parse::<usize>() {
                Ok(number) if (1..=options.len()).contains(&number) => Ok(Answer(number.to_string().into())),
                _ => Err(NotAnAnswer("a choice is made by its number, counted from 1")),
            },
        }
    }
}

impl Question {
    /// What it is called when nobody answers it here.
    pub(crate) fn unanswered(&self) -> Kind {
        match self {
            Question::BirthDate => Kind::IdentityConfirmation,
            Question::Code => Kind::MfaRequired,
            Question::Choice { options } => Kind::ProfileChoice { options: options.clone() },
        }
    }
}

impl Answer {
    /// A code, as typed.
    pub(crate) fn text(&self) -> &str {
        self.0.expose_secret()
    }

    /// A date.
    pub(crate) fn date(&self) -> Option<Date> {
        self.text().parse().ok()
    }

    /// The place of what was chosen, counted from 0; none where no choice was asked for.
    #[must_use]
    pub fn choice(&self) -> Option<usize> {
        self.text().parse::<usize>().ok()?.checked_sub(1)
    }
}

/// A date in the French order or in that of computers; none of the future's centuries or before 1900.
fn date(text: &str) -> Option<Date> {
    let parts: Vec<&str> = text.split(['/', '-', '.', ' ']).collect();
    let [a, b, c] = parts[..] else { return None };
    let (year, month, day) = if a.len() == 4 { (a, b, c) } else { (c, b, a) };
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<i16>().ok())?;
    let (year, month, day) = (number(year)?, number(month)?, number(day)?);
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    (1900..2100).contains(&date.year()).then_some(date)
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Answer(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_people_write_them() {
        for text in ["03/09/2011", "3/9/2011", "2011-09-03", " 03.09.2011 "] {
            let answer = Question::BirthDate.answer(text).unwrap();
            assert_eq!(answer.date().unwrap().to_string(), "2011-09-03", "{text}");
        }
        for text in ["", "31/02/2011", "03/09/11", "2011-09", "demain", "-1/2/2011", "01/01/1850"] {
            assert!(Question::BirthDate.answer(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_choice_is_one_of_those_offered() {
        let question = Question::Choice { options: vec!["A".into(), "B".into()] };
        assert_eq!(question.answer("2").unwrap().choice(), Some(1));
        for text in ["0", "3", "B", "", "-1", "99999999999999999999"] {
            assert!(question.answer(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_code_loses_the_blanks_that_people_type() {
        assert_eq!(Question::Code.answer(" 123 456 ").unwrap().text(), "123456");
        assert!(Question::Code.answer(&"1".repeat(40)).is_err());
        assert_eq!(format!("{:?}", Question::Code.answer("123456")), "Ok(Answer(…))");
    }
}
