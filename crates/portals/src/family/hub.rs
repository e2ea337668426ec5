//! The EduConnect hub of PRONOTE's own vendor, the same for every academy (portals §2.13).

use crate::error::Kind;
use crate::family::Guide;
use crate::page::{Page, plain};
use crate::step::{Next, Stop};
use crate::walk::Walk;

pub(crate) struct Hub;

/// Where the hub says why it does not go on.
const DETAIL: &str = "#zone_msgDetail";

impl Guide for Hub {
    fn outcome(&self, _: &Walk, page: &Page) -> Option<Stop> {
        let said = page.text_of(DETAIL).filter(|_| page.form_with(&["SAMLRequest"]).is_none())?;
        let words = plain(said);
        let about_service = ["url", "service", "confiance", "trusted"].iter().any(|word| words.contains(word));
        let kind = if about_service { Kind::ServiceNotAllowed } else { Kind::PortalMessage };
        Some(Stop::at(page, kind).saying(said))
    }

    fn page(&self, _: &mut Walk, _: &Page) -> Result<Next, Stop> {
        Ok(Next::Unknown)
    }
}
