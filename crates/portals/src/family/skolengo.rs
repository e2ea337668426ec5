//! Skolengo, a CAS server with its own form, a chooser, and a way to EduConnect (portals §2.4).

use crate::error::Kind;
use crate::family::Guide;
use crate::page::{Form, Method, Page};
use crate::step::{Ask, Next, Stop, Submission};
use crate::walk::{Walk, query};
use crate::words;

pub(crate) struct Skolengo;

/// The field of the chooser, and the pair of the login address that answers it.
const SELECTION: &str = "selection";

impl Guide for Skolengo {
    fn outcome(&self, _: &Walk, page: &Page) -> Option<Stop> {
        words::refuses_service(page).then(|| Stop::at(page, Kind::ServiceNotAllowed))
    }

    fn page(&self, walk: &mut Walk, page: &Page) -> Result<Next, Stop> {
        if let Some(form) = page.form(".cas__login-form") {
            return Submission::of(page, form)?.sign_in("username", "password");
        }
        if let Some(form) =
            page.forms().iter().find(|form| form.control(SELECTION).is_some_and(|one| one.kind == "radio"))
        {
            return choose(walk, page, form);
        }
        // An intermediate page with a link onward.
        if page.has(".msg__content") {
            let links = page.links_in(".msg__content");
            let onward = links.iter().filter_map(|link| page.resolve(&link.href).ok());
            let mut onward = onward.filter(|url| url.origin() == page.url.origin());
            return match onward.next() {
                Some(url) if walk.once("message") => Ok(Next::Get(url)),
                _ => Err(Stop::at(page, Kind::PortalMessage)),
            };
        }
        Ok(Next::Unknown)
    }
}

/// Answers the chooser with the row's code; asks the person where the row has none, or one that is not offered.
fn choose(walk: &mut Walk, page: &Page, form: &Form) -> Result<Next, Stop> {
    walk.choosing("chooser", page)?;
    let filled = || Submission::of(page, form).map(|form| Submission { method: Method::Get, ..form });
    let radios: Vec<_> =
        form.controls.iter().filter(|one| one.name.as_deref() == Some(SELECTION) && one.kind == "radio").collect();
    let wanted = walk.login.as_ref().and_then(|login| query(login, SELECTION));
    if let Some(code) = wanted.filter(|code| radios.iter().any(|radio| *radio.value == *code)) {
        return filled()?.set(SELECTION, &code).send();
    }
    let options = radios.into_iter().map(|radio| {
        let name = page.label(radio).unwrap_or(&radio.value);
        Ok((name, Next::Submit(filled()?.set(SELECTION, &radio.value))))
    });
    Ask::choice(options.collect::<Result<_, Stop>>()?)
}
