//! Days and dates, as they are said.

use jiff::civil::{Date, Weekday};

use crate::{Language, t};

/// A day of the week: `среда`, `mercredi`, `Wednesday`.
#[must_use]
pub fn weekday(language: Language, weekday: Weekday) -> String {
    of_weekday(language, "calendar-weekday", weekday)
}

/// A day of the week that something is for, as it stands after «на», « pour », “for”: `среду`.
#[must_use]
pub fn weekday_for(language: Language, weekday: Weekday) -> String {
    of_weekday(language, "calendar-weekday-for", weekday)
}

/// A day of the week, for a narrow column: `ср`, `mer.`, `Wed`.
#[must_use]
pub fn weekday_short(language: Language, weekday: Weekday) -> String {
    of_weekday(language, "calendar-weekday-short", weekday)
}

/// A day and a month: `1 сентября`, `1er septembre`, `1 September`.
#[must_use]
pub fn date(language: Language, date: Date) -> String {
    of_date(language, "calendar-date", date)
}

/// A date that may lie in another year: `1 сентября 2026 г.`
#[must_use]
pub fn date_with_year(language: Language, date: Date) -> String {
    of_date(language, "calendar-date-with-year", date)
}

/// A day of the week with its date: `среда, 16 сентября`.
#[must_use]
pub fn weekday_and_date(language: Language, date: Date) -> String {
    of_date(language, "calendar-weekday-and-date", date)
}

/// A day that something is for, with its date: `среду, 16 сентября`.
#[must_use]
pub fn weekday_and_date_for(language: Language, date: Date) -> String {
    of_date(language, "calendar-weekday-and-date-for", date)
}

fn of_weekday(language: Language, key: &str, weekday: Weekday) -> String {
    t(language, key, &[("weekday", weekday.to_monday_one_offset().into())])
}

fn of_date(language: Language, key: &str, date: Date) -> String {
    let values = [
        ("weekday", date.weekday().to_monday_one_offset().into()),
        ("day", date.day().into()),
        ("month", date.month().into()),
        ("year", date.year().into()),
    ];
    t(language, key, &values)
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, Weekday, date as day};

    use super::{date, date_with_year, weekday, weekday_and_date, weekday_and_date_for, weekday_for, weekday_short};
    use crate::Language::{En, Fr, Ru};

    fn week(say: impl Fn(Weekday) -> String) -> String {
        Weekday::Monday.cycle_forward().take(7).map(say).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn russian_names_a_day_as_the_word_before_it_asks() {
        assert_eq!(week(|day| weekday(Ru, day)), "понедельник вторник среда четверг пятница суббота воскресенье");
        assert_eq!(week(|day| weekday_for(Ru, day)), "понедельник вторник среду четверг пятницу субботу воскресенье");
        assert_eq!(week(|day| weekday_short(Ru, day)), "пн вт ср чт пт сб вс");
    }

    #[test]
    fn french_and_english_have_one_name_for_a_day() {
        assert_eq!(week(|day| weekday(Fr, day)), "lundi mardi mercredi jeudi vendredi samedi dimanche");
        assert_eq!(week(|day| weekday_for(Fr, day)), week(|day| weekday(Fr, day)));
        assert_eq!(week(|day| weekday_short(Fr, day)), "lun. mar. mer. jeu. ven. sam. dim.");
        assert_eq!(week(|day| weekday(En, day)), "Monday Tuesday Wednesday Thursday Friday Saturday Sunday");
        assert_eq!(week(|day| weekday_for(En, day)), week(|day| weekday(En, day)));
        assert_eq!(week(|day| weekday_short(En, day)), "Mon Tue Wed Thu Fri Sat Sun");
    }

    #[test]
    fn months_follow_a_day() {
        let year = |language| {
            let months = (1..=12).map(|month| date(language, day(2026, month, 2)).replace("2 ", ""));
            months.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(year(Ru), "января февраля марта апреля мая июня июля августа сентября октября ноября декабря");
        assert_eq!(year(Fr), "janvier février mars avril mai juin juillet août septembre octobre novembre décembre");
        assert_eq!(year(En), "January February March April May June July August September October November December");
    }

    #[test]
    fn a_date_is_said_as_people_say_it() {
        let first = day(2026, 9, 1);
        assert_eq!([Ru, Fr, En].map(|it| date(it, first)), ["1 сентября", "1er septembre", "1 September"]);
        let wednesday = day(2026, 9, 16);
        assert_eq!(
            [Ru, Fr, En].map(|it| weekday_and_date_for(it, wednesday)),
            ["среду, 16 сентября", "mercredi 16 septembre", "Wednesday, 16 September"]
        );
        assert_eq!(weekday_and_date(Ru, wednesday), "среда, 16 сентября");
        assert_eq!(date_with_year(Ru, wednesday), "16 сентября 2026 г.");
        assert_eq!(date_with_year(Fr, Date::MAX), "31 décembre 9999");
    }
}
