//! Whom the relay trusts, and what it cannot be started with.

use std::{path::PathBuf, sync::Arc};

use textmeter_server::{
    ledger::{MessageState, Moment},
    relay::{self, ApiSecret, GatewaySettings, RelaySettings},
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::{
    BALANCE, came_to, paid,
    stand::{self, Stand, quick, secret},
    waits,
};

/// Answers one request over TLS, as the certificate in `tls` says.
async fn tls_server() -> std::net::SocketAddr {
    use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
    let chain = CertificateDer::from_pem_slice(include_bytes!("../stand/tls/authority.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("../stand/tls/key.pem")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![chain], key)
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut read = Vec::new();
            while !String::from_utf8_lossy(&read).contains("Hello") {
                if stream.read_buf(&mut read).await.unwrap_or(0) == 0 {
                    break;
                }
            }
            let answer =
                "HTTP/1.1 200 OK\r\ncontent-length: 15\r\nconnection: close\r\n\r\n{\"id\":\"by-tls\"}";
            stream.write_all(answer.as_bytes()).await.unwrap();
            let _ = stream.shutdown().await;
        }
    });
    address
}

#[tokio::test]
async fn certificates_are_judged() {
    let server = tls_server().await;
    let url = format!("https://localhost:{}/hook", server.port());
    let gateway = GatewaySettings::Webhook { url, secret: secret() };
    let stand = Stand::new(BALANCE).await;
    let relay = relay::start(&stand.app, &RelaySettings { gateway: gateway.clone(), ..quick() }).unwrap();
    let charge = paid(&stand, "Hello").await;
    let message = waits(&stand, charge).await;
    assert!(message.reason.unwrap().starts_with("no TLS"), "nobody vouches for it");
    assert!(!message.doubtful);
    relay.stop().await;
    let file = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/stand/tls/authority.pem"));
    let settings = RelaySettings { gateway, authorities: Some(file), ..quick() };
    let relay = relay::start(&stand.app, &settings).unwrap();
    let message = came_to(&stand, charge, MessageState::Delivered).await;
    assert_eq!(message.provider_reference.as_deref(), Some("by-tls"));
    relay.stop().await;
}

#[tokio::test]
async fn settings_that_cannot_work_are_refused_by_name() {
    let stand = Stand::new(0).await;
    let gateway = GatewaySettings::Webhook { url: "ftp://example.com".into(), secret: secret() };
    let problem = relay::start(&stand.app, &RelaySettings { gateway, ..quick() }).unwrap_err();
    assert_eq!(problem.code(), "invalid-relay-settings");
    let authorities = Some(stand.folder.path().join("none.pem"));
    assert!(relay::start(&stand.app, &RelaySettings { authorities, ..quick() }).is_err());
    assert!(!format!("{:?}", ApiSecret("op-key".into())).contains("op-key"));
    assert_eq!(stand.app.ledger.now(), Moment::from_micros(stand::START));
}
