//! A directory of our own: OpenLDAP on a free port of this machine, in a folder of its own.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

const PROGRAM: &str = "/usr/sbin/slapd";
const SCHEMA: &str = include_str!("../directory/supann-test.schema");
const CONFIGURATION: &str = include_str!("../directory/slapd.conf");
const PEOPLE: &str = include_str!("../directory/people.ldif");

/// The service account, and its password.
pub(crate) const ACCOUNT: &str = "cn=cartable,ou=apps,dc=univ-ville,dc=fr";
pub(crate) const PASSWORD: &str = "reader-secret";
/// Where people are.
pub(crate) const BASE: &str = "ou=people,dc=univ-ville,dc=fr";

/// A directory that runs until it is dropped.
pub(crate) struct Slapd {
    folder: TempDir,
    port: u16,
    tls_port: u16,
    child: Option<Child>,
}

impl Slapd {
    /// One with the people there are. `None` where it is not installed, except in CI, where it has to be.
    pub(crate) fn start() -> Option<Self> {
        Self::with("", |configuration| configuration)
    }

    /// One with more entries, and with another configuration.
    pub(crate) fn with(more: &str, configure: impl FnOnce(String) -> String) -> Option<Self> {
        if !Path::new(PROGRAM).exists() {
            assert!(std::env::var_os("CI").is_none(), "{PROGRAM} is not installed (Debian: slapd)");
            eprintln!("skipped: {PROGRAM} is not installed");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("db")).unwrap();
        fs::write(at("supann-test.schema"), SCHEMA).unwrap();
        fs::write(at("people.ldif"), format!("{PEOPLE}\n{more}")).unwrap();
        certificates(folder.path());
        let mut configuration = CONFIGURATION.replace("@D@", folder.path().to_str().unwrap());
        let tls = ["TLSCertificateFile", "TLSCertificateKeyFile"].into_iter().zip(["server.pem", "server.key"]);
        let tls: String = tls.map(|(word, file)| format!("{word} {}\n", at(file).display())).collect();
        configuration = configuration.replacen("database ", &format!("{tls}database "), 1);
        fs::write(at("slapd.conf"), configure(configuration)).unwrap();

        run(Command::new("/usr/sbin/slapadd")
            .arg("-q")
            .arg("-f")
            .arg(at("slapd.conf"))
            .arg("-l")
            .arg(at("people.ldif")));
        let [port, tls_port] = free_ports();
        let mut slapd = Slapd { folder, port, tls_port, child: None };
        slapd.resume();
        Some(slapd)
    }

    /// Starts it again on the same ports.
    pub(crate) fn resume(&mut self) {
        let child = Command::new(PROGRAM)
            .args(["-d", "0", "-h", &format!("{} ldaps://127.0.0.1:{}/", self.url(), self.tls_port), "-f"])
            .arg(self.folder.path().join("slapd.conf"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let child = self.child.insert(child);
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.tls_port)).is_err() {
            assert_eq!(child.try_wait().unwrap(), None, "slapd has ended");
            assert!(began.elapsed() < Duration::from_secs(20), "slapd does not answer");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Ends it; what it knows is kept.
    pub(crate) fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Its address without TLS.
    pub(crate) fn url(&self) -> String {
        format!("ldap://127.0.0.1:{}/", self.port)
    }

    /// Its address with TLS, by the name in its certificate.
    pub(crate) fn tls_url(&self) -> String {
        format!("ldaps://localhost:{}/", self.tls_port)
    }

    /// The certificate of who made its own.
    pub(crate) fn ca(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }
}

impl Drop for Slapd {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A certificate for `localhost`, and the authority that made it.
fn certificates(folder: &Path) {
    let openssl = |arguments: &str| {
        run(Command::new("openssl").args(arguments.split(' ')).current_dir(folder).stderr(Stdio::null()));
    };
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2";
    openssl(&format!("req -x509 {key} -keyout ca.key -out ca.pem -subj /CN=tests"));
    openssl(&format!(
        "req -x509 {key} -CA ca.pem -CAkey ca.key -keyout server.key -out server.pem -subj /CN=localhost \
         -addext subjectAltName=DNS:localhost -addext basicConstraints=critical,CA:FALSE"
    ));
}

fn run(command: &mut Command) {
    let done = command.stdin(Stdio::null()).output().unwrap();
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
}

fn free_ports() -> [u16; 2] {
    let held = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    held.map(|listener| listener.local_addr().unwrap().port())
}
