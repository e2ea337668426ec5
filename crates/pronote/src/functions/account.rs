//! `PageInfosPerso`: personal data, calendar tokens, and how signing in is protected (data §18).

use serde_json::Value;

use super::common::some_text;
use super::{Context, Function, Payload, Read, calendar};
use crate::model::{Account, Device, Security, tab};
use crate::wire::{Malformed, Node};

/// Asks for the account's own data.
#[derive(Debug, Clone, Copy, Default)]
pub struct Request;

impl Function for Request {
    const NAME: &'static str = "PageInfosPerso";
    const TAB: Option<u32> = Some(tab::PERSONAL_DATA);
    type Answer = Account;

    fn arguments(&self, _: &Context) -> Value {
        Value::Null
    }

    fn read(payload: Payload<'_>, _: &Context) -> Result<Account, Malformed> {
        Ok(account(payload.data))
    }
}

impl Read for Request {}

pub(crate) fn account(data: Node<'_>) -> Account {
    let about = data.get("Informations");
    let text = |key| about.and_then(|about| some_text(about, key));
    Account {
        address: ["adresse1", "adresse2", "adresse3", "adresse4"].into_iter().filter_map(text).collect(),
        postal_code: text("codePostal"),
        city: text("ville"),
        province: text("province"),
        country: text("pays"),
        email: text("eMail"),
        phone: text("telephonePortable").map(|number| phone(text("indicatifTel"), &number)),
        national_id: text("numeroINE"),
        calendars: data.get("iCal").map(|calendars| calendars.each("liste", calendar::token)).unwrap_or_default(),
        security: data.maybe("securisation", security),
    }
}

/// The prefix comes without its `+`.
fn phone(prefix: Option<String>, number: &str) -> String {
    match prefix {
        Some(prefix) => format!("+{}{}", prefix.trim().trim_start_matches('+'), number.trim()),
        None => number.trim().to_owned(),
    }
}

fn security(node: Node<'_>) -> Result<Security, Malformed> {
    Ok(Security {
        mode: node.need("mode")?,
        offered: node.read("modesPossibles").unwrap_or_default(),
        devices: node.each("listeSourcesConnexions", |device| {
            Ok(Device {
                id: some_text(device, "identifiantSysteme").or_else(|| Some(device.id()?.to_string())),
                kind: device.read("genreSource"),
                name: some_text(device, "libelleSaisi").or_else(|| some_text(device, "L")),
            })
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::common::reading;
    use crate::model::{DeviceKind, SecurityMode};

    #[test]
    fn personal_data_is_read_without_its_empty_lines() {
        let (account, noted) = reading(
            r#"{"Informations":{"adresse1":"1 rue des Tilleuls","adresse2":"","adresse3":" ","codePostal":"69000","ville":"LYON","province":"",
                "pays":"France","eMail":"c.morel@exemple.fr","indicatifTel":"33","telephonePortable":"600000000","numeroINE":"001"},
              "iCal":{"liste":{"_T":24,"V":[{"G":0,"L":"EDT","P":1,"paramICal":"ABC","paramSuppl":"266f"},{"L":"sans jeton"}]}},
              "securisation":{"mode":3,"modesPossibles":{"_T":26,"V":"[1..3]"},
                "listeSourcesConnexions":[{"identifiantSysteme":"x1","genreSource":1,"libelleSaisi":"Téléphone"},{"genreSource":9}]}}"#,
            account,
        );
        assert_eq!(account.address, ["1 rue des Tilleuls"]);
        assert_eq!((account.province.as_deref(), account.phone.as_deref()), (None, Some("+33600000000")));
        assert_eq!(account.calendars.len(), 1);
        let security = account.security.unwrap();
        assert_eq!((security.mode, security.offered.to_string()), (SecurityMode::Pin, "[1..3]".into()));
        assert_eq!(security.devices[0].name.as_deref(), Some("Téléphone"));
        assert_eq!(security.devices[1].kind, Some(DeviceKind::Other(9)));
        assert_eq!(noted, ["iCal.liste.V[1].paramICal"]);
    }

    #[test]
    fn an_account_that_says_nothing_is_empty() {
        assert_eq!(reading("{}", account), (Account::default(), vec![]));
        let (account, noted) = reading(r#"{"Informations":[],"iCal":3,"securisation":{"mode":{}}}"#, account);
        assert_eq!((account, noted), (Account::default(), vec!["securisation.mode".to_owned()]));
    }
}
