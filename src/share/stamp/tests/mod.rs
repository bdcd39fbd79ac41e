//! Responses of an authority that does wrong, of strangers who alter them, and of OpenSSL.

mod attacks;
mod bytes;
mod forge;
mod openssl;

use forge::*;

use super::*;
use crate::hash;

const STAMPING: &str = "1.3.6.1.5.5.7.3.8";
/// When everything is stamped here, unless said otherwise.
const AT: &str = "20241124103000Z";
const AT_MICROS: i64 = 1_732_444_200_000_000;
const VALID: (&str, &str) = ("20200101000000Z", "20300101000000Z");

/// A CA, an authority of time, and their certificates.
struct World {
    ca: Party,
    tsa: Party,
    ca_der: Vec<u8>,
    tsa_der: Vec<u8>,
}

impl World {
    fn new() -> World {
        let (ca, tsa) = (Party::new("Root"), Party::new("Clock"));
        let certified = Certified { subject: &ca, issuer: &ca, valid: VALID, extensions: vec![is_ca()], serial: 1 };
        let ca_der = certified.der();
        let tsa_der = Certified { subject: &tsa, extensions: for_stamping(), serial: 2, ..certified }.der();
        World { ca, tsa, ca_der, tsa_der }
    }

    /// The same with another certificate of the authority.
    fn certified(valid: (&str, &str), extensions: Vec<Vec<u8>>) -> World {
        let world = World::new();
        let certified = Certified { subject: &world.tsa, issuer: &world.ca, valid, extensions, serial: 2 };
        let tsa_der = certified.der();
        World { tsa_der, ..world }
    }

    fn authorities(&self) -> Authorities {
        Authorities::parse(&self.ca_der).unwrap()
    }

    fn parts(&self) -> Parts {
        Parts::good(info(&imprint().0, AT, &[]), &self.ca, &self.tsa_der)
    }

    /// What is said of a response in which something was changed before it was signed.
    fn verdict(&self, change: impl FnOnce(&mut Parts)) -> Result<Stamp, Refusal> {
        let mut parts = self.parts();
        change(&mut parts);
        verify(&parts.signed_by(&self.tsa), &self.authorities())
    }
}

/// What an authority answers to a request at that time (`YYYYMMDDhhmmssZ`), and the certificate of its CA.
pub(crate) fn answer(request: &[u8], at: &str) -> (Vec<u8>, Vec<u8>) {
    let world = World::new();
    let info = info(&request[24..56], at, &[&request[56..66]]);
    (Parts::good(info, &world.ca, &world.tsa_der).signed_by(&world.tsa), world.ca_der)
}

fn for_stamping() -> Vec<Vec<u8>> {
    vec![key_usage(0x80), usages(true, &[STAMPING])]
}

fn imprint() -> Hash {
    hash::sha256(&[b"a head"])
}

fn verify(response: &[u8], authorities: &Authorities) -> Result<Stamp, Refusal> {
    Response::parse(response)?.verify(&imprint(), authorities)
}

#[test]
fn a_good_response_counts() {
    let world = World::new();
    let stamp = world.verdict(|_| ()).unwrap();
    let expected = Stamp {
        at_micros: AT_MICROS,
        accuracy_micros: 0,
        authority: "Clock".to_owned(),
        serial: "07".to_owned(),
        policy: "1.2.3.4".to_owned(),
    };
    assert_eq!(stamp, expected);
    let granted_with_changes = world.verdict(|parts| parts.status = sequence(&[&[2, 1, 1]]));
    assert_eq!(granted_with_changes, Ok(expected));
}

#[test]
fn a_request_is_what_is_asked() {
    let nonce = Nonce::of([0xff; 8]);
    assert_eq!(nonce.hex(), "7fffffffffffffff");
    assert_eq!(Nonce::of([0; 8]).hex(), "4000000000000000");
    let asked = request(&imprint(), nonce);
    let expected = sequence(&[
        &[2, 1, 1],
        &sequence(&[&sha256_name(), &tlv(4, &[&imprint().0])]),
        &tlv(2, &[&[0x7f], &[0xff; 7]]),
        &[1, 1, 0xff],
    ]);
    assert_eq!(asked, expected);
}

#[test]
fn the_nonce_of_a_response_is_known() {
    let world = World::new();
    let with = |nonce: &[u8]| {
        let info = info(&imprint().0, AT, &[&tlv(2, &[nonce])]);
        let response = Parts::good(info, &world.ca, &world.tsa_der).signed_by(&world.tsa);
        Nonce::in_response(&Response::parse(&response).unwrap()).map(Nonce::hex)
    };
    assert_eq!(with(&[0x41, 1, 2, 3, 4, 5, 6, 7]).as_deref(), Some("4101020304050607"));
    for other in [&[1][..], &[0, 0x41, 1, 2, 3, 4, 5, 6, 7], &[0x11, 1, 2, 3, 4, 5, 6, 7], &[0xc1, 1, 2, 3, 4, 5, 6, 7]]
    {
        assert_eq!(with(other), None, "{other:?}");
    }
    let without = world.parts().signed_by(&world.tsa);
    assert_eq!(Nonce::in_response(&Response::parse(&without).unwrap()), None);
}
