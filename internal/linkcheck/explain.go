package linkcheck

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"syscall"

	"trackly/internal/reach"
)

// explain says what a failed request means for the owner of the domain. The error's own
// words are not shown: they name addresses of the network this runs in.
func explain(err error) string {
	var dns *net.DNSError
	var wrongName x509.HostnameError
	var invalid x509.CertificateInvalidError
	var unknown x509.UnknownAuthorityError
	var unverified *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	switch {
	case errors.Is(err, reach.ErrForbidden):
		return "the domain leads into a private network, not to the internet"
	case errors.As(err, &dns) && dns.IsNotFound:
		return "the domain has no address: its DNS record is missing, or not known everywhere yet"
	case errors.As(err, &dns):
		return "the domain's DNS does not answer"
	case errors.As(err, &wrongName):
		return "the TLS certificate there is for another name"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "the TLS certificate there has expired, or is not valid yet"
	case errors.As(err, &unknown), errors.As(err, &invalid), errors.As(err, &unverified):
		return "the TLS certificate there is not one that phones accept"
	case errors.As(err, &record), errors.Is(err, http.ErrSchemeMismatch):
		return "the server there does not speak HTTPS"
	case isTimeout(err):
		return "the server there does not answer in time"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nothing listens at the domain's address"
	}
	return "the server there cannot be reached"
}
