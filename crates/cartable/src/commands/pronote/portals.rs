//! `portals`: which portals there are, which one a school uses, how far one is reached without a password.

use clap::{Args, Subcommand};
use gateway::{Error, Gateway};
use portals::{Check, Kind, Portal, Registry, Status};
use serde_json::{Value, json};

use super::Invocation;
use super::session::{gateway, school};
use crate::exit::{Family, failure};
use crate::output;
use crate::present::{block, cell, line, table, text_of};

/// Which portals to list.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct PortalsArgs {
    /// Words that the identifier, the name, the region or a host has
    words: Vec<String>,
    /// The portals at a host; the address of a school is asked which portal it uses
    #[arg(long, value_name = "HOST|URL", conflicts_with = "words")]
    host: Option<String>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Go through a portal up to where it asks for a password, and show the way: for bug reports. It shows no secret
    Check {
        /// The portal's identifier [default: the one that the school at --url redirects to]
        id: Option<String>,
    },
    /// Confirm that a portal that was added here may be given passwords at the hosts it names
    Trust {
        /// The portal's identifier
        id: String,
    },
}

/// Lists portals, or does something with one.
pub(crate) async fn run(invocation: &Invocation, args: &PortalsArgs) -> anyhow::Result<()> {
    let gateway = gateway(&invocation.config)?;
    invocation.config.warn_of_portals();
    match &args.command {
        Some(Command::Check { id }) => check(invocation, &gateway, id.as_deref()).await,
        Some(Command::Trust { id }) => trust(invocation, &gateway, id),
        None => list(invocation, &gateway, args).await,
    }
}

async fn list(invocation: &Invocation, gateway: &Gateway, args: &PortalsArgs) -> anyhow::Result<()> {
    let registry = gateway.portals().registry();
    let found = match &args.host {
        Some(host) => at(invocation, gateway, registry, host).await?,
        None => registry.search(&args.words.join(" ")),
    };
    if invocation.json {
        let rows = found.into_iter().map(|portal| row(gateway, portal)).collect::<anyhow::Result<Vec<_>>>()?;
        return output::answer(&rows, &[]);
    }
    if found.is_empty() {
        return output::line(match &args.host {
            Some(host) if is_address(host) => "This school has no portal: it signs people in itself.",
            Some(_) => {
                "No portal is known at this host. The address of a school, as a browser shows it, leads to the one it uses."
            }
            None => "There is no such portal. `cartable pronote portals` lists all there are.",
        });
    }
    let mut table = table(output::look(), ["portal", "name", "state", "hosts"]);
    for portal in found {
        let mut name = portal.display.clone();
        if let Some(region) = &portal.region {
            name = format!("{name} ({region})");
        }
        table.add_row([portal.id.clone(), name, state(gateway, portal)?, portal.hosts.join(", ")].map(cell));
    }
    output::bytes(text_of(&table).as_bytes())
}

/// The portals at a host, or those that a school leads to.
async fn at<'r>(
    invocation: &Invocation,
    gateway: &Gateway,
    registry: &'r Registry,
    host: &str,
) -> anyhow::Result<Vec<&'r Portal>> {
    let known = registry.of_host(host);
    if !known.is_empty() || !is_address(host) {
        return Ok(known);
    }
    let address: pronote::SchoolAddress = host.parse()?;
    let space = invocation.account.space.or(address.space()).unwrap_or(pronote::Space::Student);
    let ids = match gateway.portals().find(gateway.client_for(&address), &address, space).await {
        Ok(portal) => vec![portal],
        Err(error) => match (error.kind.clone(), error.portal.clone()) {
            (Kind::AmbiguousPortal { candidates }, _) => candidates,
            (Kind::NoPortal, _) => Vec::new(),
            // It was found; that the way stops behind it is another matter.
            (_, Some(portal)) => vec![portal],
            _ => return Err(failed(invocation, gateway, error)),
        },
    };
    Ok(ids.iter().filter_map(|id| registry.get(id)).collect())
}

/// Whether it is a school's, which may be asked, rather than the name of a host.
fn is_address(host: &str) -> bool {
    host.contains('/')
}

fn state(gateway: &Gateway, portal: &Portal) -> anyhow::Result<String> {
    let state = match (portal.status, &portal.replaced_by) {
        (Status::Supported, _) => "supported".to_owned(),
        (Status::Unverified, _) => "unverified".to_owned(),
        (Status::Legacy, _) => "older way".to_owned(),
        (Status::Retired, Some(id)) => format!("retired: use {id}"),
        (Status::Retired, None) => "retired".to_owned(),
        (Status::Refused, _) => "refused".to_owned(),
    };
    Ok(match gateway.trusts(portal)? {
        true => state,
        false => format!("{state}, not confirmed"),
    })
}

fn row(gateway: &Gateway, portal: &Portal) -> anyhow::Result<Value> {
    let Portal {
        id,
        display,
        region,
        status,
        replaced_by,
        evidence,
        family,
        hosts,
        credential_hosts,
        notes,
        file,
        overrides,
        ..
    } = portal;
    Ok(json!({
        "id": id, "name": display, "region": region, "status": status, "replaced_by": replaced_by,
        "evidence": evidence, "family": family, "hosts": hosts, "credential_hosts": credential_hosts, "notes": notes,
        "file": file, "overrides": overrides, "confirmed": gateway.trusts(portal)?,
    }))
}

async fn check(invocation: &Invocation, gateway: &Gateway, id: Option<&str>) -> anyhow::Result<()> {
    let (school, space) = school(&invocation.account)?;
    let client = gateway.client_for(&school);
    let Check { portal, hops, reached, fields, stopped } = gateway
        .portals()
        .check(client, &school, space, id)
        .await
        .map_err(|error| failed(invocation, gateway, error))?;
    if invocation.json {
        let hops: Vec<Value> = hops
            .iter()
            .map(|hop| {
                json!({
                    "method": hop.method, "host": hop.host, "path": hop.path, "status": hop.status, "page": hop.page,
                    "milliseconds": u64::try_from(hop.took.as_millis()).unwrap_or(u64::MAX),
                })
            })
            .collect();
        output::answer(&json!({ "portal": portal, "hops": hops, "reached": reached, "fields": fields }), &[])?;
        return stopped.map_or(Ok(()), |error| Err(failed(invocation, gateway, error)));
    }
    output::line(format!("Portal `{portal}`, without credentials:"))?;
    for hop in hops {
        let page = hop.page.map(|page| format!(", {page}")).unwrap_or_default();
        let (method, place, status) = (hop.method, line(&format!("{}{}", hop.host, hop.path)), hop.status);
        output::line(format!("  {method:4} {place} → {status}{page} ({} ms)", hop.took.as_millis()))?;
    }
    output::line(format!("Reached: {}.", line(&reached)))?;
    if !fields.is_empty() {
        output::line(format!("Its form has: {}.", line(&fields.join(", "))))?;
    }
    stopped.map_or(Ok(()), |error| Err(failed(invocation, gateway, error)))
}

/// Shows the file that may be written after an error, and makes it one of ours.
fn failed(invocation: &Invocation, gateway: &Gateway, error: portals::Error) -> anyhow::Error {
    show_draft(invocation, gateway, &error);
    Error::from(error).into()
}

/// Shows the file that may be written for a portal that is not known, or has moved.
pub(super) fn show_draft(invocation: &Invocation, gateway: &Gateway, error: &portals::Error) {
    let registry = gateway.portals().registry();
    if let Kind::HostNotAllowed { host } = &error.kind {
        let ids: Vec<&str> = registry.of_host(host).into_iter().map(|portal| portal.id.as_str()).collect();
        if !ids.is_empty() {
            eprintln!("note: {} belongs to another portal: {}", line(host), ids.join(", "));
            return;
        }
    }
    if let Some(draft) = registry.draft(error) {
        let folder = invocation.config.portals.display();
        eprintln!(
            "If you are sure that this host is the portal's, a file in {folder} may begin so:\n\n{}",
            block(&draft)
        );
    }
}

fn trust(invocation: &Invocation, gateway: &Gateway, id: &str) -> anyhow::Result<()> {
    let portal = gateway.portals().registry().get(id).ok_or_else(|| {
        let advice = "`cartable pronote portals` lists all there are.";
        failure(Family::Missing, format!("there is no portal `{id}`"), advice)
    })?;
    gateway.trust(portal)?;
    if invocation.json {
        return output::answer(&json!({ "confirmed": portal.id, "credential_hosts": portal.credential_hosts }), &[]);
    }
    output::line(format!("Passwords of `{}` may be given to {}.", portal.id, portal.credential_hosts.join(", ")))
}
