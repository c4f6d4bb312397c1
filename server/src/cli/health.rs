//! `textmeter health`: whether the twin of these settings can charge, for a container that has no other program in it.

use std::{
    io::{Read as _, Write as _},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream},
    process::ExitCode,
    time::Duration,
};

use crate::{
    cli::{ended, output},
    config::{Config, Flags, Sources},
    problem::Problem,
};

/// How long the twin may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// The longest answer that is read.
const ANSWER_BYTES_MAX: u64 = 64 * 1024;

/// Asks `GET /readyz` where the settings say that the twin listens.
pub(super) fn run(flags: Flags) -> ExitCode {
    let asked = Sources::gather(flags)
        .and_then(|sources| Config::new(&sources).listen())
        .and_then(|listen| ask(reached_at(listen)));
    ended(asked.and_then(|()| output::print_line("ready")))
}

/// Who listens on every address is reached on the loopback one.
fn reached_at(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

fn ask(address: SocketAddr) -> Result<(), Problem> {
    let answer = answer(address).map_err(|error| {
        Problem::new("unreachable", format!("nothing answers on http://{address}: {error}"))
    })?;
    if answer.starts_with("HTTP/1.1 200 ") {
        return Ok(());
    }
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    Err(Problem::new("not-ready", format!("the twin on http://{address} cannot charge: {body}")))
}

fn answer(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    write!(stream, "GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.take(ANSWER_BYTES_MAX).read_to_string(&mut answer)?;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_is_reached_at_home() {
        let reached = |listen: &str| reached_at(listen.parse().unwrap()).to_string();
        assert_eq!(reached("0.0.0.0:8080"), "127.0.0.1:8080");
        assert_eq!(reached("[::]:1"), "[::1]:1");
        assert_eq!(reached("192.0.2.7:80"), "192.0.2.7:80");
    }
}
