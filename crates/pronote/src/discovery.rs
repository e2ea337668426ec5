//! Finding a school, and what can be known of it before signing in (protocol §1.4, §1.5).

use jiff::civil::DateTime;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::Serialize;
use transport::{Browser, Request, Response, Transport};
use url::Url;

use crate::address::{SchoolAddress, Space};
use crate::error::{Cause, Error, Step};
use crate::pace::Pacer;
use crate::protocol::Version;
use crate::protocol::envelope::Unreadable;
use crate::wire::{Diagnostic, Document, Json, Malformed, Node};

/// The constant every client asks with.
const INFORMATION: &str = "InfoMobileApp.json?id=0D264427-EEFC-4810-A9E9-346942A862A4";

/// The vendor's directory of schools.
pub const DIRECTORY: &str = "https://www.index-education.com/swie/geoloc.php";

/// The most schools a search gives.
const MOST_SCHOOLS: usize = 200;

/// What a school tells everyone.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct School {
    /// The school's name.
    pub name: Option<String>,
    /// The server's version, with its build.
    pub version: Option<Version>,
    /// The server's clock.
    pub date: Option<DateTime>,
    /// The spaces offered to mobile applications.
    pub spaces: Vec<OfferedSpace>,
    /// The portal in front of the school, when there is one.
    pub portal: Option<Url>,
    /// What could not be read.
    pub diagnostics: Vec<Diagnostic>,
}

/// A space a school offers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OfferedSpace {
    /// Its label.
    pub name: String,
    /// Its page, for instance `mobile.eleve.html`.
    pub page: String,
    /// Which it is, when it is one Cartable knows.
    pub space: Option<Space>,
}

/// A school in the directory.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NearbySchool {
    /// Its name, accents restored.
    pub name: String,
    /// Its PRONOTE.
    pub url: String,
    /// Its postcode.
    pub postcode: Option<String>,
    /// Metres from the point asked about, as the crow flies.
    pub distance: u64,
}

/// Asks a school what it tells everyone.
///
/// # Errors
/// At [`Step::Discovery`]: it cannot be reached, or the answer is not PRONOTE's.
pub async fn school(transport: &Transport, pacer: &Pacer, address: &SchoolAddress) -> Result<School, Error> {
    let fail = |cause: Cause| Error::new(Step::Discovery, cause);
    pacer.pass(&address.key()).await.map_err(|paused| fail(paused.into()))?;
    let response = fetch(&transport.browser(), Request::get(&address.below(INFORMATION)?)).await?;
    let text = response.text();
    let no_answer = |cause| fail(pacer.page_refusal(&address.key(), response.status, &text).unwrap_or(cause));
    if response.status != 200 {
        return Err(no_answer(Cause::Status(response.status)));
    }
    let json = Json::parse(&text).map_err(|_| no_answer(Unreadable::NotAnEnvelope.into()))?;
    let document = Document::new(&json);
    let root = document.root();
    // Only `version` is on every server of every year.
    if !root.has("version") {
        return Err(fail(root.missing("version").into()));
    }
    let portal = root.get("CAS").filter(|portal| portal.flag("actif"));
    Ok(School {
        name: root.read("nomEtab"),
        version: root.get("version").and_then(version),
        date: root.read::<&str>("date").and_then(|date| date.parse().ok()),
        spaces: root.each("espaces", space),
        portal: portal.and_then(|portal| Url::parse(portal.read("casURL")?).ok()),
        diagnostics: document.diagnostics(),
    })
}

/// Asks the directory for schools near a point, nearest first.
///
/// # Errors
/// At [`Step::Discovery`].
pub async fn near(
    transport: &Transport,
    directory: &Url,
    latitude: Decimal,
    longitude: Decimal,
) -> Result<Vec<NearbySchool>, Error> {
    let fail = |cause: Cause| Error::new(Step::Discovery, cause);
    let question =
        serde_json::json!({ "nomFonction": "geoLoc", "lat": latitude.to_string(), "long": longitude.to_string() });
    let request = Request::form(directory, [("data", question.to_string())]);
    let response = fetch(&transport.browser(), request).await?;
    if response.status != 200 {
        return Err(fail(Cause::Status(response.status)));
    }
    let text = response.text();
    let json = Json::parse(&text).map_err(|_| fail(Unreadable::NotAnEnvelope.into()))?;
    let found = Json::Object(vec![("schools".into(), if matches!(json, Json::Array(_)) { json } else { Json::Null })]);
    let document = Document::new(&found);
    let here = (latitude.to_f64().unwrap_or(0.0), longitude.to_f64().unwrap_or(0.0));
    let mut schools = document.root().each("schools", |node| nearby(node, here));
    schools.sort_by(|a, b| (a.distance, &a.name).cmp(&(b.distance, &b.name)));
    schools.truncate(MOST_SCHOOLS);
    Ok(schools)
}

async fn fetch(browser: &Browser, request: Request) -> Result<Response, Error> {
    browser.follow(request).await.map_err(|error| Error::new(Step::Discovery, error))
}

/// `[2026,1,3,0]`; a build of 0 is one the server does not tell.
fn version(node: Node<'_>) -> Option<Version> {
    let Json::Array(numbers) = node.json() else { return None };
    let numbers: Vec<u16> = numbers
        .iter()
        .map_while(|number| match number {
            Json::Number(number) => number.as_u64().and_then(|number| u16::try_from(number).ok()),
            _ => None,
        })
        .collect();
    match numbers[..] {
        [year, major, minor, 0] | [year, major, minor] => Some(Version::new(year, major, minor, None)),
        [year, major, minor, build] => Some(Version::new(year, major, minor, Some(build))),
        _ => None,
    }
}

fn space(node: Node<'_>) -> Result<OfferedSpace, Malformed> {
    let page: String = node.need("URL")?;
    Ok(OfferedSpace { name: node.text("nom"), space: Space::of_page(&page), page })
}

fn nearby(node: Node<'_>, here: (f64, f64)) -> Result<NearbySchool, Malformed> {
    let coordinate = |key| -> Result<f64, Malformed> {
        let decimal: Decimal = node.need(key)?;
        decimal.to_f64().ok_or_else(|| node.missing(key))
    };
    let url: String = node.need("url")?;
    Ok(NearbySchool {
        name: accented(&node.need::<String>("nomEtab")?),
        url: url.to_lowercase(),
        postcode: node.read("cp"),
        distance: metres(here, (coordinate("lat")?, coordinate("long")?)),
    })
}

/// The directory writes capitals without accents.
fn accented(name: &str) -> String {
    name.trim().replace("COLLEGE", "COLLÈGE").replace("LYCEE", "LYCÉE")
}

/// The haversine distance between two points in degrees.
fn metres(a: (f64, f64), b: (f64, f64)) -> u64 {
    const EARTH: f64 = 6_371_000.0;
    let half = |from: f64, to: f64| ((to - from).to_radians() / 2.0).sin().powi(2);
    let h = half(a.0, b.0) + a.0.to_radians().cos() * b.0.to_radians().cos() * half(a.1, b.1);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most half the earth around")]
    let distance = (2.0 * EARTH * h.clamp(0.0, 1.0).sqrt().asin()).round() as u64;
    distance
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paris_to_lyon_is_392_kilometres() {
        assert_eq!(metres((48.8566, 2.3522), (45.7640, 4.8357)) / 1000, 391);
        assert_eq!(metres((48.0, 2.0), (48.0, 2.0)), 0);
    }
}
