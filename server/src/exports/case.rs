//! A case file as an archive: the timeline first, then papers byte for byte with their proofs, photos, the page that checks
//! them offline, and at the end a list with the SHA-256 of each.

use super::{
    download::{broken, listed},
    stream::Out,
    zip::Zip,
};
use domain::{Permission, exports::CaseOf};
use serde_json::{Value, json};
use store::{
    Error, ReadTx,
    attachments::{self, Part},
    exports::case,
    proofs::{self, PaperKind},
};
use uuid::Uuid;

/// What is to be handed out.
pub(super) struct Case {
    pub of: CaseOf,
    pub subject: Uuid,
    /// Its own entry: the timeline ends before it.
    pub entry: i64,
    /// The page that checks proofs, where this server has it.
    pub checker: Option<Vec<u8>>,
}

const README: &str = "This is a case file: what the shop's records hold about one job, client or site.\r\n\
\r\n\
timeline.html   what was asked, done, checked, signed and charged, and every entry of the audit trail about it\r\n\
documents/      signed work orders and issued invoices, byte for byte as they were recorded\r\n\
proofs/         a proof of each: open verify.html in a browser, network off if you like, and choose document and proof\r\n\
evidence/       what was sealed when each signature was given; strokes stand in it as a hash\r\n\
photos/         photos that may be handed out\r\n\
manifest.json   the SHA-256 of each file, the shop's fingerprint and its newest checkpoint\r\n\
\r\n\
Compare the fingerprint with one on a paper that you had from the shop before. Nothing that is sealed is in this file:\r\n\
no bittings, no codes, no access notes, no drawn strokes.\r\n";

/// An archive under way.
struct Pack {
    zip: Zip,
    list: Vec<Value>,
    left_out: Vec<Value>,
    out: Out,
}

impl Pack {
    async fn put(&mut self, name: &str, bytes: &[u8]) -> gate::Result<()> {
        let (piece, packed) = self.zip.file(name, bytes).map_err(broken)?;
        self.list.push(listed(&packed, None));
        self.out.send(piece).await
    }

    /// A file, or why it is not there.
    async fn put_or_say(&mut self, name: &str, found: Result<Vec<u8>, Error>) -> gate::Result<()> {
        match found {
            Ok(bytes) => self.put(name, &bytes).await,
            Err(error) => {
                self.left_out.push(json!({ "name": name, "why": case::left_out(error)? }));
                Ok(())
            }
        }
    }
}

/// A transaction for one part: whoever is signed out meanwhile gets no more.
async fn reading(request: &gate::Request) -> gate::Result<ReadTx> {
    Ok(request.db.read(request.grant(Permission::MakeCaseFiles).await?).await?)
}

/// Writes the archive.
pub(super) async fn write(request: gate::Request, asked: Case, out: Out) -> gate::Result<()> {
    let mut tx = reading(&request).await?;
    let (file, enclosed) = case::read(&mut tx, asked.of, asked.subject, asked.entry).await?;
    let stamp = store::audit::stamp_of(&mut tx).await?;
    drop(tx);
    let mut pack = Pack { zip: Zip::default(), list: Vec::new(), left_out: Vec::new(), out };
    pack.put("README.txt", README.as_bytes()).await?;
    pack.put("timeline.html", file.to_html(asked.of).as_bytes()).await?;
    papers(&request, &enclosed, &mut pack).await?;
    for (photo, name) in &enclosed.photos {
        let mut tx = reading(&request).await?;
        let bytes = attachments::open(&mut tx, *photo, Part::Whole).await.map(|bytes| bytes.to_vec());
        pack.put_or_say(&format!("photos/{}.jpg", plain(name)), bytes).await?;
    }
    if let Some(checker) = &asked.checker {
        pack.put("verify.html", checker).await?;
    }
    let manifest = json!({
        "shearline_case_file": 1, "of": asked.of, "subject": asked.subject, "title": file.title, "shop": file.shop,
        "entry": asked.entry, "checkpoint": stamp, "files": pack.list, "left_out": pack.left_out,
    });
    let text = serde_json::to_string_pretty(&manifest).map_err(broken)? + "\n";
    let (piece, _) = pack.zip.file("manifest.json", text.as_bytes()).map_err(broken)?;
    pack.out.send(piece).await?;
    pack.out.send(pack.zip.finish().map_err(broken)?).await
}

/// Work orders and invoices, each once, with a proof for each signature and each invoice.
async fn papers(request: &gate::Request, enclosed: &case::Enclosed, pack: &mut Pack) -> gate::Result<()> {
    let mut before = String::new();
    for (signature, role) in &enclosed.signatures {
        let mut tx = reading(request).await?;
        let paper = proofs::paper(&mut tx, PaperKind::Signed(*signature)).await?;
        let proof = proofs::of_signature(&mut tx, *signature).await.map(String::into_bytes);
        let evidence = case::evidence(&mut tx, *signature).await?;
        drop(tx);
        let name = plain(&paper.name);
        if name != before {
            pack.put(&format!("documents/{name}.html"), &paper.body).await?;
        }
        pack.put_or_say(&format!("proofs/{name}-{role}.{}", proof::EXTENSION), proof).await?;
        if let Some(evidence) = evidence {
            pack.put(&format!("evidence/{name}-{role}.json"), evidence.text.as_bytes()).await?;
        }
        before = name;
    }
    for invoice in &enclosed.invoices {
        let mut tx = reading(request).await?;
        let kind = PaperKind::Invoice(*invoice);
        let (paper, proof) = (proofs::paper(&mut tx, kind).await, proofs::of_invoice(&mut tx, *invoice).await);
        drop(tx);
        let name = paper.as_ref().map_or_else(|_| format!("invoice-{invoice}"), |paper| plain(&paper.name));
        pack.put_or_say(&format!("documents/{name}.html"), paper.map(|paper| paper.body)).await?;
        pack.put_or_say(&format!("proofs/{name}.{}", proof::EXTENSION), proof.map(String::into_bytes)).await?;
    }
    Ok(())
}

/// A name that is one everywhere: no folder, no way out of one.
fn plain(name: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    name.chars().map(|letter| if plain(letter) { letter } else { '-' }).collect()
}
