//! Who is trusted to vouch for those who stamp time, and the way from a signer's certificate to them.

use std::time::Duration;

use pki_types::pem::PemObject;
use pki_types::{CertificateDer, UnixTime};
use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert, Error, KeyUsage, anchor_from_trusted_cert};

use super::certificate::{Certificate, SIGNS_CERTIFICATES, TIME_STAMPING};
use super::refusal::Refusal;

/// The certificates of authorities.
#[derive(Clone, Debug)]
pub struct Authorities(Vec<CertificateDer<'static>>);

impl Authorities {
    /// Reads certificates in PEM, or one in DER.
    ///
    /// # Errors
    /// [`Refusal::Authorities`].
    pub fn parse(bytes: &[u8]) -> Result<Authorities, Refusal> {
        let certificates = if bytes.first() == Some(&0x30) {
            vec![CertificateDer::from(bytes.to_vec())]
        } else {
            let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(bytes).collect();
            read.map_err(|_| Refusal::Authorities("it is no PEM"))?
        };
        let is_read =
            |der: &CertificateDer<'_>| Certificate::parse(der).is_some() && anchor_from_trusted_cert(der).is_ok();
        if certificates.is_empty() {
            return Err(Refusal::Authorities("it holds no certificate"));
        }
        if !certificates.iter().all(is_read) {
            return Err(Refusal::Authorities("a certificate in it cannot be read"));
        }
        Ok(Authorities(certificates))
    }

    /// Requires a way from the signer's certificate to an authority, over these others, of certificates that were all
    /// valid at that time and may vouch for each other.
    pub(super) fn vouch(&self, signer: &Certificate<'_>, others: &[&[u8]], at_micros: u64) -> Result<(), Refusal> {
        let at = UnixTime::since_unix_epoch(Duration::from_micros(at_micros));
        let is_valid = |der: &&CertificateDer<'_>| {
            Certificate::parse(der).is_some_and(|ca| (ca.valid.0..=ca.valid.1).contains(&at.as_secs()))
        };
        let valid = self.0.iter().filter(is_valid);
        let anchors: Vec<_> = valid.filter_map(|der| anchor_from_trusted_cert(der).ok()).collect();
        if anchors.is_empty() {
            return Err(Refusal::Chain("it was not valid at that time itself".to_owned()));
        }
        let own = CertificateDer::from(signer.whole);
        let others: Vec<_> = others.iter().map(|der| CertificateDer::from(*der)).collect();
        let end = EndEntityCert::try_from(&own).map_err(|error| Refusal::Chain(told(&error)))?;
        let usage = KeyUsage::required_if_present(TIME_STAMPING.as_bytes());
        let may_vouch = |path: &webpki::VerifiedPath<'_>| {
            let mut between = path.intermediate_certificates().map(webpki::Cert::der);
            let may = |der: CertificateDer<'_>| Certificate::parse(&der).is_some_and(|ca| ca.may(SIGNS_CERTIFICATES));
            if between.all(may) { Ok(()) } else { Err(Error::EndEntityUsedAsCa) }
        };
        let path = end.verify_for_usage(ALL_VERIFICATION_ALGS, &anchors, &others, at, usage, None, Some(&may_vouch));
        path.map(|_| ()).map_err(|error| Refusal::Chain(told(&error)))
    }
}

fn told(error: &Error) -> String {
    match error {
        Error::UnknownIssuer => "it did not issue the signer's certificate, nor one on the way to it".to_owned(),
        Error::CertExpired { .. } => "a certificate on the way had expired at that time".to_owned(),
        Error::CertNotValidYet { .. } => "a certificate on the way was not valid yet at that time".to_owned(),
        Error::CaUsedAsEndEntity => "the signer's certificate is one of a CA".to_owned(),
        Error::EndEntityUsedAsCa => "a certificate on the way is not one of a CA".to_owned(),
        Error::InvalidSignatureForPublicKey => "the signature of a certificate on the way does not hold".to_owned(),
        other => format!("a certificate on the way is refused ({other:?})"),
    }
}
