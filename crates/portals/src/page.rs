//! A page as a sign-in reads it: flat, bounded, without scripts (portals §2.0, §5 R6, R14).
//!
//! Only the tokens of HTML are used. Building a tree costs more than linear time on pages made for it, and all that a
//! sign-in needs is forms, links, and what is around a text.

mod form;
mod reader;
mod text;

use std::cell::OnceCell;

use url::Url;
use zeroize::Zeroizing;

use crate::registry::selector::Selector;

pub(crate) use form::{Control, Form, Method};
pub(crate) use text::{clean, is_hidden, plain, unaccented};

/// The most elements of a page. Sign-in pages have some hundreds.
pub(crate) const MOST_ELEMENTS: usize = 20_000;
/// The most controls of a form (portals §5 R6), and ten times as many in a page.
pub(crate) const MOST_CONTROLS: usize = 200;

/// The most forms of a page. One that asks which account to open has as many as there are accounts.
pub(crate) const MOST_FORMS: usize = 100;

/// The vendors of captchas, as their frames, scripts, classes and fields name them.
const CAPTCHAS: [&str; 5] = ["captcha", "turnstile", "friendlycaptcha", "mtcaptcha", "arkoselabs"];

/// Where portals write what went wrong. The first that is not empty is shown.
const COMPLAINTS: [&str; 16] = [
    "#loginErrorsPanel",
    "#error-content",
    "#input-error",
    ".kc-feedback-text",
    ".fr-error-text",
    ".fr-alert--error",
    ".msg__content",
    ".alert-danger",
    ".alert-error",
    ".form-error",
    ".errors",
    ".error",
    "#msg",
    "#error",
    ".alert",
    "#zone_msgDetail",
];

/// A page.
pub(crate) struct Page {
    /// Where it was read.
    pub(crate) url: Url,
    /// The HTTP status it came with.
    pub(crate) status: u16,
    /// Its title, as plain text.
    pub(crate) title: String,
    /// What came, for what is not HTML.
    pub(crate) raw: Zeroizing<String>,
    /// Where it says that its relative addresses begin.
    base: Option<String>,
    /// Where it goes by itself.
    refresh: Option<String>,
    /// All that is shown of it, blanks collapsed.
    text: String,
    /// The same, to look for words in.
    plain: OnceCell<String>,
    elements: Vec<Element>,
    forms: Vec<Form>,
    links: Vec<Link>,
}

/// More than a page may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooMuch;

/// An address that a page leads to and that cannot be used: malformed, or told by a `<base>` of another host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Misled;

/// An element: its names, what is around it, and which part of the page's text is inside.
pub(crate) struct Element {
    tag: String,
    id: Option<String>,
    classes: String,
    name: Option<String>,
    /// Whether it is of a vendor of captchas.
    captcha: bool,
    disabled: bool,
    parent: Option<usize>,
    start: usize,
    end: usize,
}

/// A link.
pub(crate) struct Link {
    /// Where it leads, as written.
    pub(crate) href: String,
    element: usize,
}

impl Page {
    /// Reads a page.
    ///
    /// # Errors
    /// It holds more than any sign-in page would.
    pub(crate) fn read(url: Url, status: u16, html: &str) -> Result<Self, TooMuch> {
        reader::read(url, status, html)
    }

    /// All that is shown of it.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Its forms.
    pub(crate) fn forms(&self) -> &[Form] {
        &self.forms
    }

    /// The first form that a selector finds.
    pub(crate) fn form(&self, selector: &str) -> Option<&Form> {
        self.form_by(&Selector::parse(selector).ok()?)
    }

    /// The same, with a selector that was read before.
    pub(crate) fn form_by(&self, selector: &Selector) -> Option<&Form> {
        self.forms.iter().find(|form| self.elements[form.element].is(selector))
    }

    /// The forms inside the elements that a selector finds.
    pub(crate) fn forms_in(&self, selector: &str) -> impl Iterator<Item = &Form> {
        let selector = Selector::parse(selector).ok();
        let finds = move |element: &Element| selector.as_ref().is_some_and(|selector| element.is(selector));
        self.forms.iter().filter(move |form| self.around(form.element).any(&finds))
    }

    /// The first form with a control of every one of these names.
    pub(crate) fn form_with(&self, names: &[&str]) -> Option<&Form> {
        self.forms.iter().find(|form| names.iter().all(|name| form.control(name).is_some()))
    }

    /// The form that asks for a password: the only one that does.
    pub(crate) fn password_form(&self) -> Option<&Form> {
        let mut forms = self.forms.iter().filter(|form| form.passwords() > 0);
        let form = forms.next()?;
        forms.next().is_none().then_some(form)
    }

    /// Whether any control asks for a password.
    pub(crate) fn asks_password(&self) -> bool {
        self.forms.iter().any(|form| form.passwords() > 0)
    }

    /// Whether any control is marked as filled in wrongly.
    pub(crate) fn marks_a_control(&self) -> bool {
        self.forms.iter().flat_map(|form| &form.controls).any(|control| control.invalid)
    }

    /// What is shown inside the first element that a selector finds; none when it is empty.
    pub(crate) fn text_of(&self, selector: &str) -> Option<&str> {
        self.text_by(&Selector::parse(selector).ok()?)
    }

    /// The same, with a selector that was read before.
    pub(crate) fn text_by(&self, selector: &Selector) -> Option<&str> {
        let mut texts = self.elements.iter().filter(|element| element.is(selector)).map(|element| self.inside(element));
        texts.find(|text| !text.is_empty())
    }

    /// Whether a selector finds anything.
    pub(crate) fn has(&self, selector: &str) -> bool {
        Selector::parse(selector).is_ok_and(|selector| self.has_by(&selector))
    }

    /// The same, with a selector that was read before.
    pub(crate) fn has_by(&self, selector: &Selector) -> bool {
        self.elements.iter().any(|element| element.is(selector))
    }

    /// Whether the page shows these words, case and accents apart.
    pub(crate) fn says(&self, words: &str) -> bool {
        self.plain.get_or_init(|| plain(&self.text)).contains(&plain(words))
    }

    /// What is shown inside a form.
    pub(crate) fn text_in_form(&self, form: &Form) -> &str {
        self.inside(&self.elements[form.element])
    }

    /// What is shown beside a control: its label, otherwise what is written around it.
    pub(crate) fn label(&self, control: &Control) -> Option<&str> {
        let labels = || self.elements.iter().filter(|element| element.tag == "label");
        let by_id = control.id.as_ref().and_then(|id| labels().find(|label| label.name.as_ref() == Some(id)));
        let label = by_id.or_else(|| self.around(control.element).find(|element| element.tag == "label"))?;
        Some(self.inside(label)).filter(|text| !text.is_empty())
    }

    /// The links inside the elements that a selector finds, or on them.
    pub(crate) fn links_in(&self, selector: &str) -> Vec<&Link> {
        Selector::parse(selector).map_or_else(|_| Vec::new(), |selector| self.links_by(&selector))
    }

    /// The same, with a selector that was read before.
    pub(crate) fn links_by(&self, selector: &Selector) -> Vec<&Link> {
        // What is around an element comes before it, so that each is looked at once.
        let mut inside: Vec<bool> = Vec::with_capacity(self.elements.len());
        for element in &self.elements {
            inside.push(element.parent.is_some_and(|parent| inside[parent]) || element.is(selector));
        }
        self.links.iter().filter(|link| inside[link.element]).collect()
    }

    /// All its links.
    pub(crate) fn links(&self) -> &[Link] {
        &self.links
    }

    /// What is shown of a link.
    pub(crate) fn text_of_link(&self, link: &Link) -> &str {
        self.inside(&self.elements[link.element])
    }

    /// Where the page goes by itself.
    pub(crate) fn refresh(&self) -> Option<&str> {
        self.refresh.as_deref()
    }

    /// Whether a form holds a captcha: a frame, a script or an element of a vendor of them (portals §2.16).
    pub(crate) fn has_captcha(&self, form: &Form) -> bool {
        let names = |control: &Control| [&control.name, &control.id].into_iter().flatten().any(|name| is_captcha(name));
        let mut elements = self.elements.iter().enumerate().filter(|(_, element)| element.captcha);
        form.controls.iter().any(names)
            || elements.any(|(index, _)| self.ancestors(index).any(|ancestor| ancestor == form.element))
    }

    /// The address that something on the page leads to.
    ///
    /// # Errors
    /// It is malformed, or the page says that its addresses begin on another host (portals §2.0).
    pub(crate) fn resolve(&self, address: &str) -> Result<Url, Misled> {
        let base = match &self.base {
            Some(base) => {
                let base = self.url.join(base).map_err(|_| Misled)?;
                if base.origin() != self.url.origin() {
                    return Err(Misled);
                }
                base
            }
            None => self.url.clone(),
        };
        let mut url = base.join(address.trim()).map_err(|_| Misled)?;
        url.set_fragment(None);
        Ok(url)
    }

    /// Where a form is sent. One without an action is sent to the page itself, whatever its `<base>`.
    ///
    /// # Errors
    /// As [`Page::resolve`].
    pub(crate) fn action(&self, form: &Form) -> Result<Url, Misled> {
        match form.action.as_deref().map(str::trim).filter(|action| !action.is_empty()) {
            Some(action) => self.resolve(action),
            None => {
                let mut url = self.url.clone();
                url.set_fragment(None);
                Ok(url)
            }
        }
    }

    /// What the page says went wrong, as plain text to show.
    pub(crate) fn complaint(&self) -> Option<String> {
        COMPLAINTS.iter().find_map(|selector| clean(self.text_of(selector)?))
    }

    fn ancestors(&self, element: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(self.elements[element].parent, |index| self.elements[*index].parent)
    }

    fn around(&self, element: usize) -> impl Iterator<Item = &Element> {
        self.ancestors(element).map(|index| &self.elements[index])
    }

    fn inside(&self, element: &Element) -> &str {
        self.text.get(element.start..element.end).unwrap_or_default().trim()
    }
}

fn is_captcha(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    CAPTCHAS.iter().any(|vendor| text.contains(vendor))
}

impl Element {
    fn is(&self, selector: &Selector) -> bool {
        let name = self.name.as_deref().filter(|_| self.tag != "label");
        selector.matches(&self.tag, self.id.as_deref(), Some(&self.classes), name)
    }
}

#[cfg(test)]
mod tests;
