//! The vendor's central directory, knowing one school (protocol §1.5).

use axum::response::Response;
use serde_json::{Value, json};

use super::{Server, text};

/// Schools farther than this are not found, in kilometres.
const REACH: f64 = 30.0;

/// Answers `data={"nomFonction":"geoLoc","lat":…,"long":…}`, percent-encoded or not.
pub(super) fn search(server: &Server, body: &[u8]) -> Response {
    let found = question(body).filter(|(latitude, longitude)| {
        distance((*latitude, *longitude), (server.place.latitude, server.place.longitude)) <= REACH
    });
    let answer = match found {
        // Nothing found is an object, not a list.
        None => json!({}),
        Some(_) => json!([{
            "url": format!("{}pronote", server.origin),
            "nomEtab": server.school().name,
            "lat": server.place.latitude.to_string(),
            "long": server.place.longitude.to_string(),
            "cp": server.place.postal_code,
        }]),
    };
    text::json(&answer)
}

/// The place asked about.
fn question(body: &[u8]) -> Option<(f64, f64)> {
    let raw = std::str::from_utf8(body).ok()?.strip_prefix("data=")?;
    let question: Value = serde_json::from_str(raw).ok().or_else(|| {
        let (_, decoded) = url::form_urlencoded::parse(body).find(|(name, _)| name == "data")?;
        serde_json::from_str(&decoded).ok()
    })?;
    let degrees = |name: &str| match &question[name] {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    (question["nomFonction"] == json!("geoLoc")).then_some(())?;
    degrees("lat").zip(degrees("long"))
}

/// The great-circle distance, in kilometres.
fn distance(one: (f64, f64), other: (f64, f64)) -> f64 {
    const EARTH: f64 = 6_371.0;
    let (latitude, longitude) = ((other.0 - one.0).to_radians(), (other.1 - one.1).to_radians());
    let chord = (latitude / 2.0).sin().powi(2)
        + one.0.to_radians().cos() * other.0.to_radians().cos() * (longitude / 2.0).sin().powi(2);
    2.0 * EARTH * chord.sqrt().min(1.0).asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_question_is_read_in_every_spelling() {
        let place = Some((48.85, 2.35));
        assert_eq!(question(br#"data={"nomFonction":"geoLoc","lat":"48.85","long":"2.35"}"#), place);
        assert_eq!(question(br#"data={"nomFonction":"geoLoc","lat":48.85,"long":2.35}"#), place);
        assert_eq!(
            question(b"data=%7B%22nomFonction%22%3A%22geoLoc%22%2C%22lat%22%3A48.85%2C%22long%22%3A2.35%7D"),
            place
        );
        for body in [&b""[..], b"data=", b"data={}", b"\xff", br#"data={"nomFonction":"x","lat":1,"long":2}"#] {
            assert_eq!(question(body), None);
        }
    }

    #[test]
    fn distances_are_those_of_the_map() {
        let lyon = distance((48.8534, 2.3488), (45.764, 4.8357));
        assert!((lyon - 392.0).abs() < 3.0, "{lyon}");
    }
}
