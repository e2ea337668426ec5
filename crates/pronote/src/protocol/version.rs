use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A server version: year, major, minor and, when the server tells it, the build (`2026.2.5.7`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Version {
    year: u16,
    major: u16,
    minor: u16,
    build: Option<u16>,
}

impl Version {
    /// A version of four numbers.
    #[must_use]
    pub const fn new(year: u16, major: u16, minor: u16, build: Option<u16>) -> Self {
        Version { year, major, minor, build }
    }

    /// Reads the first version in a text such as `PRONOTE 2026.1.3 - build 12`.
    #[must_use]
    pub fn find(text: &str) -> Option<Self> {
        text.split(|character: char| !(character.is_ascii_digit() || character == '.'))
            .find_map(|word| word.trim_matches('.').parse().ok())
    }

    /// The year of the edition.
    #[must_use]
    pub fn year(self) -> u16 {
        self.year
    }

    /// The three numbers that go into calendar links.
    #[must_use]
    pub fn short(self) -> String {
        format!("{}.{}.{}", self.year, self.major, self.minor)
    }

    /// The build, when it is known.
    #[must_use]
    pub fn build(self) -> Option<u16> {
        self.build
    }
}

impl FromStr for Version {
    type Err = InvalidVersion;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut numbers = text.trim().split('.').map(|part| part.parse::<u16>().map_err(|_| InvalidVersion));
        let mut next = || numbers.next().transpose();
        let (year, major) = (next()?.ok_or(InvalidVersion)?, next()?.ok_or(InvalidVersion)?);
        let (minor, build) = (next()?.ok_or(InvalidVersion)?, next()?);
        if !(2000..2100).contains(&year) {
            return Err(InvalidVersion);
        }
        Ok(Version { year, major, minor, build })
    }
}

impl TryFrom<String> for Version {
    type Error = InvalidVersion;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Version> for String {
    fn from(version: Version) -> Self {
        version.to_string()
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.short())?;
        self.build.map_or(Ok(()), |build| write!(f, ".{build}"))
    }
}

/// The text is not a version of three or four numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a PRONOTE version")]
pub struct InvalidVersion;

/// The dialects of the protocol (protocol §0.3). What a server announces chooses one; a caller never does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Generation {
    /// Up to 2022: the RSA key is in the page.
    G22,
    /// 2023.0 to 2024.3.8: the IV travels in clear.
    G23,
    /// 2024.3.9 to 2024.3.11: `data` and `Signature` inside the payload.
    G24,
    /// From 2025.1: new envelope names, positive flags.
    G25,
    /// From 2026.2.5 build 6: the challenge is answered directly.
    G26,
}

impl Generation {
    /// Every generation, oldest first.
    pub const ALL: [Generation; 5] = [Self::G22, Self::G23, Self::G24, Self::G25, Self::G26];

    /// The generation a version belongs to. Without a build, 2026.2.5 counts as G25: the length of the challenge
    /// settles it (protocol §5.5).
    #[must_use]
    pub fn of(version: Version) -> Self {
        let Version { year, major, minor, build } = version;
        match (year, major, minor, build.unwrap_or(0)) {
            at if at >= (2026, 2, 5, 6) => Self::G26,
            at if at >= (2025, 0, 0, 0) => Self::G25,
            at if at >= (2024, 3, 9, 0) => Self::G24,
            at if at >= (2023, 0, 0, 0) => Self::G23,
            _ => Self::G22,
        }
    }

    /// The names this generation writes.
    #[must_use]
    pub fn names(self) -> &'static Names {
        match self {
            Self::G22 | Self::G23 => &OLD_NAMES,
            Self::G24 => &MIDDLE_NAMES,
            Self::G25 | Self::G26 => &NEW_NAMES,
        }
    }

    /// The `n`th number of the long poll, counted from one: it counts down since G25 (protocol §7.3).
    #[must_use]
    pub fn poll_order(self, n: i64) -> i64 {
        if self < Self::G25 { n } else { -n }
    }
}

/// The JSON names that differ between generations (protocol §0.4); the one place that knows them.
#[derive(Debug)]
pub struct Names {
    /// The order number in the envelope.
    pub order: &'static str,
    /// The function's name in the envelope.
    pub function: &'static str,
    /// The secured payload.
    pub secured: &'static str,
    /// The payload that is never secured.
    pub clear: &'static str,
    /// The arguments or the result inside the payload.
    pub data: &'static str,
    /// The signature inside the payload.
    pub signature: &'static str,
    /// The "please wait" block inside the payload.
    pub wait: &'static str,
    /// The parameters of that block.
    pub wait_parameters: &'static str,
    /// The fields of an upload: order, session, function, file, digest.
    pub upload: [&'static str; 5],
}

const OLD_NAMES: Names = Names {
    order: "numeroOrdre",
    function: "nom",
    secured: "donneesSec",
    clear: "donneesNonSec",
    data: "donnees",
    signature: "_Signature_",
    wait: "_SignatureAttente_",
    wait_parameters: "Parametres",
    upload: ["numeroOrdre", "numeroSession", "nomRequete", "idFichier", "md5"],
};

const MIDDLE_NAMES: Names = Names { data: "data", signature: "Signature", ..OLD_NAMES };

const NEW_NAMES: Names = Names {
    order: "no",
    function: "id",
    secured: "dataSec",
    clear: "dataNonSec",
    data: "data",
    signature: "Signature",
    wait: "SignatureAttente",
    wait_parameters: "ParametresAtt",
    upload: ["u_no", "u_ns", "u_idR", "u_idF", "u_md5"],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_announced_version_chooses_the_generation() {
        let of = |text: &str| Generation::of(text.parse().unwrap());
        assert_eq!(of("2022.1.0"), Generation::G22);
        assert_eq!(of("2024.3.8"), Generation::G23);
        assert_eq!(of("2024.3.9"), Generation::G24);
        assert_eq!(of("2025.1.3"), Generation::G25);
        assert_eq!(of("2026.2.5"), Generation::G25);
        assert_eq!(of("2026.2.5.6"), Generation::G26);
        assert_eq!(of("2026.3.0"), Generation::G26);
    }

    #[test]
    fn a_version_is_found_in_a_sentence() {
        assert_eq!(Version::find(">PRONOTE 2026.1.3</a>"), Some(Version::new(2026, 1, 3, None)));
        assert_eq!(Version::find("PRONOTE 2026.2.5.7."), Some(Version::new(2026, 2, 5, Some(7))));
        assert_eq!(Version::find("PRONOTE 99999999.1.2 and 1.2"), None);
    }
}
