use serde_json::{Value, json};
use url::Url;

use crate::functions::{Context, Function, Payload, Read};
use crate::model::{Echo, Partner, tab};
use crate::wire::Malformed;

/// Asks for the address that signs the user in to a partner (`SaisieURLPartenaire`, data §13.5, which saves nothing).
///
/// Whoever has the address is signed in: it is for the user's browser alone.
#[derive(Debug, Clone)]
pub struct PartnerAddress {
    sso: Echo,
}

impl PartnerAddress {
    /// Asks for that of a partner of the home page.
    #[must_use]
    pub fn of(partner: &Partner) -> Self {
        PartnerAddress { sso: partner.sso.clone() }
    }
}

impl Function for PartnerAddress {
    const NAME: &'static str = "SaisieURLPartenaire";
    const TAB: Option<u32> = Some(tab::HOME);
    type Answer = Url;

    fn arguments(&self, _: &Context) -> Value {
        json!({ "SSO": self.sso.value() })
    }

    /// The address stands in the report, not in the result.
    fn read(payload: Payload<'_>, _: &Context) -> Result<Url, Malformed> {
        let report = payload.report.ok_or_else(|| payload.data.missing("RapportSaisie"))?;
        let text: &str = report.need("urlSSO")?;
        let url = Url::parse(text.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        url.ok_or_else(|| report.unexpected("an address in `urlSSO`"))
    }
}

impl Read for PartnerAddress {}
