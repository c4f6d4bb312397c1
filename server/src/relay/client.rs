//! One request out, over HTTP or HTTPS, with one thing a general client does not tell: whether the request had left when
//! it went wrong. Before that nothing can have happened there; after it nobody knows.

use std::{
    fmt::Write as _,
    net::{IpAddr, SocketAddr},
    path::Path,
    sync::Arc,
    time::Duration,
};

use axum::{
    body::Bytes,
    http::{Method, Request, Uri, header::HOST},
};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::{Instant, timeout_at},
};
use tokio_rustls::TlsConnector;

use super::address::is_public;

/// The most bytes of an answer that are read.
const REPLY_BYTES_MAX: usize = 1 << 20;

/// Where requests may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Anywhere: to addresses the operator configured.
    Anywhere,
    /// To public addresses: others choose them.
    PublicOnly,
}

/// An address of a server and a path there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Url {
    https: bool,
    host: String,
    port: u16,
    /// As it goes into `Host`.
    authority: String,
    path: String,
}

impl Url {
    /// Reads `http://…` or `https://…`.
    pub(crate) fn parse(text: &str) -> Result<Url, &'static str> {
        let uri: Uri = text.parse().map_err(|_| "this is no URL")?;
        let https = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err("a URL begins with https:// or http://"),
        };
        let authority = uri.authority().ok_or("this URL has no host")?;
        if authority.as_str().contains('@') {
            return Err("a URL with a user or a password in it is not taken");
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']');
        let in_hosts = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:".contains(&byte);
        if host.is_empty() || !host.bytes().all(in_hosts) {
            return Err("this URL has no host that can be called");
        }
        Ok(Url {
            https,
            host: host.to_owned(),
            port: authority.port_u16().unwrap_or(if https { 443 } else { 80 }),
            authority: authority.as_str().to_owned(),
            path: uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
        })
    }

    /// A name, or an address without brackets.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// A path below this one.
    pub(crate) fn join(&self, path: &str) -> Url {
        let base = self.path.split('?').next().unwrap_or_default().trim_end_matches('/');
        Url { path: format!("{base}{path}"), ..self.clone() }
    }

    /// With more of a query.
    pub(crate) fn with_query(&self, pairs: &[(&str, &str)]) -> Url {
        let mut path = self.path.clone();
        for (name, value) in pairs {
            path.push(if path.contains('?') { '&' } else { '?' });
            path.push_str(name);
            path.push('=');
            for byte in value.bytes() {
                if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                    path.push(char::from(byte));
                } else {
                    // Writing to a string cannot fail.
                    let _ = write!(path, "%{byte:02X}");
                }
            }
        }
        Url { path, ..self.clone() }
    }
}

/// A request.
pub(crate) struct Sending<'a> {
    pub(crate) method: &'static str,
    pub(crate) url: &'a Url,
    pub(crate) headers: Vec<(&'static str, String)>,
    /// JSON, or nothing.
    pub(crate) body: Vec<u8>,
    /// For all of it.
    pub(crate) patience: Duration,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    /// Empty when it was too long, or broke off: the status is the answer.
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) const fn is_success(&self) -> bool {
        matches!(self.status, 200..=299)
    }
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// Nothing had been sent.
    NotSent(String),
    /// The request had left: it may have been heard.
    Lost(String),
}

/// A client without memory: no cookies, no redirects, no proxies, a new connection each time.
#[derive(Clone)]
pub(crate) struct Client {
    tls: TlsConnector,
    reach: Reach,
}

impl Client {
    /// A client that trusts Mozilla's certificate authorities and those of a file.
    pub(crate) fn new(reach: Reach, authorities: Option<&Path>) -> Result<Client, String> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        if let Some(file) = authorities {
            let named = |why: &dyn std::fmt::Display| format!("{}: {why}", file.display());
            for certificate in CertificateDer::pem_file_iter(file).map_err(|why| named(&why))? {
                let certificate = certificate.map_err(|why| named(&why))?;
                roots.add(certificate).map_err(|why| named(&why))?;
            }
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|why| why.to_string())?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Client { tls: TlsConnector::from(Arc::new(config)), reach })
    }

    /// Sends a request and reads the answer, within its patience.
    pub(crate) async fn send(&self, sending: Sending<'_>) -> Result<Reply, Trouble> {
        let deadline = Instant::now() + sending.patience;
        let request = request(&sending)?;
        let url = sending.url;
        let tcp = within(deadline, "connecting took too long", self.connect(url))
            .await
            .map_err(Trouble::NotSent)?;
        if !url.https {
            return exchange(tcp, request, deadline).await;
        }
        let name = ServerName::try_from(url.host.clone())
            .map_err(|_| Trouble::NotSent("a certificate cannot name this host".to_owned()))?;
        let greeting = async { self.tls.connect(name, tcp).await.map_err(|why| format!("no TLS: {why}")) };
        let tls =
            within(deadline, "the TLS handshake took too long", greeting).await.map_err(Trouble::NotSent)?;
        exchange(tls, request, deadline).await
    }

    /// The name is looked up here and its addresses judged here, so that what is judged is what is called.
    async fn connect(&self, url: &Url) -> Result<TcpStream, String> {
        let addresses: Vec<SocketAddr> = match url.host.parse::<IpAddr>() {
            Ok(address) => vec![SocketAddr::new(address, url.port)],
            Err(_) => tokio::net::lookup_host((url.host.as_str(), url.port))
                .await
                .map_err(|why| format!("the name cannot be looked up: {why}"))?
                .collect(),
        };
        if self.reach == Reach::PublicOnly && !addresses.iter().all(|address| is_public(address.ip())) {
            return Err("this address is not a public one".to_owned());
        }
        let mut last = "the name has no address".to_owned();
        for address in addresses {
            match TcpStream::connect(address).await {
                Ok(stream) => {
                    // Small requests, each alone on its connection: waiting for more to send only delays them.
                    let _ = stream.set_nodelay(true);
                    return Ok(stream);
                }
                Err(why) => last = format!("cannot connect: {why}"),
            }
        }
        Err(last)
    }
}

async fn within<T>(
    deadline: Instant,
    too_long: &str,
    work: impl Future<Output = Result<T, String>>,
) -> Result<T, String> {
    timeout_at(deadline, work).await.unwrap_or_else(|_| Err(too_long.to_owned()))
}

fn request(sending: &Sending<'_>) -> Result<Request<Full<Bytes>>, Trouble> {
    let method = Method::from_bytes(sending.method.as_bytes()).unwrap_or(Method::POST);
    let mut builder = Request::builder()
        .method(method)
        .uri(&sending.url.path)
        .header(HOST, &sending.url.authority)
        .header("user-agent", concat!("textmeter/", env!("CARGO_PKG_VERSION")))
        .header("accept", "application/json");
    if !sending.body.is_empty() {
        builder = builder.header("content-type", "application/json");
    }
    for (name, value) in &sending.headers {
        builder = builder.header(*name, value);
    }
    let body = Full::new(Bytes::from(sending.body.clone()));
    builder.body(body).map_err(|why| Trouble::NotSent(format!("this request cannot be written: {why}")))
}

async fn exchange<S>(stream: S, request: Request<Full<Bytes>>, deadline: Instant) -> Result<Reply, Trouble>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let lost = |why: &dyn std::fmt::Display| Trouble::Lost(format!("the connection broke off: {why}"));
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|why| Trouble::NotSent(format!("no connection: {why}")))?;
    // Ends with the connection, which ends with `sender`.
    let mut driver = tokio::task::JoinSet::new();
    driver.spawn(connection);
    let response = match timeout_at(deadline, sender.send_request(request)).await {
        Ok(Ok(response)) => response,
        Ok(Err(why)) => return Err(lost(&why)),
        Err(_) => return Err(Trouble::Lost("no answer in time".to_owned())),
    };
    let status = response.status().as_u16();
    let body = timeout_at(deadline, Limited::new(response.into_body(), REPLY_BYTES_MAX).collect()).await;
    let body = body.ok().and_then(Result::ok).map(|body| body.to_bytes().to_vec()).unwrap_or_default();
    Ok(Reply { status, body })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_read_joined_and_asked() {
        let url = Url::parse("https://[2606:4700::1111]:8443/base/?a=1").unwrap();
        assert_eq!((url.host(), url.port, url.https), ("2606:4700::1111", 8443, true));
        assert_eq!(url.with_query(&[("to", "+1 é"), ("b", "x~")]).path, "/base/?a=1&to=%2B1%20%C3%A9&b=x~");
        assert_eq!(url.join("/v1/messages").path, "/base/v1/messages");
        assert_eq!(Url::parse("http://example.com").unwrap().join("/x").path, "/x");
        assert_eq!(Url::parse("http://example.com").unwrap().path, "/");
    }
}
