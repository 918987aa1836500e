//! Photos over HTTP: taken in, sealed, given out one recorded look at a time, and hidden where they are to be hidden.

mod keeping;
mod looking;

use crate::{
    app::{self, Answer, TestApp, Who, post_fields},
    harness,
};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use std::{io::Cursor, path::PathBuf};
use store::attachments::Files;
use uuid::Uuid;

pub const JOB: &str = "/fn/desk/add_photos";
pub const OPENING: &str = "/fn/desk/add_opening_photos";

/// A server with a folder for photos.
pub struct Studio {
    pub app: TestApp,
    pub folder: PathBuf,
}

pub async fn studio() -> Studio {
    let mut on = harness::fresh().await;
    let folder = harness::cluster::scratch().join(format!("files-{}", on.name));
    on.db = on.db.clone().keeping(Files::within(&folder));
    Studio { app: app::serve(on).await, folder }
}

/// A picture of this size, as JPEG.
pub fn jpeg(width: u32, height: u32) -> Vec<u8> {
    file(width, height, ImageFormat::Jpeg)
}

pub fn file(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let red = RgbImage::from_fn(width, height, |x, y| Rgb([200, (x % 200) as u8, (y % 200) as u8]));
    let mut out = Cursor::new(Vec::new());
    DynamicImage::from(red).write_to(&mut out, format).expect("written");
    out.into_inner()
}

/// The same JPEG with these words in a comment and as EXIF, where cameras write their place.
pub fn marked(jpeg: &[u8], words: &[u8]) -> Vec<u8> {
    let mut out = jpeg[..2].to_vec();
    let exif = [b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0".as_slice(), words].concat();
    for (marker, content) in [(0xe1, exif.as_slice()), (0xfe, words)] {
        out.extend([0xff, marker]);
        out.extend(u16::try_from(content.len() + 2).expect("short").to_be_bytes());
        out.extend(content);
    }
    out.extend(&jpeg[2..]);
    out
}

/// A form with files, as browsers send it.
pub fn multipart(fields: &[(String, String)], files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, value) in fields {
        out.extend(format!("--zzq\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    for (name, content) in files {
        let head = format!(
            "--zzq\r\ncontent-disposition: form-data; name=\"form[photos]\"; filename=\"{name}\"\r\ncontent-type: image/jpeg\r\n\r\n"
        );
        out.extend(head.bytes());
        out.extend(*content);
        out.extend(b"\r\n");
    }
    out.extend(b"--zzq--\r\n");
    out
}

impl Studio {
    /// What a form about this client's job or opening sends.
    pub fn words(&self, who: &Who, path: &str, more: &[(&str, &str)]) -> Vec<(String, String)> {
        let things = &self.app.on.crowd.a.clients[0];
        let (field, noun) = if path == JOB { ("job", "job") } else { ("opening", "opening") };
        let mut fields = post_fields(who, &format!("/jobs/{}", things["job"]));
        fields.push((field.into(), things[noun].to_string()));
        fields.push(("form[taken]".into(), String::new()));
        fields.extend(more.iter().map(|(name, value)| (format!("form[{name}]"), (*value).to_owned())));
        fields
    }

    /// Sends photos by a form, with or without script.
    pub async fn send(
        &self,
        who: &Who,
        path: &str,
        fields: &[(String, String)],
        files: &[(&str, &[u8])],
        accept: &str,
    ) -> Answer {
        let body = multipart(fields, files);
        let headers = [
            ("cookie", who.cookie.as_str()),
            ("accept", accept),
            ("content-type", "multipart/form-data; boundary=zzq"),
            ("sec-fetch-site", "same-origin"),
        ];
        self.app.send("POST", path, &headers, &body).await
    }

    /// Sends one photo of the job by script.
    pub async fn add(&self, who: &Who, more: &[(&str, &str)], photo: &[u8]) -> Answer {
        self.send(who, JOB, &self.words(who, JOB, more), &[("door.jpg", photo)], "application/json").await
    }

    /// The photo added last.
    pub async fn newest(&self) -> Uuid {
        self.app.on.ask("select id from app.attachments order by id desc limit 1").await
    }

    /// How many photos shop A keeps beside those it came with.
    pub async fn kept(&self) -> i64 {
        self.app.on.ask("select count(*) from app.attachments where bytes > 1").await
    }

    pub async fn views(&self, photo: Uuid) -> (i64, i64) {
        let rows = format!("select count(*) from app.attachment_views where attachment_id = '{photo}'");
        let events = format!(
            "select count(*) from audit.entries e join audit.subjects s on s.shop_id = e.shop_id and s.seq = e.seq where e.action = 176 and s.subject = '{photo}'"
        );
        (self.app.on.ask(&rows).await, self.app.on.ask(&events).await)
    }

    pub async fn whole(&self, who: &Who, photo: Uuid) -> Answer {
        self.app.get(who, &format!("/photos/{photo}/whole")).await
    }

    pub async fn small(&self, who: &Who, photo: Uuid) -> Answer {
        self.app.get(who, &format!("/photos/{photo}/small")).await
    }
}

impl Studio {
    /// What a person of shop A presents to the database.
    pub async fn cap(&self, role: domain::Role) -> String {
        let digits: String = rand::random::<[u8; 32]>().iter().map(|byte| format!("{byte:02x}")).collect();
        let (shop, person) = (self.app.on.crowd.a.id, self.app.on.crowd.a.people[&role]);
        self.app
            .on
            .sudo(&format!(
                "insert into auth.capabilities (hash, id, kind, idle, expires_at, person_id, role, shop_id)
                 select sha256(convert_to('{digits}', 'UTF8')), '{}', 'session', '30 minutes', app.now() + interval '12 hours', person_id, role, shop_id
                 from auth.memberships where shop_id = '{shop}' and person_id = '{person}'",
                Uuid::now_v7()
            ))
            .await;
        digits
    }

    /// A number the app login gets by that capability.
    pub async fn as_app(&self, cap: &str, query: &str) -> i64 {
        use sqlx::Connection;
        let mut login = self.app.on.login("shearline_app").await;
        let mut tx = login.begin().await.expect("begin");
        let set = sqlx::AssertSqlSafe(format!("set local app.cap = '{cap}'"));
        sqlx::raw_sql(set).execute(&mut *tx).await.expect("set");
        sqlx::query_scalar(sqlx::AssertSqlSafe(query.to_owned())).fetch_one(&mut *tx).await.expect("a number")
    }
}
