//! A page that leads to an identity provider, and nothing more (portals §2.9).

use crate::family::Guide;
use crate::page::Page;
use crate::step::{Next, Stop};
use crate::walk::Walk;

pub(crate) struct SamlEntry;

impl Guide for SamlEntry {
    fn page(&self, walk: &mut Walk, _: &Page) -> Result<Next, Stop> {
        Ok(signed_in(walk))
    }
}

/// Goes to PRONOTE once the identity provider has said yes, whatever the portal shows then.
pub(super) fn signed_in(walk: &mut Walk) -> Next {
    if walk.accepted && walk.once("service") { Next::Service } else { Next::Unknown }
}
