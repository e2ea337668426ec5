//! At PRONOTE: where a sign-in begins, and where it ends (portals §2.2, §2.3).

use pronote::protocol::page::{Closed, EntryPage};
use pronote::{Client, SchoolAddress};
use transport::Response;
use transport::header::SERVER;

use crate::error::Kind;
use crate::page::Page;
use crate::step::Stop;

/// What PRONOTE answers instead of a redirect.
pub(super) enum AtSchool {
    /// Its own page, with what a portal left there for one sign-in.
    Opened(Box<EntryPage>),
    /// Its own page, with its own form.
    OwnForm,
}

/// Reads a page of PRONOTE. `came` says that a portal has sent the browser here.
pub(super) fn read(client: &Client, school: &SchoolAddress, response: &Response, came: bool) -> Result<AtSchool, Stop> {
    let stop = |kind| Stop::on(&response.url, kind);
    let text = response.text();
    let key = school.key();
    if response.status == 429 {
        client.pacer().rate_limited(&key);
        return Err(stop(Kind::RateLimited { until: None }));
    }
    match EntryPage::parse(&text, response.header(SERVER)) {
        Ok(page) if page.portal.is_some() => Ok(AtSchool::Opened(Box::new(page))),
        Ok(_) if came => Err(stop(Kind::NoPronoteAccess)),
        Ok(_) => Ok(AtSchool::OwnForm),
        Err(Closed::Suspended) => {
            client.pacer().suspended(&key);
            Err(stop(Kind::IpSuspended { until: None }))
        }
        Err(Closed::Unavailable | Closed::Busy) => Err(stop(Kind::PortalClosed { pronote: true })),
        Err(Closed::Outdated) => Err(stop(Kind::UnexpectedPage { title: None })),
        Err(Closed::NoSpace | Closed::NotPronote) if response.status >= 500 => {
            Err(stop(Kind::PortalClosed { pronote: true }))
        }
        Err(closed @ (Closed::NoSpace | Closed::NotPronote)) => {
            let page = Page::read(response.url.clone(), response.status, &text).map_err(|_| stop(Kind::TooLarge))?;
            // A form of its own in a page that a ticket has led to asks for PRONOTE's login, once (portals §2.3).
            if came && page.asks_password() {
                Err(stop(Kind::AccountBindingRequired))
            } else if came && (closed == Closed::NoSpace || response.is_success()) {
                Err(stop(Kind::NoPronoteAccess))
            } else if came || closed == Closed::NoSpace {
                Err(Stop::unexpected(&page))
            } else {
                Err(stop(Kind::NotPronote))
            }
        }
    }
}
