//! From the fields of a row to a portal: every value is checked, and every fault has its line (portals §4.2, §4.3).

use std::sync::Arc;
use std::time::Duration;

use super::document::{Item, Value, Written};
use super::hosts::{HostRule, Origin, Target, address};
use super::row::{Detect, Entry, EntryMode, Form, Hosts, Idp, Limits, Meaning, Row, Way, Wayf};
use super::selector::Selector;
use super::step::{self, Step};
use super::values::{At, identifier, list, marker, names, of, one_of, optional, pairs, parsed, table, text};
use super::{Family, Fault, Portal, Profile, Status};

const STATUSES: [(&str, Status); 5] = [
    ("supported", Status::Supported),
    ("unverified", Status::Unverified),
    ("legacy", Status::Legacy),
    ("retired", Status::Retired),
    ("refused", Status::Refused),
];
const FAMILIES: [(&str, Family); 11] = [
    ("skolengo", Family::Skolengo),
    ("edifice", Family::Edifice),
    ("edifice-oidc", Family::EdificeOidc),
    ("apereo", Family::Apereo),
    ("cas-form", Family::CasForm),
    ("laclasse", Family::Laclasse),
    ("shib-wayf", Family::ShibWayf),
    ("toutatice", Family::Toutatice),
    ("hub-educonnect", Family::HubEduconnect),
    ("saml-entry", Family::SamlEntry),
    ("form-chain", Family::FormChain),
];
const MODES: [(&str, EntryMode); 3] = [
    ("pronote-first", EntryMode::PronoteFirst),
    ("cas-root", EntryMode::CasRoot),
    ("portal-first", EntryMode::PortalFirst),
];
const IDPS: [(&str, Idp); 4] =
    [("educonnect", Idp::Educonnect), ("local", Idp::Local), ("keycloak", Idp::Keycloak), ("agri", Idp::Agri)];
const PROFILES: [(&str, Profile); 3] =
    [("profiles.pupil", Profile::Pupil), ("profiles.guardian", Profile::Guardian), ("profiles.staff", Profile::Staff)];
const MARKERS: [(&str, Meaning); 9] = [
    ("markers.wrong", Meaning::Wrong),
    ("markers.locked", Meaning::Locked),
    ("markers.renew", Meaning::Renew),
    ("markers.activate", Meaning::Activate),
    ("markers.mfa", Meaning::Mfa),
    ("markers.closed", Meaning::Closed),
    ("markers.overload", Meaning::Overload),
    ("markers.no_account", Meaning::NoAccount),
    ("markers.service", Meaning::Service),
];

/// Reads a row that has taken over what it extends.
pub(super) fn portal(written: &Written, builtin: bool) -> Result<Portal, Vec<Fault>> {
    let mut reader = Reader { written, faults: Vec::new() };
    let id = reader.field("id", identifier).unwrap_or_default();
    if id.is_empty() {
        reader.missing("id", "a short name in small letters, such as `mon-departement`");
    }
    let portal = Portal {
        aliases: reader.field("aliases", |item| list(item, identifier)).unwrap_or_default(),
        display: reader.field("display", text).unwrap_or_else(|| id.clone()),
        region: reader.field("region", text),
        status: reader.field("status", |item| one_of(item, &STATUSES)).unwrap_or(Status::Unverified),
        replaced_by: reader.field("replaced_by", identifier),
        verified: reader.field("verified", |item| match item.value {
            Value::Date(date) => Ok(date),
            _ => Err(At::new(item, "is a date such as 2026-09-01")),
        }),
        evidence: reader
            .field("evidence", |item| one_of(item, &[("A", 'A'), ("B", 'B'), ("C", 'C'), ("D", 'D')]))
            .unwrap_or('C'),
        family: None,
        hosts: Vec::new(),
        credential_hosts: Vec::new(),
        notes: reader.field("notes", text),
        file: (!builtin).then(|| written.file.clone()),
        overrides: Vec::new(),
        row: Arc::new(reader.row()),
        id,
    };
    let row = Arc::clone(&portal.row);
    if portal.status.signs_in() {
        reader.whole(&row, builtin);
    }
    if !reader.faults.is_empty() {
        reader.faults.sort_by_key(|fault| fault.line);
        return Err(reader.faults);
    }
    let mut credential_hosts: Vec<String> =
        row.ways.keys().flat_map(|profile| row.reach(*profile).credentials).map(|origin| origin.to_string()).collect();
    credential_hosts.sort();
    credential_hosts.dedup();
    Ok(Portal {
        family: row.family,
        hosts: row.detect.hosts.iter().map(ToString::to_string).collect(),
        credential_hosts,
        ..portal
    })
}

struct Reader<'a> {
    written: &'a Written,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    /// A field, read; none if it is not there or has a fault, which is kept.
    fn field<T>(&mut self, name: &str, read: impl FnOnce(&Item) -> Result<T, At>) -> Option<T> {
        let item = self.written.fields.get(name)?;
        match read(item) {
            Ok(value) => Some(value),
            Err(at) => {
                let why = format!("{}`{name}`: {}", self.name(), at.why);
                self.faults.push(Fault { file: at.file, line: at.line, why });
                None
            }
        }
    }

    fn name(&self) -> String {
        self.written.text("id").map_or_else(String::new, |id| format!("portal `{id}`: "))
    }

    fn missing(&mut self, name: &str, what: &str) {
        let why = format!("{}`{name}` is missing: {what}", self.name());
        self.faults.push(Fault { file: self.written.file.clone(), line: self.written.line, why });
    }

    fn wrong(&mut self, name: &str, why: &str) {
        let why = format!("{}`{name}`: {why}", self.name());
        let item = self.written.fields.get(name);
        let (file, line) = item.map_or((&self.written.file, self.written.line), |item| (&item.file, item.line));
        self.faults.push(Fault { file: file.clone(), line, why });
    }

    fn row(&mut self) -> Row {
        let family = self.field("family", family);
        let mut row = Row {
            family,
            entry: Entry {
                mode: self.field("entry.mode", |item| one_of(item, &MODES)).unwrap_or_default(),
                url: self.field("entry.url", |item| parsed(item, address)),
                cas_root: self.field("entry.cas_root", |item| parsed(item, address)),
                set_query: self.field("entry.set_query", pairs).unwrap_or_default(),
            },
            detect: Detect {
                hosts: self
                    .field("detect.hosts", |item| list(item, |item| parsed(item, Origin::parse)))
                    .unwrap_or_default(),
                query: self.field("detect.query", pairs).unwrap_or_default(),
            },
            wayf: self.field("wayf", wayf),
            form: self.field("form", form).unwrap_or_default(),
            hosts: Hosts {
                navigate: self.hosts("hosts.navigate", HostRule::parse),
                credentials: self.hosts("hosts.credentials", Origin::parse),
                assertion: self.hosts("hosts.assertion", Target::parse),
            },
            limits: self.field("limits", limits).unwrap_or_default(),
            steps: self.field("steps", step::steps).unwrap_or_default(),
            ..Row::default()
        };
        for (name, profile) in PROFILES {
            if let Some(way) = self.field(name, |item| way(item, profile)) {
                row.ways.insert(profile, way);
            }
        }
        for (name, meaning) in MARKERS {
            let markers = self.field(name, |item| list(item, marker)).unwrap_or_default();
            row.markers.extend(markers.into_iter().map(|marker| (meaning, marker)));
        }
        row
    }

    fn hosts<T>(&mut self, name: &str, parse: impl Fn(&str) -> Result<T, String>) -> Vec<T> {
        self.field(name, |item| list(item, |item| parsed(item, &parse))).unwrap_or_default()
    }

    /// Whether the fields go together, for a row that is signed in through.
    fn whole(&mut self, row: &Row, builtin: bool) {
        let Some(family) = row.family else {
            if !self.written.fields.contains_key("family") {
                self.missing("family", &format!("one of {}", names(&FAMILIES)));
            }
            return;
        };
        if row.ways.is_empty() && !PROFILES.iter().any(|(name, _)| self.written.fields.contains_key(name)) {
            self.missing("profiles", "such as `profiles.pupil = { idp = \"educonnect\" }`");
        }
        let possible = idps(family);
        for (profile, way) in &row.ways {
            let name = PROFILES.iter().find(|(_, one)| one == profile).map_or("profiles", |(name, _)| name);
            if !possible.contains(&way.idp) {
                let possible: Vec<_> = IDPS.into_iter().filter(|(_, idp)| possible.contains(idp)).collect();
                self.wrong(name, &format!("`idp` is {} in this family", names(&possible)));
            }
            if way.idp == Idp::Keycloak && row.hosts.credentials.is_empty() {
                self.wrong(name, "with `idp = \"keycloak\"`, `hosts.credentials` names the host of its form");
            }
        }
        let entry = &row.entry;
        let absent = |name: &str| !self.written.fields.contains_key(name);
        let chain = family == Family::FormChain;
        // A row shipped without an address is there to be extended; a chain may say it in its first step.
        if !builtin && absent("entry.cas_root") && absent("entry.url") && row.origin().is_none() {
            self.missing("entry.cas_root", "the CAS server's address up to `/login`, or `entry.url` for a first page");
        } else if entry.mode == EntryMode::CasRoot && absent("entry.cas_root") && !chain {
            self.missing("entry.cas_root", "`entry.mode` begins there");
        } else if entry.mode == EntryMode::PortalFirst && absent("entry.url") && !chain {
            self.missing("entry.url", "`entry.mode` begins there");
        }
        if row.form.user_field.as_deref().unwrap_or("username")
            == row.form.password_field.as_deref().unwrap_or("password")
        {
            self.wrong("form", "the user name and the password go into two fields");
        }
        let national = row.ways.values().all(|way| way.idp.host().is_some());
        let own = row.ways.values().all(|way| way.idp.host().is_none());
        let fill = |step: &Step| matches!(step, Step::Submit { credentials: true, .. });
        if row.steps.contains(&Step::Educonnect) && !national {
            self.wrong("steps", "with the step `educonnect`, every profile has `idp = \"educonnect\"` or `\"agri\"`");
        }
        if row.steps.iter().any(fill) && !own {
            self.wrong("steps", "with `credentials = true`, every profile has `idp = \"local\"` or `\"keycloak\"`");
        }
        match family {
            Family::FormChain if row.steps.is_empty() && !self.written.fields.contains_key("steps") => {
                self.missing("steps", "a `form-chain` lists them");
            }
            Family::FormChain => {}
            _ if !row.steps.is_empty() => self.wrong("steps", "only `form-chain` has steps"),
            _ => {}
        }
    }
}

/// Who can check passwords in a family.
fn idps(family: Family) -> &'static [Idp] {
    match family {
        Family::Skolengo | Family::Edifice | Family::Apereo => &[Idp::Educonnect, Idp::Local, Idp::Agri],
        Family::EdificeOidc => &[Idp::Keycloak],
        Family::CasForm => &[Idp::Local],
        Family::Laclasse => &[Idp::Educonnect, Idp::Local],
        Family::ShibWayf | Family::Toutatice | Family::HubEduconnect | Family::SamlEntry => {
            &[Idp::Educonnect, Idp::Agri]
        }
        Family::FormChain => &[Idp::Educonnect, Idp::Local, Idp::Keycloak, Idp::Agri],
    }
}

fn family(item: &Item) -> Result<Family, At> {
    match text(item)?.as_str() {
        "aten" => Err(At::new(item, "`aten` is gone: its accounts are EduConnect ones now")),
        "oze" => Err(At::new(item, "`oze` lets browsers through only: sign in with one and use PRONOTE's QR code")),
        _ => one_of(item, &FAMILIES),
    }
}

fn way(item: &Item, profile: Profile) -> Result<Way, At> {
    let fields = table(item, &["idp", "type_user", "provider", "provider_id", "set_query"])?;
    let idp = of(fields, "idp").ok_or_else(|| At::new(item, format!("`idp` is missing: one of {}", names(&IDPS))))?;
    let idp = one_of(idp, &IDPS)?;
    let usual = match (idp, profile) {
        (Idp::Educonnect | Idp::Agri, Profile::Pupil) => Some("eleve"),
        (Idp::Educonnect | Idp::Agri, Profile::Guardian) => Some("responsable"),
        (Idp::Educonnect, Profile::Staff) => {
            return Err(At::new(item, "EduConnect has accounts of pupils and guardians only"));
        }
        _ => None,
    };
    Ok(Way {
        idp,
        type_user: optional(of(fields, "type_user"), text)?.or_else(|| usual.map(str::to_owned)),
        provider: optional(of(fields, "provider"), |item| {
            let name = text(item)?;
            match name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')) {
                true => Ok(name),
                false => Err(At::new(item, "`provider` is one word, such as `student`")),
            }
        })?,
        provider_id: optional(of(fields, "provider_id"), text)?,
        set_query: optional(of(fields, "set_query"), pairs)?.unwrap_or_default(),
    })
}

fn wayf(item: &Item) -> Result<Wayf, At> {
    let known = ["entity_id", "return", "return_param", "origin", "action"];
    let Value::Table(fields) = &item.value else { return Err(At::new(item, "is a table in braces")) };
    let (given, extra): (Vec<_>, Vec<_>) = fields.iter().cloned().partition(|(name, _)| known.contains(&name.as_str()));
    Ok(Wayf {
        entity_id: optional(of(&given, "entity_id"), text)?,
        back: optional(of(&given, "return"), |item| parsed(item, address))?,
        return_param: optional(of(&given, "return_param"), text)?,
        origin: optional(of(&given, "origin"), text)?,
        action: optional(of(&given, "action"), text)?,
        extra: pairs(&Item { value: Value::Table(extra), ..item.clone() })?,
    })
}

fn form(item: &Item) -> Result<Form, At> {
    let fields = table(item, &["selector", "user_field", "password_field", "extra"])?;
    Ok(Form {
        selector: optional(of(fields, "selector"), |item| parsed(item, Selector::parse))?,
        user_field: optional(of(fields, "user_field"), text)?,
        password_field: optional(of(fields, "password_field"), text)?,
        extra: optional(of(fields, "extra"), pairs)?.unwrap_or_default(),
    })
}

fn limits(item: &Item) -> Result<Limits, At> {
    let fields = table(item, &["redirects", "requests", "page_bytes", "controls", "request_seconds", "total_seconds"])?;
    let all = Limits::default();
    let lower = |name: &str, most: u64| match of(fields, name) {
        None => Ok(most),
        Some(item) => match item.value {
            Value::Number(number) => u64::try_from(number)
                .ok()
                .filter(|number| (1..=most).contains(number))
                .ok_or_else(|| At::new(item, format!("`{name}` can only be lowered: 1 to {most}"))),
            _ => Err(At::new(item, format!("`{name}` is a number"))),
        },
    };
    let count = |name: &str, most: usize| lower(name, most as u64).map(|number| number as usize);
    Ok(Limits {
        redirects: count("redirects", all.redirects)?,
        requests: count("requests", all.requests)?,
        page_bytes: count("page_bytes", all.page_bytes)?,
        controls: count("controls", all.controls)?,
        request: Duration::from_secs(lower("request_seconds", all.request.as_secs())?),
        total: Duration::from_secs(lower("total_seconds", all.total.as_secs())?),
    })
}
