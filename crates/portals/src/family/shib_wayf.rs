//! A Shibboleth service provider with a discovery page: e-lyco, La Réunion (portals §2.11).

use url::Url;

use crate::family::{Guide, saml_entry};
use crate::page::Page;
use crate::step::{Next, Stop, Submission};
use crate::walk::{Walk, with_query};

pub(crate) struct ShibWayf;

/// The field that names the identity provider.
const ORIGIN: &str = "origin";

/// What a service provider's own error page is told by: the class of the error.
const ERROR: &str = "opensaml::";

impl Guide for ShibWayf {
    fn outcome(&self, _: &Walk, page: &Page) -> Option<Stop> {
        page.says(ERROR).then(|| Stop::unexpected(page))
    }

    fn page(&self, walk: &mut Walk, page: &Page) -> Result<Next, Stop> {
        let wayf = walk.row.wayf.clone().unwrap_or_default();
        if let (Some(form), Some(origin)) = (page.form_with(&[ORIGIN]), &wayf.origin) {
            walk.choosing("chooser", page)?;
            let form = Submission::of(page, form)?.set(ORIGIN, origin);
            let form = form.set("action", wayf.action.as_deref().unwrap_or("selection"));
            return wayf.extra.iter().fold(form, |form, (name, value)| form.set(name, value)).send();
        }
        if walk.posted.is_none() && walk.once("discovery") {
            return Ok(discovery(walk).map_or(Next::Unknown, Next::Get));
        }
        Ok(saml_entry::signed_in(walk))
    }
}

/// The discovery page with its answer in the query, for a portal that shows another page first.
fn discovery(walk: &Walk) -> Option<Url> {
    let wayf = walk.row.wayf.as_ref()?;
    let mut url = walk.row.entry.cas_root.clone()?;
    url.set_path("/discovery/WAYF");
    let mut pairs = vec![
        ("entityID".to_owned(), wayf.entity_id.clone()?),
        ("returnX".to_owned(), wayf.back.as_ref()?.to_string()),
        ("returnIDParam".to_owned(), wayf.return_param.clone().unwrap_or_else(|| "entityID".to_owned())),
        ("action".to_owned(), wayf.action.clone().unwrap_or_else(|| "selection".to_owned())),
        (ORIGIN.to_owned(), wayf.origin.clone()?),
    ];
    pairs.extend(wayf.extra.iter().cloned());
    Some(with_query(&url, &pairs))
}
