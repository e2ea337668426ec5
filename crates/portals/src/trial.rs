//! Any text as a page, before all that looks at pages: for the fuzzer and for tests.

use std::sync::Arc;

use url::Url;

use crate::family::{educonnect, guide};
use crate::marks;
use crate::page::{MOST_CONTROLS, Page, clean};
use crate::registry::{Profile, Registry};
use crate::step::{Next, Stop};
use crate::walk::Walk;
use crate::words;

/// Shows a page to every family, before and after the password was sent. Fails if a bound does not hold.
#[doc(hidden)]
pub fn try_anything(html: &str) {
    let registry = Registry::builtin();
    let mut families = Vec::new();
    for portal in registry.iter() {
        let (Some(family), Some(way)) = (portal.row.family, portal.row.way(Profile::Pupil)) else { continue };
        if families.contains(&(family, way.idp)) {
            continue;
        }
        families.push((family, way.idp));
        let Ok(school) = "https://ecole.example.fr/pronote".parse() else { return };
        let mut walk = Walk::new(Arc::clone(&portal.row), Profile::Pupil, way.clone(), school, pronote::Space::Student);
        walk.login = portal.row.entry.cas_root.clone();
        let host = way.idp.host().unwrap_or("cas.example.fr");
        let Ok(url) = Url::parse(&format!("https://{host}/auth/login?execution=e1s1")) else { return };
        let Ok(page) = Page::read(url, 200, html) else { return };
        bounds(&page);
        for posted in [None, Some(host.to_owned())] {
            walk.posted = posted;
            let at_idp = educonnect::is_idp(&walk, &page.url);
            let guide = guide(family);
            let seen = [marks::marked(&walk, &page), guide.outcome(&walk, &page), educonnect::outcome(&walk, &page)];
            seen.into_iter().flatten().for_each(|stop| told(&stop));
            let _ = (words::unavailable(&page), words::told(&page), words::code(&page).is_some());
            let _ = educonnect::probe(&page);
            let next = if at_idp { educonnect::page(&mut walk, &page) } else { guide.page(&mut walk, &page) };
            match next {
                Ok(Next::SignIn { form, .. }) => assert!(form.passwords > 0, "a form without a password is filled in"),
                Ok(_) => {}
                Err(stop) => told(&stop),
            }
        }
    }
}

fn bounds(page: &Page) {
    for form in page.forms() {
        assert!(form.controls.len() <= MOST_CONTROLS, "a form has too many controls");
        let _ = (page.action(form), page.has_captcha(form), page.text_in_form(form));
        for control in &form.controls {
            let _ = page.label(control);
        }
    }
}

/// What anybody is told is plain.
fn told(stop: &Stop) {
    if let Some(text) = &stop.said {
        assert!(clean(text).as_ref() == Some(text), "a text is not plain");
    }
}
