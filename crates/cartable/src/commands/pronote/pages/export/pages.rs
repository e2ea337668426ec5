//! Which pages are exported, one after the other.

use anyhow::Result;
use pronote::functions::{Read, account, evaluations, grades, home, report, school_life, team, timetable as lessons};
use pronote::model::{Grades, Homework, Period, Timetable, tab};
use serde::Serialize;
use serde_json::{Value, json};

use super::Export;
use crate::commands::pronote::pages::desk::Reading;
use crate::commands::pronote::pages::homework::whole_year;
use crate::commands::pronote::pages::report::save_pdf;
use crate::commands::pronote::pages::{
    contents, grades as grades_page, homework, ics, menus, messages, news, timetable,
};
use crate::files::safe_name;
use crate::items::{self, WithFiles, listed};

impl Export {
    /// Reads and saves every page, then the files they name. What fails is remembered, the rest goes on.
    pub(super) async fn everything(&mut self) {
        self.known();
        let lessons = self.timetable().await;
        let homework = self.homework().await;
        self.calendar(lessons.as_ref(), homework.as_deref());
        self.contents().await;
        for (number, period) in self.periods(tab::GRADES) {
            self.grades(number, period).await;
        }
        for (number, period) in self.periods(tab::EVALUATIONS) {
            let name = in_period("evaluations", number, &period);
            self.whole(&name, &evaluations::Request { period: Some(period) }).await;
        }
        for (number, period) in self.periods(tab::SCHOOL_LIFE) {
            let name = in_period("absences", number, &period);
            self.whole(&name, &school_life::Request { period: Some(period), ..school_life::Request::default() }).await;
        }
        for (number, period) in self.periods(tab::REPORT) {
            self.report(number, period).await;
        }
        self.news().await;
        self.messages().await;
        self.menus().await;
        self.whole("home", &home::Request::default()).await;
        self.whole("team", &team::Request).await;
        self.whole("account", &account::Request).await;
        self.photo().await;
        self.receive().await;
    }

    /// What the session knows already.
    fn known(&mut self) {
        let context = self.session.context();
        let mut school = (*context.instance).clone();
        // It would be another one at each export.
        school.server_time = None;
        self.keep("school", said(school), to_json);
        self.keep("user", said((*context.user).clone()), to_json);
    }

    /// The school's periods that a page offers, numbered as `periods` shows them; all of them where it does not tell.
    fn periods(&self, tab: u32) -> Vec<(usize, Period)> {
        let context = self.session.context();
        let offered: Vec<String> = context.person().periods.choices(tab).map(|choice| choice.name.clone()).collect();
        let all = context.instance.periods.iter().cloned().enumerate().map(|(place, period)| (place + 1, period));
        all.filter(|(_, period)| offered.is_empty() || offered.contains(&period.name)).collect()
    }

    /// A page that is saved as it is.
    async fn whole<R: Read + Sync>(&mut self, name: &str, request: &R) -> Option<R::Answer>
    where
        R::Answer: Serialize,
    {
        if self.stopped {
            return None;
        }
        self.begins(name);
        let reading = self.session.read(request).await.map(Reading::from).map_err(Into::into);
        self.keep(name, reading, to_json)
    }

    async fn timetable(&mut self) -> Option<Timetable> {
        self.begins("timetable");
        let weeks = match self.session.read(&lessons::Presence).await {
            Ok(page) => page.weeks.iter().collect(),
            Err(_) => whole_year(&self.session.instance()).collect::<Vec<u32>>(),
        };
        let reading = timetable::of_weeks(&self.session, weeks).await;
        self.keep("timetable", reading, timetable::json)
    }

    async fn homework(&mut self) -> Option<Vec<Homework>> {
        self.begins(Homework::PAGE);
        let reading = homework::of_the_year(&self.session).await;
        let list = self.keep(Homework::PAGE, reading, |list| items::json(list))?;
        self.attach_all(&list);
        Some(list.iter().map(|item| (**item).clone()).collect())
    }

    fn calendar(&mut self, lessons: Option<&Timetable>, homework: Option<&[Homework]>) {
        // Half a calendar would take the place of a whole one.
        let (Some(lessons), Some(homework)) = (lessons, homework) else { return };
        let calendar = ics::whole(&self.session, &lessons.entries, homework);
        let kept =
            calendar.and_then(|calendar| self.folder.keep_unless("calendar.ics", calendar.as_bytes(), same_calendar));
        if let Err(error) = kept {
            self.failed("calendar.ics", error);
        }
    }

    async fn contents(&mut self) {
        if self.stopped {
            return;
        }
        self.begins("contents");
        let reading = contents::of_the_year(&self.session).await;
        let Some(year) = self.keep("contents", reading, |year| items::json(&year.lessons)) else { return };
        let year = self.keep("resources", said(year), contents::Year::resources);
        if let Some(year) = year {
            self.attach_all(&year.lessons);
            self.attach_all(&year.shared);
            self.attach_all(&year.manuals);
        }
    }

    async fn grades(&mut self, number: usize, period: Period) {
        let name = in_period("grades", number, &period);
        if self.stopped {
            return;
        }
        self.begins(&name);
        let reading = self.session.read(&grades::Request { period: Some(period) }).await;
        let reading = reading.map(Reading::from).map_err(Into::into);
        let json = |page: &Grades| grades_page::json(page, &listed(page.grades.clone()));
        if let Some(page) = self.keep(&name, reading, json) {
            self.attach_all(&listed(page.grades));
        }
    }

    async fn report(&mut self, number: usize, period: Period) {
        let name = in_period("reports", number, &period);
        let before = self.folder.written;
        let page = self.whole(&name, &report::Request { period: Some(period.clone()) }).await;
        let pdf = format!("{name}.pdf");
        let changed = self.folder.written > before;
        if !page.is_some_and(|page| page.published) || self.folder.has(&pdf) && !changed {
            return;
        }
        self.begins(&pdf);
        if let Err(error) = self.report_pdf(&pdf, period).await {
            self.failed(&pdf, error);
        }
    }

    async fn report_pdf(&mut self, name: &str, period: Period) -> Result<()> {
        let place = self.folder.place(name)?;
        if self.folder.has(name) {
            self.folder.set_aside(name)?;
        }
        save_pdf(&self.session, Some(period), &place, false).await?;
        self.folder.written += 1;
        Ok(())
    }

    async fn news(&mut self) {
        if self.stopped {
            return;
        }
        self.begins("news");
        let reading = async {
            let mut reading = news::read(&self.session).await?;
            let mut whole = Vec::new();
            for item in std::mem::take(&mut reading.value) {
                whole.push(reading.add(news::whole(&self.session, &item).await?));
            }
            Ok(reading.map(|_| listed(whole)))
        };
        let reading = reading.await;
        if let Some(list) = self.keep("news", reading, |list| items::json(list)) {
            self.attach_all(&list);
        }
    }

    async fn messages(&mut self) {
        if self.stopped {
            return;
        }
        self.begins("messages");
        let reading = async {
            let mut reading = messages::read(&self.session).await?;
            let mut all = Vec::new();
            for discussion in std::mem::take(&mut reading.value) {
                let thread = reading.add(messages::thread(&self.session, &discussion).await?);
                all.push((discussion, thread));
            }
            Ok(reading.map(|_| all))
        };
        let reading = reading.await;
        let kept = self.keep("messages", reading, |all| {
            let with_messages = all.iter().map(|(discussion, thread)| -> Result<Value> {
                let id = &discussion.listed_id;
                let mut value = items::json_with_files(&**discussion, id, messages::PAGE, &[])?;
                value["thread"] = items::json_with_files(thread, id, messages::PAGE, &messages::files(thread))?;
                Ok(value)
            });
            with_messages.collect()
        });
        for (discussion, thread) in kept.iter().flatten() {
            self.attach(messages::PAGE, &discussion.listed_id, &messages::files(thread));
        }
    }

    async fn menus(&mut self) {
        if self.stopped {
            return;
        }
        self.begins("menus");
        let instance = self.session.instance();
        let reading = async {
            let first = instance.first_monday;
            let mut reading = menus::of_weeks(&self.session, [first]).await?;
            let others: Vec<_> = reading.value.weeks.iter().filter(|week| *week != 1).collect();
            let rest = menus::of_weeks(&self.session, others.into_iter().map(|week| instance.monday_of(week))).await?;
            let rest = reading.add(rest);
            reading.value.days.extend(rest.days);
            Ok(reading)
        };
        let reading = reading.await;
        self.keep("menus", reading, to_json);
    }

    fn attach_all<T: WithFiles>(&mut self, list: &[items::Listed<T>]) {
        for item in list {
            self.attach(T::PAGE, &item.listed_id, &item.files());
        }
    }
}

/// Whether two calendars differ only by when they were written.
fn same_calendar(one: &[u8], other: &[u8]) -> bool {
    let lines = |text| <[u8]>::split(text, |byte| *byte == b'\n').filter(|line| !line.starts_with(b"DTSTAMP"));
    lines(one).eq(lines(other))
}

/// A page that no call was needed for.
fn said<T>(value: T) -> Result<Reading<T>> {
    Ok(Reading { value, diagnostics: Vec::new(), raw: Vec::new() })
}

fn to_json<T: Serialize>(value: &T) -> Result<Value> {
    Ok(json!(value))
}

/// `grades/1 Trimestre 1`.
fn in_period(page: &str, number: usize, period: &Period) -> String {
    format!("{page}/{number} {}", safe_name(&period.name))
}
