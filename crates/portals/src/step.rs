//! What a family asks of the engine: where to go next, what to send, what to ask a person, or why to stop.

use std::fmt;

use url::Url;
use zeroize::Zeroizing;

use crate::error::Kind;
use crate::page::{Form, Method, Misled, Page, clean};
use crate::question::{Answer, Question};

/// The most choices that a person is given. Nobody has so many accounts.
const MOST_CHOICES: usize = 100;

/// What to do next. Every address is checked before anything is sent there, whoever names it (portals §5 R3).
pub(crate) enum Next {
    /// Ask for a page.
    Get(Url),
    /// Send a form. One with a [`SAMLResponse`](Submission::is_assertion) goes to where those may go and nowhere else.
    Submit(Submission),
    /// Send a form with the user name and the password in these two fields.
    SignIn {
        /// The form; its two fields are filled by the engine.
        form: Submission,
        /// The field of the user name.
        user: String,
        /// The field of the password.
        password: String,
    },
    /// Ask the person.
    Ask(Ask),
    /// Ask for PRONOTE's page: the portal is signed in to, and should now give a ticket.
    Service,
    /// Begin again: the conversation is too old. Once, and never after the password was sent.
    Restart,
    /// This page is none that the family knows.
    Unknown,
}

/// A form as it is sent.
#[derive(Clone)]
pub(crate) struct Submission {
    pub(crate) url: Url,
    pub(crate) method: Method,
    /// The page that it is on.
    pub(crate) page: Url,
    pub(crate) fields: Vec<(String, Zeroizing<String>)>,
    /// How many of the form's controls ask for a password.
    pub(crate) passwords: usize,
    /// Whether the form holds a captcha.
    pub(crate) captcha: bool,
}

impl Submission {
    /// A form of a page with what a browser would send of it, no button being chosen (portals §2.0, R5).
    ///
    /// # Errors
    /// Its action is malformed, or misled by a `<base>`.
    pub(crate) fn of(page: &Page, form: &Form) -> Result<Self, Stop> {
        Ok(Submission {
            url: page.action(form).map_err(|Misled| Stop::unexpected(page))?,
            method: form.method,
            page: page.url.clone(),
            fields: form
                .successful()
                .map(|(name, value)| (name.to_owned(), Zeroizing::new(value.to_owned())))
                .collect(),
            passwords: form.passwords(),
            captcha: page.has_captcha(form),
        })
    }

    /// Sets a field, in its place if it is there. Others of its name are left out: which one counts is not known here.
    #[must_use]
    pub(crate) fn set(mut self, name: &str, value: &str) -> Self {
        let place = self.fields.iter().position(|(other, _)| other == name).unwrap_or(self.fields.len());
        self.fields.retain(|(other, _)| other != name);
        self.fields.insert(place, (name.to_owned(), Zeroizing::new(value.to_owned())));
        self
    }

    /// Whether it carries a SAML response, which is a bearer's secret (portals §5 R4).
    pub(crate) fn is_assertion(&self) -> bool {
        self.fields.iter().any(|(name, _)| name == "SAMLResponse")
    }

    /// Sends it, without a password.
    pub(crate) fn send(self) -> Result<Next, Stop> {
        Ok(Next::Submit(self))
    }

    /// Sends it with the user name and the password.
    pub(crate) fn sign_in(self, user: &str, password: &str) -> Result<Next, Stop> {
        // Whatever it is called, a form that asks for no password gets none.
        if self.passwords == 0 {
            return Ok(Next::Unknown);
        }
        Ok(Next::SignIn { form: self, user: user.to_owned(), password: password.to_owned() })
    }
}

/// A question, and what to do with the answer.
pub(crate) struct Ask {
    pub(crate) question: Question,
    /// Where the answer goes, if it is a secret.
    pub(crate) to: Option<Url>,
    pub(crate) then: Then,
}

/// What to do with an answer.
type Then = Box<dyn FnOnce(&Answer) -> Result<Next, Stop> + Send>;

impl Ask {
    /// Asks which of these to go on with. Names are what the portal writes, made plain.
    pub(crate) fn choice(options: Vec<(&str, Next)>) -> Result<Next, Stop> {
        let (names, mut steps): (Vec<_>, Vec<_>) = options
            .into_iter()
            .take(MOST_CHOICES)
            .enumerate()
            .map(|(index, (name, step))| (clean(name).unwrap_or_else(|| (index + 1).to_string()), Some(step)))
            .unzip();
        let question = Question::Choice { options: names };
        let then = Box::new(move |answer: &Answer| {
            let step = answer.choice().and_then(|index| steps.get_mut(index)).and_then(Option::take);
            step.ok_or_else(|| Kind::SelectionRejected.into())
        });
        Ok(Next::Ask(Ask { question, to: None, then }))
    }

    /// Asks for something that nobody else may learn: as a password, it goes by a POST, and to where those may go.
    pub(crate) fn secret(
        question: Question,
        form: Submission,
        fill: impl FnOnce(Submission, &Answer) -> Result<Submission, Stop> + Send + 'static,
    ) -> Result<Next, Stop> {
        if form.method == Method::Get {
            return Err(Stop::on(&form.page, Kind::UnexpectedPage { title: None }));
        }
        if form.captcha {
            return Err(Stop::on(&form.page, Kind::CaptchaRequired));
        }
        let to = Some(form.url.clone());
        let then = Box::new(move |answer: &Answer| fill(form, answer)?.send());
        Ok(Next::Ask(Ask { question, to, then }))
    }
}

/// Why a sign-in ends. The engine adds the portal, the host where it is not given, and whether the password was sent.
pub(crate) struct Stop {
    pub(crate) kind: Kind,
    pub(crate) host: Option<String>,
    pub(crate) said: Option<String>,
}

impl Stop {
    /// A page shows this; what it complains of is told with it.
    pub(crate) fn at(page: &Page, kind: Kind) -> Self {
        Stop { kind, host: page.url.host_str().map(str::to_owned), said: page.complaint() }
    }

    /// A page that nobody knows (portals §2.0).
    pub(crate) fn unexpected(page: &Page) -> Self {
        let title = Some(page.title.clone()).filter(|title| !title.is_empty());
        Stop { said: None, ..Stop::at(page, Kind::UnexpectedPage { title }) }
    }

    /// Something seen at an address, without a page.
    pub(crate) fn on(url: &Url, kind: Kind) -> Self {
        Stop { kind, host: url.host_str().map(str::to_owned), said: None }
    }

    /// Tells it in the portal's words.
    #[must_use]
    pub(crate) fn saying(self, text: &str) -> Self {
        Stop { said: clean(text), ..self }
    }
}

impl From<Kind> for Stop {
    fn from(kind: Kind) -> Self {
        Stop { kind, host: None, said: None }
    }
}

impl fmt::Debug for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stop").field("kind", &self.kind).field("host", &self.host).finish_non_exhaustive()
    }
}
