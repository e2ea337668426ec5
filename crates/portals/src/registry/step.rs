//! The steps of a `form-chain`, the family for a portal that fits no other (portals §4.3).

use url::Url;

use super::document::{Item, Value};
use super::hosts::{Origin, address};
use super::row::Marker;
use super::selector::Selector;
use super::values::{At, list, marker, names, of, pairs, parsed, table};

/// More than the longest way known needs.
const MOST: usize = 12;

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// Asks for a page.
    Get {
        /// Its address.
        url: Template,
        /// What is set in its query.
        set_query: Vec<(String, Template)>,
    },
    /// Sends a form of the page.
    Submit {
        /// Which form.
        selector: Selector,
        /// What is set in it.
        set: Vec<(String, Template)>,
        /// Whether the row's two fields are filled with the user name and the password.
        credentials: bool,
    },
    /// Sends the SAML request or response of the page on.
    RelaySaml,
    /// Signs in at EduConnect, up to its response.
    Educonnect,
    /// Goes where a link of the page leads, at the same host.
    FollowLink {
        /// Which link.
        selector: Selector,
    },
    /// Stops unless the page is as expected.
    Expect {
        /// By what it is known.
        marker: Marker,
    },
    /// Asks for PRONOTE's page, or for the ticket that leads to it.
    Service {
        /// Its address.
        url: Template,
    },
}

impl Step {
    /// Where it goes, if it says so without placeholders.
    pub(super) fn origin(&self) -> Option<Origin> {
        let (Step::Get { url, .. } | Step::Service { url }) = self else { return None };
        let front = url.0.split('?').next().unwrap_or_default();
        let host = front.strip_prefix("https://")?.split('/').next()?;
        if host.contains('{') { None } else { Origin::parse(host).ok() }
    }
}

/// A text with placeholders: `{service}`, `{pronote_root}`, `{space}`, `{type_user}`, `{host}`. There is none for the
/// password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template(pub(crate) String);

/// What the placeholders stand for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Values<'a> {
    /// PRONOTE's page, as the school registered it.
    pub(crate) service: &'a str,
    /// Where PRONOTE is, without a `/` at the end.
    pub(crate) pronote_root: &'a str,
    /// PRONOTE's page, such as `eleve.html`.
    pub(crate) space: &'a str,
    /// What EduConnect calls the kind of account.
    pub(crate) type_user: &'a str,
    /// The portal's own host.
    pub(crate) host: &'a str,
}

const SHAPES: [(&str, &[&str]); 7] = [
    ("get", &["url", "set_query"]),
    ("submit", &["selector", "set", "credentials"]),
    ("relay_saml", &[]),
    ("educonnect", &[]),
    ("follow_link", &["selector"]),
    ("expect", &["marker"]),
    ("service", &["url"]),
];

/// Reads the steps of a row.
pub(super) fn steps(item: &Item) -> Result<Vec<Step>, At> {
    let steps = list(item, step)?;
    if steps.is_empty() || steps.len() > MOST {
        return Err(At::new(item, format!("a `form-chain` has 1 to {MOST} steps")));
    }
    let with_password = steps.iter().filter(|step| matches!(step, Step::Submit { credentials: true, .. })).count();
    let educonnect = steps.iter().filter(|step| matches!(step, Step::Educonnect)).count();
    if with_password + educonnect > 1 {
        return Err(At::new(
            item,
            "only one step sends the password: `submit` with `credentials = true`, or `educonnect`",
        ));
    }
    match steps[0] {
        Step::Get { .. } | Step::Service { .. } => Ok(steps),
        _ => Err(At::new(item, "the first step is a `get` or a `service`: there is no page before it")),
    }
}

/// `"relay_saml"`, or `{ get = { url = "…" } }`.
fn step(item: &Item) -> Result<Step, At> {
    let kinds = SHAPES.map(|(name, _)| name);
    let none = Item { value: Value::Table(Vec::new()), ..item.clone() };
    let (kind, inner) = match &item.value {
        Value::Text(name) => (name.as_str(), &none),
        Value::Table(_) => match table(item, &kinds)? {
            [(name, inner)] => (name.as_str(), inner),
            _ => return Err(At::new(item, "a step does one thing, such as `{ get = { url = \"…\" } }`")),
        },
        _ => return Err(At::new(item, "a step is a name, or a table of one")),
    };
    let Some((_, known)) = SHAPES.iter().find(|(name, _)| *name == kind) else {
        return Err(At::new(item, format!("a step is one of {}", names(&SHAPES))));
    };
    let fields = table(inner, known)?;
    let needed = |name: &str| of(fields, name).ok_or_else(|| At::new(inner, format!("`{kind}` has a `{name}`")));
    let selector = || needed("selector").and_then(|item| parsed(item, Selector::parse));
    Ok(match kind {
        "get" => Step::Get {
            url: parsed(needed("url")?, Template::address)?,
            set_query: templates(of(fields, "set_query"))?,
        },
        "submit" => Step::Submit {
            selector: selector()?,
            set: templates(of(fields, "set"))?,
            credentials: match of(fields, "credentials").map(|item| (item, &item.value)) {
                None => false,
                Some((_, Value::Flag(flag))) => *flag,
                Some((item, _)) => return Err(At::new(item, "`credentials` is `true` or `false`")),
            },
        },
        "relay_saml" => Step::RelaySaml,
        "educonnect" => Step::Educonnect,
        "follow_link" => Step::FollowLink { selector: selector()? },
        "expect" => Step::Expect { marker: marker(needed("marker")?)? },
        _ => Step::Service { url: parsed(needed("url")?, Template::address)? },
    })
}

fn templates(item: Option<&Item>) -> Result<Vec<(String, Template)>, At> {
    let Some(item) = item else { return Ok(Vec::new()) };
    pairs(item)?
        .into_iter()
        .map(|(name, value)| Template::parse(&value).map(|value| (name, value)).map_err(|why| At::new(item, why)))
        .collect()
}

impl Template {
    const PLACEHOLDERS: [&str; 5] = ["service", "pronote_root", "space", "type_user", "host"];

    /// Reads a text whose placeholders are known.
    fn parse(text: &str) -> Result<Template, String> {
        let mut rest = text;
        while let Some((_, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').ok_or_else(|| format!("`{text}`: a `{{` without its `}}`"))?;
            if !Self::PLACEHOLDERS.contains(&name) {
                let known = Self::PLACEHOLDERS.map(|name| format!("`{{{name}}}`")).join(", ");
                let why = match name.contains("pass") || name.contains("user") {
                    true => "; the user name and the password go into the fields that `form` names, nowhere else",
                    false => "",
                };
                return Err(format!("`{{{name}}}` is none of {known}{why}"));
            }
            rest = after;
        }
        Ok(Template(text.to_owned()))
    }

    /// Reads an address with placeholders: `{service}` alone, or one whose host is written, or `{host}`, or PRONOTE's.
    fn address(text: &str) -> Result<Template, String> {
        let template = Template::parse(text)?;
        let host = text.split_once("://").map_or("", |(_, rest)| rest.split(['/', '?']).next().unwrap_or_default());
        if host.contains('{') && host != "{host}" {
            return Err(format!("`{text}`: only `{{host}}` stands for a host"));
        }
        let sample = Values {
            service: "https://school.example.fr/pronote/eleve.html",
            pronote_root: "https://school.example.fr/pronote",
            space: "eleve.html",
            type_user: "eleve",
            host: "portal.example.fr",
        };
        address(template.address_with(&sample).as_ref().map_or("", Url::as_str)).map_err(|why| {
            match text.starts_with('{') {
                true => format!("`{text}` is not the address of a page"),
                false => why.replace(Url::parse(text).as_ref().map_or("``", Url::as_str), text),
            }
        })?;
        Ok(template)
    }

    /// The text, with what its placeholders stand for.
    pub(crate) fn with(&self, values: &Values<'_>) -> String {
        self.fill(values, str::to_owned)
    }

    /// The address, with what its placeholders stand for: as it is in front of the query, encoded within.
    pub(crate) fn address_with(&self, values: &Values<'_>) -> Option<Url> {
        let (front, query) =
            self.0.split_once('?').map_or((self.0.as_str(), None), |(front, query)| (front, Some(query)));
        let mut text = Template(front.to_owned()).with(values);
        if let Some(query) = query {
            text.push('?');
            text += &Template(query.to_owned())
                .fill(values, |value| url::form_urlencoded::byte_serialize(value.as_bytes()).collect());
        }
        Url::parse(&text).ok()
    }

    fn fill(&self, values: &Values<'_>, encode: impl Fn(&str) -> String) -> String {
        let known = [values.service, values.pronote_root, values.space, values.type_user, values.host].map(encode);
        let mut filled = String::new();
        let mut rest = self.0.as_str();
        // Once through, so that what a value holds is never taken for a placeholder.
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            filled += before;
            let value = Self::PLACEHOLDERS.iter().zip(&known).find(|(placeholder, _)| **placeholder == name);
            filled += value.map_or("", |(_, value)| value);
            rest = after;
        }
        filled + rest
    }
}

#[cfg(test)]
mod tests {
    use super::{Template, Values};

    const VALUES: Values<'_> = Values {
        service: "https://x.fr/pronote/eleve.html?a=1&b={host}",
        pronote_root: "https://x.fr/pronote",
        space: "eleve.html",
        type_user: "eleve",
        host: "cas.y.fr",
    };

    fn address(text: &str) -> String {
        Template::address(text).expect(text).address_with(&VALUES).expect(text).to_string()
    }

    #[test]
    fn what_stands_in_a_query_is_encoded_and_read_once() {
        assert_eq!(
            address("https://{host}/login?service={service}&t={type_user}"),
            "https://cas.y.fr/login?service=https%3A%2F%2Fx.fr%2Fpronote%2Feleve.html%3Fa%3D1%26b%3D%7Bhost%7D&t=eleve"
        );
        assert_eq!(address("{pronote_root}/{space}"), "https://x.fr/pronote/eleve.html");
        assert_eq!(address("{service}"), "https://x.fr/pronote/eleve.html?a=1&b={host}");
    }

    #[test]
    fn an_address_is_one_with_any_values() {
        for text in
            ["{space}", "{host}/login", "/login", "https://{space}/", "ftp://{host}/", "https://192.0.2.1/{host}"]
        {
            assert!(Template::address(text).is_err(), "{text}");
        }
    }
}
