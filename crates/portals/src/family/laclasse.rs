//! La Classe: a form, and beside it a way to EduConnect (portals §2.10).

use crate::error::Kind;
use crate::family::{Guide, saml_entry};
use crate::page::{Page, plain};
use crate::registry::row::Idp;
use crate::step::{Next, Stop, Submission};
use crate::walk::Walk;
use crate::words;

pub(crate) struct Laclasse;

/// Where La Classe says what is wrong.
const ERROR: &str = "#error-content";

impl Guide for Laclasse {
    fn outcome(&self, walk: &Walk, page: &Page) -> Option<Stop> {
        let error = page.text_of(ERROR);
        let words = plain(error.unwrap_or(page.text()));
        let says = |phrases: &[&str]| phrases.iter().any(|phrase| words.contains(phrase));
        let closed = ["est ferme", "sont fermes", "fermeture", "vacances d'ete", "periode estivale"];
        let refused = ["service non autorise", "service n'est pas autorise", "service refuse", "service inconnu"];
        let kind = if says(&refused) {
            Kind::ServiceNotAllowed
        } else if !page.asks_password() && says(&closed) {
            Kind::PortalClosed { pronote: false }
        } else {
            let (error, idp) = (error.as_ref()?, walk.posted.as_ref()?);
            match words::wanted(error) {
                Some(kind) => kind,
                // What EduConnect has accepted is not refused here.
                None if walk.accepted => Kind::NoPortalAccount,
                None if !words::is_of_credentials(error, page.marks_a_control()) => Kind::PortalMessage,
                None => Kind::WrongCredentials { idp: idp.clone(), profile: walk.profile },
            }
        };
        let stop = Stop::at(page, kind);
        Some(match &error {
            Some(error) => stop.saying(error),
            None => stop,
        })
    }

    fn page(&self, walk: &mut Walk, page: &Page) -> Result<Next, Stop> {
        let form = page.form_with(&["username", "password"]);
        if walk.way.idp == Idp::Local {
            return form.map_or(Ok(Next::Unknown), |form| Submission::of(page, form)?.sign_in("username", "password"));
        }
        if form.is_some() && walk.posted.is_none() && walk.once("educonnect") {
            // The page's link carries the service on; without one PRONOTE is asked again afterwards.
            let named = |link: &&crate::page::Link| link.href.contains("parentPortalIdp");
            let links = ["#parentPortalIdp", ".parentPortalIdp"].map(|selector| page.links_in(selector));
            let link = links.iter().flatten().copied().next().or_else(|| page.links().iter().find(named));
            if let Some(url) = link.and_then(|link| page.resolve(&link.href).ok()) {
                return Ok(Next::Get(url));
            }
            if let Some(mut url) = walk.row.entry.cas_root.clone() {
                url.set_path(&format!("{}/educonnect", url.path().trim_end_matches('/')));
                return Ok(Next::Get(url));
            }
        }
        Ok(saml_entry::signed_in(walk))
    }
}
