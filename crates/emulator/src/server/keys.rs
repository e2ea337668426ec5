//! The RSA key that the oldest generation publishes in its pages (protocol §4.2). Made for this emulator, protecting nothing.

use std::sync::LazyLock;

use pronote::protocol::rsa::PrivateKey;

/// `MR`.
pub(super) const MODULUS: &str = "ABCCE53E98BEBE2888F4F783869B00039D058EC2257B091B6DE36D77C8BE48258E902B21062D882B94F1C829F63C89A054311375022E3FEF84A2CEBDD8CD6C60D5217EFCF15539BCC782EF0031EF2BDD988CD1C72BD530C1B75F04B2CF3C03267CBDF3F06D295D5C399F5FD314FBB7741BC526FD36D640D104D6D724C44CF4B5";

/// `ER`.
pub(super) const EXPONENT: &str = "10001";

const PRIVATE_EXPONENT: &str = "5DFD1495B05EFA0D970FDDB1991C875F72B22DADCD6F8845F7526AFB1359F68285821DF64D38EFBC581A0695DE5EB434809AF0B81CDF4C9F2F031AF405FE2C81CFDFC81BE3638EC5EFAB5E694E100A577D5B5DCEA18964AED567295A1AFA7CBF097F30B89474F8C01793E8A2AB642103AFCDF9B1A78F6972849BC5BE8205EC01";

/// The other half.
pub(super) static PRIVATE: LazyLock<PrivateKey> =
    LazyLock::new(|| PrivateKey::from_hex(MODULUS, PRIVATE_EXPONENT).expect("the constant is a key"));

#[cfg(test)]
mod tests {
    use pronote::protocol::rsa::PublicKey;

    use super::*;

    #[test]
    fn both_halves_belong_together() {
        let public = PublicKey::from_hex(MODULUS, EXPONENT).unwrap();
        assert_eq!(PRIVATE.decrypt(&public.encrypt(&[7; 16])).unwrap(), [7; 16]);
    }
}
