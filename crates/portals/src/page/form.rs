//! Forms, and what of them a browser would send.

use zeroize::Zeroizing;

/// A form.
pub(crate) struct Form {
    /// Its `id`.
    pub(crate) id: Option<String>,
    /// Its `action`, as written.
    pub(crate) action: Option<String>,
    /// How it is sent.
    pub(crate) method: Method,
    /// Its controls, in the order of the page.
    pub(crate) controls: Vec<Control>,
    pub(super) element: usize,
}

/// How a form is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    /// In the query.
    Get,
    /// In the body.
    Post,
}

/// A control of a form.
pub(crate) struct Control {
    /// Its kind: the type of an `input`, or `select`, `textarea`, and `submit` or `button` for buttons.
    pub(crate) kind: String,
    /// Its name.
    pub(crate) name: Option<String>,
    /// Its value.
    pub(crate) value: Zeroizing<String>,
    /// Its `id`.
    pub(crate) id: Option<String>,
    /// Whether it cannot be changed, and is not sent.
    pub(crate) disabled: bool,
    /// Whether it is checked.
    pub(crate) checked: bool,
    /// Whether the page marks it as filled in wrongly.
    pub(crate) invalid: bool,
    /// The `form` it says to belong to.
    pub(super) owner: Option<String>,
    pub(super) element: usize,
}

impl Form {
    /// The first control of a name.
    pub(crate) fn control(&self, name: &str) -> Option<&Control> {
        self.controls.iter().find(|control| control.name.as_deref() == Some(name))
    }

    /// The control of an `id`.
    pub(crate) fn control_of_id(&self, id: &str) -> Option<&Control> {
        self.controls.iter().find(|control| control.id.as_deref() == Some(id))
    }

    /// How many controls ask for a password: those that can be written in; where none can, those that a script lets be
    /// written in later.
    pub(crate) fn passwords(&self) -> usize {
        let passwords = || self.controls.iter().filter(|control| control.kind == "password");
        match passwords().filter(|control| !control.disabled).count() {
            0 => passwords().count(),
            enabled => enabled,
        }
    }

    /// What a browser would send without a button being chosen.
    pub(crate) fn successful(&self) -> impl Iterator<Item = (&str, &str)> {
        self.controls.iter().filter_map(|control| {
            let name = control.name.as_deref().filter(|name| !name.is_empty())?;
            let sent = match control.kind.as_str() {
                "submit" | "button" | "reset" | "image" | "file" => false,
                "checkbox" | "radio" => control.checked,
                _ => true,
            };
            (sent && !control.disabled).then_some((name, control.value.as_str()))
        })
    }
}
