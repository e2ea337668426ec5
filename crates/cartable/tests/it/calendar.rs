//! Our iCalendar, read by somebody else's strict reader.

use crate::peers::{installed, judge, python};
use crate::school::School;

#[test]
fn a_strict_reader_takes_our_calendar() {
    let Some(peers) = installed() else { return };
    // In the middle of a school year, whatever the day of the test.
    let school = School::start(&["--clock", "2026-11-20T10:00:00"]);
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let exports = ["first.ics", "second.ics"].map(|name| folder.path().join(name));
    for export in &exports {
        let mut command = school.pupil(folder.path());
        let status = command.args(["ics", "--from", "2026-08-31", "--to", "2027-07-04", "--out"]).arg(export).status();
        assert!(status.is_ok_and(|status| status.success()), "{command:?}");
    }
    judge(python(&peers.join("icalendar"), "ics.py").args(&exports));
}
