//! A web server on the loopback that serves a folder, honestly or not.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;

/// What is answered in place of the file.
pub(super) enum Reply {
    /// These bytes, as the file.
    File(Vec<u8>),
    /// That there is none.
    None,
    /// These bytes, as the whole answer.
    Raw(Vec<u8>),
    /// Bytes without end.
    Endless,
}

type Lie = Box<dyn Fn(&str) -> Option<Reply> + Send + Sync>;

/// A server; it ends with the test's process.
pub(super) struct Web {
    pub(super) url: String,
    asked: Arc<Mutex<Vec<String>>>,
    lie: Arc<Mutex<Lie>>,
}

impl Web {
    /// Serves a folder as it is.
    pub(super) fn of(folder: &Path) -> Web {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/below", listener.local_addr().unwrap());
        let (asked, lie) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(Box::new(|_: &str| None) as Lie)));
        let (web, folder) = (Web { url, asked: Arc::clone(&asked), lie: Arc::clone(&lie) }, folder.to_owned());
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (folder, asked, lie) = (folder.clone(), Arc::clone(&asked), Arc::clone(&lie));
                thread::spawn(move || while serve(&stream, &folder, &asked, &lie).is_some() {});
            }
        });
        web
    }

    /// From now on lies about the paths for which there is a reply.
    pub(super) fn lies(&self, lie: impl Fn(&str) -> Option<Reply> + Send + Sync + 'static) {
        *self.lie.lock().unwrap() = Box::new(lie);
    }

    /// What was asked for since this was last called.
    pub(super) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }
}

/// Answers one request; none once the other side has gone.
fn serve(stream: &TcpStream, folder: &Path, asked: &Mutex<Vec<String>>, lie: &Mutex<Lie>) -> Option<()> {
    let mut lines = BufReader::new(stream).lines();
    let request = lines.next()?.ok()?;
    while !lines.next()?.ok()?.is_empty() {}
    let path = request.strip_prefix("GET /below/")?.split(' ').next()?.to_owned();
    asked.lock().unwrap().push(path.clone());
    let reply = (lie.lock().unwrap())(&path);
    let file = |bytes: Vec<u8>| {
        let mut answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", bytes.len()).into_bytes();
        answer.extend(bytes);
        answer
    };
    let none = || b"HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\nnot there".to_vec();
    let answer = match reply {
        Some(Reply::File(bytes)) => file(bytes),
        Some(Reply::Raw(bytes)) => {
            let mut stream = stream;
            drop(stream.write_all(&bytes));
            return None;
        }
        Some(Reply::None) => none(),
        Some(Reply::Endless) => {
            let mut stream = stream;
            stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n").ok()?;
            while stream.write_all(&[b'a'; 4096]).is_ok() {}
            return None;
        }
        None => std::fs::read(folder.join(path)).map_or_else(|_| none(), file),
    };
    let mut stream = stream;
    stream.write_all(&answer).ok()
}
