//! The style, the script and the icon of the pages, each under a name that changes with its content.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};

/// Where they are: a class cannot have this name.
pub(crate) const FOLDER: &str = "/board/_";

/// A file of the pages.
pub(crate) struct Asset {
    /// Its name with the digest of its content.
    pub(crate) name: String,
    content_type: &'static str,
    content: &'static str,
}

/// What the pages need.
pub(crate) struct Assets {
    pub(crate) style: Asset,
    pub(crate) script: Asset,
    pub(crate) icon: Asset,
}

/// All of them.
pub(crate) static ASSETS: LazyLock<Assets> = LazyLock::new(|| Assets {
    style: Asset::new("board", "css", "text/css; charset=utf-8", include_str!("../../assets/board.css")),
    script: Asset::new("board", "js", "text/javascript; charset=utf-8", include_str!("../../assets/board.js")),
    icon: Asset::new("icon", "svg", "image/svg+xml", include_str!("../../assets/icon.svg")),
});

impl Asset {
    fn new(stem: &str, extension: &str, content_type: &'static str, content: &'static str) -> Self {
        let digest = ring::digest::digest(&ring::digest::SHA256, content.as_bytes());
        let digest = base16ct::lower::encode_string(&digest.as_ref()[..6]);
        Asset { name: format!("{stem}-{digest}.{extension}"), content_type, content }
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        format!("{FOLDER}/{}", self.name)
    }
}

/// Gives one of them.
pub(crate) async fn serve(Path(name): Path<String>) -> Response {
    let assets = &*ASSETS;
    let Some(asset) = [&assets.style, &assets.script, &assets.icon].into_iter().find(|asset| asset.name == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    // Whatever is under this name stays as it is: a year is the most that is usual.
    let headers = [(CONTENT_TYPE, asset.content_type), (CACHE_CONTROL, "public, max-age=31536000, immutable")];
    (headers, asset.content).into_response()
}
