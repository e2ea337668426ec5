//! `instance` and `find`: what can be known of schools without an account.

use clap::Args;
use pronote::discovery;
use rust_decimal::Decimal;
use url::Url;

use super::Invocation;
use super::session::{gateway, school};
use crate::exit::{Family, failure};
use crate::output;
use crate::present::{cell, table, text_of};

/// Where to look for schools.
#[derive(Debug, Args)]
pub(crate) struct FindArgs {
    /// Latitude in degrees, north positive, for instance 48.85
    #[arg(long, value_name = "DEGREES", allow_negative_numbers = true)]
    lat: Decimal,
    /// Longitude in degrees, east positive, for instance 2.35
    #[arg(long, value_name = "DEGREES", allow_negative_numbers = true)]
    lon: Decimal,
    /// The directory to ask
    #[arg(long, value_name = "URL", default_value = discovery::DIRECTORY, env = "CARTABLE_PRONOTE_DIRECTORY", hide_env_values = true)]
    directory: Url,
}

/// Shows what a school tells everyone.
pub(crate) async fn instance(invocation: &Invocation) -> anyhow::Result<()> {
    let gateway = gateway(&invocation.config)?;
    let (address, _) = match &invocation.account.url {
        Some(_) => school(&invocation.account)?,
        None => {
            let name = super::session::profile_name(&gateway, &invocation.account)?;
            let profile = gateway.profiles().describe(&name)?;
            (profile.school.parse()?, profile.space)
        }
    };
    let client = gateway.client_for(&address);
    let school = discovery::school(client.transport(), client.pacer(), &address).await?;
    if invocation.json {
        return output::answer(&school, &school.diagnostics);
    }
    let text = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
    let mut table = table(output::look(), ["school", &text(school.name)]);
    table.add_row(["address".to_owned(), address.to_string()].map(cell));
    table.add_row(["version".to_owned(), text(school.version.map(|version| version.to_string()))].map(cell));
    table.add_row(["clock".to_owned(), text(school.date.map(|date| date.to_string()))].map(cell));
    table.add_row(["portal".to_owned(), text(school.portal.map(|portal| portal.to_string()))].map(cell));
    for space in school.spaces {
        table.add_row(["space".to_owned(), format!("{} ({})", space.name, space.page)].map(cell));
    }
    output::bytes(text_of(&table).as_bytes())
}

/// Shows the schools near a point.
pub(crate) async fn find(invocation: &Invocation, args: &FindArgs) -> anyhow::Result<()> {
    let in_range = |degrees: Decimal, most: i64| degrees.abs() <= Decimal::from(most);
    if !in_range(args.lat, 90) || !in_range(args.lon, 180) {
        let advice = "A latitude is between -90 and 90, a longitude between -180 and 180.";
        return Err(failure(Family::Usage, "there is no such place", advice));
    }
    let gateway = gateway(&invocation.config)?;
    let transport = gateway.client(gateway::Pace::Careful).transport();
    let schools = discovery::near(transport, &args.directory, args.lat, args.lon).await?;
    if invocation.json {
        return output::answer(&schools, &[]);
    }
    let mut table = table(output::look(), ["school", "postcode", "km", "address"]);
    for school in schools {
        let kilometres = format!("{}.{}", school.distance / 1000, school.distance % 1000 / 100);
        table.add_row([school.name, school.postcode.unwrap_or_default(), kilometres, school.url].map(cell));
    }
    output::bytes(text_of(&table).as_bytes())
}
