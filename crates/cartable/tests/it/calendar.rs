//! Our iCalendar, read by somebody else's strict reader.

use crate::peers::{installed, judge, python};
use crate::person::Person;

#[test]
fn a_strict_reader_takes_our_calendar() {
    let Some(peers) = installed() else { return };
    let pupil = Person::pupil();
    let exports = ["first.ics", "second.ics"];
    for export in exports {
        pupil.says(&["ics", "--from", "2026-08-31", "--to", "2027-07-04", "--out", export]);
    }
    judge(python(&peers.join("icalendar"), "ics.py").args(exports).current_dir(pupil.folder.path()));
}
