//! What is odd in the same way at every portal: foreign hosts, plain HTTP, endless redirects, huge pages (portals §3.5).

use crate::portals::accounts::{Scenario, Who};
use crate::portals::asked::Asked;
use crate::portals::reply::Reply;

/// A host that is no part of any portal.
pub(crate) const FOREIGN: &str = "ailleurs.exemple.test";

/// What somebody gets in place of going on; none for those who may go on.
pub(crate) fn answer(_asked: &Asked<'_>, who: &Who) -> Option<Reply> {
    Some(match who.scenario {
        Scenario::Elsewhere => Reply::redirect(&format!("https://{FOREIGN}/")).says("redirected elsewhere"),
        Scenario::PlainHttp => Reply::redirect("http://ailleurs.exemple.test/").says("redirected to plain HTTP"),
        _ => return None,
    })
}

/// Answers for hosts that are no part of any portal.
pub(crate) fn elsewhere(_asked: &Asked<'_>) -> Reply {
    Reply::page("Ailleurs", "<p>Rien ici.</p>").says("elsewhere")
}
