//! `PageAccueil`: links, partners and their wallets, and a little of every other page (data §13).

mod partner;

use jiff::civil::{Date, DateTime};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

pub use partner::PartnerAddress;

use super::common::{attachment, color, either, labels, some_text, subject_of};
use super::{
    Context, Function, Payload, Read, evaluations, grades, homework, menus, messaging, news, school_life, timetable,
};
use crate::model::{
    AgendaEvent, AgendaEventKind, Echo, Home, Partner, PlannedTest, PlannedTestKind, UsefulLink, Wallet, tab,
};
use crate::wire::{Json, Malformed, Node, write};

/// The sections asked about a week.
const WEEKLY: [&str; 7] =
    ["EDT", "coursNonAssures", "personnelsAbsents", "incidents", "exclusions", "donneesVS", "donneesProfs"];
/// The sections asked about a day.
const DAILY: [&str; 7] = [
    "TAFARendre",
    "TAFEtActivites",
    "menuDeLaCantine",
    "registreAppel",
    "previsionnelAbsServiceAnnexe",
    "tableauDeBord",
    "modificationsEDT",
];
/// The sections read into the model; the lessons of the day lie open among them.
const READ: [&str; 11] = [
    "lienUtile",
    "ListeCours",
    "travailAFaire",
    "notes",
    "competences",
    "vieScolaire",
    "devoirSurveille",
    "actualites",
    "discussions",
    "menuDeLaCantine",
    "agenda",
];
/// What the sections of partners are called: `partenaireARD`, `partenaireCDI`…
const PARTNER: &str = "partenaire";

/// Asks for the home page.
#[derive(Debug, Clone, Copy, Default)]
pub struct Request {
    /// The day it is about; none for the next day of school.
    pub date: Option<Date>,
}

impl Function for Request {
    const NAME: &'static str = "PageAccueil";
    const TAB: Option<u32> = Some(tab::HOME);
    type Answer = Home;

    fn arguments(&self, context: &Context) -> Value {
        let instance = &context.instance;
        let today = || instance.demo_date.or(instance.server_time).map_or(instance.first_date, DateTime::date);
        let date = self.date.or(instance.next_business_day).unwrap_or_else(today);
        let week = instance.week_of(date);
        let mut arguments = Map::new();
        arguments.insert("avecConseilDeClasse".into(), json!(true));
        arguments.insert("dateGrille".into(), write::request_date(date));
        arguments.insert("numeroSemaine".into(), json!(week));
        for section in WEEKLY {
            arguments.insert(section.into(), json!({ "numeroSemaine": week }));
        }
        for section in DAILY {
            arguments.insert(section.into(), json!({ "date": write::request_date(date) }));
        }
        arguments.insert("partenaireCDI".into(), json!({ "CDI": {} }));
        Value::Object(arguments)
    }

    fn read(payload: Payload<'_>, context: &Context) -> Result<Home, Malformed> {
        Ok(home(payload.data, context))
    }
}

impl Read for Request {}

pub(crate) fn home(data: Node<'_>, context: &Context) -> Home {
    let instance = &context.instance;
    let (mut partners, links) = links(data);
    partners.extend(own_partners(data));
    Home {
        links,
        partners,
        timetable: data.has("ListeCours").then(|| timetable::timetable(data, instance)),
        homework: within(data, "travailAFaire", |section| section.each("listeTAF", homework::homework)),
        grades: within(data, "notes", |section| grades::listed(section, instance)),
        evaluations: within(data, "competences", |section| {
            section.each("listeEvaluations", |node| evaluations::evaluation(node, instance))
        }),
        school_life: data.get("vieScolaire").map(|section| school_life::school_life(section, instance)),
        tests: within(data, "devoirSurveille", |section| section.each("listeDS", planned_test)),
        news: within(data, "actualites", |section| news::news(section).items),
        mailbox: data.get("discussions").map(|section| messaging::mailbox(section, context)),
        menu: within(data, "menuDeLaCantine", |day| menus::meals(day, either(day, "ListeRepas", "listeRepas"))),
        agenda: within(data, "agenda", |section| section.each("listeEvenements", event)),
        message: some_text(data, "message"),
        quiet_hours: data.flag("estDansUnePeriodeDeDeconnexion"),
        others: others(data),
    }
}

fn within<'a, T>(data: Node<'a>, section: &str, read: impl FnOnce(Node<'a>) -> Vec<T>) -> Vec<T> {
    data.get(section).map(read).unwrap_or_default()
}

/// Links lead somewhere, or to a partner.
fn links(data: Node<'_>) -> (Vec<Partner>, Vec<UsefulLink>) {
    let (mut partners, mut links) = (Vec::new(), Vec::new());
    for node in data.get("lienUtile").into_iter().flat_map(|section| section.items("listeLiens")) {
        if node.has("SSO") {
            partners.extend(node.or_note(|node| partner(node, node.need("L")?)));
        } else {
            links.extend(node.or_note(link));
        }
    }
    (partners, links)
}

fn link(node: Node<'_>) -> Result<UsefulLink, Malformed> {
    let url = some_text(node, "url");
    Ok(UsefulLink {
        id: node.id(),
        name: some_text(node, "L").or_else(|| url.clone()).ok_or_else(|| node.missing("L"))?,
        url: url.map(|url| if url.contains("://") { url } else { format!("http://{url}") }),
        comment: some_text(node, "commentaire"),
        favorite: node.flag("estFavori"),
        phone: some_text(node, "numeroTelBrut").or_else(|| some_text(node, "numeroTelFormate")),
    })
}

/// The partners that have a section of their own.
fn own_partners(data: Node<'_>) -> Vec<Partner> {
    let Json::Object(members) = data.json() else { return Vec::new() };
    let names = members.iter().filter_map(|(key, _)| key.strip_prefix(PARTNER).map(|name| (key, name)));
    let present = names.filter_map(|(key, name)| data.get(key).filter(|node| node.has("SSO")).map(|node| (node, name)));
    present.filter_map(|(node, name)| node.or_note(|node| partner(node, name.to_owned()))).collect()
}

fn partner(node: Node<'_>, name: String) -> Result<Partner, Malformed> {
    let sso = node.need_node("SSO")?;
    Ok(Partner {
        name,
        code: some_text(sso, "codePartenaire"),
        wallets: node.each("porteMonnaie", wallet),
        refreshable: node.flag("avecActualisation"),
        sso: Echo::of(sso),
    })
}

fn wallet(node: Node<'_>) -> Result<Wallet, Malformed> {
    let balance_label = node.text("valeurSolde");
    Ok(Wallet {
        name: node.need("libellePorteMonnaie")?,
        hint: some_text(node, "hintPorteMonnaie"),
        balance: amount(&balance_label),
        balance_label,
        balance_hint: some_text(node, "hintSolde"),
        low: node.flag("avecWarning"),
    })
}

/// Reads `-1 234,56 €`, whatever spaces it is written with.
fn amount(text: &str) -> Option<Decimal> {
    let digits: String = text.chars().filter(|letter| !letter.is_whitespace() && *letter != '€').collect();
    let digits = digits.replace('\u{2212}', "-").replace(',', ".");
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    if plain && digits.len() <= 28 { digits.parse().ok() } else { None }
}

fn planned_test(node: Node<'_>) -> Result<PlannedTest, Malformed> {
    Ok(PlannedTest {
        id: node.id(),
        name: some_text(node, "L"),
        kind: node.read("G").unwrap_or(PlannedTestKind::Test),
        subject: subject_of(node, "matiere"),
        color: color(node, "couleur").or_else(|| color(node.get("matiere")?, "couleur")),
        start: node.need("dateDebut")?,
        end: node.read("dateFin"),
        rooms: labels(node, "listeSalles"),
    })
}

fn event(node: Node<'_>) -> Result<AgendaEvent, Malformed> {
    Ok(AgendaEvent {
        id: node.id(),
        name: node.need("L")?,
        kind: node.read("G").unwrap_or(AgendaEventKind::Plain),
        start: node.read_any(&["dateDebut", "DateDebut"]),
        end: node.read_any(&["dateFin", "DateFin"]),
        periodic: node.flag("estPeriodique"),
        comment: some_text(node, "commentaire"),
        attachments: node.each("listeDocJoints", attachment),
    })
}

fn others(data: Node<'_>) -> std::collections::BTreeMap<String, Value> {
    let Json::Object(members) = data.json() else { return Default::default() };
    let unread = |key: &str, value: &Json<'_>| {
        matches!(value, Json::Object(_) | Json::Array(_)) && !READ.contains(&key) && !key.starts_with(PARTNER)
    };
    let unread = members.iter().filter(|(key, value)| unread(key, value));
    unread.filter_map(|(key, value)| Some((key.to_string(), serde_json::to_value(value.opened()).ok()?))).collect()
}

#[cfg(test)]
mod tests;
