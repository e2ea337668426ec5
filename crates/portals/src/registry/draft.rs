//! The file that a person may write after a sign-in that met a host nobody knows (portals §4.4, R18).

use super::Registry;
use super::hosts::Origin;
use crate::error::{Error, Kind};

/// A file to begin with, for an unknown portal or for a known one that has moved; none where a file does not help, or
/// would give the password to another host.
pub(super) fn draft(registry: &Registry, error: &Error) -> Option<String> {
    let (host, moved) = match (&error.kind, &error.portal) {
        (Kind::UnknownPortal { host }, _) => (host, None),
        (Kind::HostNotAllowed { host }, Some(portal)) => (host, Some(registry.get(portal)?)),
        _ => return None,
    };
    // What a row could not name is not proposed: a bare address, a single word. Nor is what belongs to another portal:
    // there the school has been taken for one of another region.
    let host = Origin::parse(host).ok()?.to_string();
    if !registry.of_host(&host).is_empty() {
        return None;
    }
    let Some(portal) = moved else {
        let id: String = host.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' }).collect();
        let id = id.get(..40).unwrap_or(&id);
        return Some(format!(
            "schema = 1\n\n\
             [[portal]]\n\
             id = \"{id}\"\n\
             display = \"{host}\"\n\
             # How it is gone through: try `skolengo`, `edifice` (then cas_root ends in /cas), or `cas-form`.\n\
             family = \"skolengo\"\n\
             entry.cas_root = \"https://{host}\"\n\
             detect.hosts = [\"{host}\"]\n\
             # Who checks the password: `educonnect`, or `local` for the portal itself.\n\
             profiles.pupil = {{ idp = \"educonnect\" }}\n\
             profiles.guardian = {{ idp = \"educonnect\" }}\n"
        ));
    };
    let own = portal.row.hosts.navigate.iter().map(ToString::to_string).chain([host]);
    let hosts: Vec<String> = own.map(|host| format!("\"{host}\"")).collect();
    Some(format!(
        "schema = 1\n\n\
         [[portal]]\n\
         id = \"{id}\"\n\
         extends = \"{id}\"\n\
         override = true\n\
         # Only if you are sure that these belong to the portal.\n\
         hosts.navigate = [{hosts}]\n",
        id = portal.id,
        hosts = hosts.join(", "),
    ))
}
