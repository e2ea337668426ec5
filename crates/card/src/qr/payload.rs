//! What phones understand of what is written in a code: addresses, numbers, cards, networks, days. Each is a function of
//! templates; a part that is blank is left out, and what is blank in its main part is nothing at all.

use std::fmt::Display;

use jiff::civil;
use minijinja::value::Kwargs;
use minijinja::{Environment, Error, ErrorKind, Value};
use url::{Host, Url};

/// Where the codes of European cards lead.
const ESC: &str = "https://esc.gg/";
/// The most bytes of a vCard; in a code of more, the modules are too small for a telephone's screen.
const MOST_OF_VCARD: usize = 500;

type Payload = Result<String, Error>;

/// Adds the functions to an environment.
pub fn prepare(env: &mut Environment<'_>) {
    env.add_function("text", |text: Value| said(&text));
    env.add_function("url", url);
    env.add_function("mailto", mailto);
    env.add_function("sms", sms);
    env.add_function("tel", |number: Value| tel(&number));
    env.add_function("vcard", vcard);
    env.add_function("mecard", mecard);
    env.add_function("geo", |latitude: Value, longitude: Value| geo(&latitude, &longitude));
    env.add_function("wifi", wifi);
    env.add_function("event", event);
    env.add_function("esc", esc);
}

/// A text as it is written, without blanks around it; an attribute gives its first value.
fn said(value: &Value) -> Payload {
    if value.is_undefined() {
        return Err(ErrorKind::UndefinedError.into());
    }
    if value.is_none() {
        return Ok(String::new());
    }
    Ok(value.to_string().trim().to_owned())
}

/// A part that may be left out.
fn part(parts: &Kwargs, name: &str) -> Payload {
    parts.get::<Option<Value>>(name)?.map_or_else(|| Ok(String::new()), |value| said(&value))
}

fn wrong(what: impl Display) -> Error {
    Error::new(ErrorKind::InvalidOperation, what.to_string())
}

/// An address that a browser opens.
fn url(text: Value) -> Payload {
    let text = said(&text)?;
    if text.is_empty() || is_web(&text) { Ok(text) } else { Err(wrong("a url in a code begins with https://")) }
}

fn is_web(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    match (url.scheme(), url.host()) {
        ("https", Some(_)) => true,
        ("http", Some(Host::Ipv4(address))) => address.is_loopback(),
        ("http", Some(Host::Ipv6(address))) => address.is_loopback(),
        ("http", Some(Host::Domain(name))) => name == "localhost",
        _ => false,
    }
}

fn mailto(to: Value, parts: Kwargs) -> Payload {
    let (to, subject, body) = (said(&to)?, part(&parts, "subject")?, part(&parts, "body")?);
    parts.assert_all_used()?;
    if to.is_empty() {
        return Ok(to);
    }
    let mut mailto = format!("mailto:{}", percent(&to, b"@"));
    let mut before = '?';
    for (name, text) in [("subject", subject), ("body", body)] {
        if !text.is_empty() {
            let text = text.replace("\r\n", "\n").replace('\n', "\r\n");
            mailto.push_str(&format!("{before}{name}={}", percent(&text, b"")));
            before = '&';
        }
    }
    Ok(mailto)
}

/// A text in which all but letters, digits, `-._~` and what is let through is written as `%XX`.
fn percent(text: &str, through: &[u8]) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || through.contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

fn sms(number: Value, text: Option<Value>) -> Payload {
    let (number, text) = (digits(&number)?, text.map_or_else(|| Ok(String::new()), |text| said(&text))?);
    Ok(if number.is_empty() { number } else { format!("SMSTO:{number}:{text}") })
}

fn tel(number: &Value) -> Payload {
    let number = digits(number)?;
    Ok(if number.is_empty() { number } else { format!("tel:{number}") })
}

/// What is dialed of a number as people write it: `+33 (0)6 12…` has a zero that is not dialed from abroad.
fn digits(number: &Value) -> Payload {
    let number = said(number)?.replace("(0)", "");
    if number.chars().any(char::is_alphabetic) {
        return Err(wrong("a telephone number has no letters"));
    }
    let plus = if number.starts_with('+') { "+" } else { "" };
    let digits: String = number.chars().filter(|sign| sign.is_ascii_digit() || matches!(sign, '*' | '#')).collect();
    Ok(if digits.is_empty() { digits } else { format!("{plus}{digits}") })
}

/// A text with a backslash before each of some signs.
fn escaped(text: &str, signs: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for sign in text.chars() {
        if sign == '\\' || signs.contains(sign) {
            escaped.push('\\');
        }
        escaped.push(sign);
    }
    escaped
}

/// A value of a vCard or an event, in which the end of a line is written `\n` (RFC 2426, section 5; RFC 5545, 3.3.11).
fn vvalue(text: &str) -> String {
    escaped(text, ";,").replace("\r\n", "\n").replace(['\n', '\r'], "\\n")
}

/// A vCard 3.0.
fn vcard(parts: Kwargs) -> Payload {
    let (last, first) = (part(&parts, "last")?, part(&parts, "first")?);
    let mut lines = vec!["BEGIN:VCARD".to_owned(), "VERSION:3.0".to_owned()];
    lines.push(format!("N:{};{};;;", vvalue(&last), vvalue(&first)));
    lines.push(format!("FN:{}", vvalue(format!("{first} {last}").trim())));
    for (part_name, name) in
        [("org", "ORG"), ("title", "TITLE"), ("tel", "TEL"), ("email", "EMAIL"), ("url", "URL"), ("note", "NOTE")]
    {
        let text = match part_name {
            "tel" => parts.get::<Option<Value>>("tel")?.map_or_else(|| Ok(String::new()), |number| digits(&number))?,
            _ => part(&parts, part_name)?,
        };
        if !text.is_empty() {
            lines.push(format!("{name}:{}", vvalue(&text)));
        }
    }
    parts.assert_all_used()?;
    if last.is_empty() && first.is_empty() {
        return Ok(String::new());
    }
    lines.push("END:VCARD".to_owned());
    let card = lines.join("\r\n");
    if card.len() > MOST_OF_VCARD {
        return Err(wrong(format!("a vCard in a code has at most {MOST_OF_VCARD} bytes")));
    }
    Ok(card)
}

fn mecard(parts: Kwargs) -> Payload {
    let escaped = |text: &str| escaped(text, ";,:").replace(['\r', '\n'], " ");
    let (last, first) = (part(&parts, "last")?, part(&parts, "first")?);
    let name = match (last.is_empty(), first.is_empty()) {
        (false, false) => format!("{},{}", escaped(&last), escaped(&first)),
        _ => escaped(&format!("{last}{first}")),
    };
    let mut card = format!("MECARD:N:{name};");
    let tel = parts.get::<Option<Value>>("tel")?.map_or_else(|| Ok(String::new()), |number| digits(&number))?;
    for (name, text) in [
        ("TEL", tel),
        ("EMAIL", part(&parts, "email")?),
        ("URL", part(&parts, "url")?),
        ("NOTE", part(&parts, "note")?),
    ] {
        if !text.is_empty() {
            card.push_str(&format!("{name}:{};", escaped(&text)));
        }
    }
    parts.assert_all_used()?;
    Ok(if name.is_empty() { name } else { card + ";" })
}

/// A place on the earth, in degrees.
fn geo(latitude: &Value, longitude: &Value) -> Payload {
    let (latitude, longitude) = (said(latitude)?, said(longitude)?);
    if latitude.is_empty() || longitude.is_empty() {
        return Ok(String::new());
    }
    let degrees = |text: &str, most: f64| match text.parse::<f64>() {
        // A tenth of a meter is enough; no number is written with an exponent, and none as `-0`.
        Ok(degrees) if degrees.abs() <= most => Ok((degrees * 1e6).round() / 1e6 + 0.0),
        _ => Err(wrong(format!("a place is in degrees, at most {most}"))),
    };
    Ok(format!("geo:{},{}", degrees(&latitude, 90.0)?, degrees(&longitude, 180.0)?))
}

fn wifi(ssid: Value, parts: Kwargs) -> Payload {
    let escaped = |text: &str| escaped(text, ";,:\"");
    let (ssid, password) = (said(&ssid)?, part(&parts, "password")?);
    let security = match (part(&parts, "security")?.as_str(), password.is_empty()) {
        ("", true) | ("nopass", _) => "nopass",
        ("" | "WPA", false) => "WPA",
        ("WEP", false) => "WEP",
        ("WPA" | "WEP", true) => return Err(wrong("a network with WPA or WEP has a password")),
        _ => return Err(wrong("the security of a network is WPA, WEP or nopass")),
    };
    let hidden = parts.get::<Option<bool>>("hidden")?.unwrap_or(false);
    parts.assert_all_used()?;
    if ssid.is_empty() {
        return Ok(ssid);
    }
    let mut network = format!("WIFI:T:{security};S:{};", escaped(&ssid));
    if security != "nopass" {
        network.push_str(&format!("P:{};", escaped(&password)));
    }
    if hidden {
        network.push_str("H:true;");
    }
    Ok(network + ";")
}

/// Something that happens, as calendars take it.
fn event(summary: Value, parts: Kwargs) -> Payload {
    let summary = said(&summary)?;
    let mut lines = vec!["BEGIN:VEVENT".to_owned(), format!("SUMMARY:{}", vvalue(&summary))];
    for (name, text) in [("DTSTART", part(&parts, "start")?), ("DTEND", part(&parts, "end")?)] {
        if !text.is_empty() {
            lines.push(moment(name, &text)?);
        } else if name == "DTSTART" && !summary.is_empty() {
            return Err(wrong("an event has a start"));
        }
    }
    let place = part(&parts, "location")?;
    if !place.is_empty() {
        lines.push(format!("LOCATION:{}", vvalue(&place)));
    }
    parts.assert_all_used()?;
    lines.push("END:VEVENT".to_owned());
    Ok(if summary.is_empty() { summary } else { lines.join("\r\n") })
}

/// A day, a local time, or with an offset an instant.
fn moment(name: &str, text: &str) -> Payload {
    if let Ok(instant) = text.parse::<jiff::Timestamp>() {
        return Ok(format!("{name}:{}", instant.strftime("%Y%m%dT%H%M%SZ")));
    }
    let day = text.len() <= 10;
    match (day, text.parse::<civil::Date>(), text.parse::<civil::DateTime>()) {
        (true, Ok(date), _) => Ok(format!("{name};VALUE=DATE:{}", date.strftime("%Y%m%d"))),
        (false, _, Ok(time)) => Ok(format!("{name}:{}", time.strftime("%Y%m%dT%H%M%S"))),
        _ => Err(wrong("the time of an event is a day, or a day and a time, as in 2026-11-22T14:00")),
    }
}

/// The address of a European card.
fn esc(escn: Value, parts: Kwargs) -> Payload {
    let (escn, base) = (said(&escn)?.to_ascii_lowercase(), part(&parts, "base")?);
    parts.assert_all_used()?;
    if escn.is_empty() {
        return Ok(escn);
    }
    if !is_escn(&escn) {
        return Err(wrong("this is not the number of a European card"));
    }
    let base = if base.is_empty() { ESC } else { &base };
    if !is_web(base) {
        return Err(wrong("a url in a code begins with https://"));
    }
    Ok(format!("{}/{escn}", base.trim_end_matches('/')))
}

/// Whether it is a UUID of version 1 that ends with digits.
fn is_escn(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let [one, two, three, four, five] = groups[..] else { return false };
    let hex = |group: &str, length| group.len() == length && group.bytes().all(|byte| byte.is_ascii_hexdigit());
    hex(one, 8)
        && hex(two, 4)
        && hex(three, 4)
        && hex(four, 4)
        && hex(five, 12)
        && three.starts_with('1')
        && five.bytes().all(|byte| byte.is_ascii_digit())
}
