//! Clients that mean harm, or do not know better: whatever they send, they are told so or cut off, and others are answered.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    process::Command,
    time::{Duration, Instant},
};

use textmeter_server::{listen::connections_within, places::LISTS_AT_ONCE_MAX};

use crate::{
    program::{PATIENCE, Program, command, exchange, folder},
    send,
};

/// Everybody else is served as ever.
fn others_are_answered(program: &Program) {
    let key = program.key.clone().unwrap();
    let asked = Instant::now();
    assert_eq!(program.get("/livez", "").status, 200);
    assert_eq!(send(&program.address, &key, &format!("{asked:?}")).unwrap().status, 202);
    assert!(asked.elapsed() < PATIENCE / 4, "after {:?}", asked.elapsed());
}

fn connect(program: &Program) -> TcpStream {
    let address = program.address.parse().unwrap();
    let stream = TcpStream::connect_timeout(&address, PATIENCE).expect("it takes no connections");
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// What a raw request is told: its status, 0 where the connection is closed without a word, and the rest.
fn told(program: &Program, request: &[u8]) -> (u16, String) {
    let mut stream = connect(program);
    // It may be cut off while it still sends.
    let _ = stream.write_all(request);
    let _ = stream.shutdown(std::net::Shutdown::Write);
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    let answer = String::from_utf8_lossy(&bytes).into_owned();
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    (status, answer)
}

#[test]
fn who_says_nothing_or_says_it_slowly_is_cut_off_and_disturbs_nobody() {
    let folder = folder();
    let program = Program::start(folder.path(), &["--log-level", "warn"]);
    let beginnings: [&[u8]; 5] = [
        b"",
        b"P",
        b"PRI * HTTP/2.0\r\n",
        b"GET /livez HTTP/1.1\r\nHost: x\r\nX-Slow: ",
        b"GET /livez HTTP/1.1\r\n\r",
    ];
    let mut slow: Vec<TcpStream> = beginnings
        .iter()
        .cycle()
        .take(500)
        .map(|beginning| {
            let mut stream = connect(&program);
            stream.write_all(beginning).unwrap();
            stream
        })
        .collect();
    others_are_answered(&program);
    let begun = Instant::now();
    for stream in &mut slow {
        let mut rest = Vec::new();
        // Closed or reset: over either way, and long before a read would give up.
        let _ = stream.read_to_end(&mut rest);
        assert!(begun.elapsed() < PATIENCE, "it is still open");
        assert!(!rest.starts_with(b"HTTP/1.1 2"), "nothing was asked");
    }
    others_are_answered(&program);
    assert!(program.stop().success());
}

#[test]
fn lists_that_do_not_come_keep_no_list_out() {
    let folder = folder();
    let program = Program::start(folder.path(), &["--log-level", "warn"]);
    let key = program.key.clone().unwrap();
    let routes = ["/v1/campaigns/quote?template=Hi", "/v1/campaigns?template=Hi&from=%2B12025550100"];
    let post = |path: &str, key: &str, more: &str| {
        format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {key}\r\nIdempotency-Key: {}\r\n\
             Content-Type: text/csv\r\n{more}\r\n",
            more.len()
        )
    };
    let held: Vec<TcpStream> = (0..4 * LISTS_AT_ONCE_MAX)
        .map(|number| {
            let mut stream = connect(&program);
            let head = post(routes[number % 2], &key, "Content-Length: 1000000\r\nExpect: 100-continue\r\n");
            stream.write_all(head.as_bytes()).unwrap();
            // It is told to go on when its list is waited for.
            let mut told = [0; 512];
            let read = stream.read(&mut told).unwrap();
            let told = String::from_utf8_lossy(&told[..read]);
            assert!(told.starts_with("HTTP/1.1 100 "), "{told}");
            stream.write_all(b"p").unwrap();
            stream
        })
        .collect();
    for (route, status) in routes.into_iter().zip([200, 202]) {
        let list = "phone\n+12125550123\n";
        let head = post(route, &key, &format!("Content-Length: {}\r\nConnection: close\r\n", list.len()));
        let answer = exchange(&program.address, format!("{head}{list}").as_bytes()).unwrap();
        assert_eq!(answer.status, status, "{}", answer.text());
    }
    drop(held);
    assert!(program.stop().success());
}

#[test]
fn ten_thousand_idle_connections_keep_nobody_out() {
    const IDLE: u32 = 10_000;
    if connections_within(IDLE + 200) < IDLE + 200 {
        eprintln!(
            "skipped: ten_thousand_idle_connections_keep_nobody_out: the limit of open files is too low"
        );
        return;
    }
    let folder = folder();
    // With the limit most systems begin with: the program raises it, as far as it may.
    let serve = ["serve", "--listen", "127.0.0.1:0", "--rate-limit", "0", "--log-level", "warn"];
    let serve = command(folder.path(), &serve);
    let mut limited = Command::new("sh");
    limited.args(["-c", "ulimit -Sn 1024; exec \"$0\" \"$@\""]);
    limited.arg(serve.get_program()).args(serve.get_args()).current_dir(folder.path());
    let program = Program::spawn(folder.path(), limited).unwrap();
    let idle: Vec<TcpStream> = (0..IDLE).map(|_| connect(&program)).collect();
    others_are_answered(&program);
    drop(idle);
    others_are_answered(&program);
    assert!(program.stop().success());
}

#[test]
fn more_connections_than_may_be_wait_until_there_is_a_place() {
    let folder = folder();
    let program = Program::start(folder.path(), &["--connections", "3"]);
    let mut held: Vec<TcpStream> = (0..3).map(|_| connect(&program)).collect();
    // Each is really taken: it is answered, and kept.
    for stream in &mut held {
        stream.write_all(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
        assert_ne!(stream.read(&mut [0; 512]).unwrap(), 0);
    }
    let mut waiting = connect(&program);
    waiting.write_all(b"GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    waiting.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    assert!(waiting.read(&mut [0; 512]).is_err(), "there is no place yet");
    drop(held.pop());
    waiting.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut answer = String::new();
    waiting.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[test]
fn what_is_no_request_is_refused_and_what_is_too_much_of_one_too() {
    let folder = folder();
    let program = Program::start(folder.path(), &["--log-level", "warn"]);
    let flood: String = (0..5_000).map(|n| format!("X-{n}: y\r\n")).collect();
    let long = "y".repeat(2_000_000);
    let post = |headers: &str, body: &str| {
        format!(
            "POST /v1/quotes HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{headers}\r\n{body}"
        )
        .into_bytes()
    };
    let endless = "1000\r\n".to_owned() + &" ".repeat(0x1000) + "\r\n";
    for (what, request, statuses) in [
        ("no HTTP", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec(), &[400, 0][..]),
        ("words", b"HELO there\r\n\r\n".to_vec(), &[400]),
        ("another version", b"GET /livez HTTP/9.9\r\n\r\n".to_vec(), &[400]),
        ("a header flood", format!("GET /livez HTTP/1.1\r\n{flood}\r\n").into_bytes(), &[431]),
        ("a long header", format!("GET /livez HTTP/1.1\r\nX: {long}\r\n\r\n").into_bytes(), &[431]),
        ("a long path", format!("GET /{long} HTTP/1.1\r\n\r\n").into_bytes(), &[414, 431]),
        ("NUL in a header", b"GET /livez HTTP/1.1\r\nX: a\0b\r\n\r\n".to_vec(), &[400]),
        ("a header without an end", b"GET /livez HTTP/1.1\r\nX\r\n\r\n".to_vec(), &[400]),
        ("a blank before the colon", b"GET /livez HTTP/1.1\r\nX : y\r\n\r\n".to_vec(), &[400]),
        ("a negative length", post("Content-Length: -1\r\n", "{}"), &[400]),
        ("two lengths", post("Content-Length: 2\r\nContent-Length: 3\r\n", "{}"), &[400]),
        ("a length that is none", post("Content-Length: 0x2\r\n", "{}"), &[400]),
        ("a length beyond numbers", post("Content-Length: 99999999999999999999999\r\n", "{}"), &[400]),
        ("a length that does not come", post("Content-Length: 100\r\n", "{}"), &[400, 0]),
        ("ten gigabytes said", post("Content-Length: 10000000000\r\n", ""), &[413]),
        ("chunks without a size", post("Transfer-Encoding: chunked\r\n", "zz\r\n{}\r\n0\r\n\r\n"), &[400, 0]),
        (
            "a chunk of a size beyond numbers",
            post("Transfer-Encoding: chunked\r\n", "FFFFFFFFFFFFFFFFF\r\n"),
            &[400, 0],
        ),
        ("chunks that break off", post("Transfer-Encoding: chunked\r\n", "5\r\n{}"), &[400, 0]),
        (
            "twelve megabytes in chunks",
            post("Transfer-Encoding: chunked\r\n", &endless.repeat(3_000)),
            &[413, 0],
        ),
        ("an encoding nobody has", post("Transfer-Encoding: wat\r\n", "{}"), &[400, 422, 501]),
    ] {
        let (status, answer) = told(&program, &request);
        assert!(statuses.contains(&status), "{what}: {}", answer.chars().take(300).collect::<String>());
    }
    // A length and chunks at once: the length is not believed, and nothing behind the chunks is taken for a request.
    let smuggled = post(
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        "0\r\n\r\nGET /metrics HTTP/1.1\r\nHost: x\r\n\r\n",
    );
    let (_, answer) = told(&program, &smuggled);
    assert!(!answer.contains("textmeter_"), "{answer}");
    others_are_answered(&program);
    let log = program.log();
    assert!(!log.contains("panicked") && !log.contains("ERROR"), "{log}");
    assert!(program.stop().success());
}

#[test]
fn no_path_leads_out_of_the_page_s_folder() {
    let folder = folder();
    let site = folder.path().join("site");
    fs::create_dir(&site).unwrap();
    fs::write(site.join("index.html"), "<p>page").unwrap();
    fs::write(folder.path().join("secret.txt"), "not for you").unwrap();
    std::os::unix::fs::symlink(folder.path().join("secret.txt"), folder.path().join("link")).unwrap();
    let program = Program::start(folder.path(), &["--site", site.to_str().unwrap()]);
    assert_eq!(
        exchange(&program.address, b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n").unwrap().text(),
        "<p>page"
    );
    let hidden = folder.path().join("secret.txt");
    let hidden = hidden.to_str().unwrap();
    for path in [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e%2fsecret.txt",
        "/.%2e/secret.txt",
        "//secret.txt",
        "/..\\secret.txt",
        "/..%5csecret.txt",
        "/%252e%252e/secret.txt",
        "/x/../../secret.txt",
        "/%00",
        "/secret.txt%00.html",
        "/%c0%ae%c0%ae/secret.txt",
        "/%ff",
        "/....//secret.txt",
        "/./../secret.txt",
        "/v1/../../secret.txt",
        "/file:///etc/passwd",
        hidden,
        &format!("/{hidden}"),
    ] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        let answer = exchange(&program.address, request.as_bytes()).unwrap();
        assert!((400..500).contains(&answer.status), "{path}: {answer:?}");
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        assert!(!text.contains("not for you") && !text.contains("root:"), "{path}: {text}");
    }
    assert_eq!(program.get("/livez", "").status, 200);
}
