//! Pictures, given out. Each is asked of the database in the looker's name; what is hidden there is not found. A whole picture
//! leaves only after the look is on the chain. What leaves is a file to be kept, never a page: it runs nothing.

use crate::layers::headers::A_FILE;
use axum::{
    Extension,
    body::Body,
    extract::Path,
    http::{HeaderMap, Response, StatusCode, header},
    response::IntoResponse,
};
use domain::{Permission, Refusal, ids::PhotoId, reveal::Standing};
use gate::AppError;
use store::attachments::{self, Part};

/// The whole picture, and the record that it was looked at.
pub async fn whole(
    Path(id): Path<String>,
    Extension(request): Extension<gate::Request>,
    headers: HeaderMap,
) -> Response<Body> {
    answered(shown(&id, &request, headers.contains_key(header::RANGE)).await)
}

/// The small copy, for lists. A restricted photo has none to give.
pub async fn small(Path(id): Path<String>, Extension(request): Extension<gate::Request>) -> Response<Body> {
    answered(listed(&id, &request).await)
}

async fn shown(id: &str, request: &gate::Request, again: bool) -> gate::Result<Picture> {
    let id: PhotoId = id.parse().map_err(|_| Refusal::NotFound)?;
    let mut tx = request.db.read(request.grant(Permission::SeeJobs).await?).await?;
    let (photo, _) = attachments::find(&mut tx, id).await?;
    if photo.restricted {
        proved(store::identity::standing(&mut tx).await?)?;
    }
    // A file that is gone or was changed is nothing to have looked at; a look that is not recorded shows nothing.
    let bytes = attachments::open(&mut tx, id, Part::Whole).await?;
    drop(tx);
    let mut tx = request.db.write(request.grant(Permission::SeeJobs).await?).await?;
    if let Some(event) = attachments::view(&mut tx, id, again).await? {
        tx.commit(event).await?;
    }
    Ok(Picture { id, bytes: bytes.to_vec() })
}

/// A key's blade is a key: it is looked at as surely as its cuts are revealed.
fn proved(standing: Standing) -> gate::Result<()> {
    if !standing.second_step {
        return Err(Refusal::Forbidden("Restricted photos open only to people with a second step.".into()).into());
    }
    if standing.confirmed { Ok(()) } else { Err(AppError::Confirm) }
}

async fn listed(id: &str, request: &gate::Request) -> gate::Result<Picture> {
    let id: PhotoId = id.parse().map_err(|_| Refusal::NotFound)?;
    let mut tx = request.db.read(request.grant(Permission::SeeJobs).await?).await?;
    let (photo, _) = attachments::find(&mut tx, id).await?;
    if photo.restricted {
        return Err(Refusal::NotFound.into());
    }
    let bytes = attachments::open(&mut tx, id, Part::Small).await?;
    Ok(Picture { id, bytes: bytes.to_vec() })
}

struct Picture {
    id: PhotoId,
    bytes: Vec<u8>,
}

fn answered(picture: gate::Result<Picture>) -> Response<Body> {
    match picture {
        Ok(Picture { id, bytes }) => {
            let name = format!("attachment; filename=\"photo-{id}.jpg\"");
            let headers = [
                (header::CONTENT_TYPE, "image/jpeg"),
                (header::CONTENT_DISPOSITION, name.as_str()),
                (header::CONTENT_SECURITY_POLICY, A_FILE),
                (header::CACHE_CONTROL, "no-store"),
                (header::ACCEPT_RANGES, "none"),
            ];
            (StatusCode::OK, headers, bytes).into_response()
        }
        Err(error) => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, error.to_string()).into_response()
        }
    }
}
