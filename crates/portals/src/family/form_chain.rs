//! A portal that fits no other family: the steps that its row lists (portals §4.3).
//!
//! The engine sends SAML forms on and knows EduConnect by itself, so that these two steps say only when they are over.

use crate::family::{Guide, cas_form, saml_entry};
use crate::page::Page;
use crate::registry::selector::Selector;
use crate::registry::step::{Step, Template, Values};
use crate::step::{Next, Stop, Submission};
use crate::walk::{Walk, fits};

pub(crate) struct FormChain;

impl Guide for FormChain {
    fn enter(&self, walk: &mut Walk) -> Result<Next, Stop> {
        step(walk, None)
    }

    fn page(&self, walk: &mut Walk, page: &Page) -> Result<Next, Stop> {
        // The form again, after the password was sent: what that means is the engine's to say.
        if walk.posted.is_some()
            && let Some(selector) = login_form(walk)
            && page.form_by(&selector).is_some_and(|form| form.passwords() > 0)
        {
            return sign_in(walk, page, &selector, &[]);
        }
        step(walk, Some(page))
    }
}

/// The next step, after those that a page takes none for.
fn step(walk: &mut Walk, page: Option<&Page>) -> Result<Next, Stop> {
    while let Some(step) = walk.row.steps.get(walk.steps).cloned() {
        walk.steps += 1;
        return Ok(match (step, page) {
            (Step::Get { url, set_query }, _) => {
                let pairs = filled(walk, &set_query)?;
                address(walk, &url)?.map_or(Next::Unknown, |url| Next::Get(crate::walk::with_query(&url, &pairs)))
            }
            (Step::Service { url }, _) => address(walk, &url)?.map_or(Next::Unknown, Next::Get),
            (Step::RelaySaml, _) => continue,
            (Step::Educonnect, _) if walk.accepted => continue,
            (Step::Expect { marker }, Some(page)) if fits(page, &marker) => continue,
            (Step::Submit { selector, set, credentials: true }, Some(page)) => sign_in(walk, page, &selector, &set)?,
            (Step::Submit { selector, set, credentials: false }, Some(page)) => match page.form_by(&selector) {
                Some(form) => {
                    let fields = filled(walk, &set)?;
                    let form = Submission::of(page, form)?;
                    fields.iter().fold(form, |form, (name, value)| form.set(name, value)).send()?
                }
                None => Next::Unknown,
            },
            (Step::FollowLink { selector }, Some(page)) => {
                let links = page.links_by(&selector);
                let urls = links.iter().filter_map(|link| page.resolve(&link.href).ok());
                let mut urls = urls.filter(|url| url.origin() == page.url.origin());
                urls.next().map_or(Next::Unknown, Next::Get)
            }
            _ => Next::Unknown,
        });
    }
    Ok(if walk.posted.is_some() && walk.once("service") { Next::Service } else { saml_entry::signed_in(walk) })
}

fn login_form(walk: &Walk) -> Option<Selector> {
    walk.row.steps.iter().find_map(|step| match step {
        Step::Submit { selector, credentials: true, .. } => Some(selector.clone()),
        _ => None,
    })
}

fn sign_in(walk: &Walk, page: &Page, selector: &Selector, set: &[(String, Template)]) -> Result<Next, Stop> {
    let Some(form) = page.form_by(selector) else { return Ok(Next::Unknown) };
    let Some(Next::SignIn { form, user, password }) = cas_form::fill_in(walk, page, form)? else {
        return Ok(Next::Unknown);
    };
    let form = filled(walk, set)?.iter().fold(form, |form, (name, value)| form.set(name, value));
    form.sign_in(&user, &password)
}

/// What the placeholders stand for in this sign-in.
fn with<T>(walk: &Walk, fill: impl FnOnce(&Values<'_>) -> T) -> Result<T, Stop> {
    let origin = walk.row.origin().map(|origin| origin.to_string()).unwrap_or_default();
    Ok(fill(&Values {
        service: &walk.service()?,
        pronote_root: walk.school.root().as_str().trim_end_matches('/'),
        space: &walk.space.desktop_page(),
        type_user: walk.way.type_user.as_deref().unwrap_or_default(),
        host: &origin,
    }))
}

fn filled(walk: &Walk, set: &[(String, Template)]) -> Result<Vec<(String, String)>, Stop> {
    with(walk, |values| set.iter().map(|(name, value)| (name.clone(), value.with(values))).collect())
}

fn address(walk: &Walk, url: &Template) -> Result<Option<url::Url>, Stop> {
    with(walk, |values| url.address_with(values))
}
