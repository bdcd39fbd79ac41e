//! An authority that does wrong, and strangers that pass for one.

use super::*;

/// What is said of the certificate of an authority.
fn of_certificate(valid: (&str, &str), extensions: Vec<Vec<u8>>) -> Result<Stamp, Refusal> {
    World::certified(valid, extensions).verdict(|_| ())
}

fn is_chain(verdict: &Result<Stamp, Refusal>, why: &str) -> bool {
    matches!(verdict, Err(Refusal::Chain(said)) if said.contains(why))
}

#[test]
fn a_certificate_counts_only_while_it_is_valid() {
    assert!(of_certificate(VALID, for_stamping()).is_ok());
    assert!(of_certificate((AT, AT), for_stamping()).is_ok(), "both ends are included");
    let expired = of_certificate(("20200101000000Z", "20241124102959Z"), for_stamping());
    assert!(is_chain(&expired, "had expired"), "{expired:?}");
    let early = of_certificate(("20241124103001Z", "20300101000000Z"), for_stamping());
    assert!(is_chain(&early, "not valid yet"), "{early:?}");
}

#[test]
fn a_ca_counts_only_while_it_is_valid() {
    let world = World::new();
    for valid in [("20200101000000Z", "20241124102959Z"), ("20241124103001Z", "20300101000000Z")] {
        let certified =
            Certified { subject: &world.ca, issuer: &world.ca, valid, extensions: vec![is_ca()], serial: 1 };
        let authorities = Authorities::parse(&certified.der()).unwrap();
        let verdict = verify(&world.parts().signed_by(&world.tsa), &authorities);
        assert!(is_chain(&verdict, "itself"), "{verdict:?}");
    }
}

#[test]
fn a_certificate_must_be_for_stamping_time_critically_and_alone() {
    for extensions in [
        vec![],
        vec![usages(false, &[STAMPING])],
        vec![usages(true, &["1.3.6.1.5.5.7.3.1"])],
        vec![usages(true, &[STAMPING, "1.3.6.1.5.5.7.3.1"])],
        vec![usages(true, &["1.3.6.1.5.5.7.3.1", STAMPING])],
        vec![usages(true, &[])],
        vec![key_usage(0b0010_0000), usages(true, &[STAMPING])],
    ] {
        let verdict = of_certificate(VALID, extensions.clone());
        assert!(matches!(verdict, Err(Refusal::Usage(_))), "{extensions:?}: {verdict:?}");
    }
    assert!(of_certificate(VALID, vec![usages(true, &[STAMPING])]).is_ok());
    assert!(of_certificate(VALID, vec![key_usage(0b0100_0000), usages(true, &[STAMPING])]).is_ok());
    let as_ca = of_certificate(VALID, vec![is_ca(), usages(true, &[STAMPING])]);
    assert!(is_chain(&as_ca, "one of a CA"), "{as_ca:?}");
    let strange = of_certificate(VALID, vec![usages(true, &[STAMPING]), extension("1.2.3", true, &[5, 0])]);
    assert!(is_chain(&strange, "Critical"), "{strange:?}");
}

#[test]
fn another_ca_does_not_vouch() {
    let (world, other) = (World::new(), World::new());
    let response = world.parts().signed_by(&world.tsa);
    let of_same_name = verify(&response, &other.authorities());
    assert!(is_chain(&of_same_name, "does not hold"), "{of_same_name:?}");
    let stranger = Party::new("Stranger");
    let certified =
        Certified { subject: &stranger, issuer: &stranger, valid: VALID, extensions: vec![is_ca()], serial: 1 };
    let verdict = verify(&response, &Authorities::parse(&certified.der()).unwrap());
    assert!(is_chain(&verdict, "did not issue"), "{verdict:?}");
    let verdict = verify(&response, &Authorities::parse(&world.tsa_der).unwrap());
    assert!(is_chain(&verdict, "did not issue"), "its own certificate vouches for nobody: {verdict:?}");
}

#[test]
fn those_on_the_way_must_be_cas() {
    let world = World::new();
    let between = Party::new("Between");
    let verdict = |extensions: Vec<Vec<u8>>| {
        let between_der = Certified { subject: &between, issuer: &world.ca, valid: VALID, extensions, serial: 3 }.der();
        let certified =
            Certified { subject: &world.tsa, issuer: &between, valid: VALID, extensions: for_stamping(), serial: 2 };
        let tsa_der = certified.der();
        let mut parts = Parts::good(info(&imprint().0, AT, &[]), &between, &tsa_der);
        parts.certificates.push(between_der);
        verify(&parts.signed_by(&world.tsa), &world.authorities())
    };
    assert!(verdict(vec![is_ca()]).is_ok());
    assert!(verdict(vec![is_ca(), key_usage(0b0000_0110), usages(false, &[STAMPING])]).is_ok());
    for extensions in [
        vec![],
        for_stamping(),
        vec![is_ca(), key_usage(0b1000_0000)],
        vec![is_ca(), usages(false, &["1.3.6.1.5.5.7.3.1"])],
    ] {
        let said = verdict(extensions.clone());
        assert!(matches!(said, Err(Refusal::Chain(_))), "{extensions:?}: {said:?}");
    }
}

#[test]
fn the_signer_is_the_one_that_is_named_in_what_is_signed() {
    let world = World::new();
    // Another certificate of the same key, name and number, such as one that was issued again.
    let again = Certified {
        subject: &world.tsa,
        issuer: &world.ca,
        valid: ("20200101000000Z", "20310101000000Z"),
        extensions: for_stamping(),
        serial: 2,
    };
    let again = again.der();
    let swapped = world.verdict(|parts| parts.certificates = vec![again.clone()]);
    assert!(matches!(swapped, Err(Refusal::Signer(_))), "{swapped:?}");
    assert!(world.verdict(|parts| parts.certificates.insert(0, again.clone())).is_ok(), "it is found among others");
    let ess = |parts: &mut Parts, attributes: &[Vec<u8>]| {
        parts.attributes.pop();
        parts.attributes.extend_from_slice(attributes);
    };
    let own = ess_v2(&world.tsa_der, &[]);
    let sha1 = ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, &world.tsa_der);
    let v1 = |digest: &[u8]| {
        let named = sequence(&[&tlv(4, &[digest])]);
        attribute("1.2.840.113549.1.9.16.2.12", &[&sequence(&[&sequence(&[&named])])])
    };
    let issuer = |name: &[u8], serial| sequence(&[&sequence(&[&tlv(0xa4, &[name])]), &[2, 1, serial]]);
    let (ca, tsa) = (world.ca.name_der(), world.tsa.name_der());
    for (attributes, holds) in [
        (vec![], false),
        (vec![own.clone()], true),
        (vec![own.clone(), own.clone()], false),
        (vec![ess_v2(&again, &[])], false),
        (vec![v1(sha1.as_ref())], true),
        (vec![v1(&[0; 20])], false),
        (vec![own.clone(), v1(sha1.as_ref())], true),
        (vec![own, v1(&[0; 20])], false),
        (vec![ess_v2(&world.tsa_der, &issuer(&ca, 2))], true),
        (vec![ess_v2(&world.tsa_der, &issuer(&ca, 3))], false),
        (vec![ess_v2(&world.tsa_der, &issuer(&tsa, 2))], false),
        (vec![ess_v2(&world.tsa_der, &[5, 0])], false),
    ] {
        let verdict = world.verdict(|parts| ess(parts, &attributes));
        let is_right = if holds { verdict.is_ok() } else { matches!(verdict, Err(Refusal::Signer(_))) };
        assert!(is_right, "{attributes:02x?}: {verdict:?}");
    }
    let unnamed = world.verdict(|parts| parts.named = sequence(&[&world.ca.name_der(), &[2, 1, 3]]));
    assert!(matches!(unnamed, Err(Refusal::Signer(_))), "{unnamed:?}");
    let without = world.verdict(|parts| parts.certificates.clear());
    assert!(matches!(without, Err(Refusal::Signer(_))), "{without:?}");
}

#[test]
fn what_is_signed_is_the_content_and_its_kind() {
    let world = World::new();
    let other_info = info(&imprint().0, "20231124103000Z", &[]);
    let other = world.verdict(|parts| parts.info = other_info.clone());
    assert!(matches!(other, Err(Refusal::Content(_))), "{other:?}");
    let kind = world.verdict(|parts| parts.attributes[0] = content_type("1.2.840.113549.1.7.1"));
    assert!(matches!(kind, Err(Refusal::Content(_))), "{kind:?}");
    for place in [0, 1] {
        let missing = world.verdict(|parts| drop(parts.attributes.remove(place)));
        assert!(matches!(missing, Err(Refusal::Content(_))), "{missing:?}");
        let two_values = world.verdict(|parts| {
            let id = ["1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"][place];
            let values = [oid("1.2.840.113549.1.9.16.1.4"), tlv(4, &[&sha256(&parts.info)])];
            parts.attributes[place] = attribute(id, &[&values[place], &values[place]]);
        });
        assert!(matches!(two_values, Err(Refusal::Content(_))), "{two_values:?}");
        let twice = world.verdict(|parts| parts.attributes.push(parts.attributes[place].clone()));
        assert!(matches!(twice, Err(Refusal::Content(_))), "{twice:?}");
    }
    let response = world.parts().signed_by(&Party::new("Clock"));
    let forged = verify(&response, &world.authorities());
    assert!(matches!(forged, Err(Refusal::Signature(_))), "{forged:?}");
}

#[test]
fn a_stamp_of_something_else_does_not_count() {
    let world = World::new();
    let response = world.parts().signed_by(&world.tsa);
    let of_other = Response::parse(&response).unwrap().verify(&hash::sha256(&[b"another"]), &world.authorities());
    assert_eq!(of_other, Err(Refusal::Imprint));
    // The same 32 bytes under the name of another hash.
    let mut info = info(&imprint().0, AT, &[]);
    let place = info.windows(9).position(|part| part == tree_oid()).unwrap() + 8;
    info[place] = 2;
    let response = Parts::good(info, &world.ca, &world.tsa_der).signed_by(&world.tsa);
    assert_eq!(verify(&response, &world.authorities()), Err(Refusal::Imprint));
}

/// The bytes of SHA-256's name.
fn tree_oid() -> [u8; 9] {
    [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01]
}

#[test]
fn what_was_not_granted_is_no_stamp_and_says_why() {
    let text = tlv(0x0c, &["no\u{1b}[31m policy".as_bytes()]);
    let status = sequence(&[&[2, 1, 2], &sequence(&[&text]), &[3, 3, 0, 0b0010_0000, 1]]);
    let verdict = Response::parse(&sequence(&[&status])).map(|_| ());
    let Err(Refusal::NotGranted(why)) = verdict else { panic!("{verdict:?}") };
    assert_eq!(why, "rejection; no\u{1b}[31m policy; the request is not allowed there; it does not have that policy");
    let world = World::new();
    for (status, told) in [(2, "rejection"), (3, "waiting"), (5, "revocation notification"), (9, "unknown")] {
        let verdict = world.verdict(|parts| parts.status = sequence(&[&[2, 1, status]]));
        assert!(matches!(&verdict, Err(Refusal::NotGranted(why)) if why.contains(told)), "{verdict:?}");
    }
}
