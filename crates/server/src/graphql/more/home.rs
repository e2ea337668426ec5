//! The home page: links, partners, what is planned.

use async_graphql::{ComplexObject, Context};
use gateway::{Unanswered, Viewer, Whose};
use pronote::functions::home;
use pronote::model;

use super::canteen::Meal;
use super::view::{Attachment, Show, choice, view};
use super::{Answer, Date, Failure, Float, Given, asked_by, day, page};

view! {
    /// What only the home page shows. What it repeats of other pages has its own field: lessons, homework, marks, news…
    Home of Home {
        /// The links the school recommends.
        links: Vec<UsefulLink>,
        /// The services one is signed in to from here.
        partners: Vec<Partner>,
        /// The tests to come.
        tests: Vec<PlannedTest>,
        /// What is planned.
        agenda: Vec<AgendaEvent>,
        /// What the canteen serves that day.
        menu: Vec<Meal>,
        /// A word of the school to everyone.
        message: Option<String>,
        /// Whether these are hours at which nobody is expected to answer.
        quiet_hours: bool,
    }
}

view! {
    /// A link the school recommends.
    UsefulLink of UsefulLink {
        /// What it is called.
        name: String,
        /// Where it leads.
        url: Option<String>,
        /// What the school says of it.
        comment: Option<String>,
        /// Whether the user put it first.
        favorite: bool,
        /// The telephone number it stands for.
        phone: Option<String>,
    }
}

view! {
    /// A service one is signed in to from the home page.
    #[graphql(complex)]
    Partner of Partner {
        #[graphql(skip)]
        source: (model::Partner, Whose) = |it, pen| (it.clone(), pen.whose),
        /// What it is called.
        name: String,
        /// What PRONOTE calls it.
        code: Option<String>,
        /// What the user has on it.
        wallets: Vec<Wallet>,
    }
}

/// What has to be asked of the school partner by partner.
#[ComplexObject]
impl Partner {
    /// The address that signs the user in. Whoever has it is signed in: it is for the user's browser alone.
    async fn sign_in_url(&self, context: &Context<'_>) -> Option<Result<String, Failure>> {
        let (viewer, (partner, whose)) = (asked_by(context), &self.source);
        // Such an address may be good for one use.
        viewer.answer_once();
        let address = async {
            let address = viewer.session(*whose)?.read(&home::PartnerAddress::of(partner)).await;
            Ok(address.map_err(Unanswered::from)?.value.to_string())
        };
        Some(address.await)
    }
}

view! {
    /// Credit for the canteen, the cafeteria, the photocopier…
    Wallet of Wallet {
        /// What it is for.
        name: String,
        /// What is said of it.
        hint: Option<String>,
        /// What is on it, when it can be told from `balanceLabel`.
        balance: Option<Float>,
        /// What is on it, as the school writes it.
        balance_label: String,
        /// What is said of the balance.
        balance_hint: Option<String>,
        /// Whether little is left.
        low: bool,
    }
}

choice! {
    /// Whether marks or skills are tested.
    PlannedTestKind of PlannedTestKind {
        /// Marks.
        Test,
        /// Skills.
        Evaluation,
    }
}

view! {
    /// A test to come.
    PlannedTest of PlannedTest {
        /// What it is about.
        name: Option<String>,
        /// Marks or skills.
        kind: PlannedTestKind,
        /// The subject.
        subject: Option<String>,
        /// Its colour, `#rrggbb`.
        color: Option<String>,
        /// When it begins.
        from: Date = |it, pen| it.start.show(pen),
        /// When it ends.
        to: Option<Date> = |it, pen| it.end.show(pen),
        /// Where.
        rooms: Vec<String>,
    }
}

choice! {
    /// What is planned.
    AgendaEventKind of AgendaEventKind {
        /// Something.
        Plain,
        /// Something that comes back.
        Periodic,
        /// A class council.
        ClassCouncil,
        /// A lesson.
        Lesson,
        /// Another kind of lesson.
        OtherLesson,
        /// A supervised punishment.
        Punishment,
        /// A visit.
        Visit,
        /// A meeting of parents and teachers.
        ParentTeacherMeeting,
        /// An outing.
        Outing,
        /// An internship.
        Internship,
        /// Someone or something is missing.
        Absence,
        /// A summons.
        Summons,
        /// A commission.
        Commission,
        /// An appointment.
        Appointment,
        /// Another kind of appointment.
        OtherAppointment,
        /// An election.
        Election,
        /// A disciplinary board.
        DisciplinaryBoard,
        /// A public holiday.
        PublicHoliday,
    }
}

view! {
    /// Something planned.
    AgendaEvent of AgendaEvent {
        /// What it is.
        name: String,
        /// Its kind.
        kind: AgendaEventKind,
        /// When it begins, where the school says it.
        from: Option<Date> = |it, pen| it.start.show(pen),
        /// When it ends, where the school says it.
        to: Option<Date> = |it, pen| it.end.show(pen),
        /// Whether it comes back.
        periodic: bool,
        /// What is said of it.
        comment: Option<String>,
        /// The files that come with it.
        attachments: Vec<Attachment>,
    }
}

pub(super) async fn of_day(viewer: &Viewer, whose: Whose, date: Option<Given>) -> Answer<Home> {
    let request = home::Request { date: day(viewer, "date", date)? };
    page(viewer, whose, &request, Show::show).await
}
