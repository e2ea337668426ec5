//! The portals that a sign-in may name: reading one, and `GET /portals`, which lists them.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::{RawQuery, State};
use portals::{Portal, Registry, Status};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::client::{ClientAddress, in_query};
use crate::problem::{Problem, ProblemBody};

/// No portal: the school's own sign-in page.
const NONE: &str = "none";
/// The portal that the school redirects to.
const AUTO: &str = "auto";

/// What `cas` says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Cas {
    /// The school's own page.
    None,
    /// The portal that is found from the school's redirect.
    Found,
    /// A portal by its identifier.
    Named(String),
}

impl Cas {
    /// Reads an identifier, to the letter.
    pub(crate) fn of(id: &str, registry: &Registry) -> Result<Self, Problem> {
        match id {
            NONE => Ok(Cas::None),
            AUTO => Ok(Cas::Found),
            id if registry.get(id).is_some() => Ok(Cas::Named(id.to_owned())),
            id => Err(Problem::unknown_portal(id)),
        }
    }
}

/// A portal, as somebody chooses one.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Listed {
    /// Its identifier: what `cas` takes.
    #[schema(example = "ac-lyon")]
    id: String,
    /// Its name, for people.
    #[schema(example = "Académie de Lyon")]
    name: String,
    /// The region or department, when the name does not say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<String>,
    /// Whether it can be signed in through: `supported`, `unverified` and `legacy` ones can, `retired` and `refused` ones
    /// cannot.
    #[schema(value_type = String, example = "unverified")]
    status: Status,
    /// The successor of a retired one.
    #[serde(skip_serializing_if = "Option::is_none")]
    replaced_by: Option<String>,
    /// The hosts by which it is known.
    hosts: Vec<String>,
    /// The hosts that may receive the password.
    credential_hosts: Vec<String>,
}

impl Listed {
    fn of(portal: &Portal) -> Self {
        let Portal { id, display, region, status, replaced_by, hosts, credential_hosts, .. } = portal.clone();
        Listed { id, name: display, region, status, replaced_by, hosts, credential_hosts }
    }
}

/// Lists the portals that a sign-in may name. Nothing is asked of any of them.
#[utoipa::path(get, path = "/portals", tag = "sign-in", params(
    ("search" = Option<String>, Query, description = "Words that the identifier, the name, the region or a host has"),
    ("host" = Option<String>, Query, description = "The host that a school sends people to, or an address there", example = "cas.eclat-bfc.fr"),
), responses(
    (status = 200, description = "The portals, in the order they are known in", body = [Listed]),
    (status = 429, description = "Too often; `Retry-After` says when to come back", body = ProblemBody),
))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    ClientAddress(from): ClientAddress,
    RawQuery(query): RawQuery,
) -> Result<Json<Vec<Listed>>, Problem> {
    app.counters.question(from)?;
    let query = query.unwrap_or_default();
    let registry = app.viewers.portals();
    let mut found = registry.search(&in_query(&query, "search").unwrap_or_default());
    let ids = |portals: Vec<&Portal>| portals.into_iter().map(|portal| portal.id.clone()).collect::<BTreeSet<_>>();
    if let Some(host) = in_query(&query, "host").filter(|host| !host.trim().is_empty()) {
        let there = ids(registry.of_host(&host));
        found.retain(|portal| there.contains(&portal.id));
    }
    let strangers = ids(app.viewers.strangers().map_err(|error| Problem::of_gateway(&error, app.now()))?);
    found.retain(|portal| !strangers.contains(&portal.id));
    Ok(Json(found.into_iter().map(Listed::of).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_portal_is_known_by_its_exact_identifier() {
        let registry = Registry::builtin();
        let of = |id| Cas::of(id, &registry);
        assert_eq!((of("none"), of("auto")), (Ok(Cas::None), Ok(Cas::Found)));
        for portal in registry.iter() {
            assert_eq!(of(&portal.id), Ok(Cas::Named(portal.id.clone())));
        }
        for id in ["AC-LYON", " ac-lyon", "list", "constructor", "__proto__", "getCAS", "names", "", "None", "AUTO"] {
            assert_eq!(of(id), Err(Problem::unknown_portal(id)));
        }
    }
}
