//! `cartable emulator`, as what else one starts it for than a school.

use crate::running::Running;

#[test]
fn the_portals_say_where_they_are_and_who_vouches_for_them() {
    let folder = tempfile::tempdir().unwrap();
    let authority = folder.path().join("authority.pem");
    let options = ["emulator", "--listen", "127.0.0.1:0", "--portals", "--portals-authority"];
    let portals = Running::start(&[&options[..], &[authority.to_str().unwrap()]].concat());

    let told = |what: &str| portals.said.iter().find_map(|line| line.strip_prefix(what)).unwrap();
    assert!(told("portals ready: ").starts_with("127.0.0.1:"));
    assert!(told("control: ").starts_with("http://127.0.0.1:"));
    assert_eq!(told("schools: "), "https://PORTAL.pronote.test/pronote/");
    assert_eq!(told("authority: "), authority.to_str().unwrap());
    assert!(std::fs::read_to_string(&authority).unwrap().starts_with("-----BEGIN CERTIFICATE-----"));
    assert_eq!(portals.end("-TERM"), Some(0));
}
