//! Which addresses events may be told to. Workspaces choose them, so without a guard they could make the server call
//! what only it can reach: its own ports, its neighbours, a cloud's metadata.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::client::Url;

/// Whether a URL may be set for events: HTTP or HTTPS, and no private address as its host. Names are looked up, and
/// their addresses judged, at every call: what a name means today it need not mean tomorrow.
///
/// # Errors
///
/// Why not, for people.
pub fn check_url(url: &str, private_allowed: bool) -> Result<(), &'static str> {
    let url = Url::parse(url)?;
    if private_allowed {
        return Ok(());
    }
    match url.host().parse::<IpAddr>() {
        Ok(address) if !is_public(address) => Err("this address is not a public one"),
        _ if url.host().eq_ignore_ascii_case("localhost") => Err("this address is not a public one"),
        _ => Ok(()),
    }
}

/// Whether an address is one of the public Internet, as IANA's special-purpose registries (RFC 6890 and its updates)
/// have it.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(matches!(a, 0 | 10 | 127 | 224..)
        || (a == 100 && (64..128).contains(&b)) // shared by a provider's customers, RFC 6598
        || (a == 169 && b == 254) // link-local, and where clouds keep their metadata
        || (a == 172 && (16..32).contains(&b))
        || (a == 192 && b == 168)
        || (a == 192 && b == 0 && matches!(c, 0 | 2)) // protocol assignments; documentation
        || (a == 192 && b == 88 && c == 99) // 6to4 relays
        || (a == 198 && matches!(b, 18 | 19)) // benchmarks
        || (a == 198 && b == 51 && c == 100) // documentation
        || (a == 203 && b == 0 && c == 113)) // documentation
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    // Global unicast is 2000::/3; all else is local, multicast, mapped or not assigned.
    a & 0xe000 == 0x2000
        && !(a == 0x2001 && b < 0x0200) // protocol assignments, Teredo among them
        && !(a == 0x2001 && b == 0x0db8) // documentation
        && a != 0x2002 // 6to4: an IPv4 address inside
        && !(a == 0x3fff && b < 0x1000) // documentation
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_internet_is_public() {
        for private in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.9",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::7f00:1",
            "64:ff9b::7f00:1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "ff02::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
        for public in [
            "1.1.1.1",
            "9.9.9.9",
            "100.63.0.1",
            "100.128.0.1",
            "172.32.0.1",
            "2606:4700::1111",
            "::ffff:8.8.8.8",
        ] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }

    #[test]
    fn urls_of_private_hosts_are_refused_when_they_are_set() {
        for bad in [
            "http://127.0.0.1/x",
            "https://[::1]/",
            "http://localhost:8080/",
            "ftp://example.com/",
            "https://",
            "https://user:secret@example.com/",
            "/hook",
            "",
        ] {
            assert!(check_url(bad, false).is_err(), "{bad}");
        }
        assert_eq!(check_url("https://example.com/hook?x=1", false), Ok(()));
        assert_eq!(check_url("http://127.0.0.1:9/x", true), Ok(()));
        assert!(check_url("file:///etc/passwd", true).is_err());
    }
}
