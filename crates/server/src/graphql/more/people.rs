//! People: who teaches a pupil, and for staff the classes and their pupils.

use gateway::ids::{self, Identity as _};
use gateway::{Viewer, Whose};
use pronote::functions::{pupils, team};

use super::view::{Pen, Show, choice, view};
use super::{Answer, Date, Failure, gone, page};

choice! {
    /// What a person is at school.
    PersonKind of PersonKind {
        /// A teacher.
        Teacher,
        /// A pupil.
        Pupil,
        /// A guardian of pupils.
        Guardian,
        /// A member of staff.
        Staff,
    }
}

view! {
    /// Someone who teaches or looks after a pupil.
    TeamMember of TeamMember {
        /// The name.
        name: String,
        /// A teacher or a member of staff.
        kind: PersonKind,
        /// Whether they have left the team.
        left: bool,
        /// What they teach, or do.
        subjects: Vec<TaughtSubject>,
    }
}

view! {
    /// What a member of a teaching team teaches.
    TaughtSubject of TaughtSubject {
        /// What it is called.
        name: String,
        /// How many minutes a week.
        weekly_minutes: Option<i32>,
        /// The subject it is a part of.
        part_of: Option<String>,
    }
}

view! {
    /// A class of a teacher or of school life.
    Class of ClassRef {
        /// Its name.
        name: String,
        /// Whether the account is in charge of it.
        is_responsible: bool,
        /// Its year level.
        level: Option<String>,
    }
}

view! {
    /// A pupil of a class.
    Pupil of Pupil {
        /// What tells the pupil apart, in every session.
        key: String = |it, _| ids::fingerprint("pupil", &it.identity()),
        /// The full name, surname first.
        name: String,
        /// The surname.
        last_name: Option<String>,
        /// The first names.
        first_names: Option<String>,
        /// The sex, as the school writes it.
        sex: Option<String>,
        /// The day they entered the school.
        enrolled: Option<Date>,
        /// The day they were born.
        born: Option<Date>,
        /// What is arranged for them.
        arrangements: Vec<Arrangement>,
        /// The options they take.
        options: Vec<String>,
    }
}

view! {
    /// Something arranged for a pupil.
    Arrangement of Arrangement {
        /// What kind of plan it is.
        kind: Option<String>,
        /// What it is for.
        handicap: Option<String>,
    }
}

view! {
    /// The card of a pupil: who they are, and who answers for them.
    PupilCard of PupilCard {
        /// The pupil.
        pupil: Identity = |it, pen| it.identity.show(pen),
        /// The guardians.
        guardians: Vec<Guardian>,
    }
}

view! {
    /// Who someone is, and how to reach them.
    Identity of Identity {
        /// The surname; a guardian's whole name.
        last_name: Option<String>,
        /// The first names, in order.
        first_names: Vec<String>,
        /// The lines of the postal address.
        address: Vec<String>,
        /// The postal code.
        postal_code: Option<String>,
        /// The town.
        city: Option<String>,
        /// The country.
        country: Option<String>,
        /// The day of birth.
        born: Option<Date>,
        /// The town of birth.
        birth_city: Option<String>,
        /// The e-mail address.
        email: Option<String>,
        /// The mobile phone.
        mobile_phone: Option<String>,
        /// The phone at home.
        home_phone: Option<String>,
        /// Another phone.
        other_phone: Option<String>,
    }
}

view! {
    /// Who answers for a pupil.
    Guardian of Guardian {
        /// Who they are.
        identity: Identity,
        /// What they are to the pupil, in the school's word.
        relationship: Option<String>,
        /// How they answer for the pupil, in the school's word.
        responsibility: Option<String>,
        /// Whether they are a legal guardian.
        legal: bool,
        /// Whether the school may write to them by e-mail.
        email_allowed: bool,
        /// Whether they are called in an emergency.
        emergency_contact: Option<bool>,
        /// Whether they may come for the child.
        may_collect_child: Option<bool>,
    }
}

pub(super) async fn team(viewer: &Viewer, whose: Whose) -> Answer<Vec<TeamMember>> {
    page(viewer, whose, &team::Request, Show::show).await
}

pub(crate) fn classes(viewer: &Viewer) -> Vec<Class> {
    viewer.user().classes.show(&Pen { viewer, whose: Whose::OWN })
}

/// What the account's own person is.
pub(crate) fn kind(viewer: &Viewer) -> PersonKind {
    viewer.user().person.kind.show(&Pen { viewer, whose: Whose::OWN })
}

pub(super) async fn pupils(viewer: &Viewer, class: &str) -> Answer<Vec<Pupil>> {
    page(viewer, Whose::OWN, &in_class(viewer, class)?, Show::show).await
}

/// The card of the pupil of that key or exact name.
pub(super) async fn pupil(viewer: &Viewer, class: &str, pupil: &str) -> Answer<PupilCard> {
    if !viewer.has(pronote::model::tab::PUPILS) {
        return Ok(None);
    }
    let pupils = viewer.read(Whose::OWN, &in_class(viewer, class)?).await?;
    let keys = ids::ids(&pupils.value);
    let place = keys.iter().position(|key| key == pupil);
    let place = place.or_else(|| pupils.value.iter().position(|known| known.name == pupil));
    let place = place.ok_or_else(|| gone("pupil", pupil))?;
    let card = pupils::Card { pupil: pupils.value[place].id.clone() };
    page(viewer, Whose::OWN, &card, Show::show).await
}

fn in_class(viewer: &Viewer, name: &str) -> Result<pupils::Request, Failure> {
    let user = viewer.user();
    let class = user.classes.iter().find(|class| class.name == name);
    let class = class.ok_or_else(|| gone("class", name))?;
    Ok(pupils::Request { class: class.id.clone() })
}
