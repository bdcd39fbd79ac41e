//! A witness on the loopback that does what a test wants of it.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use annals::note::SignedNote;

use super::{line, vkey};

/// A witness that answers every request by a function of its body: status, and what follows.
pub(super) struct Fake {
    pub(super) url: String,
    /// What it was asked.
    pub(super) asked: Arc<Mutex<Vec<String>>>,
}

impl Fake {
    /// It lives as long as the test's process.
    pub(super) fn new(mut answer: impl FnMut(&str) -> (u16, String) + Send + 'static) -> Fake {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let all = asked.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let Some((head, body)) = request(&mut stream) else { continue };
                assert!(head.starts_with("POST /add-checkpoint HTTP/1.1\r\n"), "{head}");
                all.lock().unwrap().push(body.clone());
                let (status, answer) = answer(&body);
                let len = answer.len();
                let head = format!("HTTP/1.1 {status} Status\r\nContent-Length: {len}\r\nConnection: close\r\n\r\n");
                let _ = stream.write_all((head + &answer).as_bytes());
            }
        });
        Fake { url, asked }
    }

    /// One that has seen nothing and cosigns everything.
    pub(super) fn willing(name: &'static str) -> Fake {
        Fake::new(move |body| (200, line(name, &vkey(name), 1_700_000_000, offered(body).text())))
    }

    /// The first lines of what it was asked.
    pub(super) fn olds(&self) -> Vec<String> {
        self.asked.lock().unwrap().iter().map(|body| body.lines().next().unwrap().to_owned()).collect()
    }
}

/// The checkpoint in a request.
pub(super) fn offered(body: &str) -> SignedNote {
    SignedNote::parse(body.split_once("\n\n").unwrap().1).unwrap()
}

fn request(stream: &mut TcpStream) -> Option<(String, String)> {
    let mut bytes = Vec::new();
    loop {
        let mut some = [0; 4096];
        let len = stream.read(&mut some).ok().filter(|len| *len > 0)?;
        bytes.extend_from_slice(&some[..len]);
        let text = String::from_utf8(bytes.clone()).ok()?;
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length =
            head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ").map(str::to_owned));
        if body.len() == length?.trim().parse::<usize>().ok()? {
            return Some((format!("{head}\r\n"), body.to_owned()));
        }
    }
}
