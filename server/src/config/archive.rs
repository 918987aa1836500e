//! Where the archive of checkpoints is: a folder, or a bucket with object lock.

use super::{SecretFile, absolute, is_loopback};
use anyhow::{Context, Result, ensure};
use reqwest::Url;
use std::{
    fmt,
    path::{Path, PathBuf},
};

/// Where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArchivePlace {
    /// A folder, best on a volume of its own.
    Folder(PathBuf),
    /// A bucket that keeps what is put there for its time.
    Bucket(BucketPlace),
}

/// A bucket with object lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketPlace {
    /// Of the store, without the bucket.
    pub endpoint: Url,
    /// Its name.
    pub bucket: String,
    /// Before every name in it; empty, or with a `/` at its end.
    pub prefix: String,
    /// As signatures name it.
    pub region: String,
    /// Key id and secret.
    pub secret: SecretFile,
}

const SHAPE: &str = "it must be a folder, or s3://STORE/BUCKET/PREFIX?region=REGION";

impl ArchivePlace {
    /// Reads the setting; `data` is the data folder.
    pub(super) fn read(said: Option<&str>, secret: Option<&str>, data: &Path) -> Result<Self> {
        match said {
            None => Ok(Self::Folder(data.join("archive"))),
            Some(said) if said.starts_with("s3") && said.contains("://") => Ok(Self::Bucket(bucket(said, secret)?)),
            Some(said) => Ok(Self::Folder(absolute(said)?)),
        }
    }
}

impl fmt::Display for ArchivePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => folder.display().fmt(f),
            Self::Bucket(at) => write!(f, "bucket {} at {}", at.bucket, at.endpoint.host_str().unwrap_or_default()),
        }
    }
}

fn bucket(said: &str, secret: Option<&str>) -> Result<BucketPlace> {
    // What is wrong is never repeated whole: somebody may have written a secret into it.
    let (scheme, rest) = said.split_once("://").unwrap_or_default();
    let scheme = match scheme {
        "s3" => "https",
        "s3+http" => "http",
        _ => "",
    };
    let url = Url::parse(&format!("{scheme}://{rest}")).ok().with_context(|| format!("SHEARLINE_ARCHIVE: {SHAPE}"))?;
    ensure!(
        url.username().is_empty() && url.password().is_none(),
        "SHEARLINE_ARCHIVE holds a user or a password; credentials stand in the file that SHEARLINE_ARCHIVE_CREDENTIALS names"
    );
    let host = url.host_str().unwrap_or_default();
    ensure!(
        scheme == "https" || is_loopback(host),
        "SHEARLINE_ARCHIVE: plain http is for a store on this machine alone"
    );
    let path = url.path().trim_matches('/');
    let (bucket, prefix) = path.split_once('/').unwrap_or((path, ""));
    ensure!(!bucket.is_empty(), "SHEARLINE_ARCHIVE: {SHAPE}");
    let region = url.query_pairs().find(|(name, _)| name == "region").map(|(_, region)| region.into_owned());
    let mut endpoint = url.clone();
    endpoint.set_path("/");
    endpoint.set_query(None);
    Ok(BucketPlace {
        endpoint,
        bucket: bucket.to_owned(),
        prefix: if prefix.is_empty() { String::new() } else { format!("{prefix}/") },
        region: region.with_context(|| format!("SHEARLINE_ARCHIVE: {SHAPE}"))?,
        secret: SecretFile::named(
            secret.context("SHEARLINE_ARCHIVE is a bucket, so SHEARLINE_ARCHIVE_CREDENTIALS must name a file")?,
        )?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(said: &str) -> Result<ArchivePlace> {
        ArchivePlace::read(Some(said), Some("/etc/shearline/s3"), Path::new("/data"))
    }

    #[test]
    fn a_bucket_is_named_with_its_store_and_region() {
        let ArchivePlace::Bucket(at) = read("s3://s3.example.com/worm/shop/a?region=eu-1").unwrap() else { panic!() };
        assert_eq!(at.endpoint.as_str(), "https://s3.example.com/");
        assert_eq!((&*at.bucket, &*at.prefix, &*at.region), ("worm", "shop/a/", "eu-1"));
        assert_eq!(read("/mnt/worm").unwrap(), ArchivePlace::Folder("/mnt/worm".into()));
        assert!(matches!(read("s3+http://127.0.0.1:9000/worm?region=x"), Ok(ArchivePlace::Bucket(_))));
    }

    #[test]
    fn row_46_a_secret_in_the_archives_address_is_refused_and_not_repeated() {
        for said in ["s3://AKIA:geheim@s3.example.com/worm?region=x", "s3://geheim@s3.example.com/worm?region=x"] {
            let words = format!("{:?}", read(said).unwrap_err());
            assert!(words.contains("CREDENTIALS") && !words.contains("geheim"), "{words}");
        }
        for said in
            ["s3+http://s3.example.com/worm?region=x", "s3://s3.example.com/?region=x", "s3://s3.example.com/worm"]
        {
            assert!(read(said).is_err(), "{said}");
        }
        assert!(ArchivePlace::read(Some("s3://s3.example.com/worm?region=x"), None, Path::new("/data")).is_err());
    }
}
