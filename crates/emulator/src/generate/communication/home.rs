//! Invents useful links, partners, wallets and the agenda.

use jiff::ToSpan as _;
use rust_decimal::Decimal;

use crate::School;
use crate::school::home::{AgendaEvent, Link, Partner, Wallet};
use crate::school::{AgendaId, Kind};

/// Fills the home page.
pub(super) fn fill(school: &mut School, random: &mut fastrand::Rng) {
    let link = |name: &str, url: &str, comment: &str| Link {
        name: name.to_owned(),
        url: url.to_owned(),
        comment: comment.to_owned(),
    };
    school.home.links = vec![
        link("Site du collège", "https://college.example.org/", "Actualités et projets"),
        link("Foyer socio-éducatif", "https://foyer.example.org/", "Les clubs du midi"),
    ];
    school.home.partners = vec![Partner {
        code: "TURBOSELF".to_owned(),
        name: "Réserver un repas".to_owned(),
        url: "https://restauration.example.org/entrer".to_owned(),
    }];
    school.home.wallet_service = "https://porte-monnaie.example.org/entrer".to_owned();
    let pupils = school.people.iter().filter(|person| person.kind == Kind::Student);
    school.home.wallets = pupils
        .map(|pupil| Wallet {
            person: pupil.id,
            name: "Cantine".to_owned(),
            balance: Decimal::new(random.i64(-500..9_000), 2),
            warns_under: Decimal::from(10),
        })
        .collect();
    agenda(school);
}

fn agenda(school: &mut School) {
    let coming = [
        (3, 17, 120, 7, "Réunion parents-professeurs", "Les professeurs reçoivent sur rendez-vous."),
        (7, 17, 60, 2, "Conseil de classe", ""),
        (12, 9, 180, 0, "Cross du collège", "Prévoir une tenue de sport."),
    ];
    for ((days, hour, minutes, kind, title, comment), id) in coming.into_iter().zip(1..) {
        let day = school.year.next_open(school.clock.today().saturating_add(days.days()));
        let start = day.at(hour, 0, 0, 0);
        let end = start.saturating_add(minutes.minutes());
        let (title, comment) = (title.to_owned(), comment.to_owned());
        school.home.agenda.put(AgendaEvent { id: AgendaId(id), title, start, end, comment, kind });
    }
}
