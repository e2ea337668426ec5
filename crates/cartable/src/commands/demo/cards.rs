//! The cards of the demonstration: pupils and teachers of the invented school from a file, one of them with what PRONOTE
//! says of her.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use anyhow::Context as _;
use emulator::School;
use emulator::school::{Kind, Person};
use gateway::{Gateway, NewLogin, ProfileName};
use pronote::Space;
use pronote::login::{Credentials, Device};

use super::LOGIN;
use crate::cli::Global;
use crate::config::{self, Config};

/// What programs show for a card, and for a picture of one: no secret.
const TOKEN: &str = "demo-token-for-cards";
const VIEW_TOKEN: &str = "demo-token-for-pictures";
/// The name of the sign-in that the card of the demonstration's account is read with.
const PROFILE: &str = "cards";
/// How many pupils and teachers have cards.
const PUPILS: usize = 12;
const TEACHERS: usize = 4;
/// Who has no photo, and whose card is blocked.
const WITHOUT_PHOTO: &str = "eleve5";
const BLOCKED: &str = "eleve6";
/// The colors of the photos that nobody took.
const COLORS: [&str; 5] = ["#4F6D7A", "#7CA982", "#8D6A9F", "#B5838D", "#5B7DB1"];

/// Writes the people, their photos and the configuration into the folder of the demonstration, and reads the latter.
pub(super) fn prepare(folder: &Path, school: &School, origin: &str, gateway: &str) -> anyhow::Result<Config> {
    let written = write(folder, school, origin, gateway);
    written.with_context(|| format!("could not write the cards of the demonstration into {}", folder.display()))?;
    config::load(&Global { data: Some(folder.to_owned()), config: Some(folder.join("cartable.toml")), log: None })
}

fn write(folder: &Path, school: &School, origin: &str, gateway: &str) -> io::Result<()> {
    let cards = folder.join("cards");
    match fs::remove_dir_all(&cards) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => fs::create_dir_all(cards.join("photos"))?,
    }
    let mut rows = "login;nom;prenom;naissance;profil;numero;classe;carte;annee\n".to_owned();
    let year = school.year.first.year();
    let mut put = |login: &str, person: &Person, profile: &str| -> io::Result<()> {
        let class = person.class.and_then(|class| school.classes.get(class)).map_or("", |class| class.name.as_str());
        let born = person.birth.map(|day| day.strftime("%d/%m/%Y").to_string()).unwrap_or_default();
        let (surname, first_name, number) = (&person.surname, &person.first_name, person.id.0);
        let card = if login == BLOCKED { "bloquée" } else { "active" };
        rows.push_str(&format!("{login};{surname};{first_name};{born};{profile};{number:08};{class};{card};{year}\n"));
        // Hers is in PRONOTE.
        if ![LOGIN, WITHOUT_PHOTO].contains(&login) {
            let color = COLORS[usize::try_from(number).unwrap_or(0) % COLORS.len()];
            fs::write(cards.join(format!("photos/{login}.png")), emulator::portrait(color))?;
        }
        Ok(())
    };
    let known = school.account(LOGIN, emulator::school::Space::Student).map(|account| account.person);
    let pupils = school.people.iter().filter(|person| person.kind == Kind::Student).take(PUPILS);
    for (place, pupil) in pupils.enumerate() {
        let login = if Some(pupil.id) == known { LOGIN.to_owned() } else { format!("eleve{}", place + 1) };
        put(&login, pupil, "student")?;
    }
    let teachers = school.people.iter().filter(|person| person.kind == Kind::Teacher).take(TEACHERS);
    for (place, teacher) in teachers.enumerate() {
        put(&format!("prof{}", place + 1), teacher, "staff")?;
    }
    fs::write(cards.join("people.csv"), rows)?;
    for (name, token) in [("token", TOKEN), ("view-token", VIEW_TOKEN)] {
        let path = cards.join(name);
        fs::write(&path, token)?;
        #[cfg(unix)]
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    }
    fs::write(folder.join("cartable.toml"), configuration(&school.name, origin, gateway))
}

/// The configuration. A code that leads to a page is only for browsers of this machine, since there is no TLS.
fn configuration(school: &str, origin: &str, gateway: &str) -> String {
    let school = toml::Value::from(school);
    let local = gateway.starts_with("http://127.0.0.1:") || gateway.starts_with("http://[::1]:");
    let codes = if local {
        "[card.qr]\ntype = \"image\"\nallow_extended = true\nvalue = \"{{ verify_url() }}\"\n\n[card.verify]\nenabled = true\n"
    } else {
        "[card.qr]\ntype = \"text\"\nvalue = \"{{ people.login }}\"\n"
    };
    let public_url = if local { format!("public_url = \"{gateway}\"\n") } else { String::new() };
    format!(
        "# The cards of the demonstration; written anew each time it starts.

[data]
dir = \".\"

[serve]
allow = [\"{origin}\"]

[card]
tokens = [\"file:cards/token\"]
view_tokens = [\"file:cards/view-token\"]
{public_url}
[[card.source]]
name = \"people\"
kind = \"csv\"
role = \"identity\"
file = \"cards/people.csv\"
photos = \"cards/photos\"

# Whoever has signed in is known by PRONOTE, too.
[[card.source]]
name = \"pronote\"
kind = \"pronote\"
key = \"{{{{ people.login }}}}\"
profiles = [\"{PROFILE}\"]
optional = true

[card.affiliation]
from = \"{{{{ people.profil }}}}\"
student = [\"student\"]
staff = [\"staff\"]
none = []

[card.enrolment]
years = \"people.annee\"

[card.fields]
lastname = \"{{{{ pronote.lastname or people.nom }}}}\"
firstname = \"{{{{ pronote.firstname or people.prenom }}}}\"
birthdate = \"{{{{ people.naissance }}}}\"
csn = \"{{{{ people.numero | hex }}}}\"
idNumber = \"{{{{ people.numero }}}}\"
photo = [\"people.photo\", \"pronote.photo\"]

[card.student]
title = \"Carte d'élève\"
subtitle = \"{{{{ pronote.class or people.classe }}}}\"

[card.staff]
title = \"Carte professionnelle\"
subtitle = {school}

{codes}
[card.panel]
heading = \"{{{{ field.lastname }}}}\"
lines = [\"{{{{ field.firstname }}}}\", \"{{{{ people.classe }}}}\"]
barcode = \"{{{{ people.numero }}}}\"

[card.render]
institution = {school}
about = \"Cette carte est celle d'un établissement inventé.\"

[[card.rule]]
code = \"NO_ACTIVE_CARD\"
when = \"not people.carte is holding('active') or (affiliation == 'student' and not enrolled)\"
"
    )
}

/// Signs in as the demonstration's pupil does, and keeps it for her card.
pub(super) async fn sign_in(gateway: &Gateway, url: &str, password: &str) -> anyhow::Result<()> {
    let credentials = Credentials::Password {
        school: url.parse()?,
        space: Space::Student,
        login: LOGIN.to_owned(),
        password: password.to_owned().into(),
    };
    let name: ProfileName = PROFILE.parse()?;
    let login = NewLogin { credentials, device: Device::new("cartable"), keep_password: false, write: false };
    match Box::pin(gateway.sign_in(&name, login)).await? {
        pronote::login::Entrance::Open(session) => Ok(session.log_out().await?),
        pronote::login::Entrance::Steps(_) => anyhow::bail!("the invented school asks for a security step"),
    }
}

/// Three commands to copy: a card as applications ask for it, its picture, and why somebody has none.
pub(super) fn commands(program: &str, folder: &Path, gateway: &str) -> [String; 3] {
    let program = format!("{program} --config '{}'", folder.join("cartable.toml").display());
    [
        format!("curl -s {gateway}/card/{LOGIN} -H 'Authorization: Bearer {TOKEN}'"),
        format!("curl -s {gateway}/card-view/eleve2/card.png -H 'Authorization: Bearer {VIEW_TOKEN}' -o card.png"),
        format!("{program} card explain {BLOCKED}"),
    ]
}
