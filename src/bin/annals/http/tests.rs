//! Servers that mean no good: none keeps us waiting, fills our memory or sends us where we do not want to go.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Instant;

use super::*;

/// Serves every connection by this function, and gives the address. It ends with the test's process.
fn server(serve: impl Fn(&mut TcpStream, &str) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let own = url.clone();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = Vec::new();
            while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                let mut some = [0; 1024];
                match stream.read(&mut some) {
                    Ok(len @ 1..) => request.extend_from_slice(&some[..len]),
                    _ => break,
                }
            }
            serve(&mut stream, &own);
        }
    });
    url
}

/// One that answers these bytes.
fn answering(bytes: &'static str) -> String {
    server(move |stream, _| drop(stream.write_all(bytes.as_bytes())))
}

fn client() -> Client {
    Client::with(Duration::from_millis(700), None)
}

/// What is said of a failure.
fn said(failure: &Failure) -> String {
    format!("{failure:?}")
}

#[test]
fn an_answer_is_given_with_its_status() {
    let there = answering("HTTP/1.1 409 Conflict\r\nContent-Type: text/x.tlog.size\r\nContent-Length: 3\r\n\r\n17\n");
    let expected =
        Answer { status: 409, media_type: Some("text/x.tlog.size".to_owned()), body: b"17\n".as_slice().into() };
    assert_eq!(client().get(&there, 3).unwrap(), expected);
    assert_eq!(client().post(&joined(&there, "add-checkpoint"), b"old 0\n", 3).unwrap(), expected);
    let empty = answering("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
    assert_eq!(client().get(&empty, 0).unwrap().body, b"");
}

/// Every connection is closed behind its first answer, though it was said that it would be kept.
#[test]
fn a_connection_that_was_closed_meanwhile_is_made_anew() {
    let there = answering("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes");
    let client = client();
    for _ in 0..40 {
        assert_eq!(client.get(&there, 3).unwrap().body, b"yes");
        assert_eq!(client.post(&there, b"x", 3).unwrap().body, b"yes");
    }
}

#[test]
fn what_is_too_long_is_not_taken() {
    let declared = "HTTP/1.1 200 OK\r\nContent-Length: 4000000000\r\n\r\nfour";
    let endless = server(|stream, _| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
        while stream.write_all(&[b'a'; 4096]).is_ok() {}
    });
    let headers = server(|stream, _| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n");
        while stream.write_all(b"X-More: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n").is_ok() {}
    });
    for url in [&answering(declared), &endless, &headers] {
        let began = Instant::now();
        assert!(client().get(url, 100).is_err() && client().post(url, b"x", 100).is_err(), "{url}");
        assert!(began.elapsed() < Duration::from_secs(5), "{url}");
    }
    assert!(said(&client().get(&endless, 100).unwrap_err()).contains("answered more than it may"));
}

#[test]
fn who_is_slow_is_not_waited_for() {
    let silent = server(|_, _| thread::sleep(Duration::from_secs(30)));
    let dripping = server(|stream, _| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n");
        for _ in 0..900 {
            thread::sleep(Duration::from_millis(50));
            let _ = stream.write_all(b"a");
        }
    });
    for url in [silent, dripping] {
        let began = Instant::now();
        assert!(said(&client().get(&url, 1000).unwrap_err()).contains("took too long"), "{url}");
        assert!(began.elapsed() < Duration::from_secs(5), "{url}");
    }
}

#[test]
fn garbage_is_no_answer() {
    for bytes in ["", "SSH-2.0-x\r\n", "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"] {
        assert!(client().get(&answering(bytes), 100).is_err(), "{bytes:?}");
    }
    let cut = answering("HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\nabc");
    assert!(client().get(&cut, 100).is_err(), "the rest is missing");
    assert!(client().get("http://127.0.0.1:1", 100).is_err(), "nobody is there");
}

#[test]
fn nobody_sends_us_round_in_circles_or_takes_what_was_sent_elsewhere() {
    let circle = server(|stream, own| {
        let headers = format!("Location: {own}/again\r\nContent-Length: 0\r\nConnection: close");
        drop(write!(stream, "HTTP/1.1 302 Found\r\n{headers}\r\n\r\n"));
    });
    let refused = said(&client().get(&circle, 100).unwrap_err());
    assert!(refused.contains("from one address to another"), "{refused}");
    let refused = said(&client().post(&circle, b"x", 100).unwrap_err());
    assert!(refused.contains("nothing was sent there") && refused.contains("/again"), "{refused}");
}

#[test]
fn what_is_no_address_is_not_asked() {
    let long = format!("http://localhost/{}", "a".repeat(URL_LEN_MAX));
    for url in
        ["", "localhost", "file:///etc/passwd", "http://", "ftp://a/b", "http://a b/", "http://a/\r\nX: y", &long]
    {
        assert!(matches!(client().get(url, 9), Err(Failure::Usage(..))), "{url}");
    }
    assert_eq!(joined("http://a/", "b"), "http://a/b");
    assert_eq!(joined("http://a", "b"), "http://a/b");
}
