//! A throw-away authority, and a certificate for every name that is asked for.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::{CertifiedKey, SigningKey};

/// The most names that certificates are kept for: a few times the hosts of all portals and schools.
const MOST_NAMES: usize = 1024;

/// Vouches for every name, to whoever trusts it. Its key never leaves the process.
pub(super) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    pem: String,
    /// One key for all names: making keys is what takes time.
    key: KeyPair,
    signing: Arc<dyn SigningKey>,
    minted: Mutex<BTreeMap<String, Arc<CertifiedKey>>>,
}

impl Authority {
    /// Makes one.
    pub(super) fn new() -> Result<Self, rcgen::Error> {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "Emulated portals");
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
        let key = KeyPair::generate()?;
        let der = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let signing =
            rustls::crypto::ring::sign::any_supported_type(&der).map_err(|_| rcgen::Error::CouldNotParseKeyPair)?;
        Ok(Self { pem: issuer.pem(), issuer, key, signing, minted: Mutex::default() })
    }

    /// The authority's own certificate.
    pub(super) fn pem(&self) -> &str {
        &self.pem
    }

    fn mint(&self, name: &str) -> Result<Arc<CertifiedKey>, rcgen::Error> {
        let mut minted = self.minted.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(certificate) = minted.get(name) {
            return Ok(certificate.clone());
        }
        let mut params = CertificateParams::new([name.to_owned()])?;
        params.distinguished_name.push(DnType::CommonName, name);
        params.use_authority_key_identifier_extension = true;
        let certificate = params.signed_by(&self.key, &self.issuer)?;
        let certified = Arc::new(CertifiedKey::new(vec![certificate.der().clone()], self.signing.clone()));
        if minted.len() >= MOST_NAMES {
            minted.pop_first();
        }
        minted.insert(name.to_owned(), certified.clone());
        Ok(certified)
    }
}

impl ResolvesServerCert for Authority {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.mint(&hello.server_name()?.to_ascii_lowercase()).ok()
    }
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authority").finish_non_exhaustive()
    }
}
