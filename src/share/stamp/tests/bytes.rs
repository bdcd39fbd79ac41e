//! Responses that were altered, and bytes that are none.

use super::*;

/// Whatever bit is changed, what still counts says the same.
pub(super) fn no_changed_bit_says_something_else(response: &[u8], imprint: &Hash, authorities: &Authorities) {
    let verify = |response: &[u8]| Response::parse(response).and_then(|read| read.verify(imprint, authorities));
    let stamp = verify(response).unwrap();
    let mut refused = 0;
    for place in 0..response.len() {
        for bit in 0..8 {
            let mut altered = response.to_vec();
            altered[place] ^= 1 << bit;
            match verify(&altered) {
                Ok(said) => assert_eq!(said, stamp, "byte {place}, bit {bit}"),
                Err(_) => refused += 1,
            }
        }
    }
    assert!(refused > response.len() * 7, "{refused} of {} bits", response.len() * 8);
}

#[test]
fn no_changed_bit_of_a_response_says_something_else() {
    let world = World::new();
    let response = world.parts().signed_by(&world.tsa);
    no_changed_bit_says_something_else(&response, &imprint(), &world.authorities());
}

#[test]
fn a_response_is_whole_and_nothing_more() {
    let world = World::new();
    let response = world.parts().signed_by(&world.tsa);
    for len in 0..response.len() {
        assert!(Response::parse(&response[..len]).is_err(), "{len}");
    }
    assert!(Response::parse(&[&response[..], &[0]].concat()).is_err());
    assert!(Response::parse(&[&response[..], &response].concat()).is_err());
    for signers in [0, 2] {
        assert!(matches!(world.verdict(|parts| parts.signers = signers), Err(Refusal::Form(_))), "{signers}");
    }
    assert!(world.verdict(|parts| parts.unsigned = tlv(0xa1, &[&sequence(&[])])).is_ok(), "nothing is signed there");
    assert!(matches!(world.verdict(|parts| parts.unsigned = vec![5, 0]), Err(Refusal::Form(_))));
}

#[test]
fn what_a_stamp_says_is_read_to_its_end() {
    let world = World::new();
    let behind = |behind: &[&[u8]]| {
        let info = info(&imprint().0, AT, behind);
        verify(&Parts::good(info, &world.ca, &world.tsa_der).signed_by(&world.tsa), &world.authorities())
    };
    let accuracy = sequence(&[&[2, 1, 1], &[0x80, 1, 5]]);
    let name = tlv(0xa0, &[&tlv(0xa4, &[&world.tsa.name_der()])]);
    let whole = behind(&[&accuracy, &[1, 1, 0xff], &[2, 1, 9], &name]).unwrap();
    assert_eq!(whole.accuracy_micros, 1_005_000);
    let extension = |critical: &[u8]| tlv(0xa1, &[&sequence(&[&oid("1.2.3"), critical, &tlv(4, &[])])]);
    assert!(behind(&[&extension(&[])]).is_ok());
    for wrong in [&extension(&[1, 1, 0xff])[..], &[5, 0], &[0x30, 3, 2, 1, 0x81], &[2, 1, 9, 2, 1, 9]] {
        assert!(matches!(behind(&[wrong]), Err(Refusal::Form(_))), "{wrong:02x?}");
    }
    let mut of_a_later_version = info(&imprint().0, AT, &[]);
    of_a_later_version[4] = 2;
    let parts = Parts::good(of_a_later_version, &world.ca, &world.tsa_der);
    let verdict = verify(&parts.signed_by(&world.tsa), &world.authorities());
    assert!(matches!(verdict, Err(Refusal::Form(_))), "{verdict:?}");
}

#[test]
fn hostile_bytes_are_refused_soon() {
    let nested =
        (0..10_000).fold(vec![5, 0], |inner, _| if inner.len() > 60_000 { inner } else { tlv(0x30, &[&inner]) });
    let many = tlv(0x30, &[&[5, 0].repeat(30_000)]);
    let long = [&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff][..], &[0; 100]].concat();
    for bytes in [
        &[][..],
        &[0x30],
        &[0x30, 0x80, 0, 0],
        &[0x30, 0x84, 0x7f, 0xff, 0xff, 0xff],
        &[0x30, 0x89, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        &[0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0],
        &long,
        &nested,
        &many,
        &vec![0x30; 1 << 17],
        &vec![0xff; RESPONSE_LEN_MAX + 1],
    ] {
        let start = &bytes[..bytes.len().min(8)];
        assert!(matches!(Response::parse(bytes), Err(Refusal::Form(_))), "{start:02x?}");
        assert!(Authorities::parse(bytes).is_err(), "{start:02x?}");
    }
    // The same in the places of a certificate and of an attribute.
    let world = World::new();
    for inner in [nested.clone(), many.clone()] {
        assert!(world.verdict(|parts| parts.certificates.push(inner.clone())).is_ok(), "it is not asked for");
        assert!(world.verdict(|parts| parts.certificates = vec![inner.clone()]).is_err());
        assert!(world.verdict(|parts| parts.attributes.push(inner.clone())).is_err());
    }
    assert!(world.verdict(|parts| parts.certificates = vec![parts.certificates[0].clone(); 65]).is_err());
}

#[test]
fn authorities_are_certificates() {
    let world = World::new();
    let refused = |bytes: &[u8]| Authorities::parse(bytes).unwrap_err();
    assert_eq!(refused(b""), Refusal::Authorities("it holds no certificate"));
    assert_eq!(refused(b"no PEM at all\n"), Refusal::Authorities("it holds no certificate"));
    let key = b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    assert_eq!(refused(key), Refusal::Authorities("it holds no certificate"));
    let broken = b"-----BEGIN CERTIFICATE-----\nAA*A\n-----END CERTIFICATE-----\n";
    assert_eq!(refused(broken), Refusal::Authorities("it is no PEM"));
    let none = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assert_eq!(refused(none), Refusal::Authorities("a certificate in it cannot be read"));
    assert_eq!(refused(&world.ca_der[..100]), Refusal::Authorities("a certificate in it cannot be read"));
}
