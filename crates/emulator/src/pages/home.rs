//! The home page and its partners (`PageAccueil`, `SaisieURLPartenaire`, data §13).

mod study;
#[cfg(test)]
mod tests;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{Answer, Call, Ids, Refusal, bare, genre, menus, messages, news, read, write};
use crate::School;
use crate::school::PersonId;
use crate::school::home::Wallet;

/// PRONOTE's code of the partner that keeps the wallets.
const WALLETS: &str = "ARD";

/// How many days ahead the agenda is shown.
const AGENDA_DAYS: i64 = 30;

/// Answers the functions of this page.
pub(crate) fn answer(school: &mut School, ids: &Ids, call: &Call<'_>) -> Result<Answer, Refusal> {
    match call.function {
        "PageAccueil" => Ok(Answer::read(page(school, ids, call))),
        "SaisieURLPartenaire" => enter(school, call),
        // The library and its search are partners this school does not have.
        _ => Err(Refusal::unknown_function()),
    }
}

/// The numbers by which a client asks for single widgets (data §13.1).
mod widget {
    pub(super) const DISCUSSIONS: u64 = 0;
    pub(super) const MENU: u64 = 5;
    pub(super) const SCHOOL_LIFE: u64 = 6;
    pub(super) const HOMEWORK: u64 = 7;
    pub(super) const AGENDA: u64 = 8;
    pub(super) const NEWS: u64 = 9;
    pub(super) const GRADES: u64 = 10;
    pub(super) const TIMETABLE: u64 = 12;
    pub(super) const SKILLS: u64 = 18;
    pub(super) const WALLET: u64 = 36;
}

fn page(school: &School, ids: &Ids, call: &Call<'_>) -> Value {
    let me = call.viewer.person;
    let asked = bare(&call.data["widgets"]).as_array();
    let wanted = |number: u64| asked.is_none_or(|asked| asked.iter().any(|widget| widget.as_u64() == Some(number)));
    let day = read::day(&call.data["dateGrille"]).unwrap_or_else(|| school.year.next_open(school.clock.today()));
    let mut page = json!({});
    study::add(school, ids, call, day, &wanted, &mut page);
    // Clients rely on the links even when they did not ask for them.
    page["lienUtile"] = links(school, ids, me);
    if wanted(widget::WALLET)
        && let Some(wallets) = wallets(school, call)
    {
        page["partenaireARD"] = wallets;
    }
    if wanted(widget::DISCUSSIONS) {
        page["discussions"] = messages::list(school, ids, me, true);
    }
    if wanted(widget::NEWS) {
        page["actualites"] = news::list(school, ids, me, &[0]);
    }
    if wanted(widget::AGENDA) {
        page["agenda"] = agenda(school, ids);
    }
    if wanted(widget::MENU)
        && let Some(menu) = menus::widget(school, ids, day)
    {
        page["menuDeLaCantine"] = menu;
    }
    page
}

/// Ordinary links, and partners, which differ by their `SSO`.
fn links(school: &School, ids: &Ids, me: PersonId) -> Value {
    let links = (1_u64..).zip(&school.home.links).map(|(rank, link)| {
        json!({ "N": ids.write(genre::LINK, rank), "L": link.name, "url": link.url, "commentaire": link.comment })
    });
    let first = school.home.links.len() as u64 + 1;
    let partners = (first..).zip(&school.home.partners).map(|(rank, partner)| {
        json!({ "N": ids.write(genre::LINK, rank), "L": partner.name, "SSO": sso(school, me, &partner.code) })
    });
    json!({ "listeLiens": write::list(links.chain(partners)) })
}

/// What a client must hand back unchanged to enter a partner.
fn sso(school: &School, me: PersonId, code: &str) -> Value {
    json!({ "codePartenaire": code, "jeton": ticket(school, me, code) })
}

/// What says to a partner who comes.
fn ticket(school: &School, me: PersonId, code: &str) -> String {
    Ids::stable(school.seed).write(genre::LINK, u64::from(me)).replace('#', &format!("-{code}-"))
}

/// Gives the address at which a partner is entered; it stands in the report (data §13.5).
fn enter(school: &School, call: &Call<'_>) -> Result<Answer, Refusal> {
    let me = call.viewer.person;
    let given = &call.data["SSO"];
    let partners = school.home.partners.iter().map(|partner| (partner.code.as_str(), partner.url.as_str()));
    let wallets = (!school.home.wallet_service.is_empty()).then_some((WALLETS, school.home.wallet_service.as_str()));
    let found = partners.chain(wallets).find(|(code, _)| sso(school, me, code) == *given);
    let Some((code, url)) = found else { return Err(Refusal::denied("Ce partenaire n'est pas accessible.")) };
    let address = format!("{url}?jeton={}", ticket(school, me, code));
    Ok(Answer { data: json!({}), report: Some(json!({ "urlSSO": write::typed(23, address) })) })
}

/// The wallets of the pupil the page is about, or of whoever reads it.
fn wallets(school: &School, call: &Call<'_>) -> Option<Value> {
    if school.home.wallet_service.is_empty() {
        return None;
    }
    let owner = call.viewer.child.unwrap_or(call.viewer.person);
    let today = school.clock.today();
    let wallets: Vec<Value> = school
        .home
        .wallets
        .iter()
        .filter(|wallet| wallet.person == owner)
        .map(|wallet| {
            json!({
                "libellePorteMonnaie": wallet.name,
                "valeurSolde": euros(wallet),
                "avecWarning": wallet.balance < wallet.warns_under,
                "hintSolde": today.strftime("Solde au %d/%m/%Y").to_string(),
                "hintPorteMonnaie": format!("Porte-monnaie {}", wallet.name),
            })
        })
        .collect();
    if wallets.is_empty() {
        return None;
    }
    Some(json!({
        "SSO": sso(school, call.viewer.person, WALLETS),
        "avecActualisation": true,
        "porteMonnaie": write::list(wallets),
    }))
}

/// Such as `12,34 €`, the space being one that does not break.
fn euros(wallet: &Wallet) -> String {
    let mut balance: Decimal = wallet.balance.round_dp(2);
    balance.rescale(2);
    format!("{}\u{a0}€", balance.to_string().replace('.', ","))
}

fn agenda(school: &School, ids: &Ids) -> Value {
    let today = school.clock.today();
    let last = today.saturating_add(jiff::Span::new().days(AGENDA_DAYS));
    let coming = school.home.agenda.iter().filter(|event| event.end.date() >= today && event.start.date() <= last);
    let events: Vec<Value> = coming
        .map(|event| {
            json!({
                "N": ids.write(genre::AGENDA, event.id),
                "L": event.title,
                "G": event.kind,
                "DateDebut": write::date_time(event.start),
                "DateFin": write::date_time(event.end),
                "estPeriodique": false,
                "commentaire": event.comment,
                "listeDocJoints": write::list([]),
            })
        })
        .collect();
    json!({ "listeEvenements": events })
}
