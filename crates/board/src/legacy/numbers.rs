//! The files of numbers: one whole number a line.

use super::report::Report;
use crate::model::{NO_CHANGE, ROWS};

/// How much of a line is shown that is no number.
const SHOWN: usize = 40;

/// The numbers of a day of the timetable.
pub(super) fn day(text: &str, file: &str, report: &mut Report) -> Vec<i64> {
    let mut rows = Vec::new();
    for (place, line) in lines(text, file) {
        match line.parse() {
            Ok(0) => report.odd(place, "0 names no subject: left out"),
            Ok(number) => rows.push(number),
            Err(_) => report.odd(place, format!("{}: left out", no_number(line))),
        }
    }
    if rows.len() > ROWS {
        report.odd(file, format!("there are {} lessons: the first {ROWS} are taken", rows.len()));
        rows.truncate(ROWS);
    }
    rows
}

/// The numbers of the changes.
pub(super) fn changes(text: &str, file: &str, report: &mut Report) -> [i64; ROWS] {
    let mut rows = [NO_CHANGE; ROWS];
    let lines = lines(text, file);
    if lines.len() != ROWS {
        let what = if lines.len() > ROWS { "the first 8 are taken" } else { "the others are taken as no change" };
        report.odd(file, format!("{ROWS} lines are expected, and there are {}: {what}", lines.len()));
    }
    for (row, (place, line)) in rows.iter_mut().zip(lines) {
        match line.parse() {
            Ok(number) => *row = number,
            Err(_) => report.odd(place, format!("{}: taken as no change", no_number(line))),
        }
    }
    rows
}

/// Its lines without the blanks around them, each with its place; without an empty one at the very end.
fn lines<'a>(text: &'a str, file: &str) -> Vec<(String, &'a str)> {
    let mut lines: Vec<&str> = text.split('\n').map(str::trim).collect();
    if lines.last() == Some(&"") {
        lines.pop();
    }
    lines.into_iter().enumerate().map(|(index, line)| (format!("{file}:{}", index + 1), line)).collect()
}

fn no_number(line: &str) -> String {
    if line.is_empty() {
        return "an empty line".to_owned();
    }
    let shown: String = line.chars().take(SHOWN).collect();
    format!("{shown:?} is no whole number")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_day(text: &str) -> (Vec<i64>, Vec<String>) {
        let mut report = Report::default();
        let rows = day(text, "NumTimetable/1", &mut report);
        (rows, report.oddities.iter().map(ToString::to_string).collect())
    }

    fn read_changes(text: &str) -> ([i64; ROWS], Vec<String>) {
        let mut report = Report::default();
        let rows = changes(text, "NumericChanges", &mut report);
        (rows, report.oddities.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_day_is_read_as_the_api_and_as_hands_write_it() {
        for text in ["1\n2\n3", "1\n2\n3\n", "1\r\n2\r\n3\r\n", " 1 \n\t2\n3 ", "+1\n02\n3\n"] {
            assert_eq!(read_day(text), (vec![1, 2, 3], vec![]), "{text:?}");
        }
        for text in ["", "\r", "  "] {
            assert_eq!(read_day(text), (vec![], vec![]), "{text:?}");
        }
        assert_eq!(read_day("-1\n-7\n9223372036854775807").0, [-1, -7, i64::MAX], "what it names is another question");
    }

    #[test]
    fn what_is_odd_about_a_day_is_told_with_its_line() {
        let (rows, told) = read_day("1\n\n0\nфизика\n5.5\n9223372036854775808\n7");
        assert_eq!(rows, [1, 7]);
        assert_eq!(
            told,
            [
                "NumTimetable/1:2: an empty line: left out",
                "NumTimetable/1:3: 0 names no subject: left out",
                "NumTimetable/1:4: \"физика\" is no whole number: left out",
                "NumTimetable/1:5: \"5.5\" is no whole number: left out",
                "NumTimetable/1:6: \"9223372036854775808\" is no whole number: left out",
            ]
        );
        let (rows, told) = read_day("1\n2\n3\n4\n5\n6\n7\n8\n9\n10");
        assert_eq!((rows.len(), told.len()), (8, 1));
    }

    #[test]
    fn changes_are_eight_whatever_stands_there() {
        assert_eq!(read_changes("-2\n-2\n-2\n-2\n5\n-1\n-2\n-2\n"), ([-2, -2, -2, -2, 5, -1, -2, -2], vec![]));
        let (rows, told) = read_changes("1\n\nнет\n4");
        assert_eq!(rows, [1, -2, -2, 4, -2, -2, -2, -2]);
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(told[0].contains("there are 4"), "{told:?}");
        assert_eq!(told[1], "NumericChanges:2: an empty line: taken as no change");
        let (rows, told) = read_changes("1\n2\n3\n4\n5\n6\n7\n8\n9\n");
        assert_eq!((rows, told.len()), ([1, 2, 3, 4, 5, 6, 7, 8], 1));
        assert_eq!(read_changes("").0, [-2; 8]);
    }

    proptest::proptest! {
        #[test]
        fn whatever_a_file_holds_it_is_read(text in "(?s)[0-9 \n\r\t+а-я-]{0,200}") {
            proptest::prop_assert!(read_day(&text).0.len() <= ROWS);
            read_changes(&text);
        }
    }
}
