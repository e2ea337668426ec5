//! A page as a sign-in reads it: flat, bounded, without scripts (portals §2.0, §5 R6, R14).
//!
//! Only the tokens of HTML are used. Building a tree costs more than linear time on pages made for it, and all that a
//! sign-in needs is forms, links, and what is around a text.

mod form;
mod reader;
mod selector;
mod text;

use url::Url;

pub use form::{Control, Form, Method};
pub use selector::Selector;
pub use text::{MOST_SHOWN, clean, plain};

/// The most elements of a page. Sign-in pages have some hundreds.
pub const MOST_ELEMENTS: usize = 20_000;
/// The most controls of a form (portals §5 R6), and ten times as many in a page.
pub const MOST_CONTROLS: usize = 200;

/// A page.
pub struct Page {
    /// Where it was read.
    pub url: Url,
    /// The HTTP status it came with.
    pub status: u16,
    /// Its title, as plain text.
    pub title: String,
    /// Where it says that its relative addresses begin.
    base: Option<String>,
    /// Where it goes by itself.
    refresh: Option<String>,
    /// All that is shown of it, blanks collapsed.
    text: String,
    elements: Vec<Element>,
    forms: Vec<Form>,
    links: Vec<Link>,
}

/// More than a page may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMuch;

/// An address that a page leads to and that cannot be used: malformed, or told by a `<base>` of another host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Misled;

/// An element: its names, what is around it, and which part of the page's text is inside.
pub struct Element {
    tag: String,
    id: Option<String>,
    classes: String,
    name: Option<String>,
    src: Option<String>,
    disabled: bool,
    parent: Option<usize>,
    start: usize,
    end: usize,
}

/// A link.
pub struct Link {
    /// Where it leads, as written.
    pub href: String,
    element: usize,
}

impl Page {
    /// Reads a page.
    ///
    /// # Errors
    /// It holds more than any sign-in page would.
    pub fn read(url: Url, status: u16, html: &str) -> Result<Self, TooMuch> {
        reader::read(url, status, html)
    }

    /// All that is shown of it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its forms.
    pub fn forms(&self) -> &[Form] {
        &self.forms
    }

    /// The first form that a selector finds.
    pub fn form(&self, selector: &str) -> Option<&Form> {
        let selector = Selector::parse(selector)?;
        self.forms.iter().find(|form| selector.finds(&self.elements[form.element]))
    }

    /// The first form with a control of every one of these names.
    pub fn form_with(&self, names: &[&str]) -> Option<&Form> {
        self.forms.iter().find(|form| names.iter().all(|name| form.control(name).is_some()))
    }

    /// The form that asks for a password: the only one that does.
    pub fn password_form(&self) -> Option<&Form> {
        let mut forms = self.forms.iter().filter(|form| form.passwords() > 0);
        let form = forms.next()?;
        forms.next().is_none().then_some(form)
    }

    /// Whether any control asks for a password.
    pub fn asks_password(&self) -> bool {
        self.forms.iter().any(|form| form.passwords() > 0)
    }

    /// What is shown inside the first element that a selector finds; none when it is empty.
    pub fn text_of(&self, selector: &str) -> Option<String> {
        let selector = Selector::parse(selector)?;
        let mut texts = self.elements.iter().filter(|element| selector.finds(element)).map(|element| self.inside(element));
        texts.find(|text| !text.is_empty())
    }

    /// Whether a selector finds anything.
    pub fn has(&self, selector: &str) -> bool {
        Selector::parse(selector).is_some_and(|selector| self.elements.iter().any(|element| selector.finds(element)))
    }

    /// Whether the page shows these words, case and accents apart.
    pub fn says(&self, words: &str) -> bool {
        plain(&self.text).contains(&plain(words))
    }

    /// What is shown inside a form.
    pub fn text_in_form(&self, form: &Form) -> String {
        self.inside(&self.elements[form.element])
    }

    /// What is shown beside a control: its label, otherwise what is written around it.
    pub fn label(&self, control: &Control) -> Option<String> {
        let labels = || self.elements.iter().filter(|element| element.tag == "label");
        let by_id = control.id.as_ref().and_then(|id| labels().find(|label| label.name.as_ref() == Some(id)));
        let label = by_id.or_else(|| self.around(control.element).find(|element| element.tag == "label"))?;
        Some(self.inside(label)).filter(|text| !text.is_empty())
    }

    /// The links inside the elements that a selector finds; all of them without one.
    pub fn links(&self, inside: Option<&str>) -> impl Iterator<Item = &Link> {
        let selector = inside.map(Selector::parse);
        self.links.iter().filter(move |link| match &selector {
            None => true,
            Some(None) => false,
            Some(Some(selector)) => {
                selector.finds(&self.elements[link.element])
                    || self.around(link.element).any(|element| selector.finds(element))
            }
        })
    }

    /// What is shown of a link.
    pub fn text_of_link(&self, link: &Link) -> String {
        self.inside(&self.elements[link.element])
    }

    /// Where the page goes by itself.
    pub fn refresh(&self) -> Option<&str> {
        self.refresh.as_deref()
    }

    /// The addresses of frames and scripts inside a form, where a vendor of captchas shows (portals §2.16).
    pub fn embedded_in(&self, form: &Form) -> impl Iterator<Item = &str> {
        let is_inside = |element: &Element| {
            let mut around = element.parent;
            while let Some(index) = around {
                if index == form.element {
                    return true;
                }
                around = self.elements[index].parent;
            }
            false
        };
        let elements = self.elements.iter().filter(|element| matches!(element.tag.as_str(), "iframe" | "script"));
        elements.filter(move |element| is_inside(element)).filter_map(|element| element.src.as_deref())
    }

    /// The classes around a control or on it, for the vendors that use no frame.
    pub fn has_inside(&self, form: &Form, selector: &str) -> bool {
        let Some(selector) = Selector::parse(selector) else { return false };
        self.elements.iter().enumerate().any(|(index, element)| {
            selector.finds(element) && self.ancestors(index).any(|ancestor| ancestor == form.element)
        })
    }

    /// The address that something on the page leads to.
    ///
    /// # Errors
    /// It is malformed, or the page says that its addresses begin on another host (portals §2.0).
    pub fn resolve(&self, address: &str) -> Result<Url, Misled> {
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
    pub fn action(&self, form: &Form) -> Result<Url, Misled> {
        match form.action.as_deref().map(str::trim).filter(|action| !action.is_empty()) {
            Some(action) => self.resolve(action),
            None => {
                let mut url = self.url.clone();
                url.set_fragment(None);
                Ok(url)
            }
        }
    }

    fn ancestors(&self, element: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(self.elements[element].parent, |index| self.elements[*index].parent)
    }

    fn around(&self, element: usize) -> impl Iterator<Item = &Element> {
        self.ancestors(element).map(|index| &self.elements[index])
    }

    fn inside(&self, element: &Element) -> String {
        self.text.get(element.start..element.end).unwrap_or_default().trim().to_owned()
    }
}

#[cfg(test)]
mod tests;
